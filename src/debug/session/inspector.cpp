#include "debug/session/inspector.hpp"

#include "debug/session/objects.hpp"
#include "debug/session/state_hash.hpp"
#include "debug/session/words.hpp"
#include "debug/value_text.hpp"
#include "interp/trap.hpp"
#include "platform/files.hpp"
#include "runtime/instance.hpp"
#include "runtime/store.hpp"

namespace cloche::debug {
namespace {

/// A few lines of a text around one of them, which is marked.
std::string lines_around(const std::string& content, uint64_t line) {
  const text::SourceText source(content);
  std::string text;
  for (uint64_t i = line > 3 ? line - 3 : 1; i <= line + 3; ++i) {
    const std::string_view words = source.line(i);
    if (words.empty() && i > line) continue;
    text += (i == line ? "> " : "  ") + std::to_string(i) + "  " + std::string(words.substr(0, 160)) + "\n";
  }
  return text;
}

}  // namespace

void Inspector::glance_at(const abi::Site& site) {
  context_ = site.context;
  frames_.assign(1, {site.frame, site.frame->code->module_offset + site.offset, site.sp});
  chosen_ = 0;
}

void Inspector::stop_at(const abi::Site& site) {
  context_ = site.context;
  frames_.clear();
  chosen_ = 0;
  const uint8_t* pc = site.pc;
  const abi::Slot* top = site.sp;
  for (const abi::Frame* frame = site.frame; frame >= site.context->frames_base; --frame) {
    if (frame->code != nullptr && pc != nullptr)
      frames_.push_back(
          {frame, frame->code->module_offset + interp::instruction_offset(*frame->code, pc), top});
    pc = frame->return_pc != nullptr ? frame->return_pc - 1 : nullptr;
    top = frame->locals;
  }
}

bool Inspector::choose(size_t frame) {
  if (frame >= frames_.size()) return false;
  chosen_ = frame;
  return true;
}

Inspector::Known& Inspector::known(const abi::Instance& instance) {
  Known& found = modules_[instance.module];
  if (!found.labels) found.labels = std::make_unique<Labels>(*instance.module);
  return found;
}

const FunctionMap& Inspector::map_of(const Activation& activation) {
  const abi::Instance& instance = *activation.frame->func->instance;
  Known& module = known(instance);
  const uint32_t defined = activation.frame->func->code->defined_index;
  auto& map = module.functions[defined];
  if (!map) map = std::make_unique<FunctionMap>(*instance.validated, *module.labels, defined);
  return *map;
}

const symbols::Symbols& Inspector::symbols_of(const abi::Instance& instance) const {
  return static_cast<const runtime::Instance*>(instance.owner)->module().symbols();
}

std::string Inspector::describe(const Activation& activation) const {
  const auto& symbols = symbols_of(*activation.frame->func->instance);
  std::string text = func_text(*activation.frame->func) + " at 0x" + hex(activation.offset);
  if (const auto found = symbols.locate(activation.offset); found && found->place.known())
    text += ", " + found->place.to_string();
  return text;
}

std::string Inspector::where() {
  const Activation& at = chosen();
  const uint32_t inside = at.offset - at.frame->code->module_offset;
  return describe(at) + ": " + map_of(at).at(inside).text + "  " + stack();
}

std::string Inspector::backtrace() const {
  constexpr size_t most = 100;
  std::string text;
  for (size_t i = 0; i < frames_.size() && i < most; ++i)
    text += std::string(i == chosen_ ? "* " : "  ") + std::to_string(i) + ": " + describe(frames_[i]) + "\n";
  if (frames_.size() > most) text += "  … " + std::to_string(frames_.size() - most) + " more\n";
  return text;
}

std::string Inspector::locals() {
  const FunctionMap& map = map_of(chosen());
  const Labels& labels = *known(*chosen().frame->func->instance).labels;
  std::string text;
  for (uint32_t i = 0; i < map.locals().size(); ++i)
    text += labels.local(map.func_index(), i) + " = " +
            value_text(map.locals()[i], chosen().frame->locals + map.local_slot(i)) + "\n";
  return text.empty() ? "no locals\n" : text;
}

std::vector<Inspector::TypedSlot> Inspector::operands(const Activation& activation) {
  const FunctionMap& map = map_of(activation);
  const Step& step = map.at(activation.offset - activation.frame->code->module_offset);
  const abi::Slot* at = activation.frame->locals + activation.frame->code->local_slots;
  std::vector<TypedSlot> found;
  for (const uint32_t number : map.stack(step.top)) {
    const wasm::ValType type = map.operand(number).type;
    // The arguments of a call are the callee's locals by now.
    if (at + type.slots() > activation.top) break;
    found.push_back({type, at});
    at += type.slots();
  }
  return found;
}

std::string Inspector::stack() {
  std::string text = "[";
  for (const auto& [type, at] : operands(chosen()))
    text += (text.size() == 1 ? "" : ", ") + value_text(type, at);
  return text + "]\n";
}

std::string Inspector::globals() {
  const abi::Instance& instance = *chosen().frame->func->instance;
  const Labels& labels = *known(instance).labels;
  std::string text;
  for (uint32_t i = 0; i < instance.module->globals.size(); ++i)
    text +=
        labels.global(i) + " = " + value_text(instance.globals[i]->type, instance.globals[i]->value) + "\n";
  return text.empty() ? "no globals\n" : text;
}

/// The text of a source file: what the module was assembled from, or a file that DWARF names and that is
/// there. Null when there is none.
const std::string* Inspector::source_text(const symbols::Symbols& symbols, const std::string& file) {
  constexpr uint64_t largest = 16u << 20;
  const auto [at, is_new] = sources_.try_emplace(file);
  if (is_new && symbols.source() != nullptr) at->second = std::string(symbols.source()->text);
  if (is_new && symbols.source() == nullptr && platform::is_regular_file(file))
    if (const auto contents = platform::read_file(file, largest))
      at->second.emplace(reinterpret_cast<const char*>(contents->bytes.data()), contents->bytes.size());
  return at->second ? &*at->second : nullptr;
}

std::string Inspector::list() {
  const auto& symbols = symbols_of(*chosen().frame->func->instance);
  const auto location = symbols.locate(chosen().offset);
  const std::string* const content =
      location && location->place.known() ? source_text(symbols, std::string(location->place.file)) : nullptr;
  return content != nullptr ? lines_around(*content, location->place.line) : instructions_around();
}

std::string Inspector::instructions_around() {
  std::string text;
  const FunctionMap& map = map_of(chosen());
  const uint32_t base = chosen().frame->code->module_offset;
  const uint32_t at = map.index_at(chosen().offset - base);
  for (uint32_t i = at > 3 ? at - 3 : 0; i < map.steps().size() && i <= at + 3; ++i)
    text +=
        (i == at ? "> 0x" : "  0x") + hex(base + map.steps()[i].offset) + "  " + map.steps()[i].text + "\n";
  return text;
}

std::string Inspector::digest() {
  const auto& innermost = *frames_[0].frame->func->instance;
  StateHash hash(static_cast<const runtime::Instance*>(innermost.owner)->store()->engine().types());
  for (const Activation& activation : frames_) {
    hash.add(activation.offset);
    const FunctionMap& map = map_of(activation);
    for (uint32_t i = 0; i < map.locals().size(); ++i)
      hash.add(map.locals()[i], activation.frame->locals + map.local_slot(i));
    for (const auto& [type, at] : operands(activation)) hash.add(type, at);
  }
  for (const abi::Instance* instance : instances_in_order(*context_)) hash.add(*instance);
  return hex(hash.finish(), 16) + "\n";
}

}  // namespace cloche::debug
