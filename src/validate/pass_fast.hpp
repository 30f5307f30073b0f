// Inline forms of frequent instructions, for the validator, which has no sink to call. Each handles the usual
// case (operands of exactly the required types, short numbers, block types without an index) and leaves
// everything else, as it found it, to the general form: so errors, subtyping and polymorphic operands are no
// concern of this file.
//
// Reading without looking for the end: a body ends with 0x0B, its own or one put behind it (PassBase::begin).
// The opcode in front of an immediate is not that byte, so the immediate's first byte can be read; and each
// further byte of a number follows one with the continuation bit, which 0x0B has not.
#pragma once

#include <cstring>

#include "validate/pass_class.hpp"

namespace cloche::validate {

/// A number of at most four bytes, and where it ends; null when it is longer.
struct ShortNumber {
  uint32_t value;
  const uint8_t* next;
};

[[gnu::always_inline]] inline ShortNumber read_short(const uint8_t* at) {
  if (!(at[0] & 0x80)) [[likely]]
    return {at[0], at + 1};
  const uint32_t low = at[0] & 0x7Fu;
  if (!(at[1] & 0x80)) return {low | uint32_t{at[1]} << 7, at + 2};
  const uint32_t middle = low | (at[1] & 0x7Fu) << 7;
  if (!(at[2] & 0x80)) return {middle | uint32_t{at[2]} << 14, at + 3};
  if (!(at[3] & 0x80)) return {middle | (at[2] & 0x7Fu) << 14 | uint32_t{at[3]} << 21, at + 4};
  return {0, nullptr};
}

/// Whether the topmost operands, which must be there, are of the types of a signature without address types.
template <Signature signature>
[[gnu::always_inline]] inline bool has_operands(const wasm::ValType* sp) {
  constexpr wasm::ValType first = type_of(signature.in[0]);
  if constexpr (signature.in_count == 1) {
    return sp[-1] == first;
  } else if constexpr (signature.in_count == 2) {
    // Both in one comparison.
    constexpr wasm::ValType types[2] = {first, type_of(signature.in[1])};
    return std::memcmp(sp - 2, types, sizeof types) == 0;
  } else {
    for (int k = 0; k < signature.in_count; ++k)
      if (sp[k - signature.in_count] != type_of(signature.in[static_cast<size_t>(k)])) return false;
    return true;
  }
}

constexpr unsigned log2_of(unsigned bytes) { return static_cast<unsigned>(std::bit_width(bytes)) - 1; }

template <class Sink>
template <wasm::Op op>
[[gnu::always_inline]] inline auto FunctionPass<Sink>::step(Place place) -> Place {
  if constexpr (Sink::enabled) {
    return general<op>(place);
  } else {
    constexpr wasm::OpInfo info = wasm::op_info(op);
    if constexpr (info.feature != wasm::Feature::mvp)
      if (!features_.has(info.feature)) [[unlikely]]
        return general<op>(place);
    const Place next = fast<op>(place);
    return next.pc ? next : general<op>(place);
  }
}

/// The place behind the instruction, or a null one when it is no usual case.
template <class Sink>
template <wasm::Op op>
[[gnu::always_inline]] inline auto FunctionPass<Sink>::fast(Place place) -> Place {
  using wasm::Family;
  constexpr wasm::OpInfo info = wasm::op_info(op);
  constexpr Place unusual{nullptr, nullptr};
  const uint8_t* const pc = place.pc;
  ValType* const sp = place.sp;
  const auto has = [&](ptrdiff_t count) { return sp - base_ >= count; };

  if constexpr (info.family == Family::numeric) {
    constexpr Signature signature = signature_of(op);
    static_assert(signature.out_count == 1);
    if (!has(signature.in_count) || !has_operands<signature>(sp)) return unusual;
    ValType* const result = sp - signature.in_count;
    *result = type_of(signature.out[0]);
    return {pc, result + 1};
  } else if constexpr (op == Op::local_get || op == Op::local_set || op == Op::local_tee) {
    uint32_t index = pc[0];
    const uint8_t* next = pc + 1;
    if (index >= 0x80) {
      if (pc[1] >= 0x80) return unusual;
      index = (index & 0x7F) | uint32_t{pc[1]} << 7;
      next = pc + 2;
      if (index >= near_count_) return unusual;
    }
    const ValType type = locals_.data()[index];
    if (type.is_bot()) return unusual;  // not set, or padding behind the last local
    if constexpr (op == Op::local_get) {
      *sp = type;
      return {next, sp + 1};
    } else {
      if (!has(1) || sp[-1] != type) return unusual;
      return {next, op == Op::local_set ? sp - 1 : sp};
    }
  } else if constexpr (op == Op::global_get || op == Op::global_set) {
    const ShortNumber index = read_short(pc);
    if (!index.next || index.value >= types_.globals().size()) return unusual;
    const wasm::GlobalType& global = types_.globals()[index.value];
    if constexpr (op == Op::global_get) {
      *sp = global.type;
      return {index.next, sp + 1};
    } else {
      if (!global.mutable_ || !has(1) || sp[-1] != global.type) return unusual;
      return {index.next, sp - 1};
    }
  } else if constexpr (info.immediate == wasm::Imm::i32 || info.immediate == wasm::Imm::i64) {
    // The value does not matter, only that it has no bits too many, which four bytes cannot.
    const uint8_t* next = pc;
    while (*next & 0x80 && next < pc + 3) ++next;
    if (*next & 0x80) {
      if constexpr (info.immediate == wasm::Imm::i32) return unusual;
      while (*next & 0x80 && next < pc + 8) ++next;
      if (*next & 0x80) return unusual;
    }
    *sp = info.immediate == wasm::Imm::i32 ? ValType::i32() : ValType::i64();
    return {next + 1, sp + 1};
  } else if constexpr (info.immediate == wasm::Imm::f32 || info.immediate == wasm::Imm::f64) {
    constexpr ptrdiff_t size = info.immediate == wasm::Imm::f32 ? 4 : 8;
    if (end_ - pc < size) return unusual;
    *sp = size == 4 ? ValType::f32() : ValType::f64();
    return {pc + size, sp + 1};
  } else if constexpr (info.family == Family::load || info.family == Family::store) {
    constexpr Signature signature = signature_of(op);
    // Memory 0, since a memory's index has its own flag; the alignment is below 0x0B, so a byte follows it.
    if (pc[0] > log2_of(info.access_bytes)) return unusual;
    const ShortNumber offset = read_short(pc + 1);
    if (!offset.next || !has(signature.in_count)) return unusual;
    if constexpr (info.family == Family::load) {
      if (sp[-1] != memory0_addr_) return unusual;
      sp[-1] = type_of(signature.out[0]);
      return {offset.next, sp};
    } else {
      if (sp[-2] != memory0_addr_ || sp[-1] != type_of(signature.in[1])) return unusual;
      return {offset.next, sp - 2};
    }
  } else if constexpr (op == Op::drop) {
    return has(1) ? Place{pc, sp - 1} : unusual;
  } else if constexpr (op == Op::select) {
    if (!has(3) || sp[-1] != ValType::i32() || sp[-2] != sp[-3] || sp[-2].is_ref() || sp[-2].is_bot())
      return unusual;
    return {pc, sp - 2};
  } else if constexpr (op == Op::block || op == Op::loop || op == Op::if_) {
    ValType single;
    if (pc[0] >= 0x7C && pc[0] <= 0x7F)
      single = ValType::from_bits(pc[0]);
    else if (pc[0] != 0x40)
      return unusual;
    ValType* base = sp;
    if constexpr (op == Op::if_)
      if (!has(1) || *--base != ValType::i32()) return unusual;
    constexpr FrameKind kind = op == Op::block  ? FrameKind::block
                               : op == Op::loop ? FrameKind::loop
                                                : FrameKind::if_;
    Block& frame = frames_.emplace_back();
    frame.single = single;
    frame.height = static_cast<uint32_t>(base - stack_.get());
    frame.init_height = static_cast<uint32_t>(inits_.size());
    frame.kind = kind;
    base_ = base;
    polymorphic_ = false;
    return {pc + 1, base};
  } else if constexpr (op == Op::end) {
    const Block& frame = frames_.back();
    if (frame.type || frames_.size() == 1) return unusual;
    if (frame.single.is_bot()) {
      if (sp != base_) return unusual;
    } else if (frame.kind == FrameKind::if_ || !has(1) || sp - 1 != base_ || sp[-1] != frame.single) {
      return unusual;
    }
    reset_locals(frame.init_height);
    frames_.pop_back();
    base_ = stack_.get() + frames_.back().height;
    polymorphic_ = frames_.back().unreachable;
    return {pc, sp};
  } else if constexpr (op == Op::br || op == Op::br_if) {
    if (pc[0] >= frames_.size() || pc[0] >= 0x80) return unusual;
    const Block& frame = frames_.end()[-1 - ptrdiff_t{pc[0]}];
    if (frame.type) return unusual;
    const bool carries = frame.kind != FrameKind::loop && !frame.single.is_bot();
    ValType* top = sp;
    if constexpr (op == Op::br_if)
      if (!has(1) || *--top != ValType::i32()) return unusual;
    if (carries && (top == base_ || top[-1] != frame.single)) return unusual;
    if constexpr (op == Op::br_if) return {pc + 1, top};
    frames_.back().unreachable = polymorphic_ = true;
    return {pc + 1, base_};
  } else if constexpr (op == Op::call) {
    const ShortNumber index = read_short(pc);
    if (!index.next || index.value >= types_.funcs().size()) return unusual;
    const CanonicalType& callee = *types_.funcs()[index.value];
    const Types params = callee.params(), results = callee.results();
    const ptrdiff_t count = static_cast<ptrdiff_t>(params.size());
    if (!has(count) || results.size() > 1) return unusual;
    ValType* const first = sp - count;
    for (ptrdiff_t k = 0; k < count; ++k)
      if (first[k] != params[static_cast<size_t>(k)]) return unusual;
    if (results.empty()) return {index.next, first};
    *first = results[0];
    return {index.next, first + 1};
  } else {
    return unusual;
  }
}

}  // namespace cloche::validate
