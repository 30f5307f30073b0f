// Reads instructions without types: for objdump, statistics, the printer, the ends of constant expressions,
// and anything that must work on invalid modules. The typed counterpart is validate/FunctionPass.
#pragma once

#include <array>
#include <cstddef>
#include <iterator>

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

/// Reads the immediates of instr.op into the members they belong to; the rest of `instr` stays as it is.
/// Fails: what is malformed about them; limit_exceeded.
Result<void> read_immediates(Reader& reader, wasm::FeatureSet features, Instr& instr);
/// Moves behind the immediates of `op`. Fails: as read_immediates.
Result<void> skip_immediates(Reader& reader, wasm::FeatureSet features, wasm::Op op);

/// The elements of a vector among the immediates, decoded one by one while iterating. They were read once
/// already, so nothing can fail. Lives no longer than the module's bytes.
template <class T>
class ImmRange {
 public:
  class Iterator {
   public:
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    Iterator(Reader reader, wasm::FeatureSet features, uint32_t left)
        : reader_(reader), features_(features), left_(left) {
      if (left_ != 0) load();
    }
    const T& operator*() const { return value_; }
    const T* operator->() const { return &value_; }
    Iterator& operator++() {
      if (--left_ != 0) load();
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(const Iterator& it, std::default_sentinel_t) { return it.left_ == 0; }

   private:
    void load();  // for uint32_t, wasm::ValType and Catch
    Reader reader_;
    wasm::FeatureSet features_;
    uint32_t left_;
    T value_{};
  };

  ImmRange(Reader reader, wasm::FeatureSet features, uint32_t count)
      : reader_(reader), features_(features), count_(count) {}
  uint32_t size() const { return count_; }
  bool empty() const { return count_ == 0; }
  Iterator begin() const { return Iterator(reader_, features_, count_); }
  std::default_sentinel_t end() const { return {}; }

 private:
  Reader reader_;
  wasm::FeatureSet features_;
  uint32_t count_;
};

template <>
void ImmRange<uint32_t>::Iterator::load();
template <>
void ImmRange<wasm::ValType>::Iterator::load();
template <>
void ImmRange<Catch>::Iterator::load();

/// Walks the instructions of a range.
class InstrReader {
 public:
  InstrReader(Reader reader, wasm::FeatureSet features) : reader_(reader), features_(features) {}
  InstrReader(const wasm::Module& module, wasm::ByteRange range)
      : InstrReader(Reader(module.bytes.span(), range.offset, range.offset + range.size), module.features) {}

  bool at_end() const { return reader_.at_end(); }
  size_t offset() const { return reader_.offset(); }
  /// The bytes that are left, for who reads some of them by itself and moves on.
  const uint8_t* position() const { return reader_.position(); }
  const uint8_t* end_position() const { return reader_.position() + reader_.remaining(); }
  /// `position` is not before the present one, and not behind the end.
  void move_to(const uint8_t* position) {
    reader_.advance(static_cast<size_t>(position - reader_.position()));
  }
  /// The next instruction. Fails with what is malformed about it.
  Result<Instr> next();

  /// br_table: the labels without the default.
  ImmRange<uint32_t> labels(const Instr& instr) const { return range<uint32_t>(instr); }
  /// select with types.
  ImmRange<wasm::ValType> types(const Instr& instr) const { return range<wasm::ValType>(instr); }
  /// try_table.
  ImmRange<Catch> catches(const Instr& instr) const { return range<Catch>(instr); }

 private:
  template <class T>
  ImmRange<T> range(const Instr& instr) const {
    const uint8_t* origin = reader_.position() - reader_.offset();
    const size_t end = reader_.end_offset();
    return {Reader({origin, end}, instr.vector.offset, end), features_, instr.vector.count};
  }

  Reader reader_;
  wasm::FeatureSet features_;
};

/// The size of the expression `i32.const N end` at the beginning of the bytes, in bytes; 0 for all others,
/// and for what is malformed. Modules have this one at each of many thousand segments.
uint32_t i32_constant_size(std::span<const uint8_t> bytes);

/// Skips an expression and its final `end`; leaves the reader behind it. Only the nesting is looked at, in
/// constant stack. Fails: end_expected for an `else` outside of an `if`, and what is malformed.
Result<wasm::Expr> skip_expr(Reader& reader, wasm::FeatureSet features);

}  // namespace cloche::binary
