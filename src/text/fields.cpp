// Pass 2, module fields: functions, imports, exports, globals, tags, start (spec: Text Format / Modules).
// Tables, memories and segments are in segments.cpp.
#include "text/assembler.hpp"
#include "text/message.hpp"

namespace cloche::text {

using wasm::ErrorCode;
using wasm::ExternKind;

Status Assembler::parse_module() {
  lexer_.seek(range_.begin);
  tok_ = lexer_.next();
  const bool wrapped = tok_.is_open(Word::module);
  if (wrapped) {
    TRY(advance());
    if (tok_.is_word(Word::definition)) TRY(advance());
    if (tok_.kind == TokenKind::id) {
      draft_.names.module = TRY(identifier(tok_));
      TRY(advance());
    }
    const std::string_view annotated = TRY(take_name_annotation(true));
    if (annotated.data() != nullptr) {
      draft_.names.module = annotated;
    }
  }
  for (;;) {
    if (!lexer_.pending().empty()) TRY(take_custom_annotations());
    if (tok_.kind != TokenKind::open) break;
    const Token field = tok_;
    const size_t funcs = draft_.module.funcs.size();
    if (!parse_field().has_value() && !recover_field(field, funcs)) [[unlikely]]
      return base::Unexpected{Failed{}};
  }
  if (unbalanced_) return {};  // then the end of the module is not where it should be
  if (wrapped) TRY(expect_close());
  if (!lexer_.pending().empty()) return misplaced_annotation();
  if (tok_.kind != TokenKind::end) return unexpected();
  return {};
}

// A field, with its parentheses.
Status Assembler::parse_field() {
  switch (tok_.word) {
    case Word::type:
    case Word::rec:
      static_cast<void>(lexer_.skip_group());  // parsed already, so it has an end
      tok_ = lexer_.next();
      return {};
    case Word::import_:
      return parse_import();
    case Word::func:
      return parse_func();
    case Word::table:
      return parse_table();
    case Word::memory:
      return parse_memory();
    case Word::global:
      return parse_global();
    case Word::tag:
      return parse_tag();
    case Word::export_:
      return parse_export();
    case Word::start:
      return parse_start();
    case Word::elem:
      return parse_elem();
    case Word::data:
      return parse_data();
    default:
      return unexpected();
  }
}

// `(module binary "...")`, which has no fields.
Status Assembler::parse_binary_module(Assembled& result, bool& is_binary) {
  tok_ = lexer_.next();
  if (!tok_.is_open(Word::module)) return {};
  lexer_.pending().clear();
  TRY(advance());
  if (tok_.kind == TokenKind::id) tok_ = lexer_.next();
  if (!tok_.is_word(Word::binary)) return {};
  is_binary = true;
  TRY(advance());
  for (; tok_.kind == TokenKind::string; TRY(advance())) append_string(text(), result.bytes);
  TRY(expect_close());
  return tok_.kind == TokenKind::end ? Status() : unexpected();
}

void Assembler::add_import(const wasm::Import& import, const Binding& binding) {
  wasm::Module& module = draft_.module;
  const auto index = [](const auto& space) { return static_cast<uint32_t>(space.size()); };
  switch (import.kind) {
    case ExternKind::func:
      name(draft_.names.funcs, index(module.funcs), binding);
      module.funcs.push_back({import.func_type, import.offset});
      ++module.imported_funcs;
      break;
    case ExternKind::table:
      name(draft_.names.tables, index(module.tables), binding);
      module.tables.push_back({import.table, {}, import.offset});
      ++module.imported_tables;
      break;
    case ExternKind::mem:
      name(draft_.names.mems, index(module.mems), binding);
      module.mems.push_back({import.mem, import.offset});
      ++module.imported_mems;
      break;
    case ExternKind::global:
      name(draft_.names.globals, index(module.globals), binding);
      module.globals.push_back({import.global, {}, import.offset});
      ++module.imported_globals;
      break;
    case ExternKind::tag:
      name(draft_.names.tags, index(module.tags), binding);
      module.tags.push_back({import.tag, import.offset});
      ++module.imported_tags;
      break;
  }
  module.imports.push_back(import);
}

Status Assembler::parse_import() {
  wasm::Import import;
  import.offset = tok_.paren;
  TRY(advance());
  import.module = TRY(expect_name());
  import.name = TRY(expect_name());
  const Token kind = tok_;
  if (kind.kind != TokenKind::open) return unexpected();
  switch (kind.word) {
    case Word::func:
    case Word::table:
    case Word::memory:
    case Word::global:
    case Word::tag:
      break;
    default:
      return unexpected();
  }
  TRY(advance());
  const Binding binding = TRY(parse_binding());
  switch (kind.word) {
    case Word::func:
      TRY(finish_func_import(import));
      break;
    case Word::table:
      import.kind = ExternKind::table;
      TRY(parse_table_type(import.table));
      break;
    case Word::memory:
      import.kind = ExternKind::mem;
      TRY(parse_mem_type(import.mem));
      break;
    case Word::global:
      import.kind = ExternKind::global;
      import.global = TRY(parse_global_type());
      break;
    default:
      import.kind = ExternKind::tag;
      import.tag.type = TRY(parse_tag_type());
      break;
  }
  add_import(import, binding);
  TRY(expect_close());
  return expect_close();
}

// An imported function's type; its parameters' names go into the name section as those of locals do.
Status Assembler::finish_func_import(wasm::Import& import) {
  import.kind = ExternKind::func;
  func_index_ = static_cast<uint32_t>(draft_.module.funcs.size());
  const TypeUse use = TRY(parse_type_use(true));
  if (!use.is_explicit) draft_.implicit_funcs.push_back(func_index_);
  import.func_type = use.index;
  return enter_params();
}

// Enters the parameters of params_ in the index space of locals.
Status Assembler::enter_params() {
  locals_.clear();
  for (uint32_t i = 0; i < params_.size(); ++i) TRY(enter_local(params_[i].binding, i));
  return {};
}

Status Assembler::enter_local(const Binding& binding, uint32_t index) {
  if (binding.id.data() != nullptr && !locals_.insert(binding.id, index))
    return fail(ErrorCode::duplicate, binding.offset, "local $" + excerpt(binding.id));
  if (binding.name.data() != nullptr) inner_name(draft_.names.locals, func_index_, index, binding.name);
  return {};
}

Status Assembler::parse_inline_exports(ExternKind kind, uint32_t index) {
  while (tok_.is_open(Word::export_)) {
    const uint32_t offset = tok_.paren;
    TRY(advance());
    const std::string_view spelled = TRY(expect_name());
    draft_.module.exports.push_back({spelled, kind, index, offset});
    TRY(expect_close());
  }
  return {};
}

Parsed<bool> Assembler::parse_inline_import(wasm::Import& import) {
  if (!tok_.is_open(Word::import_)) return false;
  TRY(advance());
  import.module = TRY(expect_name());
  import.name = TRY(expect_name());
  TRY(expect_close());
  return true;
}

Status Assembler::parse_func() {
  wasm::Module& module = draft_.module;
  const uint32_t offset = tok_.paren;
  func_index_ = static_cast<uint32_t>(module.funcs.size());
  TRY(advance());
  const Binding binding = TRY(parse_binding());
  TRY(parse_inline_exports(ExternKind::func, func_index_));
  wasm::Import import;
  import.offset = offset;
  if (TRY(parse_inline_import(import))) {
    TRY(finish_func_import(import));
    add_import(import, binding);
    return expect_close();
  }
  name(draft_.names.funcs, func_index_, binding);
  const TypeUse use = TRY(parse_type_use(true));
  if (!use.is_explicit) draft_.implicit_funcs.push_back(func_index_);
  module.funcs.push_back({use.index, offset});
  TRY(enter_params());
  local_count_ = static_cast<uint32_t>(params_.size());
  if (use.is_explicit && params_.empty() && use.index.value < module.types.size())
    local_count_ = static_cast<uint32_t>(module.types[use.index.value].comp.func.params.size());
  body_start_ = expr_start_ = static_cast<uint32_t>(code().size());
  mark(offset);
  TRY(parse_locals());
  expr_start_ = static_cast<uint32_t>(code().size());
  in_function_ = true;
  block_count_ = 0;
  label_ids_.clear();
  TRY(parse_instrs());
  if (broken_body_) [[unlikely]]
    drop_body();
  in_function_ = false;
  push_code();
  return expect_close();
}

// Ends the current function's body.
void Assembler::push_code() {
  mark(tok_.offset);
  byte(0x0B);
  wasm::Code body;
  body.body.offset = body_start_;
  body.body.size = static_cast<uint32_t>(code().size()) - body_start_;
  body.expr_offset = expr_start_;
  draft_.module.codes.push_back(body);
}

// Local declarations: reads them, and emits them as runs of equal types.
Status Assembler::parse_locals() {
  local_types_.clear();
  while (tok_.is_open(Word::local)) {
    TRY(advance());
    const Binding binding = TRY(parse_binding());
    if (binding.name.data() != nullptr) {
      TRY(enter_local(binding, local_count_ + static_cast<uint32_t>(local_types_.size())));
      local_types_.push_back(TRY(parse_val_type()));
    } else {
      while (tok_.kind != TokenKind::close) local_types_.push_back(TRY(parse_val_type()));
    }
    TRY(expect_close());
  }
  uint32_t runs = 0;
  for (size_t i = 0; i < local_types_.size(); ++i) runs += i == 0 || local_types_[i] != local_types_[i - 1];
  leb(runs);
  for (size_t i = 0; i < local_types_.size();) {
    size_t end = i;
    while (end < local_types_.size() && local_types_[end] == local_types_[i]) ++end;
    leb(end - i);
    emit_val_type(local_types_[i]);
    i = end;
  }
  return {};
}

Status Assembler::parse_global() {
  wasm::Module& module = draft_.module;
  wasm::Import import;
  import.offset = tok_.paren;
  const auto index = static_cast<uint32_t>(module.globals.size());
  TRY(advance());
  const Binding binding = TRY(parse_binding());
  TRY(parse_inline_exports(ExternKind::global, index));
  const bool imported = TRY(parse_inline_import(import));
  import.global = TRY(parse_global_type());
  if (imported) {
    import.kind = ExternKind::global;
    add_import(import, binding);
  } else {
    name(draft_.names.globals, index, binding);
    const wasm::Expr init = TRY(parse_expr());
    module.globals.push_back({import.global, init, import.offset});
  }
  return expect_close();
}

Parsed<wasm::TypeIdx> Assembler::parse_tag_type() {
  const TypeUse use = TRY(parse_type_use(true));
  if (!use.is_explicit) draft_.implicit_tags.push_back(static_cast<uint32_t>(draft_.module.tags.size()));
  return use.index;
}

Status Assembler::parse_tag() {
  wasm::Import import;
  import.offset = tok_.paren;
  const auto index = static_cast<uint32_t>(draft_.module.tags.size());
  TRY(advance());
  const Binding binding = TRY(parse_binding());
  TRY(parse_inline_exports(ExternKind::tag, index));
  const bool imported = TRY(parse_inline_import(import));
  import.tag.type = TRY(parse_tag_type());
  if (imported) {
    import.kind = ExternKind::tag;
    add_import(import, binding);
  } else {
    name(draft_.names.tags, index, binding);
    draft_.module.tags.push_back({import.tag, import.offset});
  }
  return expect_close();
}

Status Assembler::parse_export() {
  wasm::Export exported;
  exported.offset = tok_.paren;
  TRY(advance());
  exported.name = TRY(expect_name());
  if (tok_.kind != TokenKind::open) return unexpected();
  Space space;
  switch (tok_.word) {
    case Word::func:
      space = Space::func;
      exported.kind = ExternKind::func;
      break;
    case Word::table:
      space = Space::table;
      exported.kind = ExternKind::table;
      break;
    case Word::memory:
      space = Space::mem;
      exported.kind = ExternKind::mem;
      break;
    case Word::global:
      space = Space::global;
      exported.kind = ExternKind::global;
      break;
    case Word::tag:
      space = Space::tag;
      exported.kind = ExternKind::tag;
      break;
    default:
      return unexpected();
  }
  TRY(advance());
  exported.index = TRY(parse_index(space));
  draft_.module.exports.push_back(exported);
  TRY(expect_close());
  return expect_close();
}

Status Assembler::parse_start() {
  const uint32_t offset = tok_.paren;
  if (draft_.module.start.has_value()) return fail(ErrorCode::multiple_start, offset);
  TRY(advance());
  draft_.module.start = wasm::FuncIdx(TRY(parse_index(Space::func)));
  draft_.module.start_offset = offset;
  return expect_close();
}

}  // namespace cloche::text
