// FunctionPass<Sink>: the specification's validation algorithm (spec: Appendix / Validation Algorithm) over
// one function body, in one walk over its bytes, showing every live instruction to a sink; sink.hpp says what
// a sink is and sees. With the empty sink it is the validator. One row of opcodes.def is one case here: rows
// with a fixed signature are all checked by `fixed`, the others each have a `row` overload, in the headers
// included at the end:
//   pass_control.hpp      blocks, branches, calls, exceptions
//   pass_variables.hpp    parametric instructions, variables, tables, memories
//   pass_references.hpp   references and aggregates
//   pass_fast.hpp         what the validator does inline for the most frequent instructions
// Every row also has its general form, which alone knows errors, polymorphic operands and sinks; a fast form
// handles the usual case and leaves everything else, untouched, to the general one.
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

  FunctionPass(const ModuleTypes& types, Sink& sink) : PassBase(types), sink_(sink) {}

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

#define CLOCHE_ROW(name) bool row(Row<wasm::Op::name>);
  CLOCHE_ROW(unreachable)
  CLOCHE_ROW(nop)
  CLOCHE_ROW(block)
  CLOCHE_ROW(loop) CLOCHE_ROW(if_) CLOCHE_ROW(else_) CLOCHE_ROW(try_) CLOCHE_ROW(catch_) CLOCHE_ROW(throw_)
      CLOCHE_ROW(rethrow) CLOCHE_ROW(throw_ref) CLOCHE_ROW(end) CLOCHE_ROW(br) CLOCHE_ROW(br_if) CLOCHE_ROW(
          br_table) CLOCHE_ROW(return_) CLOCHE_ROW(call) CLOCHE_ROW(call_indirect) CLOCHE_ROW(return_call)
          CLOCHE_ROW(return_call_indirect) CLOCHE_ROW(call_ref) CLOCHE_ROW(return_call_ref) CLOCHE_ROW(
              delegate) CLOCHE_ROW(catch_all) CLOCHE_ROW(drop) CLOCHE_ROW(select) CLOCHE_ROW(select_t)
              CLOCHE_ROW(try_table) CLOCHE_ROW(local_get) CLOCHE_ROW(local_set) CLOCHE_ROW(local_tee)
                  CLOCHE_ROW(global_get) CLOCHE_ROW(global_set) CLOCHE_ROW(table_get) CLOCHE_ROW(
                      table_set) CLOCHE_ROW(ref_null) CLOCHE_ROW(ref_is_null) CLOCHE_ROW(ref_func)
                      CLOCHE_ROW(ref_eq) CLOCHE_ROW(ref_as_non_null) CLOCHE_ROW(br_on_null) CLOCHE_ROW(
                          br_on_non_null) CLOCHE_ROW(struct_new) CLOCHE_ROW(struct_new_default)
                          CLOCHE_ROW(struct_get) CLOCHE_ROW(struct_get_s) CLOCHE_ROW(struct_get_u) CLOCHE_ROW(
                              struct_set) CLOCHE_ROW(array_new) CLOCHE_ROW(array_new_default)
                              CLOCHE_ROW(array_new_fixed) CLOCHE_ROW(array_new_data) CLOCHE_ROW(
                                  array_new_elem) CLOCHE_ROW(array_get) CLOCHE_ROW(array_get_s)
                                  CLOCHE_ROW(array_get_u) CLOCHE_ROW(array_set) CLOCHE_ROW(array_len)
                                      CLOCHE_ROW(array_fill) CLOCHE_ROW(array_copy) CLOCHE_ROW(
                                          array_init_data) CLOCHE_ROW(array_init_elem) CLOCHE_ROW(ref_test)
                                          CLOCHE_ROW(ref_test_null) CLOCHE_ROW(ref_cast)
                                              CLOCHE_ROW(ref_cast_null) CLOCHE_ROW(br_on_cast)
                                                  CLOCHE_ROW(br_on_cast_fail) CLOCHE_ROW(any_convert_extern)
                                                      CLOCHE_ROW(extern_convert_any) CLOCHE_ROW(ref_i31)
                                                          CLOCHE_ROW(i31_get_s) CLOCHE_ROW(i31_get_u)
                                                              CLOCHE_ROW(memory_copy) CLOCHE_ROW(table_init)
                                                                  CLOCHE_ROW(elem_drop) CLOCHE_ROW(table_copy)
                                                                      CLOCHE_ROW(table_grow)
                                                                          CLOCHE_ROW(table_size)
                                                                              CLOCHE_ROW(table_fill)
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

// ---- Running

template <class Sink>
wasm::Result<void> FunctionPass<Sink>::run(uint32_t defined_index) {
  const wasm::Code& code = module_.codes[defined_index];
  code_index_ = defined_index;
  const uint32_t func_index = module_.imported_funcs + defined_index;
  const CanonicalType* const type = types_.funcs()[func_index];
  const uint32_t code_end = code.body.offset + code.body.size;
  const bool declared = begin(code.expr_offset, code_end) && declare_params(type->params()) &&
                        declare_locals(code.body, code.expr_offset);
  if (!declared) return outcome(false);
  finish_locals();
  state_ = {func_index, defined_index, type, local_types(), code_, code_offset_, code_end, 0};
  return outcome(begin_expr(type, ValType::bot()) && walk());
}

template <class Sink>
wasm::Result<void> FunctionPass<Sink>::run_expr(wasm::Expr expr, ValType type) {
  code_index_.reset();
  if (!begin(expr.offset, expr.offset + expr.size)) return outcome(false);
  finish_locals();
  state_ = {};
  state_.code = code_;
  state_.code_offset = expr.offset;
  state_.code_end = expr.offset + expr.size;
  return outcome(begin_expr(nullptr, type) && walk());
}

template <class Sink>
bool FunctionPass<Sink>::begin_expr(const CanonicalType* type, ValType single) {
  frames_.clear();
  saved_.clear();
  Block& frame = frames_.emplace_back();
  frame.kind = FrameKind::func;
  frame.type = type;
  frame.single = single;
  frame.offset = code_offset_;
  frame.live = live_ = true;
  done_ = false;
  table_serial_ = 0;
  max_slots_ = 0;
  vectors_ = false;
  if constexpr (Sink::enabled) sink_.function(state_);
  return true;
}

template <class Sink>
wasm::Result<void> FunctionPass<Sink>::outcome(bool good) {
  end_run();
  constexpr size_t usual_frames = 1 << 14;
  if (frames_.capacity() > usual_frames) frames_ = {};
  if (!good) return base::Unexpected{std::move(*error_)};
  if constexpr (Sink::enabled) sink_.finish(max_slots_, vectors_);
  return {};
}

template <class Sink>
bool FunctionPass<Sink>::walk() {
  Place place{pc_, sp_};
  const uint8_t* const end = end_;
  while (place.pc < end) [[likely]] {
    switch (*place.pc++) {
#define CLOCHE_ROWS_0x00(name, code) \
  case code:                         \
    place = step<Op::name>(place);   \
    break;
#define CLOCHE_ROWS_0xFB(name, code)
#define CLOCHE_ROWS_0xFC(name, code)
#define CLOCHE_ROWS_0xFD(name, code)
#define CLOCHE_ROWS_0xFE(name, code)
#define OP(name, text, prefix, code, immediate, signature, family, access, traps, feature) \
  CLOCHE_ROWS_##prefix(name, code)
#include "wasm/opcodes.def"
#undef OP
#undef CLOCHE_ROWS_0x00
#undef CLOCHE_ROWS_0xFB
#undef CLOCHE_ROWS_0xFC
#undef CLOCHE_ROWS_0xFD
#undef CLOCHE_ROWS_0xFE
      case 0xFB:
      case 0xFC:
      case 0xFD:
      case 0xFE:
        place = prefixed(place, place.pc[-1]);
        break;
      default:
        at_ = place.pc - 1;
        return illegal_opcode(0, *at_);
    }
    if (!place.pc) [[unlikely]]
      return done_;
  }
  return fail_end();
}

template <class Sink>
auto FunctionPass<Sink>::prefixed(Place place, uint8_t prefix) -> Place {
  at_ = place.pc - 1;
  pc_ = place.pc;
  sp_ = place.sp;
  uint32_t code = 0;
  bool good = read(code);
  if (good) {
    // A prefix and a code together as one number; the codes of all rows are below 2^16.
    switch (code > 0xFFFF ? 0u : static_cast<uint32_t>(prefix) << 16 | code) {
#define CLOCHE_ROWS_0x00(name, prefix, code)
#define CLOCHE_ROWS_0xFB(name, prefix, code) CLOCHE_PREFIXED(name, prefix, code)
#define CLOCHE_ROWS_0xFC(name, prefix, code) CLOCHE_PREFIXED(name, prefix, code)
#define CLOCHE_ROWS_0xFD(name, prefix, code) CLOCHE_PREFIXED(name, prefix, code)
#define CLOCHE_ROWS_0xFE(name, prefix, code) CLOCHE_PREFIXED(name, prefix, code)
#define CLOCHE_PREFIXED(name, prefix, code) \
  case (prefix) << 16 | (code):             \
    good = check_row<Op::name>();           \
    break;
#define OP(name, text, prefix, code, immediate, signature, family, access, traps, feature) \
  CLOCHE_ROWS_##prefix(name, prefix, code)
#include "wasm/opcodes.def"
#undef OP
#undef CLOCHE_ROWS_0x00
#undef CLOCHE_ROWS_0xFB
#undef CLOCHE_ROWS_0xFC
#undef CLOCHE_ROWS_0xFD
#undef CLOCHE_ROWS_0xFE
#undef CLOCHE_PREFIXED
      default:
        good = illegal_opcode(prefix, code);
    }
  }
  return good ? Place{pc_, sp_} : Place{nullptr, nullptr};
}

template <class Sink>
template <wasm::Op op>
auto FunctionPass<Sink>::general(Place place) -> Place {
  at_ = place.pc - 1;
  pc_ = place.pc;
  sp_ = place.sp;
  if (!check_row<op>()) [[unlikely]]
    return {nullptr, nullptr};
  return {pc_, sp_};
}

template <class Sink>
template <wasm::Op op>
bool FunctionPass<Sink>::check_row() {
  constexpr wasm::Feature feature = wasm::op_info(op).feature;
  if constexpr (feature != wasm::Feature::mvp)
    if (!features_.has(feature)) [[unlikely]]
      return fail_feature(feature);
  if constexpr (is_fixed_row(op))
    return fixed<op>();
  else
    return row(Row<op>{});
}

// ---- Rows with a fixed signature

template <class Sink>
template <wasm::Op op>
bool FunctionPass<Sink>::fixed() {
  constexpr Signature signature = signature_of(op);
  Instr i = instr<op>();
  ValType addr;
  if (!read_fixed_immediates<op>(i, addr)) return false;
  ValType in[4], out[2];
  for (unsigned k = 0; k < signature.in_count; ++k) in[k] = type_of(signature.in[k], addr);
  for (unsigned k = 0; k < signature.out_count; ++k) out[k] = type_of(signature.out[k], addr);
  return pop_all({in, signature.in_count}) && finish<op>(i, signature.in_count, {out, signature.out_count});
}

template <class Sink>
template <wasm::Op op>
bool FunctionPass<Sink>::read_fixed_immediates(Instr& i, ValType& addr) {
  using wasm::Imm;
  constexpr wasm::OpInfo info = wasm::op_info(op);
  const auto read_lane = [&](uint32_t lanes) {
    if (!read_byte(i.lane)) return false;
    return i.lane < lanes ||
           fail_here(ErrorCode::invalid_lane_index, std::to_string(i.lane) + " of " + std::to_string(lanes));
  };
  if constexpr (info.immediate == Imm::none) {
    return true;
  } else if constexpr (info.immediate == Imm::mem_arg) {
    return read_mem_arg(op, i, addr);
  } else if constexpr (info.immediate == Imm::mem_arg_lane) {
    return read_mem_arg(op, i, addr) && read_lane(16 / info.access_bytes);
  } else if constexpr (info.immediate == Imm::lane) {
    return read_lane(lanes_of(info.text));
  } else if constexpr (info.immediate == Imm::memory) {
    return read_mem(i.index, addr);
  } else if constexpr (info.immediate == Imm::data) {
    return read_data(i.index);
  } else if constexpr (info.immediate == Imm::data_memory) {
    if (!read(i.index)) return false;
    if (!module_.data_count) return check_data(i.index);
    return read_mem(i.index2, addr) && check_data(i.index);
  } else if constexpr (info.immediate == Imm::i32) {
    int32_t value = 0;
    const bool good = read(value);
    i.bits = static_cast<uint32_t>(value);
    return good;
  } else if constexpr (info.immediate == Imm::i64) {
    int64_t value = 0;
    const bool good = read(value);
    i.bits = static_cast<uint64_t>(value);
    return good;
  } else if constexpr (info.immediate == Imm::f32 || info.immediate == Imm::f64) {
    constexpr unsigned size = info.immediate == Imm::f32 ? 4 : 8;
    if (!read_bytes(i.bytes, size)) return false;
    for (unsigned k = 0; k < size; ++k) i.bits |= uint64_t{i.bytes[k]} << (8 * k);
    return true;
  } else if constexpr (info.immediate == Imm::v128) {
    return read_bytes(i.bytes, 16);
  } else if constexpr (info.immediate == Imm::shuffle) {
    if (!read_bytes(i.bytes, 16)) return false;
    for (unsigned k = 0; k < 16; ++k)
      if (i.bytes[k] >= 32)
        return fail_here(ErrorCode::invalid_lane_index, std::to_string(i.bytes[k]) + " of 32");
    return true;
  } else {
    static_assert(info.immediate == Imm::fence);
    uint8_t zero = 0;
    if (!read_byte(zero)) return false;
    return zero == 0 || fail(ErrorCode::zero_byte_expected, offset_of(pc_ - 1));
  }
}

// ---- What rows are made of

template <class Sink>
template <wasm::Op op>
void FunctionPass<Sink>::show(const Instr& i, Operands in, Operands out) {
  using wasm::Family;
  constexpr Family family = wasm::op_info(op).family;
  if constexpr (family == Family::const_)
    sink_.constant(i, in, out);
  else if constexpr (family == Family::numeric)
    sink_.numeric(i, in, out);
  else if constexpr (family == Family::lane)
    sink_.lane(i, in, out);
  else if constexpr (family == Family::shuffle)
    sink_.shuffle(i, in, out);
  else if constexpr (family == Family::load)
    sink_.load(i, in, out);
  else if constexpr (family == Family::store)
    sink_.store(i, in, out);
  else if constexpr (family == Family::load_lane)
    sink_.load_lane(i, in, out);
  else if constexpr (family == Family::store_lane)
    sink_.store_lane(i, in, out);
  else if constexpr (family == Family::memory)
    sink_.memory(i, in, out);
  else if constexpr (family == Family::table)
    sink_.table(i, in, out);
  else if constexpr (family == Family::reference)
    sink_.reference(i, in, out);
  else if constexpr (family == Family::aggregate)
    sink_.aggregate(i, in, out);
  else if constexpr (family == Family::parametric)
    sink_.parametric(i, in, out);
  else if constexpr (op == Op::local_get)
    sink_.local_get(i, in, out);
  else if constexpr (op == Op::local_set)
    sink_.local_set(i, in, out);
  else if constexpr (op == Op::local_tee)
    sink_.local_tee(i, in, out);
  else if constexpr (family == Family::variable)
    sink_.global(i, in, out);
  else
    sink_.atomic(i, in, out);
}

template <class Sink>
template <wasm::Op op>
bool FunctionPass<Sink>::finish(Instr& i, size_t in, Types out) {
  return finish_with(i, in, out, [&](Operands popped, Operands pushed) { show<op>(i, popped, pushed); });
}

template <class Sink>
template <class Show>
bool FunctionPass<Sink>::finish_with(Instr& i, size_t in, Types out, Show show_it) {
  tell(i, [&] { show_it(operands(sp_, in), fresh(out)); });
  return push_all(out, true);
}

template <class Sink>
bool FunctionPass<Sink>::push_all(Types types, bool with_values) {
  if (!ensure(types.size())) return false;
  ValType* const first = sp_;
  for (const ValType type : types) *sp_++ = type;
  if constexpr (Sink::enabled) {
    if (!live_) return true;
    note_slots(first, types.size());
    if constexpr (has_values) {
      const Operands pushed = operands(first, types.size());
      if (with_values) std::copy_n(scratch_.begin(), types.size(), pushed.values);
    }
  }
  static_cast<void>(first), static_cast<void>(with_values);
  return true;
}

template <class Sink>
void FunctionPass<Sink>::note_slots(const ValType* first, size_t count) {
  if constexpr (Sink::enabled && Sink::slots) {
    const size_t place = static_cast<size_t>(first - stack_.get());
    if (slot_ends_.size() < place + count) slot_ends_.resize(place + count + slot_ends_.size() / 2);
    uint32_t slots = slots_below(static_cast<uint32_t>(place));
    for (size_t k = 0; k < count; ++k) slot_ends_[place + k] = slots += first[k].slots();
    max_slots_ = std::max(max_slots_, slots);
    vectors_ |= slots != place + count;
  }
}

}  // namespace cloche::validate

#include "validate/pass_control.hpp"
#include "validate/pass_fast.hpp"
#include "validate/pass_references.hpp"
#include "validate/pass_variables.hpp"
