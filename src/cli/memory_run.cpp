// cloche memory --run: runs a program as `cloche run` does, and shows its memory as it is at the end.
#include <cstdio>
#include <memory>

#include "api/access.hpp"
#include "cli/memory_map.hpp"
#include "cli/watching.hpp"
#include "diagnostics/printable.hpp"

namespace cloche::cli {
namespace {

/// Looks at the memory of the program when its run is over.
class MapAtEnd final : public interp::Monitor {
 public:
  MapAtEnd(const MapRequest& request, Store& store)
      : request_(request), store_(detail::ApiAccess::of(store)) {
    if (request.steps != 0)
      store_.probes().attach(*this, interp::all_ops());
    else
      store_.probes().attach(*this);
  }
  ~MapAtEnd() override { print(); }

  /// Only asked where the run is to be stopped: after so many instructions, which is the end of it all.
  wasm::TrapCode before(const abi::Site&) override {
    if (steps_++ < request_.steps) return wasm::TrapCode::none;
    stopped_ = true;
    print();
    finish(exit_ok);
  }

  void instance_ready(abi::Instance* instance) override {
    if (instance->module->mems.size() <= request_.memory) return;
    // A program may be linked to other modules; it is the one that begins.
    if (program_ != nullptr && begins(*program_)) return;
    program_ = static_cast<runtime::Instance*>(instance->owner);
    pointer_.reset();
    const debug::MemoryLayout layout =
        debug::find_regions(*instance->module, program_->module().symbols().names(), request_.memory);
    if (const auto& stack = layout.stack)
      pointer_ = std::make_unique<debug::LowestPointer>(
          store_.probes(), *instance->globals[stack->pointer_global], stack->is_64);
  }
  void trapped(abi::Context* context, const abi::Site*) override {
    // A program that ends itself leaves like one that traps, but there is nothing to say.
    const bool ends_itself = context->trap.code == wasm::TrapCode::host_error && context->trap.detail.empty();
    if (!ends_itself) trap_ = wasm::trap_text(context->trap.code);
  }

 private:
  static bool begins(const runtime::Instance& instance) {
    for (const wasm::Export& item : instance.module().decoded().exports)
      if (item.name == "_start" || item.name == "_initialize") return true;
    return false;
  }
  std::string title() const {
    const symbols::TextSource* const source = program_->module().symbols().source();
    const std::string name = source != nullptr ? source->file : program_->module().name();
    return name.empty() ? "the program" : diagnostics::printable(name);
  }
  void print() {
    if (program_ == nullptr)
      return static_cast<void>(std::fputs("no module with such a memory has run\n", stderr));
    debug::MemoryMap map;
    map.module = title();
    look_at_memory(request_.memory, *program_, pointer_.get(), map);
    map.run = stopped_        ? "after " + std::to_string(request_.steps) + " instructions"
              : trap_.empty() ? "after the run"
                              : "at the trap \"" + trap_ + "\"";
    std::fflush(stdout);
    print_map(request_, map);
  }

  const MapRequest& request_;
  runtime::Store& store_;
  runtime::Instance* program_ = nullptr;
  std::unique_ptr<debug::LowestPointer> pointer_;
  std::string trap_;
  uint64_t steps_ = 0;  // that were executed, if anybody counts
  bool stopped_ = false;
};

}  // namespace

void memory_after_run(const std::vector<std::string>& line) {
  MapRequest request;
  run_as(
      {.name = "memory",
       .purpose = "Runs as `cloche run` does, and shows a linear memory as it is at the end, or at the trap.",
       .add_options =
           [&request](Options& options, WatchRequest&) {
             options.flag("--run", "Run the program first", [] {});
             options.number("--stop-after",
                            "End the run after so many instructions, and show the memory then; 0: never",
                            request.steps);
             options.number("--memory", "Which memory, by its index", request.memory);
             options.flag("--json", "The map as JSON", [&request] { request.format = MapFormat::json; });
             options.flag("--svg", "The map as a picture", [&request] { request.format = MapFormat::svg; });
           },
       .also = [&request](Store& store) -> std::shared_ptr<void> {
         return std::make_shared<MapAtEnd>(request, store);
       }},
      line);
}

}  // namespace cloche::cli
