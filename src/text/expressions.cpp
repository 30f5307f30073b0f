// Instruction sequences, plain and folded (spec: Text Format / Instructions). All nesting is in frames_: a
// folded instruction's bytes wait in deferred_ until its operands have been emitted, blocks are emitted as
// they open.
#include "text/assembler.hpp"
#include "text/message.hpp"

namespace cloche::text {

using wasm::ErrorCode;
using wasm::Op;

namespace {

using Syntax = InstrSyntax;

consteval std::array<Syntax, wasm::op_count> make_syntax() {
  std::array<Syntax, wasm::op_count> table{};
  const auto set = [&](Op op, Syntax syntax) { table[static_cast<size_t>(op)] = syntax; };
  set(Op::block, Syntax::block);
  set(Op::loop, Syntax::block);
  set(Op::try_table, Syntax::block);
  set(Op::if_, Syntax::if_);
  set(Op::try_, Syntax::try_);
  set(Op::else_, Syntax::else_);
  set(Op::catch_, Syntax::catch_);
  set(Op::catch_all, Syntax::catch_);
  set(Op::delegate, Syntax::delegate);
  set(Op::end, Syntax::end);
  return table;
}
constexpr auto syntax_table = make_syntax();
constexpr Syntax syntax_of(Op op) { return syntax_table[static_cast<size_t>(op)]; }

}  // namespace

Status Assembler::parse_folded() {
  if (tok_.kind != TokenKind::open) return unexpected();
  return parse_sequence(frames_.size(), true);
}

// Reads instructions until a parenthesis closes that none of them opened, or, if `single`, one folded
// instruction.
Status Assembler::parse_sequence(size_t base, bool single) {
  for (;;) {
    const uint32_t start = tok_.paren;
    switch (tok_.kind) {
      case TokenKind::word:
        if (!parse_plain(base).has_value()) [[unlikely]]
          TRY(recover_instruction(start));
        break;
      case TokenKind::open:
        if (!open_folded(base).has_value()) [[unlikely]]
          TRY(recover_instruction(start));
        if (single && frames_.size() == base) return {};
        break;
      case TokenKind::close:
        if (frames_.size() == base) return {};
        if (!close_folded().has_value()) [[unlikely]]
          TRY(recover_close(base));
        if (single && frames_.size() == base) return {};
        break;
      default:
        static_cast<void>(unexpected());
        TRY(recover_instruction(start));
    }
  }
}

Status Assembler::refuse_feature(Op op) {
  if (op == Op::catch_ || op == Op::catch_all) return unexpected();  // words of try_table as well
  return fail(ErrorCode::unknown_operator, tok_.offset, excerpt(text()));
}

Status Assembler::open_folded(size_t base) {
  if (frames_.size() > base) {
    Frame& top = frames_.back();
    switch (top.kind) {
      case FrameKind::folded_if:
        if (tok_.is_open(Word::then)) return open_clause(top);
        break;
      case FrameKind::folded_if_then:
      case FrameKind::folded_if_done:
      case FrameKind::folded_try:
      case FrameKind::folded_try_do:
      case FrameKind::folded_try_catch:
      case FrameKind::folded_try_done:
      case FrameKind::folded_delegated:
        return open_clause(top);
      default:
        break;
    }
  }
  if (!is_op(tok_.word)) return unexpected();
  const Op op = word_op(tok_.word);
  TRY(check_feature(op));
  if (!lexer_.pending().empty()) [[unlikely]]
    TRY(take_branch_hint());
  switch (syntax_of(op)) {
    case Syntax::plain:
      return open_operator(op);
    case Syntax::block:
      return open_block(op, FrameKind::folded_block);
    case Syntax::try_:
      return open_block(op, FrameKind::folded_try);
    case Syntax::if_:
      return open_folded_if();
    default:
      return unexpected();
  }
}

Status Assembler::open_operator(Op op) {
  const size_t start = code().size();
  const uint32_t source = tok_.offset;
  if (hint_ >= 0) [[unlikely]]
    TRY(check_hint_target(op));
  TRY(parse_instruction(op));
  if (tok_.kind != TokenKind::close) {
    defer(start, FrameKind::folded, source);
    return {};
  }
  // Without operands it is in its place already.
  mark(start, source);
  if (hint_ >= 0) [[unlikely]]
    place_hint(start);
  return advance();
}

// Moves what has been emitted since `start` to deferred_, for a new frame.
void Assembler::defer(size_t start, FrameKind kind, uint32_t source) {
  frames_.push_back({kind, hint_, static_cast<uint32_t>(deferred_.size()), source});
  hint_ = -1;
  deferred_.insert(deferred_.end(), code().begin() + static_cast<ptrdiff_t>(start), code().end());
  code().resize(start);
}

void Assembler::emit_deferred(const Frame& frame) {
  if (frame.hint >= 0) [[unlikely]] {
    hint_ = frame.hint;
    place_hint(code().size());
  }
  mark(frame.source);
  code().insert(code().end(), deferred_.begin() + frame.deferred, deferred_.end());
  deferred_.resize(frame.deferred);
}

// A block's keyword, label and operands; opcode and operands go to the end of code(). Gives the label.
Parsed<std::string_view> Assembler::parse_block_head(Op op) {
  TRY(advance());
  std::string_view id;
  if (tok_.kind == TokenKind::id) {
    id = TRY(identifier(tok_));
    TRY(advance());
  }
  emit_op(op);
  TRY(parse_operands(op));
  return id;
}

Status Assembler::open_block(Op op, FrameKind kind) {
  if (hint_ >= 0) [[unlikely]]
    TRY(use_hint(op));
  const uint32_t source = tok_.offset;
  mark(source);
  push_label(TRY(parse_block_head(op)));
  frames_.push_back({kind, -1, static_cast<uint32_t>(deferred_.size()), source});
  return {};
}

Status Assembler::open_folded_if() {
  const size_t start = code().size();
  const uint32_t source = tok_.offset;
  if_ids_.push_back(TRY(parse_block_head(Op::if_)));
  defer(start, FrameKind::folded_if, source);
  return {};
}

// The parenthesized part of a folded if or try that may stand here.
Status Assembler::open_clause(Frame& frame) {
  switch (frame.kind) {
    case FrameKind::folded_if:
      emit_deferred(frame);
      push_label(if_ids_.back());
      if_ids_.pop_back();
      frame.kind = FrameKind::folded_then;
      return advance();
    case FrameKind::folded_if_then:
      if (!tok_.is_open(op_word(Op::else_))) return unexpected();
      mark(tok_.offset);
      emit_op(Op::else_);
      frame.kind = FrameKind::folded_else;
      return advance();
    case FrameKind::folded_try:
      if (!tok_.is_open(Word::do_)) return unexpected();
      frame.kind = FrameKind::folded_do;
      return advance();
    case FrameKind::folded_try_do:
    case FrameKind::folded_try_catch:
      return open_catch(frame);
    default:
      return unexpected();
  }
}

Status Assembler::open_catch(Frame& frame) {
  const uint32_t source = tok_.offset;
  if (tok_.is_open(op_word(Op::catch_))) {
    frame.kind = FrameKind::folded_catch;
    return emit_catch(Op::catch_, source);
  }
  if (tok_.is_open(op_word(Op::catch_all))) {
    frame.kind = FrameKind::folded_catch_all;
    return emit_catch(Op::catch_all, source);
  }
  if (!tok_.is_open(op_word(Op::delegate)) || frame.kind != FrameKind::folded_try_do) return unexpected();
  frame.kind = FrameKind::folded_delegated;
  TRY(emit_delegate(source));
  return expect_close();
}

Status Assembler::emit_catch(Op op, uint32_t source) {
  TRY(advance());
  mark(source);
  emit_op(op);
  return op == Op::catch_ ? emit_index(Space::tag) : Status();
}

// A delegate closes its try, so its label counts from outside of it.
Status Assembler::emit_delegate(uint32_t source) {
  TRY(advance());
  pop_label();
  mark(source);
  emit_op(Op::delegate);
  return emit_index(Space::label);
}

// A parenthesis that closes the innermost frame, or a part of it.
Status Assembler::close_folded() {
  Frame& frame = frames_.back();
  switch (frame.kind) {
    case FrameKind::folded:
      emit_deferred(frame);
      frames_.pop_back();
      return advance();
    case FrameKind::folded_then:
      frame.kind = FrameKind::folded_if_then;
      return advance();
    case FrameKind::folded_else:
      frame.kind = FrameKind::folded_if_done;
      return advance();
    case FrameKind::folded_do:
      frame.kind = FrameKind::folded_try_do;
      return advance();
    case FrameKind::folded_catch:
      frame.kind = FrameKind::folded_try_catch;
      return advance();
    case FrameKind::folded_catch_all:
      frame.kind = FrameKind::folded_try_done;
      return advance();
    case FrameKind::folded_block:
    case FrameKind::folded_if_then:
    case FrameKind::folded_if_done:
    case FrameKind::folded_try_do:
    case FrameKind::folded_try_catch:
    case FrameKind::folded_try_done:
      return close_block();
    case FrameKind::folded_delegated:
      frames_.pop_back();
      return advance();
    default:
      return unexpected();
  }
}

// The end of the innermost block, at the token that says so.
Status Assembler::close_block() {
  mark(tok_.offset);
  emit_op(Op::end);
  pop_label();
  frames_.pop_back();
  return advance();
}

// An instruction that is not folded, or one of the words that structure blocks.
Status Assembler::parse_plain(size_t base) {
  if (frames_.size() > base && !takes_plain(frames_.back().kind)) [[unlikely]]
    return unexpected();
  if (!is_op(tok_.word)) [[unlikely]]
    return unexpected();
  const Op op = word_op(tok_.word);
  TRY(check_feature(op));
  if (!lexer_.pending().empty()) [[unlikely]]
    TRY(take_branch_hint());
  const Syntax syntax = syntax_of(op);
  if (syntax != Syntax::plain) return parse_structure(syntax, op, base);
  if (hint_ >= 0) [[unlikely]]
    TRY(use_hint(op));
  mark(tok_.offset);
  return parse_instruction(op);
}

// Whether instructions that are not folded may stand in a frame.
bool Assembler::takes_plain(FrameKind kind) {
  switch (kind) {
    case FrameKind::folded_if:
    case FrameKind::folded_if_then:
    case FrameKind::folded_if_done:
    case FrameKind::folded_try:
    case FrameKind::folded_try_do:
    case FrameKind::folded_try_catch:
    case FrameKind::folded_try_done:
    case FrameKind::folded_delegated:
      return false;
    default:
      return true;
  }
}

Status Assembler::parse_structure(Syntax syntax, Op op, size_t base) {
  switch (syntax) {
    case Syntax::plain:
      break;
    case Syntax::block:
      return open_block(op, FrameKind::block);
    case Syntax::if_:
      return open_block(op, FrameKind::if_);
    case Syntax::try_:
      return open_block(op, FrameKind::try_);
    case Syntax::else_:
      return parse_else(base);
    case Syntax::catch_:
      return parse_catch(base, op);
    case Syntax::delegate:
      return parse_delegate(base);
    case Syntax::end:
      return parse_end(base);
  }
  return {};
}

// A label repeated after `else` or `end` must be the block's own.
Status Assembler::check_end_label() {
  if (tok_.kind != TokenKind::id) return {};
  const std::string_view id = TRY(identifier(tok_));
  if (id != labels_.back().id) {
    const auto failed = fail(ErrorCode::mismatching_label, tok_.offset, excerpt(text()));
    if (!in_function_ || !keep_broken_error({})) return failed;
  }
  return advance();
}

Status Assembler::parse_else(size_t base) {
  if (frames_.size() == base || frames_.back().kind != FrameKind::if_) return unexpected();
  frames_.back().kind = FrameKind::else_;
  mark(tok_.offset);
  emit_op(Op::else_);
  TRY(advance());
  return check_end_label();
}

Status Assembler::parse_catch(size_t base, Op op) {
  if (frames_.size() == base) return unexpected();
  Frame& frame = frames_.back();
  if (frame.kind != FrameKind::try_ && frame.kind != FrameKind::catch_) return unexpected();
  frame.kind = op == Op::catch_ ? FrameKind::catch_ : FrameKind::catch_all;
  return emit_catch(op, tok_.offset);
}

Status Assembler::parse_delegate(size_t base) {
  if (frames_.size() == base || frames_.back().kind != FrameKind::try_) return unexpected();
  frames_.pop_back();
  return emit_delegate(tok_.offset);
}

Status Assembler::parse_end(size_t base) {
  if (frames_.size() == base || frames_.back().kind < FrameKind::block) return unexpected();
  mark(tok_.offset);
  emit_op(Op::end);
  TRY(advance());
  TRY(check_end_label());
  pop_label();
  frames_.pop_back();
  return {};
}

void Assembler::push_label(std::string_view id) {
  labels_.push_back({id, 0});
  if (!id.empty()) {
    labels_.back().shadowed = label_ids_.exchange(id, static_cast<uint32_t>(labels_.size())).value_or(0);
    if (in_function_) inner_name(draft_.names.labels, func_index_, block_count_, id);
  }
  ++block_count_;
}

void Assembler::pop_label() {
  const Label& label = labels_.back();
  if (!label.id.empty()) label_ids_.exchange(label.id, label.shadowed);
  labels_.pop_back();
}

}  // namespace cloche::text
