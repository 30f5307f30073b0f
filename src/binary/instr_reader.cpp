#include "binary/instr_reader.hpp"

#include <cstdio>

#include "binary/type_reader.hpp"
#include "wasm/limits.hpp"

namespace cloche::binary {
namespace {

using wasm::FeatureSet;
using wasm::Imm;
using wasm::Op;

std::string opcode_text(uint8_t prefix, uint32_t code) {
  char text[32];
  if (prefix)
    std::snprintf(text, sizeof text, "%02x %02x", prefix, code);
  else
    std::snprintf(text, sizeof text, "%02x", code);
  return text;
}

}  // namespace

Result<Op> read_op(Reader& reader, FeatureSet features) {
  const size_t start = reader.offset();
  const uint8_t byte = TRY(reader.u8());
  const bool prefixed = wasm::is_prefix(byte);
  const uint32_t code = prefixed ? TRY(reader.u32()) : byte;
  const Op op = wasm::find_op(prefixed ? byte : 0, code);
  if (op == Op::count_) return fail(ErrorCode::illegal_opcode, start, opcode_text(prefixed ? byte : 0, code));
  const wasm::Feature feature = wasm::op_info(op).feature;
  if (!features.has(feature))
    return fail(ErrorCode::feature_disabled, start, std::string(wasm::feature_name(feature)));
  return op;
}

Result<MemArg> read_mem_arg(Reader& reader, FeatureSet features) {
  const size_t start = reader.offset();
  MemArg arg;
  const uint32_t flags = TRY(reader.u32());
  // Bit 6 says that a memory index follows (spec: Binary Format / Instructions / Memory).
  if (flags >= 0x80) return fail(ErrorCode::malformed_mem_arg, start);
  if (flags & 0x40) {
    if (!features.has(wasm::Feature::multi_memory)) return fail(ErrorCode::malformed_mem_arg, start);
    arg.memory = TRY(reader.u32());
  }
  arg.align_log2 = flags & 0x3F;
  arg.offset = TRY(reader.u64());
  return arg;
}

Result<Catch> read_catch(Reader& reader) {
  const size_t start = reader.offset();
  const uint8_t kind = TRY(reader.u8());
  if (kind > 3) return fail(ErrorCode::malformed_catch, start);
  Catch clause;
  clause.kind = static_cast<Catch::Kind>(kind);
  if (kind < 2) clause.tag = TRY(reader.u32());
  clause.label = TRY(reader.u32());
  return clause;
}

Result<Instr> InstrReader::next() {
  Instr instr;
  instr.offset = static_cast<uint32_t>(reader_.offset());
  instr.op = TRY(read_op(reader_, features_));
  TRY(read_immediates(reader_, features_, instr));
  instr.size = static_cast<uint32_t>(reader_.offset()) - instr.offset;
  return instr;
}

Result<void> skip_immediates(Reader& reader, FeatureSet features, Op op) {
  const Imm immediate = wasm::op_info(op).immediate;
  // The immediates of nearly all constant expressions, of which element segments may have millions.
  if (immediate == Imm::none) return {};
  if (immediate == Imm::i32) {
    TRY(reader.s32());
    return {};
  }
  if (immediate == Imm::func || immediate == Imm::global) {
    TRY(reader.u32());
    return {};
  }
  Instr instr;
  instr.op = op;
  return read_immediates(reader, features, instr);
}

Result<void> read_immediates(Reader& reader, FeatureSet features, Instr& instr) {
  const auto start_vector = [&](std::string_view what, uint64_t limit) -> Result<void> {
    const size_t start = reader.offset();
    instr.vector.count = TRY(reader.length());
    if (instr.vector.count > limit) return wasm::fail_limit(what, instr.vector.count, limit, start);
    instr.vector.offset = static_cast<uint32_t>(reader.offset());
    return {};
  };
  switch (wasm::op_info(instr.op).immediate) {
    case Imm::none:
      break;
    case Imm::block:
      instr.block = TRY(read_block_type(reader, features));
      break;
    case Imm::label:
    case Imm::func:
    case Imm::type:
    case Imm::local:
    case Imm::global:
    case Imm::table:
    case Imm::memory:
    case Imm::tag:
    case Imm::data:
    case Imm::elem:
      instr.index = TRY(reader.u32());
      break;
    case Imm::type_table:
    case Imm::elem_table:
    case Imm::table_table:
    case Imm::data_memory:
    case Imm::memory_memory:
    case Imm::type_field:
    case Imm::type_count:
    case Imm::type_data:
    case Imm::type_elem:
    case Imm::type_type:
      instr.index = TRY(reader.u32());
      instr.index2 = TRY(reader.u32());
      break;
    case Imm::label_table:
      TRY(start_vector("labels of a br_table", wasm::limits::br_table_labels));
      for (uint32_t i = 0; i < instr.vector.count; ++i) TRY(reader.u32());
      instr.index2 = TRY(reader.u32());
      break;
    case Imm::select_types:
      TRY(start_vector("types of a select", UINT32_MAX));
      for (uint32_t i = 0; i < instr.vector.count; ++i) TRY(read_val_type(reader, features));
      break;
    case Imm::try_table:
      instr.block = TRY(read_block_type(reader, features));
      TRY(start_vector("catch clauses of a try_table", wasm::limits::catches));
      for (uint32_t i = 0; i < instr.vector.count; ++i) TRY(read_catch(reader));
      break;
    case Imm::heap_type:
      instr.heap = TRY(read_heap_type(reader, features));
      break;
    case Imm::cast: {
      const size_t start = reader.offset();
      instr.cast_flags = TRY(reader.u8());
      if (instr.cast_flags > 3) return fail(ErrorCode::malformed_cast_flags, start);
      instr.index = TRY(reader.u32());
      instr.heap = TRY(read_heap_type(reader, features));
      instr.heap2 = TRY(read_heap_type(reader, features));
      break;
    }
    case Imm::mem_arg:
      instr.mem = TRY(read_mem_arg(reader, features));
      break;
    case Imm::mem_arg_lane:
      instr.mem = TRY(read_mem_arg(reader, features));
      instr.lane = TRY(reader.u8());
      break;
    case Imm::lane:
      instr.lane = TRY(reader.u8());
      break;
    case Imm::shuffle:
    case Imm::v128:
      instr.bytes = TRY((reader.fixed<std::array<uint8_t, 16>>()));
      break;
    case Imm::fence: {
      const size_t start = reader.offset();
      if (TRY(reader.u8()) != 0) return fail(ErrorCode::zero_byte_expected, start);
      break;
    }
    case Imm::i32:
      instr.bits = static_cast<uint32_t>(TRY(reader.s32()));
      break;
    case Imm::i64:
      instr.bits = static_cast<uint64_t>(TRY(reader.s64()));
      break;
    case Imm::f32:
      instr.bits = TRY(reader.fixed<uint32_t>());
      break;
    case Imm::f64:
      instr.bits = TRY(reader.fixed<uint64_t>());
      break;
  }
  return {};
}

// Only elements that were read before are read here.
template <>
void ImmRange<uint32_t>::Iterator::load() {
  value_ = *reader_.u32();
}
template <>
void ImmRange<wasm::ValType>::Iterator::load() {
  value_ = *read_val_type(reader_, features_);
}
template <>
void ImmRange<Catch>::Iterator::load() {
  value_ = *read_catch(reader_);
}

uint32_t i32_constant_size(std::span<const uint8_t> bytes) {
  constexpr uint16_t i32_const = wasm::op_info(Op::i32_const).code;
  constexpr uint16_t end = wasm::op_info(Op::end).code;
  if (bytes.empty() || bytes[0] != i32_const) return 0;
  const uint8_t* const last = bytes.data() + bytes.size();
  const auto number = base::read_leb<int32_t>(bytes.data() + 1, last);
  if (number.status != base::LebStatus::ok || number.next == last || *number.next != end) return 0;
  return static_cast<uint32_t>(number.next + 1 - bytes.data());
}

Result<wasm::Expr> skip_expr(Reader& reader, FeatureSet features) {
  const size_t start = reader.offset();
  if (const uint32_t size = i32_constant_size({reader.position(), reader.remaining()}); size != 0) {
    reader.advance(size);
    return wasm::Expr{static_cast<uint32_t>(start), size};
  }
  std::vector<bool> may_have_else;  // of the open blocks, innermost last
  for (;;) {
    const size_t offset = reader.offset();
    const Op op = TRY(read_op(reader, features));
    TRY(skip_immediates(reader, features, op));
    const Imm immediate = wasm::op_info(op).immediate;
    if (immediate == Imm::block || immediate == Imm::try_table) {
      may_have_else.push_back(op == Op::if_);
    } else if (op == Op::else_) {
      if (may_have_else.empty() || !may_have_else.back()) return fail(ErrorCode::end_expected, offset);
      may_have_else.back() = false;
    } else if (op == Op::end || op == Op::delegate) {
      if (may_have_else.empty()) break;
      may_have_else.pop_back();
    }
  }
  return wasm::Expr{static_cast<uint32_t>(start), static_cast<uint32_t>(reader.offset() - start)};
}

}  // namespace cloche::binary
