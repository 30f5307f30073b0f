// The walk of FunctionPass over a body: dispatch by opcode, rows with a fixed signature, and what all rows
// are made of.
#pragma once

#include "binary/instr_reader.hpp"
#include "validate/pass_class.hpp"

namespace cloche::validate {

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
  start_height_ = 0;
  retried_ = nullptr;
  told_ = false;
  max_slots_ = 0;
  vectors_ = false;
  if constexpr (Sink::enabled) sink_.function(state_);
  return true;
}

template <class Sink>
wasm::Result<void> FunctionPass<Sink>::outcome(bool good) {
  if constexpr (Sink::recovers)
    if (!good && !told_) tell_failure();
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
    if (!place.pc) [[unlikely]] {
      if constexpr (Sink::recovers)
        if (!done_ && recover(place)) continue;
      return done_;
    }
  }
  return fail_end();
}

// ---- Errors

template <class Sink>
bool FunctionPass<Sink>::tell_failure() {
  told_ = true;
  if (values_.size() < start_height_) values_.resize(start_height_);
  uint32_t known = start_height_;
  for (const Block& frame : frames_)
    if (frame.unreachable || !frame.live) known = std::min(known, frame.height);
  if (!live_ && !frames_.empty()) known = std::min(known, frames_.back().height);
  const Operands stack{stack_.get(), values_.data(), start_height_};
  return sink_.failed(
      {*error_, at_offset(), stack, known, std::span<const Block>(frames_), Types(required_), required_end_});
}

/// Goes on after an error: the same instruction once more with operands of any type, or, when it is not the
/// operands, behind it.
template <class Sink>
bool FunctionPass<Sink>::recover(Place& place) {
  if (frames_.empty()) return false;
  const bool again = retried_ == at_;
  if (!again && !tell_failure()) return false;
  retried_ = at_;
  frames_.back().branched = true;  // so that code behind the block counts as live
  set_unreachable();
  error_.reset();
  required_.clear();
  place = {at_, sp_};
  if (again && !skip_failed(place)) return false;
  told_ = false;
  return true;
}

/// Moves behind an instruction that is wrong whatever its operands; not if blocks depend on it.
template <class Sink>
bool FunctionPass<Sink>::skip_failed(Place& place) {
  binary::Reader reader(std::span(at_, static_cast<size_t>(end_ - at_)));
  binary::InstrReader instrs(reader, features_);
  const auto skipped = instrs.next();
  const bool structural =
      skipped && (skipped->op == Op::end || skipped->op == Op::else_ || skipped->op == Op::catch_ ||
                  skipped->op == Op::catch_all || skipped->op == Op::delegate ||
                  wasm::op_info(skipped->op).immediate == wasm::Imm::block ||
                  wasm::op_info(skipped->op).immediate == wasm::Imm::try_table);
  if (!skipped || structural) {
    if (!error_) error_ = wasm::Error{ErrorCode::type_mismatch, at_offset(), {}};
    return false;
  }
  place.pc = at_ + skipped->size;
  return true;
}

template <class Sink>
auto FunctionPass<Sink>::prefixed(Place place, uint8_t prefix) -> Place {
  at_ = place.pc - 1;
  pc_ = place.pc;
  sp_ = place.sp;
  note_start();
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
  note_start();
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
