// One plain instruction: its opcode and what follows it, by the kind of its immediates.
#include <algorithm>
#include <bit>

#include "text/assembler.hpp"
#include "text/message.hpp"

namespace cloche::text {

using wasm::ErrorCode;
using wasm::Imm;
using wasm::Op;

Parsed<uint32_t> Assembler::resolve_label(const Token& token) {
  const std::string_view spelled = TRY(identifier(token));
  const uint32_t found = label_ids_.find(spelled).value_or(0);
  if (found == 0) return unknown_name(Space::label, token, 0);
  return static_cast<uint32_t>(labels_.size() - found);
}

// The index that a number or identifier token stands for.
Parsed<uint32_t> Assembler::resolve(Space space, const Token& token, uint32_t scope) {
  uint64_t value = 0;
  if (token.kind == TokenKind::number && lexer_.short_natural(token, value)) [[likely]]
    return static_cast<uint32_t>(value);
  if (token.kind == TokenKind::number)
    return static_cast<uint32_t>(TRY(natural(token, 0xFFFFFFFF, ErrorCode::i32_constant_out_of_range)));
  if (token.kind != TokenKind::id) return report_unexpected(lexer_, token, token, errors_);
  if (space == Space::label) return resolve_label(token);
  const std::string_view spelled = TRY(identifier(token));
  const SymbolTable& table = space == Space::local   ? locals_
                             : space == Space::field ? fields_
                                                     : symbols_[static_cast<size_t>(space)];
  if (space != Space::local || in_function_)
    if (const auto index = table.find(spelled, scope)) return *index;
  return unknown_name(space, token, scope);
}

Parsed<uint32_t> Assembler::parse_index(Space space) {
  if (!at_index()) return unexpected();
  const uint32_t index = TRY(resolve(space, tok_));
  TRY(advance());
  return index;
}

Status Assembler::emit_index(Space space) {
  leb(TRY(parse_index(space)));
  return {};
}

Status Assembler::emit_optional_index(Space space) {
  if (at_index()) return emit_index(space);
  byte(0);
  return {};
}

// Two indices of one space, both or none of them written.
Status Assembler::emit_two_optional(Space space) {
  if (!at_index()) {
    byte(0);
    byte(0);
    return {};
  }
  TRY(emit_index(space));
  return emit_index(space);
}

// Text: an optional index of `target`, then one of `segment`; the binary format has them the other way round.
Status Assembler::emit_segment_and(Space segment, Space target) {
  if (!at_index()) return unexpected();
  const Token first = tok_;
  TRY(advance());
  if (!at_index()) {
    leb(TRY(resolve(segment, first)));
    byte(0);
    return {};
  }
  const uint32_t target_index = TRY(resolve(target, first));
  TRY(emit_index(segment));
  leb(target_index);
  return {};
}

// An instruction's opcode and immediates, its name being the current token. Everything goes to the end of
// code().
Status Assembler::parse_instruction(Op op) {
  TRY(advance());
  const Imm kind = wasm::op_info(op).immediate;
  if (kind == Imm::none && op == Op::select) return emit_select();
  if (kind == Imm::heap_type && (op == Op::ref_test || op == Op::ref_cast)) return emit_ref_test(op);
  emit_op(op);
  return kind == Imm::none ? Status() : parse_operands(op);
}

Status Assembler::parse_operands(Op op) {
  const Imm kind = wasm::op_info(op).immediate;
  switch (kind) {
    case Imm::none:
      return {};
    case Imm::block:
      return emit_block_type();
    case Imm::try_table:
      return emit_try_table_operands();
    case Imm::label:
      return emit_index(Space::label);
    case Imm::label_table:
      return emit_label_table();
    case Imm::func:
      return emit_index(Space::func);
    case Imm::type:
      return emit_index(Space::type);
    case Imm::local:
      return emit_index(Space::local);
    case Imm::global:
      return emit_index(Space::global);
    case Imm::table:
      return emit_optional_index(Space::table);
    case Imm::memory:
      return emit_optional_index(Space::mem);
    case Imm::tag:
      return emit_index(Space::tag);
    case Imm::data:
      draft_.uses_data_index = true;
      return emit_index(Space::data);
    case Imm::elem:
      return emit_index(Space::elem);
    case Imm::type_table:
      return emit_call_indirect();
    case Imm::elem_table:
      return emit_segment_and(Space::elem, Space::table);
    case Imm::table_table:
      return emit_two_optional(Space::table);
    case Imm::data_memory:
      draft_.uses_data_index = true;
      return emit_segment_and(Space::data, Space::mem);
    case Imm::memory_memory:
      return emit_two_optional(Space::mem);
    case Imm::type_field: {
      const uint32_t type = TRY(parse_index(Space::type));
      leb(type);
      leb(TRY(resolve(Space::field, tok_, type)));
      return advance();
    }
    case Imm::type_count: {
      TRY(emit_index(Space::type));
      leb(TRY(parse_u32()));
      return {};
    }
    case Imm::type_data:
      draft_.uses_data_index = true;
      TRY(emit_index(Space::type));
      return emit_index(Space::data);
    case Imm::type_elem:
      TRY(emit_index(Space::type));
      return emit_index(Space::elem);
    case Imm::type_type:
      TRY(emit_index(Space::type));
      return emit_index(Space::type);
    case Imm::select_types:
      return {};  // emit_select does it
    case Imm::heap_type:
      emit_heap_type(TRY(parse_heap_type()));
      return {};
    case Imm::cast:
      return emit_cast();
    case Imm::mem_arg:
      return emit_mem_arg(op);
    case Imm::mem_arg_lane:
      return emit_mem_arg_lane(op);
    case Imm::lane: {
      byte(TRY(parse_lane(tok_)));
      return advance();
    }
    case Imm::shuffle:
      return emit_shuffle();
    case Imm::fence:
      byte(0);
      return {};
    case Imm::i32:
    case Imm::i64:
    case Imm::f32:
    case Imm::f64:
    case Imm::v128:
      return emit_const(kind);
  }
  return {};
}

Status Assembler::emit_block_type() {
  binary::put_block_type(code(), TRY(parse_block_type()));
  return {};
}

// Block type and catch clauses; their labels are those outside of the block.
Status Assembler::emit_try_table_operands() {
  TRY(emit_block_type());
  const size_t count_at = code().size();
  uint32_t count = 0;
  for (;; ++count) {
    uint8_t kind;
    if (tok_.is_open(op_word(Op::catch_)))
      kind = 0;
    else if (tok_.is_open(Word::catch_ref))
      kind = 1;
    else if (tok_.is_open(op_word(Op::catch_all)))
      kind = 2;
    else if (tok_.is_open(Word::catch_all_ref))
      kind = 3;
    else
      break;
    TRY(advance());
    byte(kind);
    if (kind < 2) TRY(emit_index(Space::tag));
    TRY(emit_index(Space::label));
    TRY(expect_close());
  }
  insert_leb(count_at, count);
  return {};
}

// Puts a count in front of what has been emitted since.
void Assembler::insert_leb(size_t at, uint32_t value) {
  const size_t end = code().size();
  leb(value);
  std::rotate(code().begin() + static_cast<ptrdiff_t>(at), code().begin() + static_cast<ptrdiff_t>(end),
              code().end());
}

Status Assembler::emit_label_table() {
  const size_t count_at = code().size();
  if (!at_index()) return unexpected();
  uint32_t count = 0;
  uint32_t last = TRY(parse_index(Space::label));
  for (; at_index(); ++count) {
    leb(last);
    last = TRY(parse_index(Space::label));
  }
  insert_leb(count_at, count);
  leb(last);
  return {};
}

Status Assembler::emit_call_indirect() {
  const uint32_t table = at_index() ? TRY(parse_index(Space::table)) : 0;
  leb(TRY(parse_type_use(false)).index.value);
  leb(table);
  return {};
}

Status Assembler::emit_select() {
  if (!tok_.is_open(Word::result)) {
    emit_op(Op::select);
    return {};
  }
  TRY(check_feature(Op::select_t));
  TRY(parse_results());
  emit_op(Op::select_t);
  leb(results_.size());
  for (const wasm::ValType type : results_) emit_val_type(type);
  return {};
}

// ref.test and ref.cast have an opcode each for nullable and other types.
Status Assembler::emit_ref_test(Op op) {
  const wasm::ValType type = TRY(parse_ref_type());
  if (type.is_nullable()) op = op == Op::ref_test ? Op::ref_test_null : Op::ref_cast_null;
  emit_op(op);
  emit_heap_type(type.heap());
  return {};
}

Status Assembler::emit_cast() {
  const uint32_t label = TRY(parse_index(Space::label));
  const wasm::ValType from = TRY(parse_ref_type());
  const wasm::ValType to = TRY(parse_ref_type());
  byte(static_cast<uint8_t>((from.is_nullable() ? 1 : 0) | (to.is_nullable() ? 2 : 0)));
  leb(label);
  emit_heap_type(from.heap());
  emit_heap_type(to.heap());
  return {};
}

Status Assembler::emit_mem_arg(Op op) {
  const uint32_t mem = at_index() ? TRY(parse_index(Space::mem)) : 0;
  return emit_mem_arg_bytes(op, mem);
}

// An index before the lane is a memory only if a lane still follows.
Status Assembler::emit_mem_arg_lane(Op op) {
  uint32_t mem = 0;
  if (at_index()) {
    const Token first = tok_;
    TRY(advance());
    if (tok_.kind != TokenKind::number && tok_.kind != TokenKind::word) {
      TRY(emit_mem_arg_bytes(op, 0));
      byte(TRY(parse_lane(first)));
      return {};
    }
    // A word here is offset= or align=, or the next instruction.
    if (tok_.kind == TokenKind::word && !at_mem_arg_word()) {
      TRY(emit_mem_arg_bytes(op, 0));
      byte(TRY(parse_lane(first)));
      return {};
    }
    mem = TRY(resolve(Space::mem, first));
  }
  TRY(emit_mem_arg_bytes(op, mem));
  byte(TRY(parse_lane(tok_)));
  return advance();
}

bool Assembler::at_mem_arg_word() const {
  return tok_.kind == TokenKind::word && tok_.word == Word::unknown &&
         (text().starts_with("offset=") || text().starts_with("align="));
}

// The number after `prefix` in the current token; false when the token is something else.
Parsed<bool> Assembler::parse_mem_arg_word(std::string_view prefix, uint64_t& value) {
  if (tok_.kind != TokenKind::word || tok_.word != Word::unknown || !text().starts_with(prefix)) return false;
  const NumberStatus status = parse_natural(text().substr(prefix.size()), ~uint64_t{0}, value);
  TRY(check_number(status, tok_, ErrorCode::i64_constant_out_of_range));
  return true;
}

Status Assembler::emit_mem_arg_bytes(Op op, uint32_t mem) {
  uint64_t offset = 0;
  uint64_t align = wasm::op_info(op).access_bytes;
  if (TRY(parse_mem_arg_word("offset=", offset))) TRY(advance());
  if (TRY(parse_mem_arg_word("align=", align))) {
    if (!std::has_single_bit(align))
      return fail(ErrorCode::malformed_alignment, tok_.offset, excerpt(text()));
    TRY(advance());
  }
  const int log2 = std::countr_zero(align);
  binary::put_mem_arg(code(), static_cast<uint32_t>(log2), mem, offset);
  return {};
}

}  // namespace cloche::text
