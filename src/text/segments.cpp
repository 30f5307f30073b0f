// Pass 2, tables, memories and their segments (spec: Text Format / Modules).
#include "text/assembler.hpp"

namespace cloche::text {

using wasm::AbsHeap;
using wasm::ErrorCode;
using wasm::ExternKind;
using wasm::SegmentMode;
using wasm::ValType;

// An expression up to a closing parenthesis, which stays.
Parsed<wasm::Expr> Assembler::parse_expr() {
  const auto start = static_cast<uint32_t>(code().size());
  TRY(parse_instrs());
  mark(tok_.offset);
  byte(0x0B);
  return wasm::Expr{start, static_cast<uint32_t>(code().size()) - start};
}

// `(wrapper instr*)`, or a single folded instruction.
Parsed<wasm::Expr> Assembler::parse_wrapped_expr(Word wrapper) {
  if (tok_.is_open(wrapper)) {
    TRY(advance());
    const wasm::Expr expr = TRY(parse_expr());
    TRY(expect_close());
    return expr;
  }
  const auto start = static_cast<uint32_t>(code().size());
  TRY(parse_folded());
  mark(tok_.paren);
  byte(0x0B);
  return wasm::Expr{start, static_cast<uint32_t>(code().size()) - start};
}

// The offset of a segment that stands within its table or memory.
wasm::Expr Assembler::const_zero(bool is_64, uint32_t source_offset) {
  const auto start = static_cast<uint32_t>(code().size());
  mark(source_offset);
  byte(is_64 ? 0x42 : 0x41);
  byte(0);
  byte(0x0B);
  return {start, 3};
}

Status Assembler::parse_table() {
  wasm::Table table;
  table.offset = tok_.paren;
  const auto index = static_cast<uint32_t>(draft_.module.tables.size());
  TRY(advance());
  const Binding binding = TRY(parse_binding());
  TRY(parse_inline_exports(ExternKind::table, index));
  wasm::Import import;
  import.kind = ExternKind::table;
  import.offset = table.offset;
  if (TRY(parse_inline_import(import))) {
    TRY(parse_table_type(import.table));
    add_import(import, binding);
    return expect_close();
  }
  name(draft_.names.tables, index, binding);
  table.type.limits.is_64 = TRY(parse_addr_type());
  if (at_ref_type()) {
    table.type.elem = TRY(parse_ref_type());
    TRY(parse_inline_elem(table));
  } else {
    TRY(parse_limits(table.type.limits));
    table.type.elem = TRY(parse_ref_type());
    if (tok_.kind != TokenKind::close) table.init = TRY(parse_expr());
  }
  draft_.module.tables.push_back(table);
  return expect_close();
}

// `(elem ...)` after a table's reference type.
Status Assembler::parse_inline_elem(wasm::Table& table) {
  if (!tok_.is_open(Word::elem)) return unexpected();
  wasm::Elem elem;
  elem.mode = SegmentMode::active;
  elem.offset = tok_.paren;
  elem.table = wasm::TableIdx(draft_.module.tables.size());
  elem.table_offset = const_zero(table.type.limits.is_64, tok_.paren);
  elem.type = table.type.elem;
  TRY(advance());
  if (tok_.kind == TokenKind::open) {
    TRY(parse_expr_list(elem));
  } else if (table.type.elem.heap() == wasm::HeapType(AbsHeap::func)) {
    elem.type = ValType::ref(AbsHeap::func, false);
    TRY(parse_func_list(elem));
  } else {
    TRY(parse_func_exprs(elem));
  }
  table.type.limits.min = elem.count;
  table.type.limits.max = elem.count;
  draft_.module.elems.push_back(elem);
  return expect_close();
}

Status Assembler::parse_memory() {
  wasm::Mem mem;
  mem.offset = tok_.paren;
  const auto index = static_cast<uint32_t>(draft_.module.mems.size());
  TRY(advance());
  const Binding binding = TRY(parse_binding());
  TRY(parse_inline_exports(ExternKind::mem, index));
  wasm::Import import;
  import.kind = ExternKind::mem;
  import.offset = mem.offset;
  if (TRY(parse_inline_import(import))) {
    TRY(parse_mem_type(import.mem));
    add_import(import, binding);
    return expect_close();
  }
  name(draft_.names.mems, index, binding);
  mem.type.limits.is_64 = TRY(parse_addr_type());
  if (tok_.kind == TokenKind::open) {
    TRY(parse_page_size(mem.type));
    TRY(parse_inline_data(mem));
  } else {
    TRY(parse_mem_limits(mem.type));
  }
  draft_.module.mems.push_back(mem);
  return expect_close();
}

Status Assembler::parse_inline_data(wasm::Mem& mem) {
  if (!tok_.is_open(Word::data)) return unexpected();
  wasm::Data data;
  data.mode = SegmentMode::active;
  data.offset = tok_.paren;
  data.mem = wasm::MemIdx(draft_.module.mems.size());
  data.mem_offset = const_zero(mem.type.limits.is_64, tok_.paren);
  TRY(advance());
  data.bytes = TRY(parse_data_strings());
  const uint32_t log2 = mem.type.page_size_log2;
  // Sizes of data are below 2^32; a page may be up to 2^63 bytes.
  const uint64_t pages = data.bytes.size == 0 ? 0 : ((uint64_t{data.bytes.size} - 1) >> log2) + 1;
  mem.type.limits.min = pages;
  mem.type.limits.max = pages;
  draft_.module.datas.push_back(data);
  return expect_close();
}

Parsed<wasm::ByteRange> Assembler::parse_data_strings() {
  const auto start = static_cast<uint32_t>(code().size());
  for (; tok_.kind == TokenKind::string; TRY(advance())) append_string(text(), code());
  return wasm::ByteRange{start, static_cast<uint32_t>(code().size()) - start};
}

Status Assembler::parse_data() {
  wasm::Data data;
  data.offset = tok_.paren;
  const auto index = static_cast<uint32_t>(draft_.module.datas.size());
  TRY(advance());
  name(draft_.names.datas, index, TRY(parse_binding()));
  if (tok_.kind == TokenKind::open) {
    data.mode = SegmentMode::active;
    if (tok_.is_open(Word::memory)) {
      TRY(advance());
      data.mem = wasm::MemIdx(TRY(parse_index(Space::mem)));
      TRY(expect_close());
    }
    data.mem_offset = TRY(parse_wrapped_expr(Word::offset));
  }
  data.bytes = TRY(parse_data_strings());
  draft_.module.datas.push_back(data);
  return expect_close();
}

Status Assembler::parse_elem() {
  wasm::Elem elem;
  elem.offset = tok_.paren;
  const auto index = static_cast<uint32_t>(draft_.module.elems.size());
  TRY(advance());
  name(draft_.names.elems, index, TRY(parse_binding()));
  bool bare_list = false;  // function indices alone
  if (tok_.is_word(Word::declare)) {
    elem.mode = SegmentMode::declarative;
    TRY(advance());
  } else if (tok_.kind == TokenKind::open && !tok_.is_open(Word::ref)) {
    elem.mode = SegmentMode::active;
    bare_list = !tok_.is_open(Word::table);
    if (!bare_list) {
      TRY(advance());
      elem.table = wasm::TableIdx(TRY(parse_index(Space::table)));
      TRY(expect_close());
    }
    elem.table_offset = TRY(parse_wrapped_expr(Word::offset));
  }
  if (bare_list && (at_index() || tok_.kind == TokenKind::close)) {
    elem.type = ValType::ref(AbsHeap::func, false);
    TRY(parse_func_list(elem));
  } else {
    TRY(parse_elem_list(elem));
  }
  draft_.module.elems.push_back(elem);
  return expect_close();
}

Status Assembler::parse_elem_list(wasm::Elem& elem) {
  if (tok_.is_word(Word::func)) {
    TRY(advance());
    elem.type = ValType::ref(AbsHeap::func, false);
    return parse_func_list(elem);
  }
  elem.type = TRY(parse_ref_type());
  return parse_expr_list(elem);
}

Status Assembler::parse_func_list(wasm::Elem& elem) {
  elem.items.offset = static_cast<uint32_t>(code().size());
  for (; at_index(); ++elem.count) TRY(emit_index(Space::func));
  elem.items.size = static_cast<uint32_t>(code().size()) - elem.items.offset;
  return {};
}

// Function indices where the segment's type must be that of the table, which only expressions can say.
Status Assembler::parse_func_exprs(wasm::Elem& elem) {
  elem.has_exprs = true;
  elem.items.offset = static_cast<uint32_t>(code().size());
  for (; at_index(); ++elem.count) {
    mark(tok_.offset);
    emit_op(wasm::Op::ref_func);
    TRY(emit_index(Space::func));
    byte(0x0B);
  }
  elem.items.size = static_cast<uint32_t>(code().size()) - elem.items.offset;
  return {};
}

Status Assembler::parse_expr_list(wasm::Elem& elem) {
  elem.has_exprs = true;
  elem.items.offset = static_cast<uint32_t>(code().size());
  for (; tok_.kind == TokenKind::open; ++elem.count) TRY(parse_wrapped_expr(Word::item));
  elem.items.size = static_cast<uint32_t>(code().size()) - elem.items.offset;
  return {};
}

}  // namespace cloche::text
