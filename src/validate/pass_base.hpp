// The part of FunctionPass that does not depend on its sink: stacks of types, locals, numbers that are longer
// than a byte, types among the immediates, and every error. Slow paths live here once instead of once per
// sink.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <unordered_set>
#include <vector>

#include "base/leb128.hpp"
#include "validate/module_types.hpp"
#include "validate/signature.hpp"
#include "validate/sink.hpp"
#include "wasm/error.hpp"
#include "wasm/limits.hpp"

namespace cloche::validate {

class PassBase {
 protected:
  using ErrorCode = wasm::ErrorCode;
  using Op = wasm::Op;
  using ValType = wasm::ValType;
  using Types = std::span<const ValType>;

  /// Where the pass is: the next byte, and one past the topmost operand. The hot loop keeps it in registers;
  /// slow paths work on pc_ and sp_. A null pc ends the loop: an error, or the end of the body.
  struct Place {
    const uint8_t* pc;
    ValType* sp;
  };

  /// At most `near_limit` locals are laid out one by one, see below.
  PassBase(const ModuleTypes& types, uint32_t near_limit);

  // Errors. Each returns false, for `return fail(...)`.
  bool fail(ErrorCode code, uint64_t offset, std::string detail = {});
  bool fail_here(ErrorCode code, std::string detail = {}) {
    return fail(code, at_offset(), std::move(detail));
  }
  bool fail(wasm::Error error);
  bool unknown(ErrorCode code, uint32_t index) { return fail_here(code, std::to_string(index)); }
  bool fail_limit(std::string_view what, uint64_t count, uint64_t limit);
  bool fail_feature(wasm::Feature feature);
  /// "type mismatch: instruction requires [..] but stack has [..]"; of the stack, as many as are required.
  bool mismatch(Types required, const ValType* sp, std::string_view what = "instruction");
  bool mismatch_fixed(Op op, ValType addr, const ValType* sp);
  bool illegal_opcode(uint8_t prefix, uint32_t code);
  /// The bytes end before the expression does.
  bool fail_end();

  uint32_t offset_of(const uint8_t* place) const {
    return static_cast<uint32_t>(place - code_) + code_offset_;
  }
  uint32_t at_offset() const { return offset_of(at_); }

  // Immediates, from pc_.
  template <class T, unsigned N = sizeof(T) * 8>
  bool read(T& value) {
    // pc_ may be one past end_ in a padded body.
    if (pc_ >= end_) [[unlikely]]
      return leb_error(base::LebStatus::unexpected_end, pc_);
    if constexpr (std::is_unsigned_v<T>) {
      if (*pc_ < 0x80) [[likely]] {
        value = *pc_++;
        return true;
      }
    }
    const auto number = base::read_leb<T, N>(pc_, end_);
    if (number.status != base::LebStatus::ok) [[unlikely]]
      return leb_error(number.status, number.next);
    pc_ = number.next;
    value = number.value;
    return true;
  }
  bool leb_error(base::LebStatus status, const uint8_t* where);
  size_t bytes_left() const { return pc_ < end_ ? static_cast<size_t>(end_ - pc_) : 0; }
  bool read_byte(uint8_t& byte);
  bool read_bytes(const uint8_t*& bytes, size_t count);
  /// A vector's length, refused when it exceeds the bytes left.
  bool read_length(uint32_t& count);
  bool read_heap_type(wasm::HeapType& type);  // canonical
  bool read_val_type(ValType& type);          // canonical
  /// A block type: a function type, or null and the one result (`bot` for none).
  bool read_block_type(const CanonicalType*& type, ValType& single);
  bool read_mem_arg(Op op, Instr& instr, ValType& addr);
  bool read_mem(uint32_t& mem, ValType& addr);
  bool read_table(uint32_t& table);
  bool read_type(uint32_t& index, const CanonicalType*& type);
  bool read_func_type(uint32_t& index, const CanonicalType*& type);
  bool read_struct(uint32_t& index, const CanonicalType*& type);
  bool read_array(uint32_t& index, const CanonicalType*& type);
  bool check_data(uint32_t index);
  bool check_elem(uint32_t index);
  bool read_data(uint32_t& index) { return read(index) && check_data(index); }
  bool read_elem(uint32_t& index) { return read(index) && check_elem(index); }

  // Operands.
  uint32_t height() const { return static_cast<uint32_t>(sp_ - stack_.get()); }
  /// Pops operands of the required types, the deepest first in `required`. They stay readable above sp_.
  bool pop_all(Types required, std::string_view what = "instruction") {
    const size_t count = required.size();
    if (static_cast<size_t>(sp_ - base_) >= count) [[likely]] {
      const ValType* const first = sp_ - count;
      size_t same = 0;
      while (same < count && first[same] == required[same]) ++same;
      if (same == count) [[likely]] {
        sp_ -= count;
        return true;
      }
    }
    return pop_all_slow(required, what);
  }
  bool pop_all_slow(Types required, std::string_view what);
  bool pop(ValType required) { return pop_all({&required, 1}); }
  /// Pops an operand of any type; `bot` where operands are polymorphic.
  bool pop_any(ValType& type);
  /// Pops a reference; `bot` becomes a non-null reference to the heap type `bot`.
  bool pop_ref(ValType& type);
  /// Whether the operands match, which stay.
  bool peek_all(Types required);
  void push_raw(ValType type) { *sp_++ = type; }
  /// Room for `count` more operands beside one for each byte of code that is left.
  bool reserve(size_t count);
  bool ensure(size_t count) {
    if (count <= 1 || static_cast<size_t>(stack_end_ - sp_) >= count + bytes_left()) [[likely]]
      return true;
    return reserve(count);
  }

  // Locals.
  bool begin(uint32_t code_offset, uint32_t code_end);
  bool declare_params(Types params);
  bool declare_locals(wasm::ByteRange body, uint32_t code_offset);
  bool add_local(ValType type, uint32_t count);
  void finish_locals();
  Types local_types() const { return {has_unset_ ? declared_.data() : locals_.data(), local_count_}; }
  /// The type of a local that the fast path has no answer for.
  bool read_local(uint32_t index, ValType& type);
  bool find_local(uint32_t index, ValType& type);
  void set_local(uint32_t index, ValType type);
  void reset_locals(uint32_t init_height) {
    if (inits_.size() > init_height) [[unlikely]]
      unset_locals(init_height);
  }
  void unset_locals(uint32_t init_height);
  void end_run();

  const ModuleTypes& types_;
  const wasm::Module& module_;
  const wasm::FeatureSet features_;
  ValType memory0_addr_ = ValType::from_bits(1);  // no operand's type if there is no memory

  // The code, and the place in it.
  const uint8_t* code_ = nullptr;  // some byte of the code ...
  uint32_t code_offset_ = 0;       // ... and its offset in the module
  const uint8_t* end_ = nullptr;
  const uint8_t* at_ = nullptr;  // the current instruction
  const uint8_t* pc_ = nullptr;
  std::vector<uint8_t> padded_;  // a body that does not end with `end`, with one behind it

  // Operand types.
  std::unique_ptr<ValType[]> stack_;
  ValType* stack_end_ = nullptr;
  ValType* sp_ = nullptr;
  ValType* base_ = nullptr;    // of the current block
  bool polymorphic_ = false;   // the current block is unreachable
  std::vector<ValType> need_;  // scratch: operand types that an instruction requires

  // Locals that are not initialized have the type bot in locals_, and so have those that a function lacks of
  // the first one_byte_indices_, so that an index of one byte needs no other check. Only the first
  // near_limit_ locals are there: a body of ten bytes can declare 50,000, and a module has a million bodies.
  // The others are looked up in the declarations.
  static constexpr uint32_t one_byte_indices_ = 128;
  struct FarLocals {
    uint32_t end;  // one past the last local that this declaration declares
    ValType type;
  };
  const uint32_t near_limit_;
  uint32_t near_count_ = 0;
  std::vector<ValType> locals_;
  std::vector<ValType> declared_;  // only used if has_unset_
  std::vector<FarLocals> far_;
  std::unordered_set<uint32_t> far_set_;  // far locals without default value that are initialized
  uint32_t local_count_ = 0;
  bool has_unset_ = false;
  std::vector<uint32_t> inits_;

  // What the last mismatch() was about.
  std::vector<ValType> required_;
  uint32_t required_end_ = 0;

  std::optional<uint32_t> code_index_;  // of the function's body; none for a constant expression
  std::optional<wasm::Error> error_;
};

}  // namespace cloche::validate
