#include "debug/session/inspector.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "debug/value_text.hpp"
#include "interp/trap.hpp"
#include "runtime/instance.hpp"

namespace cloche::debug {
namespace {

std::string hex(uint64_t value, int width = 1) {
  char text[32];
  std::snprintf(text, sizeof text, "%0*llx", width, static_cast<unsigned long long>(value));
  return text;
}

std::optional<Number> number_of(wasm::ValType type, const abi::Slot* slot) {
  if (type == wasm::ValType::i32()) return Number{false, static_cast<int32_t>(*slot), 0};
  if (type == wasm::ValType::i64()) return Number{false, static_cast<int64_t>(*slot), 0};
  if (type == wasm::ValType::f32())
    return Number{true, 0, double{std::bit_cast<float>(static_cast<uint32_t>(*slot))}};
  if (type == wasm::ValType::f64()) return Number{true, 0, std::bit_cast<double>(*slot)};
  return std::nullopt;
}

/// An item of a memory dump.
struct Item {
  std::string_view name;
  uint8_t bytes;
  char kind;  // u, i, f
};
constexpr Item items[] = {{"u8", 1, 'u'},  {"u16", 2, 'u'}, {"u32", 4, 'u'}, {"u64", 8, 'u'},
                          {"i8", 1, 'i'},  {"i16", 2, 'i'}, {"i32", 4, 'i'}, {"i64", 8, 'i'},
                          {"f32", 4, 'f'}, {"f64", 8, 'f'}};

std::string item_text(const Item& item, const uint8_t* at, bool big) {
  uint64_t bits = 0;
  for (unsigned i = 0; i < item.bytes; ++i) bits |= uint64_t{at[big ? item.bytes - 1 - i : i]} << (8 * i);
  if (item.kind == 'u') return hex(bits, item.bytes * 2);
  if (item.kind == 'f')
    return Number{true, 0,
                  item.bytes == 4 ? double{std::bit_cast<float>(static_cast<uint32_t>(bits))}
                                  : std::bit_cast<double>(bits)}
        .to_string();
  const unsigned unused = 64 - 8u * item.bytes;
  return std::to_string(static_cast<int64_t>(bits << unused) >> unused);
}

}  // namespace

void Inspector::glance_at(const abi::Site& site) {
  frames_.assign(1, {site.frame, site.frame->code->module_offset + site.offset, site.sp});
  chosen_ = 0;
}

void Inspector::stop_at(const abi::Site& site) {
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

std::string Inspector::stack() {
  const FunctionMap& map = map_of(chosen());
  const Step& step = map.at(chosen().offset - chosen().frame->code->module_offset);
  const abi::Slot* const bottom = chosen().frame->locals + chosen().frame->code->local_slots;
  std::string text = "[";
  uint32_t slot = 0;
  for (const uint32_t number : map.stack(step.top)) {
    const wasm::ValType type = map.operand(number).type;
    // The arguments of a call are the callee's locals by now.
    if (bottom + slot + type.slots() > chosen().top) break;
    text += (slot == 0 ? "" : ", ") + value_text(type, bottom + slot);
    slot += type.slots();
  }
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

const abi::Memory* Inspector::memory_0() const {
  const abi::Instance& instance = *chosen().frame->func->instance;
  return instance.module->mems.empty() ? nullptr : instance.mems[0];
}

std::string Inspector::memory(uint64_t address, uint64_t count, std::string_view type, bool big) const {
  constexpr uint64_t most = 4096;
  const abi::Memory* const memory = memory_0();
  if (memory == nullptr) return "the module has no memory\n";
  const auto* const item =
      std::find_if(std::begin(items), std::end(items), [&](const Item& each) { return each.name == type; });
  if (item == std::end(items))
    return "no type is named '" + std::string(type) + "': u8 u16 u32 u64 i8 i16 i32 i64 f32 f64\n";
  std::string text;
  const uint64_t size = memory->size();
  count = std::min(count, most);
  const uint64_t per_row = std::max(1, 16 / item->bytes);
  for (uint64_t i = 0; i < count; ++i, address += item->bytes) {
    if (address > size || item->bytes > size - address)
      return text + (i % per_row == 0 ? "" : "\n") + "the memory ends at 0x" + hex(size) + "\n";
    if (i % per_row == 0) text += "0x" + hex(address, 4) + ":";
    text += " " + item_text(*item, memory->base + address, big);
    if (i % per_row == per_row - 1 || i + 1 == count) text += "\n";
  }
  return text;
}

std::string Inspector::find(std::string_view bytes) const {
  constexpr size_t most = 20;
  const abi::Memory* const memory = memory_0();
  if (memory == nullptr || bytes.empty()) return "nothing to look for\n";
  const std::string_view all(reinterpret_cast<const char*>(memory->base),
                             static_cast<size_t>(memory->size()));
  std::string text;
  size_t found = 0;
  for (size_t at = all.find(bytes); at != std::string_view::npos; at = all.find(bytes, at + 1)) {
    if (++found > most) return text + "and more\n";
    text += "0x" + hex(at) + "\n";
  }
  return found == 0 ? "not found\n" : text;
}

std::string Inspector::list() {
  const abi::Instance& instance = *chosen().frame->func->instance;
  const auto& symbols = symbols_of(instance);
  const auto location = symbols.locate(chosen().offset);
  std::string text;
  if (symbols.source() != nullptr && location && location->place.known()) {
    const text::SourceText source(symbols.source()->text);
    const uint64_t line = location->place.line;
    for (uint64_t i = line > 3 ? line - 3 : 1; i <= line + 3; ++i) {
      const std::string_view content = source.line(i);
      if (content.empty() && i > line) continue;
      text +=
          (i == line ? "> " : "  ") + std::to_string(i) + "  " + std::string(content.substr(0, 160)) + "\n";
    }
    return text;
  }
  const FunctionMap& map = map_of(chosen());
  const uint32_t base = chosen().frame->code->module_offset;
  const uint32_t at = map.index_at(chosen().offset - base);
  for (uint32_t i = at > 3 ? at - 3 : 0; i < map.steps().size() && i <= at + 3; ++i)
    text +=
        (i == at ? "> 0x" : "  0x") + hex(base + map.steps()[i].offset) + "  " + map.steps()[i].text + "\n";
  return text;
}

std::string Inspector::digest() const {
  // FNV-1a, eight bytes at a time where there are as many: it tells states apart, and is no protection.
  uint64_t hash = 0xCBF29CE484222325;
  const auto add = [&hash](const void* data, size_t size) {
    const auto* at = static_cast<const uint8_t*>(data);
    for (; size >= 8; at += 8, size -= 8) {
      uint64_t word = 0;
      memcpy(&word, at, 8);
      hash = (hash ^ word) * 0x100000001B3;
    }
    for (; size != 0; ++at, --size) hash = (hash ^ *at) * 0x100000001B3;
  };
  for (const Activation& activation : frames_) {
    add(&activation.offset, sizeof activation.offset);
    add(activation.frame->locals,
        static_cast<size_t>(activation.top - activation.frame->locals) * sizeof(abi::Slot));
  }
  const abi::Instance& instance = *frames_[0].frame->func->instance;
  for (size_t i = 0; i < instance.module->globals.size(); ++i)
    add(instance.globals[i]->value, sizeof instance.globals[i]->value);
  for (size_t i = 0; i < instance.module->mems.size(); ++i)
    add(instance.mems[i]->base, static_cast<size_t>(instance.mems[i]->size()));
  for (size_t i = 0; i < instance.module->tables.size(); ++i)
    add(instance.tables[i]->elems, static_cast<size_t>(instance.tables[i]->size) * sizeof(abi::Ref));
  return hex(hash, 16) + "\n";
}

std::optional<Number> Inspector::local(std::string_view name) {
  const FunctionMap& map = map_of(chosen());
  const Labels& labels = *known(*chosen().frame->func->instance).labels;
  for (uint32_t i = 0; i < map.locals().size(); ++i)
    if (labels.local_name(map.func_index(), i) == name || labels.local_symbol(map.func_index(), i) == name ||
        std::to_string(i) == name)
      return number_of(map.locals()[i], chosen().frame->locals + map.local_slot(i));
  return std::nullopt;
}

std::optional<Number> Inspector::global(std::string_view name) {
  const abi::Instance& instance = *chosen().frame->func->instance;
  const auto index = symbols_of(instance).names().find_index(symbols::Space::global, name);
  if (!index || *index >= instance.module->globals.size()) return std::nullopt;
  return number_of(instance.globals[*index]->type, instance.globals[*index]->value);
}

ExpressionWorld Inspector::world() {
  ExpressionWorld world;
  world.variable = [this](std::string_view name) {
    auto found = local(name);
    return found ? found : global(name);
  };
  world.memory = [this](uint64_t address, void* to, size_t size) {
    const abi::Memory* const memory = memory_0();
    if (memory == nullptr || address > memory->size() || size > memory->size() - address) return false;
    memcpy(to, memory->base + address, size);
    return true;
  };
  return world;
}

}  // namespace cloche::debug
