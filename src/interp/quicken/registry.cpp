// Collecting the superinstructions.
#include "interp/quicken/registry.hpp"

#include <array>
#include <utility>

#include "base/assert.hpp"

namespace cloche::interp {
namespace {

constexpr auto free_opcodes = [] {
  std::array<uint8_t, 256> bytes{};
  size_t count = 0;
  for (unsigned byte = 0; byte < 256; ++byte)
    if (is_free_opcode(byte)) bytes[count++] = static_cast<uint8_t>(byte);
  return std::pair(bytes, count);
}();

/// The code of the superinstruction number `index`: a free opcode byte, then any byte. The first byte varies
/// first: entries that differ in the second only are 2 KiB apart in the table, and compete for the same few
/// lines of a cache.
uint16_t code_of(size_t index) {
  const auto& [bytes, count] = free_opcodes;
  ASSERT(index / count < 256);
  return static_cast<uint16_t>(bytes[index % count] | (index / count) << 8);
}

CLOCHE_INLINE Handler skip(State& s) {
  s.pc += s.pc[2];
  return nullptr;
}

uint64_t edge(Registry::Node node, Symbol symbol) { return uint64_t{node} << 16 | symbol.key(); }

}  // namespace

const Registry& Registry::get() {
  static const auto* registry = new Registry;  // for the life of the process, like the tables
  return *registry;
}

Registry::Registry() {
  skip_code_ = code_of(entries_.size());
  entries_.push_back({step<skip>, false});
  add_integer_families(*this);
  add_long_families(*this);
  add_float_families(*this);
  add_compare_families(*this);
  add_memory_families(*this);
  add_other_families(*this);
  add_chosen_sequences<0>(*this);
  add_chosen_sequences<1>(*this);
  add_chosen_sequences<2>(*this);
  add_chosen_sequences<3>(*this);
  add_chosen_sequences<4>(*this);
  add_chosen_sequences<5>(*this);
  add_chosen_sequences<6>(*this);
  add_chosen_sequences<7>(*this);
}

void Registry::add(const Symbol* symbols, size_t count, Handler handler, bool uses_memory) {
  Node node = 0;
  for (size_t i = 0; i < count; ++i) {
    const auto [found, inserted] =
        edges_.try_emplace(edge(node, symbols[i]), static_cast<Node>(codes_.size()));
    if (inserted) codes_.push_back(0);
    node = found->second;
  }
  if (codes_[node] != 0) return;
  codes_[node] = code_of(entries_.size());
  entries_.push_back({handler, uses_memory});
}

Registry::Node Registry::next(Node node, Symbol symbol) const {
  const auto found = edges_.find(edge(node, symbol));
  return found == edges_.end() ? nowhere : found->second;
}

void Registry::install(Handler* table, bool usable, bool with_memory, Handler otherwise) const {
  for (size_t i = 0; i < entries_.size(); ++i) {
    const Entry& entry = entries_[i];
    table[code_of(i)] = usable && (with_memory || !entry.uses_memory) ? entry.handler : otherwise;
  }
}

}  // namespace cloche::interp
