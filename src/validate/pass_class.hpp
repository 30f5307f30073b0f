// FunctionPass as a class; function_pass.hpp says what it is and brings its members, which the other
// pass_*.hpp define.
#pragma once

#include <type_traits>

#include "validate/pass_base.hpp"

namespace cloche::validate {

/// Stands for a row of opcodes.def in overloads.
template <wasm::Op op>
struct Row {};

/// Reusable: run() it for any number of functions, one at a time; its memory serves them all. Not
/// thread-safe; threads use one each over the same ModuleTypes, which it borrows together with the sink.
template <class Sink>
class FunctionPass : private PassBase {
 public:
  using Value = typename Sink::Value;
  using Label = typename Sink::Label;

  FunctionPass(const ModuleTypes& types, Sink& sink)
      : PassBase(types, Sink::enabled ? wasm::limits::locals : near_locals), sink_(sink) {}

  /// Checks the body of a defined function. Fails: malformed (illegal opcodes, numbers, ends), invalid,
  /// limit_exceeded; offsets count from the start of the module.
  wasm::Result<void> run(uint32_t defined_index);
  /// Checks that an expression leaves one value of the canonical type. Whether it is constant is for others
  /// to check.
  wasm::Result<void> run_expr(wasm::Expr expr, wasm::ValType type);

 private:
  using Operands = OperandSpan<Value>;
  using Block = Frame<Label>;
  using Branch = Target<Label>;
  static constexpr uint32_t near_locals = 1024;  // as many as the parameters can be, and a few
  static constexpr bool has_values = Sink::enabled && !std::is_same_v<Value, Nothing>;

  // Dispatch.
  bool walk();
  template <wasm::Op op>
  Place step(Place place);
  template <wasm::Op op>
  Place fast(Place place);
  template <wasm::Op op>
  [[gnu::noinline]] Place general(Place place);
  Place prefixed(Place place, uint8_t prefix);
  template <wasm::Op op>
  bool check_row();
  bool begin_expr(const CanonicalType* type, wasm::ValType single);
  wasm::Result<void> outcome(bool good);

  // Errors, for sinks that recover.
  void note_start() {
    if constexpr (Sink::recovers) start_height_ = height();
  }
  bool tell_failure();
  bool recover(Place& place);
  bool skip_failed(Place& place);

  // Rows with a fixed signature.
  template <wasm::Op op>
  bool fixed();
  template <wasm::Op op>
  bool read_fixed_immediates(Instr& i, ValType& addr);

  // What rows are made of.
  template <wasm::Op op>
  Instr instr() const {
    Instr i;
    i.op = op;
    i.offset = at_offset();
    return i;
  }
  /// Pushes results after `in` operands were popped, and shows the instruction as the row's family says.
  template <wasm::Op op>
  bool finish(Instr& i, size_t in, Types out);
  /// The same with the sink called by `show(in, out)`.
  template <class Show>
  bool finish_with(Instr& i, size_t in, Types out, Show show);
  template <wasm::Op op>
  void show(const Instr& i, Operands in, Operands out);
  /// Calls `f` only for live code and a sink that listens.
  template <class F>
  void tell(Instr& i, F f) {
    if constexpr (Sink::enabled) {
      if (!live_) return;
      i.end = offset_of(pc_);
      state_.height = height();
      f();
    }
  }
  /// Operands whose types stand at `first` in the stack.
  Operands operands(const ValType* first, size_t count) {
    if constexpr (has_values) {
      const size_t place = static_cast<size_t>(first - stack_.get());
      if (values_.size() < place + count) values_.resize(place + count + values_.size() / 2);
      return {first, values_.data() + place, static_cast<uint32_t>(count)};
    } else {
      return {first, nullptr, static_cast<uint32_t>(count)};
    }
  }
  /// Scratch for the values of results, before they go on the stack.
  Operands fresh(Types types) {
    if constexpr (has_values) {
      scratch_.assign(types.size(), Value{});
      return {types.data(), scratch_.data(), static_cast<uint32_t>(types.size())};
    } else {
      return {types.data(), nullptr, static_cast<uint32_t>(types.size())};
    }
  }
  /// Pushes types, and for live code their values from scratch.
  bool push_all(Types types, bool with_values);
  void note_slots(const ValType* first, size_t count);
  uint32_t slots_below(uint32_t operands) const {
    if constexpr (Sink::enabled && Sink::slots) return operands ? slot_ends_[operands - 1] : 0;
    return 0;
  }

  // Blocks.
  bool enter(Instr& i, FrameKind kind, const CanonicalType* type, ValType single, bool condition);
  template <class Show>
  bool enter_with(Instr& i, FrameKind kind, const CanonicalType* type, ValType single, bool condition,
                  Show show);
  bool check_results(const Block& frame);
  bool check_one_armed(const Block& frame);
  template <class Show>
  bool next_arm(Instr& i, FrameKind kind, Types params, Show show);
  template <class Show>
  bool leave(Instr& i, Show show);
  void set_unreachable();
  bool read_label(uint32_t& depth);
  Branch target(uint32_t depth) { return {depth, &frames_[frames_.size() - 1 - depth]}; }
  void mark(Branch branch) {
    if (live_) branch.frame->branched = true;
  }
  bool check_label_table(Branch branch, size_t arity);
  template <class Show>
  bool tail_call(Instr& i, Types extra, Show show);
  template <class Show>
  bool ordinary_call(Instr& i, Types extra, Show show);
  bool read_indirect(Instr& i, ValType& addr);
  bool read_call_ref(Instr& i, ValType& ref);
  bool read_tag(Instr& i);
  bool read_catch(CatchClause<Label>& clause);
  bool br_on(Instr& i, Branch branch, ValType ref, Types carried, Types out);
  bool br_on_cast(Instr& i, bool on_fail);
  void save_params(const Block& frame);
  void restore_params(const Block& frame);
  void drop_params(const Block& frame);

  bool require(Types types) { return pop_all(types); }
  template <class... T>
  bool pop_types(T... types) {
    const ValType required[] = {types...};
    return pop_all(required);
  }
  template <wasm::Op op, class... T>
  bool finish_one(Instr& i, size_t in, T... out) {
    const ValType types[] = {out..., ValType::bot()};
    return finish<op>(i, in, Types(types, sizeof...(T)));
  }
  bool packing_matches(bool packed_access, wasm::StorageType storage);
  bool field_of(Instr& i, const CanonicalType*& type);
  template <wasm::Op op>
  bool struct_get(bool packed);
  template <wasm::Op op>
  bool array_get(bool packed);
  template <wasm::Op op>
  bool ref_test(bool nullable);
  template <wasm::Op op>
  bool ref_cast(bool nullable);
  template <wasm::Op op>
  bool i31_get();
  template <wasm::Op op>
  bool convert(wasm::AbsHeap from, wasm::AbsHeap to);
  bool is_mutable_array(const CanonicalType& type);
  bool holds_numbers(const CanonicalType& type);
  bool elem_matches(uint32_t elem, const CanonicalType& type);
  bool set_local_from_stack(uint32_t& index, ValType& type);

#define CLOCHE_ROW(name) bool row(Row<wasm::Op::name>)
  CLOCHE_ROW(unreachable);
  CLOCHE_ROW(nop);
  CLOCHE_ROW(block);
  CLOCHE_ROW(loop);
  CLOCHE_ROW(if_);
  CLOCHE_ROW(else_);
  CLOCHE_ROW(try_);
  CLOCHE_ROW(catch_);
  CLOCHE_ROW(throw_);
  CLOCHE_ROW(rethrow);
  CLOCHE_ROW(throw_ref);
  CLOCHE_ROW(end);
  CLOCHE_ROW(br);
  CLOCHE_ROW(br_if);
  CLOCHE_ROW(br_table);
  CLOCHE_ROW(return_);
  CLOCHE_ROW(call);
  CLOCHE_ROW(call_indirect);
  CLOCHE_ROW(return_call);
  CLOCHE_ROW(return_call_indirect);
  CLOCHE_ROW(call_ref);
  CLOCHE_ROW(return_call_ref);
  CLOCHE_ROW(delegate);
  CLOCHE_ROW(catch_all);
  CLOCHE_ROW(drop);
  CLOCHE_ROW(select);
  CLOCHE_ROW(select_t);
  CLOCHE_ROW(try_table);
  CLOCHE_ROW(local_get);
  CLOCHE_ROW(local_set);
  CLOCHE_ROW(local_tee);
  CLOCHE_ROW(global_get);
  CLOCHE_ROW(global_set);
  CLOCHE_ROW(table_get);
  CLOCHE_ROW(table_set);
  CLOCHE_ROW(ref_null);
  CLOCHE_ROW(ref_is_null);
  CLOCHE_ROW(ref_func);
  CLOCHE_ROW(ref_eq);
  CLOCHE_ROW(ref_as_non_null);
  CLOCHE_ROW(br_on_null);
  CLOCHE_ROW(br_on_non_null);
  CLOCHE_ROW(struct_new);
  CLOCHE_ROW(struct_new_default);
  CLOCHE_ROW(struct_get);
  CLOCHE_ROW(struct_get_s);
  CLOCHE_ROW(struct_get_u);
  CLOCHE_ROW(struct_set);
  CLOCHE_ROW(array_new);
  CLOCHE_ROW(array_new_default);
  CLOCHE_ROW(array_new_fixed);
  CLOCHE_ROW(array_new_data);
  CLOCHE_ROW(array_new_elem);
  CLOCHE_ROW(array_get);
  CLOCHE_ROW(array_get_s);
  CLOCHE_ROW(array_get_u);
  CLOCHE_ROW(array_set);
  CLOCHE_ROW(array_len);
  CLOCHE_ROW(array_fill);
  CLOCHE_ROW(array_copy);
  CLOCHE_ROW(array_init_data);
  CLOCHE_ROW(array_init_elem);
  CLOCHE_ROW(ref_test);
  CLOCHE_ROW(ref_test_null);
  CLOCHE_ROW(ref_cast);
  CLOCHE_ROW(ref_cast_null);
  CLOCHE_ROW(br_on_cast);
  CLOCHE_ROW(br_on_cast_fail);
  CLOCHE_ROW(any_convert_extern);
  CLOCHE_ROW(extern_convert_any);
  CLOCHE_ROW(ref_i31);
  CLOCHE_ROW(i31_get_s);
  CLOCHE_ROW(i31_get_u);
  CLOCHE_ROW(memory_copy);
  CLOCHE_ROW(table_init);
  CLOCHE_ROW(elem_drop);
  CLOCHE_ROW(table_copy);
  CLOCHE_ROW(table_grow);
  CLOCHE_ROW(table_size);
  CLOCHE_ROW(table_fill);
#undef CLOCHE_ROW

  Sink& sink_;
  std::vector<Block> frames_;
  bool live_ = false;
  bool done_ = false;
  uint32_t table_serial_ = 0;  // of br_table instructions
  FunctionState state_;
  // Parallel to the operand stack; filled for live code only, and grown as needed.
  std::vector<Value> values_;
  std::vector<uint32_t> slot_ends_;  // slots up to and with each operand
  uint32_t max_slots_ = 0;
  bool vectors_ = false;
  std::vector<Value> scratch_;
  std::vector<Value> saved_;  // parameters of open ifs, for their else
  // Of the current instruction, for sinks that recover: the height before it, whether it failed once already,
  // and whether the sink was told of the error.
  uint32_t start_height_ = 0;
  const uint8_t* retried_ = nullptr;
  bool told_ = false;
  std::vector<Branch> branches_;
  std::vector<CatchClause<Label>> clauses_;
};

/// Whether a row is checked by its signature alone. Control instructions never are.
constexpr bool is_fixed_row(wasm::Op op) {
  return has_fixed_signature(op) && wasm::op_info(op).family != wasm::Family::control;
}

/// Lanes of the vector shape at the start of a text name such as "i16x8.extract_lane_s".
constexpr uint32_t lanes_of(std::string_view text) {
  const size_t x = text.find('x');
  uint32_t lanes = 0;
  for (size_t i = x + 1; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i)
    lanes = lanes * 10 + static_cast<uint32_t>(text[i] - '0');
  return lanes;
}

}  // namespace cloche::validate
