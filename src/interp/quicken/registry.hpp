// The superinstructions there are: a tree of sequences, each with its code, and their handlers in dispatch
// tables.
#pragma once

#include <unordered_map>
#include <vector>

#include "interp/quicken/layout.hpp"
#include "interp/state.hpp"

namespace cloche::interp {

inline constexpr size_t max_sequence = 8;

class Registry {
 public:
  /// All superinstructions; built on first use.
  static const Registry& get();

  /// Adds a sequence; one that is there already stays.
  void add(const Symbol* symbols, size_t count, Handler handler, bool uses_memory);

  /// A place in the tree: how far a sequence of symbols has been followed. 0 is the root.
  using Node = uint32_t;
  static constexpr Node nowhere = ~0u;
  Node next(Node node, Symbol symbol) const;
  /// The two bytes that stand for the sequence that ends here; 0 when none does.
  uint16_t code(Node node) const { return codes_[node]; }

  /// The code of "do nothing for so many bytes", whose operand is one byte; it stands for runs of blocks and
  /// ends.
  uint16_t skip_code() const { return skip_code_; }

  /// Puts the handlers into a dispatch table: `otherwise` for those that are not usable there.
  void install(Handler* table, bool usable, bool with_memory, Handler otherwise) const;

 private:
  Registry();
  struct Entry {
    Handler handler;
    bool uses_memory;
  };
  std::unordered_map<uint64_t, Node> edges_;  // node << 16 | symbol
  std::vector<uint16_t> codes_ = {0};         // by node
  std::vector<Entry> entries_;
  uint16_t skip_code_ = 0;
};

// Each adds its share.
void add_integer_families(Registry& registry);
void add_long_families(Registry& registry);
void add_float_families(Registry& registry);
void add_compare_families(Registry& registry);
void add_memory_families(Registry& registry);
void add_other_families(Registry& registry);
template <unsigned Part>
void add_chosen_sequences(Registry& registry);

/// The first bytes that no instruction begins with: each, with any second byte, is a superinstruction's code.
constexpr bool is_free_opcode(unsigned byte) {
  return wasm::find_op(0, byte) == wasm::Op::count_ && !wasm::is_prefix(static_cast<uint8_t>(byte));
}

}  // namespace cloche::interp
