// Reads instructions without types: for objdump, statistics, the printer, the ends of constant expressions,
// and anything that must work on invalid modules. The typed counterpart is validate/FunctionPass.
#pragma once

#include <array>

#include "binary/reader.hpp"
#include "wasm/features.hpp"
#include "wasm/module.hpp"
#include "wasm/opcode.hpp"

namespace cloche::binary {

struct MemArg {
  uint32_t align_log2 = 0;
  uint32_t memory = 0;
  uint64_t offset = 0;
};

/// A vector among the immediates that was skipped over: its elements are read again from `offset` on.
struct ImmVector {
  uint32_t count = 0;
  uint32_t offset = 0;  // of the first element, in the module
};

/// One instruction. Which members are set follows from op_info(op).immediate, see wasm::Imm.
struct Instr {
  wasm::Op op = wasm::Op::nop;
  uint32_t offset = 0;  // of the opcode, in the module
  uint32_t size = 0;    // opcode and immediates, bytes
  uint32_t index = 0;   // first index, label, or count
  uint32_t index2 = 0;  // second index, or the count of array.new_fixed; br_table: the default label
  wasm::BlockType block;
  wasm::HeapType heap;   // ref.null, ref.test, ref.cast, first of br_on_cast
  wasm::HeapType heap2;  // second of br_on_cast
  uint8_t cast_flags = 0;
  uint8_t lane = 0;
  MemArg mem;
  uint64_t bits = 0;                // numeric constants, zero-extended bits
  std::array<uint8_t, 16> bytes{};  // v128 constant or shuffle lanes
  ImmVector vector;                 // labels, value types or catch clauses
};

/// A catch clause of try_table.
struct Catch {
  enum class Kind : uint8_t { catch_, catch_ref, catch_all, catch_all_ref } kind = Kind::catch_all;
  uint32_t tag = 0;  // catch_ and catch_ref
  uint32_t label = 0;
};

/// Fails: malformed_catch and those of numbers.
Result<Catch> read_catch(Reader& reader);
/// Fails: malformed_mem_arg and those of numbers.
Result<MemArg> read_mem_arg(Reader& reader, wasm::FeatureSet features);
/// Reads an opcode. Fails: illegal_opcode, feature_disabled.
Result<wasm::Op> read_op(Reader& reader, wasm::FeatureSet features);

/// Walks the instructions of a range.
class InstrReader {
 public:
  InstrReader(Reader reader, wasm::FeatureSet features) : reader_(reader), features_(features) {}
  InstrReader(const wasm::Module& module, wasm::ByteRange range)
      : InstrReader(Reader(module.bytes.span(), range.offset, range.offset + range.size), module.features) {}

  bool at_end() const { return reader_.at_end(); }
  size_t offset() const { return reader_.offset(); }
  /// The next instruction. Fails with what is malformed about it.
  Result<Instr> next();

  /// The elements of vectors among the immediates.
  Result<std::vector<uint32_t>> labels(const Instr& instr) const;
  Result<std::vector<wasm::ValType>> types(const Instr& instr) const;
  Result<std::vector<Catch>> catches(const Instr& instr) const;

 private:
  Result<void> read_immediates(Instr& instr);
  Reader at(uint32_t offset) const;

  Reader reader_;
  wasm::FeatureSet features_;
};

/// Skips an expression and its final `end`; leaves the reader behind it. Fails: end_expected and what is
/// malformed.
Result<wasm::Expr> skip_expr(Reader& reader, wasm::FeatureSet features);

}  // namespace cloche::binary
