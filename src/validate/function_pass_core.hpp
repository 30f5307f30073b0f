// FunctionPass: reading, the operand stack, the control stack, and the step over one instruction.
#pragma once

#include "validate/function_pass.hpp"

namespace cloche::validate {

namespace detail {

/// A signature of the opcode table in the letters' types; `a` stands as bot until the memory is known.
struct Signature {
  std::array<wasm::ValType, 4> types{};  // operands, then results
  uint8_t params = 0;
  uint8_t results = 0;
};

constexpr wasm::ValType letter_type(char letter) {
  using wasm::ValType;
  switch (letter) {
    case 'i':
      return ValType::i32();
    case 'l':
      return ValType::i64();
    case 'f':
      return ValType::f32();
    case 'd':
      return ValType::f64();
    case 'v':
      return ValType::v128();
    default:
      return ValType::bot();
  }
}

struct ParsedSignature {
  std::array<wasm::ValType, 4> params{};
  std::array<wasm::ValType, 2> results{};
  size_t param_count = 0;
  size_t result_count = 0;
};

constexpr ParsedSignature parse_signature(std::string_view text) {
  ParsedSignature parsed;
  bool results = false;
  for (const char letter : text) {
    if (letter == ':')
      results = true;
    else if (results)
      parsed.results[parsed.result_count++] = letter_type(letter);
    else
      parsed.params[parsed.param_count++] = letter_type(letter);
  }
  return parsed;
}

}  // namespace detail

// ---- errors

template <class Sink>
bool FunctionPass<Sink>::fail_at(ErrorCode code, size_t offset, std::string detail) {
  error_ = wasm::Error{code, offset, std::move(detail)};
  return false;
}

template <class Sink>
std::string FunctionPass<Sink>::list(Types types) {
  return wasm::to_string(wasm::ResultType(types.begin(), types.end()));
}

/// The operands that stand where the wanted ones should, at most as many.
template <class Sink>
bool FunctionPass<Sink>::fail_mismatch(Types wanted) {
  const size_t there = std::min(wanted.size(), static_cast<size_t>(sp_ - base_));
  return fail_type("instruction requires " + list(wanted) + " but stack has " +
                   list(Types(sp_ - there, there)));
}

template <class Sink>
bool FunctionPass<Sink>::fail_end() {
  // The tests' words: what is left over is the block's fault, what is missing or wrong that of the
  // instruction.
  const Types there(base_, static_cast<size_t>(sp_ - base_));
  if (there.size() <= top().results().size()) return fail_mismatch(top().results());
  return fail_type(std::string(frames_.size() == 1 ? "function" : "block") + " requires " +
                   list(top().results()) + " but stack has " + list(there));
}

/// The body's bytes are used up before its blocks are closed. The byte behind them tells what is more likely
/// wrong.
template <class Sink>
bool FunctionPass<Sink>::fail_unclosed() {
  const size_t end = static_cast<size_t>(end_ - origin_);
  if (end == module_.bytes.size()) return fail(ErrorCode::unexpected_end_of_section, "a block has no end");
  if (*end_ == wasm::op_info(Op::end).code)
    return fail(ErrorCode::section_size_mismatch, "the body's size ends it before its end");
  return fail(ErrorCode::end_expected, "a block has no end");
}

template <class Sink>
bool FunctionPass<Sink>::fail_leb(base::LebStatus status, const uint8_t* where) {
  const size_t place = static_cast<size_t>(where - origin_);
  switch (status) {
    case base::LebStatus::too_long:
      return fail_at(ErrorCode::integer_too_long, place);
    case base::LebStatus::too_large:
      return fail_at(ErrorCode::integer_too_large, place);
    default:
      return fail_at(ErrorCode::unexpected_end_of_section, place);
  }
}

// ---- types among the immediates

template <class Sink>
bool FunctionPass<Sink>::check_heap_type(wasm::HeapType type) {
  if (!type.is_concrete() || type.index().value < types_.count()) return true;
  return fail_unknown(ErrorCode::unknown_type, type.index().value);
}

template <class Sink>
bool FunctionPass<Sink>::heap_type(wasm::HeapType& type) {
  return read(type, [&](binary::Reader& reader) { return binary::read_heap_type(reader, features_); }) &&
         check_heap_type(type);
}

template <class Sink>
bool FunctionPass<Sink>::val_type(ValType& type) {
  if (!read(type, [&](binary::Reader& reader) { return binary::read_val_type(reader, features_); }))
    return false;
  return !type.is_ref() || check_heap_type(type.heap());
}

template <class Sink>
bool FunctionPass<Sink>::block_type(Frame& frame) {
  if (pc_ != end_ && *pc_ == 0x40) [[likely]] {
    ++pc_;
    return true;
  }
  wasm::BlockType block;
  if (!read(block, [&](binary::Reader& reader) { return binary::read_block_type(reader, features_); }))
    return false;
  if (block.kind == wasm::BlockType::Kind::value) {
    frame.has_single = true;
    frame.single = block.value;
    return !block.value.is_ref() || check_heap_type(block.value.heap());
  }
  if (block.kind == wasm::BlockType::Kind::type) {
    if (block.type.value >= types_.count()) return fail_unknown(ErrorCode::unknown_type, block.type.value);
    const wasm::CompType& comp = types_.comp(block.type);
    if (comp.kind != wasm::CompKind::func)
      return fail(ErrorCode::unknown_type,
                  std::to_string(block.type.value) + ": a block needs a function type");
    frame.type = &comp.func;
  }
  return true;
}

// ---- the operand stack

template <class Sink>
bool FunctionPass<Sink>::reserve(size_t count) {
  const size_t used = static_cast<size_t>(sp_ - stack_.data());
  const size_t needed = used + count + static_cast<size_t>(end_ - pc_) + 16;
  if (needed <= stack_.size()) return true;
  if (used + count > wasm::limits::operands)
    return fail(ErrorCode::limit_exceeded, "operands on the value stack: " + std::to_string(used + count) +
                                               ", at most " + std::to_string(wasm::limits::operands));
  const size_t base = static_cast<size_t>(base_ - stack_.data());
  stack_.resize(std::max(needed, stack_.size() * 2));
  sp_ = stack_.data() + used;
  base_ = stack_.data() + base;
  return true;
}

/// One operand, without an error message of its own.
template <class Sink>
bool FunctionPass<Sink>::pop_one(ValType wanted) {
  if (sp_ == base_) return top().unreachable;
  if (!matches(sp_[-1], wanted)) return false;
  --sp_;
  count_pop(*sp_);
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::pop_slow(ValType wanted) {
  return pop_one(wanted) || fail_mismatch(Types(&wanted, 1));
}

template <class Sink>
bool FunctionPass<Sink>::pop_any(ValType& type) {
  type = ValType::bot();
  if (sp_ == base_) {
    if (top().unreachable) return true;
    return fail_type("instruction requires a value but stack has []");
  }
  type = *--sp_;
  count_pop(type);
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::pop_ref(ValType& type) {
  if (!pop_any(type)) return false;
  if (type.is_ref() || type.is_bot()) return true;
  return fail_type("instruction requires a reference but stack has [" + wasm::to_string(type) + "]");
}

template <class Sink>
bool FunctionPass<Sink>::pop_list(Types types) {
  return pop_exactly(types);
}

template <class Sink>
bool FunctionPass<Sink>::push_list(Types types) {
  if (types.size() > 1 && !reserve(types.size())) return false;
  for (const ValType type : types) push(type);
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::check_top(Types types) {
  const size_t there = static_cast<size_t>(sp_ - base_);
  if (there < types.size() && !top().unreachable) return fail_mismatch(types);
  for (size_t i = 0; i < types.size() && i < there; ++i)
    if (!matches(sp_[-1 - static_cast<ptrdiff_t>(i)], types[types.size() - 1 - i]))
      return fail_mismatch(types);
  return true;
}

// ---- the control stack

template <class Sink>
bool FunctionPass<Sink>::push_frame(Frame frame) {
  frame.live = live_;
  frame.height = static_cast<uint32_t>(sp_ - stack_.data());
  frame.slots = height_;
  frame.init_log = static_cast<uint32_t>(init_log_.size());
  frames_.push_back(frame);
  base_ = sp_;
  return frame.params().empty() || push_list(frame.params());
}

/// The end of a frame or of a part of it: exactly its results are on the stack; they are taken off.
template <class Sink>
bool FunctionPass<Sink>::end_part(Frame& frame) {
  const Types results = frame.results();
  const size_t there = static_cast<size_t>(sp_ - base_);
  if (there > results.size() || (there < results.size() && !frame.unreachable)) return fail_end();
  for (size_t i = 0; i < there; ++i)
    if (!matches(sp_[-1 - static_cast<ptrdiff_t>(i)], results[results.size() - 1 - i])) return fail_end();
  sp_ = base_;
  height_ = frame.slots;
  forget_initialized(frame.init_log);
  return true;
}

template <class Sink>
void FunctionPass<Sink>::set_unreachable() {
  sp_ = base_;
  height_ = top().slots;
  top().unreachable = true;
  live_ = false;
}

template <class Sink>
bool FunctionPass<Sink>::label(uint32_t depth, Frame*& frame) {
  if (depth >= frames_.size()) return fail_unknown(ErrorCode::unknown_label, depth);
  frame = &frames_[frames_.size() - 1 - depth];
  return true;
}

template <class Sink>
BranchTarget FunctionPass<Sink>::target(const Frame& frame) const {
  BranchTarget target;
  target.frame = static_cast<uint32_t>(&frame - frames_.data());
  target.to_loop = frame.op == Op::loop;
  for (const ValType type : frame.label()) target.keep_slots += type.slots();
  target.height_slots = frame.slots;
  return target;
}

template <class Sink>
void FunctionPass<Sink>::forget_initialized(uint32_t log_size) {
  while (init_log_.size() > log_size) {
    initialized_[init_log_.back()] = false;
    init_log_.pop_back();
  }
}

// ---- one instruction

/// Operands and results as the table gives them; `address` stands for the letter a.
template <class Sink>
template <wasm::Op op>
bool FunctionPass<Sink>::signature(ValType address) {
  static constexpr detail::ParsedSignature parsed = detail::parse_signature(wasm::op_info(op).signature);
  constexpr size_t params = parsed.param_count;
  std::array<ValType, 4> wanted = parsed.params;
  for (size_t i = 0; i < params; ++i)
    if (wanted[i].is_bot()) wanted[i] = address;
  if (!pop_exactly(Types(wanted.data(), params))) return false;
  for (size_t i = 0; i < parsed.result_count; ++i)
    push(parsed.results[i].is_bot() ? address : parsed.results[i]);
  return true;
}

/// The memory immediate: the memory exists, the alignment is natural at most (for atomics exactly), the
/// offset fits.
template <class Sink>
template <wasm::Op op>
bool FunctionPass<Sink>::memory_access(ValType& address) {
  constexpr uint32_t natural =
      static_cast<uint32_t>(std::bit_width(uint32_t{wasm::op_info(op).access_bytes})) - 1;
  constexpr bool atomic = wasm::op_info(op).feature == wasm::Feature::threads;
  uint32_t flags = 0;
  uint32_t memory = 0;
  uint64_t displacement = 0;
  const size_t start = offset();
  if (!u32(flags)) return false;
  if (flags >= 0x80) return fail_at(ErrorCode::malformed_mem_arg, start);
  if (flags & 0x40) {
    if (!features_.has(wasm::Feature::multi_memory)) return fail_at(ErrorCode::malformed_mem_arg, start);
    if (!u32(memory)) return false;
  }
  if (!leb(displacement)) return false;
  if (memory >= module_.mems.size()) return fail_unknown(ErrorCode::unknown_memory, memory);
  const uint32_t align_log2 = flags & 0x3F;
  if (atomic ? align_log2 != natural : align_log2 > natural)
    return fail(
        atomic ? ErrorCode::atomic_alignment : ErrorCode::alignment_too_large,
        "2^" + std::to_string(align_log2) + " bytes for an access of " + std::to_string(1u << natural));
  address = memory_address(memory);
  if (address == ValType::i32() && displacement > UINT32_MAX)
    return fail(ErrorCode::offset_out_of_range, std::to_string(displacement));
  return true;
}

namespace detail {
/// Lanes of the shape an extract or replace works on, or of the vector that a lane access splits into.
constexpr uint32_t lanes_of(wasm::Op op) {
  const wasm::OpInfo& info = wasm::op_info(op);
  if (info.access_bytes != 0) return 16u / info.access_bytes;
  const std::string_view shape = info.text.substr(0, info.text.find('.'));
  const std::string_view count = shape.substr(shape.find('x') + 1);
  return count.size() == 2 ? 16 : static_cast<uint32_t>(count[0] - '0');
}
}  // namespace detail

template <class Sink>
template <wasm::Op op>
bool FunctionPass<Sink>::row() {
  using wasm::Family;
  constexpr wasm::OpInfo info = wasm::op_info(op);
  if constexpr (info.feature != wasm::Feature::mvp) {
    if (!features_.has(info.feature)) [[unlikely]]
      return fail(ErrorCode::feature_disabled, std::string(wasm::feature_name(info.feature)));
  }
  if (constant_ && !is_constant(op)) [[unlikely]]
    return fail(ErrorCode::constant_expression_required, std::string(info.text));
  if (live_) sink_.instruction(op, static_cast<uint32_t>(op_offset()));
  if constexpr (info.family == Family::numeric) {
    return signature<op>();
  } else if constexpr (info.family == Family::const_) {
    if constexpr (op == Op::i32_const) {
      int32_t value;
      if (!leb(value)) return false;
    } else if constexpr (op == Op::i64_const) {
      int64_t value;
      if (!leb(value)) return false;
    } else if (!skip(op == Op::f32_const ? 4 : op == Op::f64_const ? 8 : 16)) {
      return false;
    }
    return signature<op>();
  } else if constexpr (info.family == Family::lane) {
    const size_t start = offset();
    if (!skip(1)) return false;
    if (pc_[-1] >= detail::lanes_of(op))
      return fail_at(ErrorCode::invalid_lane_index, start, std::to_string(pc_[-1]));
    return signature<op>();
  } else if constexpr (info.family == Family::shuffle) {
    if (!skip(16)) return false;
    for (const uint8_t* lane = pc_ - 16; lane != pc_; ++lane)
      if (*lane >= 32)
        return fail_at(ErrorCode::invalid_lane_index, static_cast<size_t>(lane - origin_),
                       std::to_string(*lane));
    return signature<op>();
  } else if constexpr (info.immediate == wasm::Imm::mem_arg || info.immediate == wasm::Imm::mem_arg_lane) {
    ValType address;
    if (!memory_access<op>(address)) return false;
    if constexpr (info.immediate == wasm::Imm::mem_arg_lane) {
      if (!skip(1)) return false;
      if (pc_[-1] >= detail::lanes_of(op))
        return fail(ErrorCode::invalid_lane_index, std::to_string(pc_[-1]));
    }
    return signature<op>(address);
  } else if constexpr (info.family == Family::atomic_fence) {
    if (!skip(1)) return false;
    return pc_[-1] == 0 || fail_at(ErrorCode::zero_byte_expected, offset() - 1);
  } else {
    return check(Is<op>());
  }
}

template <class Sink>
bool FunctionPass<Sink>::illegal(uint8_t prefix, uint32_t code) {
  char text[32];
  if (prefix)
    std::snprintf(text, sizeof text, "%02x %02x", prefix, code);
  else
    std::snprintf(text, sizeof text, "%02x", code);
  return fail(ErrorCode::illegal_opcode, text);
}

// The rows of one prefix as the cases of a switch.
#define CLOCHE_CASE_0x00(name, code)
#define CLOCHE_CASE_0xFB(name, code)
#define CLOCHE_CASE_0xFC(name, code)
#define CLOCHE_CASE_0xFD(name, code)
#define CLOCHE_CASE_0xFE(name, code)
#define CLOCHE_CASE_OF(name, code) \
  case code:                       \
    return row<Op::name>();

#define OP(name, text, prefix, code, immediate, signature, family, access, traps, feature) \
  CLOCHE_CASE_##prefix(name, code)

template <class Sink>
bool FunctionPass<Sink>::prefixed(uint8_t prefix) {
  uint32_t code = 0;
  if (!u32(code)) return false;
  switch (prefix) {
    case 0xFB:
#undef CLOCHE_CASE_0xFB
#define CLOCHE_CASE_0xFB(name, code) CLOCHE_CASE_OF(name, code)
      switch (code) {
#include "wasm/opcodes.def"
        default:
          return illegal(prefix, code);
      }
#undef CLOCHE_CASE_0xFB
#define CLOCHE_CASE_0xFB(name, code)
    case 0xFC:
#undef CLOCHE_CASE_0xFC
#define CLOCHE_CASE_0xFC(name, code) CLOCHE_CASE_OF(name, code)
      switch (code) {
#include "wasm/opcodes.def"
        default:
          return illegal(prefix, code);
      }
#undef CLOCHE_CASE_0xFC
#define CLOCHE_CASE_0xFC(name, code)
    case 0xFD:
#undef CLOCHE_CASE_0xFD
#define CLOCHE_CASE_0xFD(name, code) CLOCHE_CASE_OF(name, code)
      switch (code) {
#include "wasm/opcodes.def"
        default:
          return illegal(prefix, code);
      }
#undef CLOCHE_CASE_0xFD
#define CLOCHE_CASE_0xFD(name, code)
    default:
#undef CLOCHE_CASE_0xFE
#define CLOCHE_CASE_0xFE(name, code) CLOCHE_CASE_OF(name, code)
      switch (code) {
#include "wasm/opcodes.def"
        default:
          return illegal(prefix, code);
      }
#undef CLOCHE_CASE_0xFE
#define CLOCHE_CASE_0xFE(name, code)
  }
}

template <class Sink>
bool FunctionPass<Sink>::step() {
  op_ = pc_;
  if (pc_ == end_) [[unlikely]]
    return fail_unclosed();
  const uint8_t byte = *pc_++;
#undef CLOCHE_CASE_0x00
#define CLOCHE_CASE_0x00(name, code) CLOCHE_CASE_OF(name, code)
  switch (byte) {
#include "wasm/opcodes.def"
    case 0xFB:
    case 0xFC:
    case 0xFD:
    case 0xFE:
      return prefixed(byte);
    default:
      return illegal(0, byte);
  }
#undef CLOCHE_CASE_0x00
}

#undef OP
#undef CLOCHE_CASE_0xFB
#undef CLOCHE_CASE_0xFC
#undef CLOCHE_CASE_0xFD
#undef CLOCHE_CASE_0xFE
#undef CLOCHE_CASE_OF

template <class Sink>
bool FunctionPass<Sink>::run() {
  while (!frames_.empty())
    if (!step()) [[unlikely]]
      return false;
  if (pc_ != end_) {
    op_ = pc_;
    return fail(ErrorCode::end_expected, "instructions behind the function's end");
  }
  return true;
}

// ---- bodies and constant expressions

template <class Sink>
wasm::Result<void> FunctionPass<Sink>::locals_of(const wasm::FuncType& type, binary::Reader reader) {
  locals_ = type.params;
  unset_locals_ = false;
  initialized_.clear();
  init_log_.clear();
  const uint32_t groups = TRY(reader.length());
  for (uint32_t i = 0; i < groups; ++i) {
    const size_t start = reader.offset();
    const uint32_t count = TRY(reader.u32());
    const ValType local = TRY(binary::read_val_type(reader, features_));
    if (local.is_ref() && local.heap().is_concrete() && local.heap().index().value >= types_.count())
      return wasm::fail(ErrorCode::unknown_type, start, std::to_string(local.heap().index().value));
    if (locals_.size() + count > wasm::limits::locals)
      return wasm::fail_limit("locals", locals_.size() + count, wasm::limits::locals, start);
    if (!local.is_defaultable()) unset_locals_ = true;
    locals_.insert(locals_.end(), count, local);
  }
  if constexpr (Sink::wants_slots)
    for (const ValType local : locals_)
      if (local.is_vec()) saw_v128_ = true;
  if (unset_locals_) {
    initialized_.resize(locals_.size());
    for (size_t i = 0; i < locals_.size(); ++i)
      initialized_[i] = i < type.params.size() || locals_[i].is_defaultable();
  }
  return {};
}

template <class Sink>
wasm::Result<void> FunctionPass<Sink>::function(uint32_t defined_index) {
  const wasm::Code& code = module_.codes[defined_index];
  const wasm::FuncType& type = module_.func_type(module_.funcs[module_.imported_funcs + defined_index].type);
  const size_t body_end = code.body.offset + code.body.size;
  constant_ = false;
  saw_v128_ = false;
  TRY(locals_of(type, binary::Reader(module_.bytes.span(), code.body.offset, body_end)));
  pc_ = op_ = origin_ + code.expr_offset;
  end_ = origin_ + body_end;
  frames_.clear();
  height_ = max_height_ = 0;
  live_ = true;
  sp_ = base_ = stack_.data();
  if (!reserve(0)) return base::Unexpected{std::move(error_)};
  Frame frame;
  frame.type = &type;
  frames_.push_back(frame);  // its parameters are locals, not operands
  if (!run()) return base::Unexpected{std::move(error_)};
  return {};
}

template <class Sink>
wasm::Result<void> FunctionPass<Sink>::constant(wasm::Expr expr, ValType type, uint32_t globals) {
  constant_ = true;
  constant_globals_ = globals;
  constant_type_.results.assign(1, type);
  locals_.clear();
  init_log_.clear();
  unset_locals_ = false;
  pc_ = op_ = origin_ + expr.offset;
  end_ = pc_ + expr.size;
  frames_.clear();
  height_ = max_height_ = 0;
  live_ = true;
  sp_ = base_ = stack_.data();
  if (!reserve(0)) return base::Unexpected{std::move(error_)};
  Frame frame;
  frame.type = &constant_type_;
  frames_.push_back(frame);
  if (!run()) return base::Unexpected{std::move(error_)};
  return {};
}

/// Spec: Validation / Instructions / Constant Expressions.
template <class Sink>
bool FunctionPass<Sink>::is_constant(Op op) {
  switch (op) {
    case Op::end:
    case Op::i32_const:
    case Op::i64_const:
    case Op::f32_const:
    case Op::f64_const:
    case Op::v128_const:
    case Op::ref_null:
    case Op::ref_func:
    case Op::global_get:
      return true;
    case Op::i32_add:
    case Op::i32_sub:
    case Op::i32_mul:
    case Op::i64_add:
    case Op::i64_sub:
    case Op::i64_mul:
      return features_.has(wasm::Feature::extended_const);
    case Op::ref_i31:
    case Op::struct_new:
    case Op::struct_new_default:
    case Op::array_new:
    case Op::array_new_default:
    case Op::array_new_fixed:
    case Op::any_convert_extern:
    case Op::extern_convert_any:
      return features_.has(wasm::Feature::gc);
    default:
      return false;
  }
}

}  // namespace cloche::validate
