#include "cli/watching.hpp"

#include <cstdio>

#include "api/access.hpp"
#include "debug/heap_check.hpp"
#include "debug/stack_guard.hpp"
#include "debug/stack_report.hpp"
#include "debug/trap_report.hpp"
#include "diagnostics/printable.hpp"

namespace cloche::cli {
namespace {

/// Names in reports come from the module.
void print(const std::string& text) {
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    std::fprintf(stderr, "%s\n", diagnostics::printable(std::string_view(text).substr(at, end - at)).c_str());
    at = end + 1;
  }
}

}  // namespace

void add_watch_options(Options& options, WatchRequest& request) {
  options.flag("--explain-trap", "After a trap, say what usually causes it",
               [&request] { request.explain_traps = true; });
  options.flag("--shadow-stack-guard", "Trap where the program's own stack grows over its limit",
               [&request] { request.stack_guard = true; });
  options.flag("--stack-report", "At the end, high-water marks of all stacks, by function",
               [&request] { request.stack_report = true; });
  options.flag("--heap-check", "Watch the program's heap: wrong accesses, wrong frees, leaks (exit code 1)",
               [&request] { request.heap_check = true; });
  options.flag("--heap-report", "At the end, what was allocated, and how much over time",
               [&request] { request.heap_report = true; });
}

struct Watching::Monitors {
  std::shared_ptr<void> also;
  std::unique_ptr<debug::TrapReporter> traps;
  std::unique_ptr<debug::StackGuard> guard;
  std::unique_ptr<debug::StackReport> stacks;
  std::unique_ptr<debug::HeapCheck> heap;
  bool check_heap = false;
  bool report_heap = false;
};

Watching::Watching(const WatchRequest& request, Store& store) : monitors_(std::make_unique<Monitors>()) {
  runtime::Store& watched = detail::ApiAccess::of(store);
  const bool wants_probes =
      request.stack_guard || request.stack_report || request.heap_check || request.heap_report;
  if (wants_probes && !interp::Probes::available)
    die(exit_failure, "this build has no probes (CLOCHE_PROBES=OFF)");
  monitors_->traps = std::make_unique<debug::TrapReporter>(watched, request.explain_traps);
  if (request.stack_guard) monitors_->guard = std::make_unique<debug::StackGuard>(watched);
  if (request.stack_report) monitors_->stacks = std::make_unique<debug::StackReport>(watched);
  monitors_->check_heap = request.heap_check;
  monitors_->report_heap = request.heap_report;
  if (request.heap_check || request.heap_report)
    monitors_->heap =
        std::make_unique<debug::HeapCheck>(watched, debug::HeapOptions{.check = request.heap_check}, print);
  if (request.also) monitors_->also = request.also(store);
}

Watching::~Watching() { finish(); }

bool Watching::finish() {
  if (!monitors_) return good_;
  const std::unique_ptr<Monitors> monitors = std::move(monitors_);
  monitors->also.reset();
  if (monitors->guard && !monitors->guard->found_any())
    print("warning: --shadow-stack-guard: no shadow stack with known limits was found in the module");
  if (monitors->stacks) print(monitors->stacks->text());
  if (debug::HeapCheck* heap = monitors->heap.get()) {
    if (!heap->found_any())
      print(
          "warning: the module has no function named malloc, or another allocator's name: its heap is not "
          "watched");
    if (heap->is_stripped() && monitors->check_heap)
      print(
          "warning: --heap-check: the module has no names of its functions, so only its exported allocators "
          "are known;"
          " nothing was judged");
    if (heap->is_shared() && monitors->check_heap)
      print(
          "warning: --heap-check: the memory is shared with threads whose allocations are not seen; nothing "
          "was judged");
    if (monitors->check_heap) heap->report_leaks();
    if (monitors->report_heap) print(heap->totals());
    if (heap->errors() > 0)
      print("heap: " + std::to_string(heap->errors()) + (heap->errors() == 1 ? " problem" : " problems"));
    good_ = heap->errors() == 0;
  }
  return good_;
}

}  // namespace cloche::cli
