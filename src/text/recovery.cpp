// Going on after errors, so that one reading of a file finds all of them. What is kept of a function with
// errors is its signature; its body becomes `unreachable`. Nothing here runs unless assemble_all was called,
// and nothing here makes a module acceptable that has an error.
#include <algorithm>

#include "base/spelling.hpp"
#include "text/assembler.hpp"
#include "text/message.hpp"

namespace cloche::text {

using wasm::ErrorCode;
using wasm::Op;

namespace {

// The error for a name that its space does not have.
constexpr std::array<ErrorCode, 11> unknown_names = {
    ErrorCode::unknown_name_type,   ErrorCode::unknown_name_func,   ErrorCode::unknown_name_table,
    ErrorCode::unknown_name_memory, ErrorCode::unknown_name_global, ErrorCode::unknown_name_tag,
    ErrorCode::unknown_name_elem,   ErrorCode::unknown_name_data,   ErrorCode::unknown_name_local,
    ErrorCode::unknown_name_label,  ErrorCode::unknown_name_field,
};

// Words that begin a field and cannot stand within a body.
bool is_field_word(Word word) {
  switch (word) {
    case Word::rec:
    case Word::import_:
    case Word::func:
    case Word::table:
    case Word::memory:
    case Word::global:
    case Word::tag:
    case Word::export_:
    case Word::start:
    case Word::elem:
    case Word::data:
      return true;
    default:
      return false;
  }
}

bool is_space(char c) { return c == ' ' || c == '\t'; }
bool is_line_end(char c) { return c == '\n' || c == '\r'; }

}  // namespace

Recovered assemble_all(std::string_view source, SourceRange range, wasm::FeatureSet features,
                       size_t max_errors) {
  return Assembler(source, range, features, {}).run_all(max_errors);
}

Recovered Assembler::run_all(size_t max_errors) {
  Recovered result;
  recovered_ = &result;
  max_errors_ = max_errors;
  Assembled binary;
  bool is_binary = false;
  const auto parse = [&]() -> Status {
    TRY(parse_binary_module(binary, is_binary));
    if (is_binary) return {};
    TRY(collect());
    TRY(parse_types());
    return parse_module();
  };
  const bool good = parse().has_value();
  if (!good && !result.has_more) static_cast<void>(keep_error());
  if (is_binary) {
    if (good) result.module = std::move(binary);
  } else if (good && !outside_broken_ && !unbalanced_ && !result.has_more) {
    auto module = write_module(draft_);
    if (module)
      result.module = std::move(*module);
    else
      result.errors.push_back({std::move(module.error()), {}});
  }
  return result;
}

// Moves the error to the list; false when errors are not recovered from, or there are enough.
bool Assembler::keep_error(std::string nearest) {
  if (recovered_ == nullptr || recovered_->has_more || !errors_.failed()) return false;
  if (recovered_->errors.size() == max_errors_) {
    recovered_->has_more = true;
    return false;
  }
  recovered_->errors.push_back({errors_.pop(), std::move(nearest)});
  return true;
}

bool Assembler::keep_broken_error(std::string nearest) {
  if (!keep_error(std::move(nearest))) return false;
  broken_body_ = true;
  return true;
}

std::string Assembler::nearest_name(Space space, std::string_view spelled, uint32_t scope) const {
  base::Spelling spelling(spelled);
  const auto offer = [&](std::string_view name) { spelling.offer(name); };
  if (space == Space::label)
    for (const Label& label : labels_) offer(label.id);
  else if (space == Space::local)
    locals_.for_each(0, offer);
  else if (space == Space::field)
    fields_.for_each(scope, offer);
  else
    symbols_[static_cast<size_t>(space)].for_each(0, offer);
  return spelling.nearest().empty() ? std::string() : "$" + spelling.nearest();
}

// The error about an identifier that its space does not have; when recovering, the index 0 instead.
Parsed<uint32_t> Assembler::unknown_name(Space space, const Token& token, uint32_t scope) {
  const auto failed =
      fail(unknown_names[static_cast<size_t>(space)], token.offset, excerpt(lexer_.text(token)));
  if (recovered_ == nullptr) return failed;
  bool& broken = in_function_ ? broken_body_ : outside_broken_;
  const bool of_module = static_cast<size_t>(space) < module_spaces;
  if (of_module && names_incomplete_) {
    errors_.pop();  // perhaps it is defined where parentheses keep it from being seen
  } else {
    const auto spelled = identifier(token);
    if (!keep_error(spelled.has_value() ? nearest_name(space, *spelled, scope) : std::string()))
      return failed;
  }
  broken = true;
  return 0u;
}

// ---- Within a body

// Numbers, names and strings after an instruction, and words that are no instruction.
void Assembler::skip_atoms() {
  for (;;) {
    switch (tok_.kind) {
      case TokenKind::word:
        if (is_op(tok_.word)) return;
        break;
      case TokenKind::number:
      case TokenKind::id:
      case TokenKind::string:
      case TokenKind::reserved:
        break;
      default:
        return;
    }
    lexer_.pending().clear();
    tok_ = lexer_.next();
  }
}

// Moves behind the group that opens at `paren`.
bool Assembler::skip_folded(uint32_t paren) {
  lexer_.seek(paren);
  tok_ = lexer_.next();
  if (!lexer_.skip_group()) return false;
  lexer_.pending().clear();
  tok_ = lexer_.next();
  return true;
}

// The names of parameters or locals that stand where they may not, so that their uses are not called wrong
// too.
void Assembler::note_locals() {
  for (Token token = lexer_.next(); token.kind != TokenKind::close; token = lexer_.next()) {
    if (token.kind == TokenKind::end || token.kind == TokenKind::error) return;
    if (token.kind != TokenKind::id) continue;
    const auto id = identifier(token);
    if (id.has_value()) locals_.insert(*id, 0);
  }
}

// Takes the condition of a folded if, and its first arm, as read.
void Assembler::end_condition() {
  Frame& frame = frames_.back();
  push_label(if_ids_.back());
  if_ids_.pop_back();
  deferred_.resize(frame.deferred);
  frame.kind = FrameKind::folded_if_done;
}

// After an error in the instruction, clause or stray token that begins at `start`: keeps the error and moves
// behind.
Status Assembler::recover_instruction(uint32_t start) {
  const base::Unexpected<Failed> failed{Failed{}};
  if (recovered_ == nullptr || !in_function_) return failed;
  const bool at_group = tok_.kind == TokenKind::open;
  if (tok_.kind == TokenKind::error || tok_.kind == TokenKind::end) return failed;
  if (at_group && is_field_word(tok_.word)) return failed;
  const uint32_t group = tok_.paren;
  if (!keep_broken_error({})) return failed;
  lexer_.seek(start);
  tok_ = lexer_.next();
  if (tok_.kind == TokenKind::open) {
    if (tok_.word == Word::local || tok_.word == Word::param) note_locals();
    if (tok_.is_open(op_word(Op::else_)) && !frames_.empty() && frames_.back().kind == FrameKind::folded_if)
      end_condition();
    return skip_folded(start) ? Status() : failed;
  }
  const bool opens = tok_.kind == TokenKind::word && is_op(tok_.word) &&
                     wasm::op_info(word_op(tok_.word)).immediate == wasm::Imm::block;
  if (opens) {
    const Op op = word_op(tok_.word);
    push_label({});
    frames_.push_back({op == Op::if_ ? FrameKind::if_ : FrameKind::block, -1,
                       static_cast<uint32_t>(deferred_.size()), start});
  }
  lexer_.pending().clear();
  tok_ = lexer_.next();
  skip_atoms();
  // What the block has in place of its type.
  if (opens && at_group && tok_.kind == TokenKind::open && tok_.paren == group && !is_op(tok_.word))
    return skip_folded(group) ? Status() : failed;
  return {};
}

// After a parenthesis that closes although blocks are open: keeps the error, and ends them.
Status Assembler::recover_close(size_t base) {
  const base::Unexpected<Failed> failed{Failed{}};
  if (recovered_ == nullptr || !in_function_ || !keep_broken_error({})) return failed;
  while (frames_.size() > base) {
    const Frame frame = frames_.back();
    switch (frame.kind) {
      case FrameKind::folded_if:
        if_ids_.pop_back();
        break;
      case FrameKind::folded_try:
      case FrameKind::block:
      case FrameKind::if_:
      case FrameKind::else_:
      case FrameKind::try_:
      case FrameKind::catch_:
      case FrameKind::catch_all:
        pop_label();
        break;
      default:
        return {};
    }
    deferred_.resize(frame.deferred);
    frames_.pop_back();
    // The parenthesis is this one's own.
    if (frame.kind < FrameKind::block) return advance();
  }
  return {};
}

// Makes the current function's body `unreachable`.
void Assembler::drop_body() {
  code().resize(body_start_);
  while (!draft_.marks.empty() && draft_.marks.back().buffer_offset > body_start_) draft_.marks.pop_back();
  if (!draft_.hints.empty() && draft_.hints.back().func == func_index_) draft_.hints.pop_back();
  frames_.clear();
  deferred_.clear();
  labels_.clear();
  label_ids_.clear();
  if_ids_.clear();
  hint_ = -1;
  broken_body_ = false;
  leb(0);
  expr_start_ = static_cast<uint32_t>(code().size());
  byte(0x00);
  recovered_->broken.push_back(func_index_);
}

// ---- Fields

// Whether the source is a sequence of groups, so that pass 1 sees every definition.
bool Assembler::is_balanced() {
  ErrorSlot ignored;
  Lexer lexer(source_, range_.begin, range_.end, ignored);
  lexer.keep_annotations(false);
  for (;;) {
    const Token token = lexer.next();
    if (token.kind == TokenKind::end) return true;
    if (token.kind != TokenKind::open || !lexer.skip_group()) return false;
  }
}

uint32_t Assembler::column_of(uint32_t offset) const {
  uint32_t column = 0;
  while (offset > range_.begin && !is_line_end(source_[offset - 1])) --offset, ++column;
  return column;
}

// Goes on at the next line from `from` on that begins with a field at most as far indented as `column`.
bool Assembler::resume_at_line(uint32_t from, uint32_t column) {
  bool fresh = false;
  for (uint32_t at = from; at < range_.end; ++at) {
    if (is_line_end(source_[at])) {
      fresh = true;
    } else if (fresh && !is_space(source_[at])) {
      fresh = false;
      if (source_[at] != '(' || column_of(at) > column) continue;
      lexer_.seek(at);
      const Token token = lexer_.next();
      if (token.kind != TokenKind::open || !(is_field_word(token.word) || token.word == Word::type)) continue;
      tok_ = token;
      unbalanced_ = true;
      return true;
    }
  }
  return false;
}

// Goes on behind a field with an error, or, where a parenthesis is missing, with the field that seems to
// follow it.
bool Assembler::resume_after(const Token& field, uint32_t error_offset) {
  const uint32_t column = column_of(field.paren);
  if (tok_.kind == TokenKind::error) return resume_at_line(error_offset, column);
  const bool follows = tok_.kind == TokenKind::open && is_field_word(tok_.word) && tok_.paren > field.paren &&
                       column_of(tok_.paren) <= column;
  if (follows) {
    unbalanced_ = true;
    return true;
  }
  if (skip_folded(field.paren)) return true;
  return resume_at_line(error_offset, column);
}

// After an error in a field: keeps it and goes on behind. False at the end, or when there are enough errors.
bool Assembler::recover_field(const Token& field, size_t funcs_before) {
  if (!errors_.failed()) return false;
  const auto error_offset = static_cast<uint32_t>(std::min<uint64_t>(errors_.error().offset, range_.end));
  if (!keep_error()) return false;
  wasm::Module& module = draft_.module;
  const size_t defined = module.funcs.size() - module.imported_funcs;
  if (module.funcs.size() > funcs_before && defined > module.codes.size()) {
    if (!in_function_) body_start_ = static_cast<uint32_t>(code().size());
    drop_body();
    in_function_ = false;
    push_code();
  } else {
    outside_broken_ = true;
  }
  return resume_after(field, error_offset);
}

// Types up to the index `wanted`, so that those behind a wrong one keep their indices.
void Assembler::mend_types(size_t wanted) {
  if (draft_.module.types.size() != wanted) outside_broken_ = true;
  draft_.module.types.resize(wanted);
}

}  // namespace cloche::text
