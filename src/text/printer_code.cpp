// Functions: signatures, locals, bodies in plain form; and constant expressions.
#include "binary/type_reader.hpp"
#include "text/printer_core.hpp"

namespace cloche::text {

using binary::Instr;
using binary::InstrReader;
using wasm::Op;
using wasm::ValType;

wasm::Result<void> Printer::print_func(uint32_t index) {
  const wasm::TypeIdx type = module_.funcs[index].type;
  const wasm::Code& code = module_.codes[index - module_.imported_funcs];
  line(1);
  out_ += "(func";
  put_binding(funcs_, index);
  put_inline(wasm::ExternKind::func, index, nullptr);
  const std::vector<ValType> locals = TRY(read_locals(code));
  put_signature(index, type, locals.size());
  const wasm::FuncType* func = func_type(type);
  if (wabt() && !locals.empty()) line(2);
  put_variables("local", locals, func == nullptr ? 0 : static_cast<uint32_t>(func->params.size()), !wabt());
  TRY(check_size());
  begin_blocks(index);
  TRY(options_.folded ? print_folded_body(index, code) : print_body(index, code));
  out_ += ')';
  return {};
}

// The type use of a function, with its parameters where they have names or are few. An import in wabt's text
// has the type alone.
void Printer::put_signature(uint32_t index, wasm::TypeIdx type, size_t local_count) {
  constexpr size_t most_inline = 16;
  const bool implicit = is_implicit(&SourceLayout::implicit_funcs, index);
  if (!implicit) put_type_ref(out_, type);
  const wasm::FuncType* func = func_type(type);
  const size_t params = func == nullptr ? 0 : func->params.size();
  const binary::NameMap* names = binary::find_names(names_.locals, index);
  local_strings_.clear();
  pool_ = &local_strings_;
  locals_ = make_ids(params + local_count, names);
  const bool imported = index < module_.imported_funcs;
  if (options_.generate_names && !imported) generate_locals(params, params + local_count);
  pool_ = &strings_;
  if (func == nullptr) return;
  if (wabt() && imported && !implicit && !options_.inline_imports) return;
  const bool named = names != nullptr && !names->empty() && names->front().index < params;
  if (!wabt() && !implicit && !named && params + func->results.size() > most_inline) return;
  put_variables("param", func->params, 0, false);
  put_types(out_, "result", func->results);
}

// Parameters or locals: those with a name one by one, the others between them together.
void Printer::put_variables(std::string_view keyword, std::span<const ValType> types, uint32_t first,
                            bool on_lines) {
  for (size_t i = 0; i < types.size();) {
    const auto index = first + static_cast<uint32_t>(i);
    size_t end = i + 1;
    if (on_lines)
      line(2);
    else if (!out_.ends_with(' '))
      out_ += ' ';
    out_ += '(';
    out_ += keyword;
    const auto is_named = [&](size_t at) {
      const uint32_t local = first + static_cast<uint32_t>(at);
      return locals_.name(local).data() != nullptr || !locals_.id(local).empty();
    };
    if (is_named(i)) {
      put_binding(locals_, index);
    } else {
      while (end < types.size() && !is_named(end)) ++end;
    }
    for (; i < end; ++i) {
      out_ += ' ';
      put_val_type(out_, types[i]);
    }
    out_ += ')';
  }
}

wasm::Result<std::vector<ValType>> Printer::read_locals(const wasm::Code& code) const {
  binary::Reader reader(module_.bytes.span(), code.body.offset, code.body.offset + code.body.size);
  std::vector<ValType> locals;
  const uint32_t groups = TRY(reader.length());
  for (uint32_t i = 0; i < groups; ++i) {
    const uint32_t count = TRY(reader.u32());
    if (count > options_.max_bytes - locals.size())
      return wasm::fail_limit("locals", count, options_.max_bytes, code.body.offset);
    locals.insert(locals.end(), count, TRY(binary::read_val_type(reader, module_.features)));
  }
  return locals;
}

void Printer::begin_blocks(uint32_t func) {
  labels_.clear();
  fold_kinds_.clear();
  label_ids_.clear();
  label_names_ = binary::find_names(names_.labels, func);
  next_label_name_ = 0;
  block_count_ = 0;
  may_name_labels_ = label_names_ != nullptr || options_.generate_names;
}

// The label of the block that opens next.
Printer::Label Printer::next_label(Op op) {
  Label label{};
  const uint32_t ordinal = block_count_++;
  pool_ = &local_strings_;
  if (label_names_ != nullptr && next_label_name_ != label_names_->size() &&
      (*label_names_)[next_label_name_].index == ordinal)
    label.name = spell((*label_names_)[next_label_name_++].name);
  if (label.name.empty() && options_.generate_names) label.name = generated_label(op, ordinal);
  if (!label.name.empty()) label.id = render_id(label.name);
  pool_ = &strings_;
  return label;
}

void Printer::push_label(Label label) {
  labels_.push_back(label);
  if (!label.id.empty())
    labels_.back().shadowed =
        label_ids_.exchange(label.name, static_cast<uint32_t>(labels_.size())).value_or(0);
}

void Printer::pop_label() {
  if (!labels_.back().id.empty()) label_ids_.exchange(labels_.back().name, labels_.back().shadowed);
  labels_.pop_back();
}

// The branch hint at an offset in a body, or -1.
int Printer::take_hint(uint32_t func, const wasm::Code& code, const Instr& instr) {
  if (!annotate_hints_) return -1;
  while (next_hint_func_ < hints_.size() && hints_[next_hint_func_].func < func) {
    ++next_hint_func_;
    next_hint_ = 0;
  }
  if (next_hint_func_ == hints_.size() || hints_[next_hint_func_].func != func) return -1;
  const auto& hints = hints_[next_hint_func_].hints;
  if (next_hint_ == hints.size() || hints[next_hint_].offset != instr.offset - code.body.offset) return -1;
  if (instr.op != Op::if_ && instr.op != Op::br_if) return -1;
  return hints[next_hint_++].likely ? 1 : 0;
}

wasm::Result<void> Printer::print_body(uint32_t func, const wasm::Code& code) {
  const uint32_t end = code.body.offset + code.body.size;
  InstrReader reader(module_, {code.expr_offset, end - code.expr_offset});
  for (;;) {
    reader.move_to(print_usual(reader.position(), reader.end_position()));
    if (reader.at_end()) break;
    const Instr instr = TRY(reader.next());
    if (instr.op == Op::end && labels_.empty()) break;
    const int hint = take_hint(func, code, instr);
    if (hint >= 0) {
      line(2 + labels_.size());
      out_ += hint == 1 ? "(@metadata.code.branch_hint \"\\01\")" : "(@metadata.code.branch_hint \"\\00\")";
    }
    TRY(print_plain(reader, instr));
    TRY(check_size());
  }
  if (!reader.at_end() || !labels_.empty()) return wasm::fail(wasm::ErrorCode::end_expected, reader.offset());
  return {};
}

// An instruction on a line of its own, indented by the blocks around it.
wasm::Result<void> Printer::print_plain(const InstrReader& reader, const Instr& instr) {
  if (opens_block(instr.op)) {
    const Label label = next_label(instr.op);
    line(2 + labels_.size());
    put_instr(out_, reader, instr, label.id);
    if (wabt() && instr.op == Op::try_table) {
      for (const binary::Catch& clause : reader.catches(instr)) {
        line(3 + labels_.size());
        put_catch(out_, clause);
      }
    }
    push_label(label);
    return {};
  }
  const bool closes = instr.op == Op::end || instr.op == Op::delegate;
  const bool divides = instr.op == Op::else_ || instr.op == Op::catch_ || instr.op == Op::catch_all;
  if ((closes || divides) && labels_.empty()) return wasm::fail(wasm::ErrorCode::end_expected, instr.offset);
  if (closes) pop_label();
  line(2 + labels_.size() - (divides ? 1 : 0));
  put_instr(out_, reader, instr, {});
  return {};
}

// A constant expression on the current line: a single instruction folded, more of them within `(wrapper` if
// there is one. `item` and `offset` are wrapped only when they have to be.
wasm::Result<void> Printer::put_expr(wasm::Expr expr, std::string_view wrapper) {
  begin_blocks(~uint32_t{0});
  locals_ = {};
  if (wabt() && TRY(put_folded_expr(expr))) return {};
  InstrReader reader(module_, expr);
  comments_lines_ = false;
  std::string first;
  std::string rest;
  size_t count = 0;
  while (!reader.at_end()) {
    const Instr instr = TRY(reader.next());
    if (instr.op == Op::end && labels_.empty()) break;
    std::string& out = count++ == 0 ? first : rest;
    if (&out == &rest) out += ' ';
    const bool block = opens_block(instr.op);
    const Label label = block ? next_label(instr.op) : Label{};
    if (instr.op == Op::end || instr.op == Op::delegate) pop_label();
    put_instr(out, reader, instr, label.id);
    if (block) push_label(label);
  }
  comments_lines_ = true;
  const bool single = count == 1 && labels_.empty();
  if (single || wrapper.empty()) {
    out_ += single ? " (" : count == 0 ? "" : " ";
    out_ += first;
    out_ += rest;
    if (single) out_ += ')';
    return {};
  }
  out_ += " (";
  out_ += wrapper;
  if (count != 0) out_ += ' ';
  out_ += first;
  out_ += rest;
  out_ += ')';
  return {};
}

}  // namespace cloche::text
