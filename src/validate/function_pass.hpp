// The specification's validation algorithm (Appendix / Validation Algorithm) over one function body or
// constant expression, in one pass over its bytes. It reports malformed instructions too, so that bytes are
// read only once. The validator is the pass with NoSink; other sinks (see sink.hpp) make something of what
// was checked.
//
// One row of opcodes.def is one case of the generated switch in step(); what a row needs beyond its signature
// is the method check(Is<Op::row>). Those stand in function_pass_*.hpp by family.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "binary/instr_reader.hpp"
#include "binary/type_reader.hpp"
#include "validate/context.hpp"
#include "validate/sink.hpp"
#include "wasm/limits.hpp"
#include "wasm/opcode.hpp"

namespace cloche::validate {

/// A row of the opcode table as a type, to choose a method by it.
template <wasm::Op op>
struct Is {};

template <class Sink>
class FunctionPass {
 public:
  /// Context and sink outlive the pass. A pass can be used for one body after another; it keeps its stacks'
  /// memory.
  FunctionPass(const Context& context, Sink& sink)
      : context_(context),
        module_(context.module()),
        types_(context.types()),
        features_(module_.features),
        sink_(sink) {
    origin_ = module_.bytes.data();
  }

  /// Checks the body of a defined function. Fails: malformed and invalid, with offsets in the module.
  wasm::Result<void> function(uint32_t defined_index);
  /// Checks a constant expression of the type. `globals` is how many globals it may read.
  wasm::Result<void> constant(wasm::Expr expr, wasm::ValType type, uint32_t globals);

  // ---- what sinks may ask
  /// Slots of the operand stack now, and the most there ever were. Only with Sink::wants_slots.
  uint32_t height_slots() const { return height_; }
  uint32_t max_height_slots() const { return max_height_; }
  /// A v128 was on the stack or in a local.
  bool saw_v128() const { return saw_v128_; }
  const std::vector<wasm::ValType>& locals() const { return locals_; }

 private:
  using Op = wasm::Op;
  using ValType = wasm::ValType;
  using ErrorCode = wasm::ErrorCode;
  using Types = std::span<const ValType>;

  struct Frame {
    Op op = Op::block;         // that opened it; else_, catch_, catch_all once that part was reached
    bool unreachable = false;  // the rest of this part cannot be reached
    bool live = true;          // entered in reachable code
    bool has_single = false;
    ValType single;         // result type of the short form
    uint32_t height = 0;    // operands below it
    uint32_t slots = 0;     // the same in slots
    uint32_t init_log = 0;  // locals initialized before it
    const wasm::FuncType* type = nullptr;

    Types params() const { return type ? Types(type->params) : Types(); }
    Types results() const { return type ? Types(type->results) : has_single ? Types(&single, 1) : Types(); }
    Types label() const { return op == Op::loop ? params() : results(); }
  };

  // ---- errors: methods return false after setting error_
  bool fail(ErrorCode code, std::string detail = {}) { return fail_at(code, op_offset(), std::move(detail)); }
  bool fail_at(ErrorCode code, size_t offset, std::string detail = {});
  bool fail_unknown(ErrorCode code, uint32_t index) { return fail(code, std::to_string(index)); }
  bool fail_mismatch(Types wanted);
  bool fail_type(const std::string& what) { return fail(ErrorCode::type_mismatch, what); }
  bool fail_end();
  bool fail_unclosed();
  static std::string list(Types types);

  // ---- reading
  size_t op_offset() const { return static_cast<size_t>(op_ - origin_); }
  size_t offset() const { return static_cast<size_t>(pc_ - origin_); }
  bool fail_leb(base::LebStatus status, const uint8_t* where);
  template <class T, unsigned N = sizeof(T) * 8>
  bool leb(T& value) {
    if (pc_ != end_ && *pc_ < 0x80) [[likely]] {
      const uint8_t byte = *pc_++;
      if constexpr (std::is_signed_v<T>)
        value = static_cast<T>(static_cast<T>(byte & 0x3F) - static_cast<T>(byte & 0x40));
      else
        value = byte;
      return true;
    }
    const auto number = base::read_leb<T, N>(pc_, end_);
    if (number.status != base::LebStatus::ok) [[unlikely]]
      return fail_leb(number.status, number.next);
    pc_ = number.next;
    value = number.value;
    return true;
  }
  bool u32(uint32_t& value) { return leb(value); }
  bool skip(size_t bytes) {
    if (static_cast<size_t>(end_ - pc_) < bytes) [[unlikely]]
      return fail_at(ErrorCode::unexpected_end_of_section, offset());
    pc_ += bytes;
    return true;
  }
  /// Reads with one of binary's readers, for the less frequent immediates.
  template <class T, class Read>
  bool read(T& value, Read read_value) {
    binary::Reader reader(module_.bytes.span().first(static_cast<size_t>(end_ - origin_)), offset(),
                          static_cast<size_t>(end_ - origin_));
    auto result = read_value(reader);
    if (!result) {
      error_ = std::move(result).error();
      return false;
    }
    pc_ = reader.position();
    value = *result;
    return true;
  }
  bool heap_type(wasm::HeapType& type);
  bool val_type(ValType& type);
  bool block_type(Frame& frame);
  bool check_heap_type(wasm::HeapType type);

  // ---- the operand stack
  Frame& top() { return frames_.back(); }
  void push(ValType type) {
    *sp_++ = type;
    if constexpr (Sink::wants_slots) count_push(type);
  }
  void count_push(ValType type) {
    height_ += type.slots();
    if (height_ > max_height_) max_height_ = height_;
    if (type.is_vec()) saw_v128_ = true;
  }
  void count_pop(ValType type) {
    if constexpr (Sink::wants_slots) height_ -= type.slots();
  }
  bool pop(ValType wanted) {
    if (sp_ > base_ && sp_[-1] == wanted) [[likely]] {
      --sp_;
      count_pop(wanted);
      return true;
    }
    return pop_slow(wanted);
  }
  bool pop_slow(ValType wanted);
  /// Any type; bot when the code is unreachable.
  bool pop_any(ValType& type);
  /// A reference of any type, or bot.
  bool pop_ref(ValType& type);
  bool pop_list(Types types);
  bool push_list(Types types);
  /// The operands on top match without being popped.
  bool check_top(Types types);
  /// Room for `count` operands beyond what the bytes left can push one by one.
  bool reserve(size_t count);
  bool matches(ValType sub, ValType super) const { return sub == super || types_.matches(sub, super); }
  /// Operands popped in order; the whole list is named in the message when one does not match.
  bool pop_exactly(Types types) {
    ValType* const before = sp_;
    for (size_t i = types.size(); i-- > 0;) {
      if (sp_ > base_ && sp_[-1] == types[i]) [[likely]] {
        --sp_;
        count_pop(types[i]);
      } else if (!pop_one(types[i])) {
        sp_ = before;
        return fail_mismatch(types);
      }
    }
    return true;
  }
  bool pop_one(ValType wanted);

  // ---- the control stack
  bool push_frame(Frame frame);
  bool end_part(Frame& frame);
  void set_unreachable();
  bool live() const { return live_; }
  bool label(uint32_t depth, Frame*& frame);
  BranchTarget target(const Frame& frame) const;
  void forget_initialized(uint32_t log_size);

  // ---- instructions
  bool run();
  bool step();
  template <Op op>
  bool row();
  template <Op op>
  bool signature(ValType address = ValType::i32());
  template <Op op>
  bool memory_access(ValType& address);
  bool prefixed(uint8_t prefix);
  bool illegal(uint8_t prefix, uint32_t code);

  // index checks
  bool func_index(uint32_t& index);
  bool table_index(uint32_t& index);
  bool memory_index(uint32_t& index);
  bool global_index(uint32_t& index);
  bool tag_index(uint32_t& index);
  bool elem_index(uint32_t& index);
  bool data_index(uint32_t& index);
  bool local_index(uint32_t& index);
  bool type_index(uint32_t& index);
  bool func_type_index(uint32_t& index);
  bool struct_index(uint32_t& index);
  bool array_index(uint32_t& index);
  bool field_index(uint32_t type, uint32_t& index);
  ValType memory_address(uint32_t index) const { return wasm::addr_type(module_.mems[index].type.limits); }
  ValType table_address(uint32_t index) const { return wasm::addr_type(module_.tables[index].type.limits); }
  ValType concrete(uint32_t type, bool nullable) const {
    return ValType::ref(wasm::HeapType(wasm::TypeIdx(type)), nullable);
  }

  // parametric and variables
  bool check(Is<Op::drop>);
  bool check(Is<Op::select>);
  bool check(Is<Op::select_t>);
  bool check(Is<Op::local_get>);
  bool check(Is<Op::local_set>);
  bool check(Is<Op::local_tee>);
  bool check(Is<Op::global_get>);
  bool check(Is<Op::global_set>);
  // control
  bool check(Is<Op::nop>) { return true; }
  bool check(Is<Op::unreachable>);
  bool check(Is<Op::block>);
  bool check(Is<Op::loop>);
  bool check(Is<Op::if_>);
  bool check(Is<Op::else_>);
  bool check(Is<Op::end>);
  bool check(Is<Op::br>);
  bool check(Is<Op::br_if>);
  bool check(Is<Op::br_table>);
  bool check(Is<Op::return_>);
  bool check(Is<Op::call>);
  bool check(Is<Op::call_indirect>);
  bool check(Is<Op::call_ref>);
  bool check(Is<Op::return_call>);
  bool check(Is<Op::return_call_indirect>);
  bool check(Is<Op::return_call_ref>);
  bool check(Is<Op::br_on_null>);
  bool check(Is<Op::br_on_non_null>);
  bool check(Is<Op::br_on_cast>);
  bool check(Is<Op::br_on_cast_fail>);
  bool check(Is<Op::throw_>);
  bool check(Is<Op::throw_ref>);
  bool check(Is<Op::try_table>);
  bool check(Is<Op::try_>);
  bool check(Is<Op::catch_>);
  bool check(Is<Op::catch_all>);
  bool check(Is<Op::delegate>);
  bool check(Is<Op::rethrow>);
  bool open(Op op);
  bool invoke(const wasm::FuncType& type);
  bool tail_invoke(const wasm::FuncType& type);
  bool indirect_type(uint32_t& type, ValType& address);
  bool cast_immediates(uint32_t& depth, ValType& from, ValType& to);
  bool branch_on_cast(Op op, uint32_t depth, ValType from, ValType taken, ValType rest);
  bool check_clause(const binary::Catch& clause, Frame*& frame);
  bool legacy_part(Op op);
  // tables, memories
  bool check(Is<Op::table_get>);
  bool check(Is<Op::table_set>);
  bool check(Is<Op::table_size>);
  bool check(Is<Op::table_grow>);
  bool check(Is<Op::table_fill>);
  bool check(Is<Op::table_copy>);
  bool check(Is<Op::table_init>);
  bool check(Is<Op::elem_drop>);
  bool check(Is<Op::memory_size>);
  bool check(Is<Op::memory_grow>);
  bool check(Is<Op::memory_fill>);
  bool check(Is<Op::memory_copy>);
  bool check(Is<Op::memory_init>);
  bool check(Is<Op::data_drop>);
  // references and aggregates
  bool check(Is<Op::ref_null>);
  bool check(Is<Op::ref_is_null>);
  bool check(Is<Op::ref_func>);
  bool check(Is<Op::ref_eq>);
  bool check(Is<Op::ref_as_non_null>);
  bool check(Is<Op::ref_test>);
  bool check(Is<Op::ref_test_null>);
  bool check(Is<Op::ref_cast>);
  bool check(Is<Op::ref_cast_null>);
  bool check(Is<Op::ref_i31>);
  bool check(Is<Op::i31_get_s>);
  bool check(Is<Op::i31_get_u>);
  bool check(Is<Op::any_convert_extern>);
  bool check(Is<Op::extern_convert_any>);
  bool check(Is<Op::struct_new>);
  bool check(Is<Op::struct_new_default>);
  bool check(Is<Op::struct_get>);
  bool check(Is<Op::struct_get_s>);
  bool check(Is<Op::struct_get_u>);
  bool check(Is<Op::struct_set>);
  bool check(Is<Op::array_new>);
  bool check(Is<Op::array_new_default>);
  bool check(Is<Op::array_new_fixed>);
  bool check(Is<Op::array_new_data>);
  bool check(Is<Op::array_new_elem>);
  bool check(Is<Op::array_get>);
  bool check(Is<Op::array_get_s>);
  bool check(Is<Op::array_get_u>);
  bool check(Is<Op::array_set>);
  bool check(Is<Op::array_len>);
  bool check(Is<Op::array_fill>);
  bool check(Is<Op::array_copy>);
  bool check(Is<Op::array_init_data>);
  bool check(Is<Op::array_init_elem>);
  bool test_or_cast(bool nullable, bool is_cast);
  bool struct_read(bool packed);
  bool array_read(bool packed);
  bool convert(wasm::AbsHeap from, wasm::AbsHeap to);
  bool element(uint32_t array, wasm::FieldType& field, bool must_be_mutable);
  bool numeric_element(const wasm::FieldType& field);
  bool elem_matches(uint32_t elem, const wasm::FieldType& field);

  wasm::Result<void> locals_of(const wasm::FuncType& type, binary::Reader reader);
  bool is_constant(Op op);

  const Context& context_;
  const wasm::Module& module_;
  const ModuleTypes& types_;
  wasm::FeatureSet features_;
  Sink& sink_;

  const uint8_t* origin_;        // first byte of the module
  const uint8_t* op_ = nullptr;  // opcode of the current instruction
  const uint8_t* pc_ = nullptr;
  const uint8_t* end_ = nullptr;  // of the body
  ValType* sp_ = nullptr;
  ValType* base_ = nullptr;  // operands of the current frame begin here
  bool live_ = true;
  bool saw_v128_ = false;
  bool constant_ = false;      // only constant instructions are allowed
  bool unset_locals_ = false;  // some local has no default value
  uint32_t constant_globals_ = 0;
  uint32_t height_ = 0;
  uint32_t max_height_ = 0;
  std::vector<ValType> stack_;
  std::vector<Frame> frames_;
  std::vector<ValType> locals_;
  std::vector<bool> initialized_;   // by local, only with unset_locals_
  std::vector<uint32_t> init_log_;  // locals in the order they were initialized
  wasm::FuncType constant_type_;
  wasm::Error error_{};
};

}  // namespace cloche::validate

// The members, by family.
#include "validate/function_pass_aggregate.hpp"
#include "validate/function_pass_control.hpp"
#include "validate/function_pass_core.hpp"
#include "validate/function_pass_memory.hpp"
