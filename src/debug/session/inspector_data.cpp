// Variables and memories of a stopped program, as expressions and commands name them.
#include <algorithm>
#include <bit>
#include <cstring>

#include "debug/session/inspector.hpp"
#include "debug/session/words.hpp"

namespace cloche::debug {
namespace {

std::optional<Number> number_of(wasm::ValType type, const abi::Slot* slot) {
  if (type == wasm::ValType::i32()) return Number{false, static_cast<int32_t>(*slot), 0};
  if (type == wasm::ValType::i64()) return Number{false, static_cast<int64_t>(*slot), 0};
  if (type == wasm::ValType::f32())
    return Number{true, 0, double{std::bit_cast<float>(static_cast<uint32_t>(*slot))}};
  if (type == wasm::ValType::f64()) return Number{true, 0, std::bit_cast<double>(*slot)};
  return std::nullopt;
}

/// Towards zero; 0 for what an i64 cannot hold.
int64_t whole_part(double real) { return real > -9.2e18 && real < 9.2e18 ? static_cast<int64_t>(real) : 0; }

/// The slot of a number as a value of the type; nothing for types that hold no numbers.
std::optional<abi::Slot> slot_of(wasm::ValType type, const Number& number) {
  const double real = number.is_float ? number.real : static_cast<double>(number.whole);
  const auto whole = static_cast<uint64_t>(number.is_float ? whole_part(number.real) : number.whole);
  if (type == wasm::ValType::i32()) return static_cast<uint32_t>(whole);
  if (type == wasm::ValType::i64()) return whole;
  if (type == wasm::ValType::f32()) return std::bit_cast<uint32_t>(static_cast<float>(real));
  if (type == wasm::ValType::f64()) return std::bit_cast<uint64_t>(real);
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

std::string_view without_sign(std::string_view name) { return name.starts_with('$') ? name.substr(1) : name; }

bool holds(const abi::Memory& memory, uint64_t address, uint64_t size) {
  return address <= memory.size() && size <= memory.size() - address;
}

}  // namespace

std::optional<Inspector::Variable> Inspector::local(std::string_view name) {
  const FunctionMap& map = map_of(chosen());
  const Labels& labels = *known(*chosen().frame->func->instance).labels;
  for (uint32_t i = 0; i < map.locals().size(); ++i)
    if (labels.local_name(map.func_index(), i) == name || labels.local_symbol(map.func_index(), i) == name ||
        std::to_string(i) == name)
      return Variable{map.locals()[i], chosen().frame->locals + map.local_slot(i), true, true,
                      map.local_slot(i)};
  return std::nullopt;
}

std::optional<Inspector::Variable> Inspector::global(std::string_view name) {
  const abi::Instance& instance = *chosen().frame->func->instance;
  const Labels& labels = *known(instance).labels;
  auto index = symbols_of(instance).names().find_index(symbols::Space::global, name);
  for (uint32_t i = 0; !index && i < instance.module->globals.size(); ++i)
    if (labels.global_symbol(i) == name) index = i;
  if (!index || *index >= instance.module->globals.size()) return std::nullopt;
  abi::Global& found = *instance.globals[*index];
  return Variable{found.type, found.value, false, found.mutable_, *index};
}

std::optional<Inspector::Variable> Inspector::variable(std::string_view name) {
  const auto found = local(without_sign(name));
  return found ? found : global(without_sign(name));
}

std::optional<uint32_t> Inspector::memory_index(std::string_view name) const {
  const abi::Instance& instance = *chosen().frame->func->instance;
  auto index = to_number<uint32_t>(name.empty() ? "0" : name);
  if (!index) index = symbols_of(instance).names().find_index(symbols::Space::mem, without_sign(name));
  return index && *index < instance.module->mems.size() ? index : std::nullopt;
}

const abi::Memory* Inspector::memory_named(std::string_view name) const {
  const auto index = memory_index(name);
  return index ? chosen().frame->func->instance->mems[*index] : nullptr;
}

std::string Inspector::no_memory(std::string_view name) const {
  const size_t count = chosen().frame->func->instance->module->mems.size();
  if (count == 0) return "the module has no memory";
  return "there is no memory '" + std::string(name) + "'; the module has " + std::to_string(count);
}

std::string Inspector::memory(std::string_view name, uint64_t address, uint64_t count, std::string_view type,
                              bool big) const {
  constexpr uint64_t most = 4096;
  const abi::Memory* const memory = memory_named(name);
  if (memory == nullptr) return no_memory(name) + "\n";
  const auto* const item =
      std::find_if(std::begin(items), std::end(items), [&](const Item& each) { return each.name == type; });
  if (item == std::end(items))
    return "no type is named '" + std::string(type) + "': u8 u16 u32 u64 i8 i16 i32 i64 f32 f64\n";
  std::string text;
  count = std::min(count, most);
  const uint64_t per_row = std::max(1, 16 / item->bytes);
  for (uint64_t i = 0; i < count; ++i, address += item->bytes) {
    if (!holds(*memory, address, item->bytes))
      return text + (i % per_row == 0 ? "" : "\n") + "the memory ends at 0x" + hex(memory->size()) + "\n";
    if (i % per_row == 0) text += "0x" + hex(address, 4) + ":";
    text += " " + item_text(*item, memory->base + address, big);
    if (i % per_row == per_row - 1 || i + 1 == count) text += "\n";
  }
  return text;
}

std::string Inspector::find(std::string_view name, std::string_view bytes) const {
  constexpr size_t most = 20;
  const abi::Memory* const memory = memory_named(name);
  if (memory == nullptr) return no_memory(name) + "\n";
  if (bytes.empty()) return "nothing to look for\n";
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

ExpressionWorld Inspector::world() {
  ExpressionWorld world;
  world.variable = [this](std::string_view name) -> std::optional<Number> {
    const auto found = variable(name);
    return found ? number_of(found->type, found->at) : std::nullopt;
  };
  world.memory = [this](std::string_view name, uint64_t address, void* to, size_t size) {
    const abi::Memory* const memory = memory_named(name);
    if (memory == nullptr) return ExpressionWorld::Load::no_memory;
    if (!holds(*memory, address, size)) return ExpressionWorld::Load::outside;
    memcpy(to, memory->base + address, size);
    return ExpressionWorld::Load::good;
  };
  return world;
}

base::Expected<Change, std::string> Inspector::change_memory(std::string_view name, uint64_t address,
                                                             std::string bytes) const {
  const auto index = memory_index(name);
  if (!index) return base::Unexpected{no_memory(name)};
  const abi::Instance* const instance = chosen().frame->func->instance;
  if (!holds(*instance->mems[*index], address, bytes.size()))
    return base::Unexpected{"the memory ends at 0x" + hex(instance->mems[*index]->size())};
  return Change{.kind = Change::Kind::memory,
                .where = {instance_number(*context_, instance).value_or(0), *index},
                .address = address,
                .bytes = std::move(bytes)};
}

base::Expected<Change, std::string> Inspector::change_variable(std::string_view name, const Number& number) {
  const auto found = variable(name);
  if (!found) return base::Unexpected{"no local or global is named '" + std::string(name) + "'"};
  if (!found->is_mutable) return base::Unexpected{"'" + std::string(name) + "' is constant"};
  const auto slot = slot_of(found->type, number);
  if (!slot) return base::Unexpected{"'" + std::string(name) + "' holds no number"};
  Change change{.kind = found->is_local ? Change::Kind::local : Change::Kind::global,
                .where = {0, found->index},
                .address = 0,
                .bytes = std::string(reinterpret_cast<const char*>(&*slot), sizeof *slot)};
  change.where.instance = found->is_local
                              ? static_cast<uint32_t>(chosen().frame - context_->frames_base)
                              : instance_number(*context_, chosen().frame->func->instance).value_or(0);
  return change;
}

}  // namespace cloche::debug
