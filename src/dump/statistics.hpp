// How often which instruction stands in a module, and what takes up its space.
#pragma once

#include <array>
#include <string>
#include <unordered_map>
#include <vector>

#include "dump/immediates.hpp"
#include "dump/index.hpp"
#include "dump/items.hpp"
#include "wasm/opcode.hpp"

namespace cloche::dump {

/// The instructions of all function bodies and constant expressions, by opcode and by opcode with immediates.
class InstructionCounts {
 public:
  /// Reads every body; what is malformed in one ends it, and is added to `problems`.
  InstructionCounts(const Index& index, std::vector<Problem>& problems);

  uint64_t total() const { return total_; }
  uint64_t count(wasm::Op op) const { return by_op_[static_cast<size_t>(op)]; }
  /// Opcodes that occur, the most frequent first; of equal ones in the table's order.
  std::vector<wasm::Op> opcodes() const;

  struct Form {
    wasm::Op op = wasm::Op::nop;
    std::string key;      // what tells forms of an opcode apart, and orders them
    uint32_t offset = 0;  // of the first in the module
    uint64_t count = 0;
  };
  /// Opcodes with immediates in the same order.
  std::vector<Form> forms() const;

 private:
  template <class Item>
  wasm::Result<void> read_item(const Index&, const Item&) {
    return {};
  }
  wasm::Result<void> read_item(const Index& index, const wasm::Global& global);
  wasm::Result<void> read_item(const Index& index, const wasm::Table& table);
  wasm::Result<void> read_item(const Index& index, const wasm::Elem& elem);
  wasm::Result<void> read_item(const Index& index, const wasm::Data& data);
  wasm::Result<void> read_item(const Index& index, const BodyItem& item);
  wasm::Result<void> read_instrs(const Index& index, wasm::ByteRange range);
  void add(const binary::Instr& instr, const binary::InstrReader& reader);

  struct Entry {
    uint32_t offset = 0;
    uint64_t count = 0;
  };
  std::array<uint64_t, wasm::op_count> by_op_{};
  std::unordered_map<std::string, Entry> by_form_;
  uint64_t total_ = 0;
  std::string key_;  // of the form at hand
};

/// Writes the statistics in the format of wabt's wasm-stats; counts below `cutoff` are left out.
void put_statistics(Output& out, const Index& index, const InstructionCounts& counts, uint64_t cutoff,
                    std::string_view separator);

/// The size of a function's body.
struct BodySize {
  uint32_t func = 0;
  uint32_t size = 0;
};
/// The bodies of a module, the largest first.
std::vector<BodySize> body_sizes(const Index& index);

}  // namespace cloche::dump
