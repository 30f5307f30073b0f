// Pass 1: counts the definitions of every index space and enters their names, without looking into bodies. It
// stops silently at anything malformed, which pass 2 will come to and report; only duplicates and the order
// of imports are its own to report.
#include "text/assembler.hpp"
#include "text/message.hpp"

namespace cloche::text {

using wasm::ErrorCode;

namespace {

constexpr std::array<std::string_view, 11> space_names = {"type", "func", "table", "memory", "global", "tag",
                                                          "elem", "data", "local", "label",  "field"};

Parsed<bool> stop() { return false; }

// Moves behind the group whose opening parenthesis and whose tokens before `next` have been read.
bool finish_group(Lexer& lexer, const Token& next) {
  if (next.kind == TokenKind::close) return true;
  if (next.kind == TokenKind::open && !lexer.skip_group()) return false;
  return next.kind != TokenKind::end && next.kind != TokenKind::error && lexer.skip_group();
}

}  // namespace

Status Assembler::collect() {
  ErrorSlot ignored;
  Lexer lexer(source_, range_.begin, range_.end, ignored);
  lexer.keep_annotations(false);
  Token token = lexer.next();
  if (token.is_open(Word::module)) {
    token = lexer.next();
    if (token.is_word(Word::definition)) token = lexer.next();  // (module definition ...) of scripts
    if (token.kind == TokenKind::id) token = lexer.next();
  }
  for (; token.kind == TokenKind::open; token = lexer.next()) {
    const auto seen = collect_field(lexer, token);
    if (seen.has_value() && *seen) [[likely]]
      continue;
    if (seen.has_value() && recovered_ == nullptr) break;
    if (!seen.has_value()) {
      if (!keep_error()) return base::Unexpected{Failed{}};
      outside_broken_ = true;
    } else {
      names_incomplete_ = true;
    }
    lexer.seek(token.paren);
    lexer.next();
    if (!lexer.skip_group()) break;
  }
  if (recovered_ != nullptr && !is_balanced()) names_incomplete_ = true;
  return {};
}

Parsed<bool> Assembler::collect_field(Lexer& lexer, const Token& field) {
  switch (field.word) {
    case Word::type: {
      type_fields_.push_back(field.paren);
      type_firsts_.push_back(counts_[static_cast<size_t>(Space::type)]);
      const Token id = lexer.next();
      const bool has_id = TRY(define(Space::type, id));
      return finish_group(lexer, has_id ? lexer.next() : id);
    }
    case Word::rec:
      type_fields_.push_back(field.paren);
      type_firsts_.push_back(counts_[static_cast<size_t>(Space::type)]);
      return collect_rec(lexer);
    case Word::import_:
      return collect_import(lexer, field);
    case Word::func:
      return collect_definition(lexer, Space::func);
    case Word::table:
      return collect_definition(lexer, Space::table);
    case Word::memory:
      return collect_definition(lexer, Space::mem);
    case Word::global:
      return collect_definition(lexer, Space::global);
    case Word::tag:
      return collect_definition(lexer, Space::tag);
    case Word::elem:
    case Word::data: {
      const Token id = lexer.next();
      const bool has_id = TRY(define(field.word == Word::elem ? Space::elem : Space::data, id));
      return finish_group(lexer, has_id ? lexer.next() : id);
    }
    case Word::export_:
    case Word::start:
      return lexer.skip_group();
    default:
      return stop();
  }
}

Parsed<bool> Assembler::collect_rec(Lexer& lexer) {
  Token token = lexer.next();
  for (; token.is_open(Word::type); token = lexer.next()) {
    const Token id = lexer.next();
    const bool has_id = TRY(define(Space::type, id));
    if (!finish_group(lexer, has_id ? lexer.next() : id)) return stop();
  }
  return token.kind == TokenKind::close;
}

Parsed<bool> Assembler::collect_import(Lexer& lexer, const Token& field) {
  if (lexer.next().kind != TokenKind::string || lexer.next().kind != TokenKind::string) return stop();
  const Token kind = lexer.next();
  if (kind.kind != TokenKind::open) return stop();
  Space space;
  switch (kind.word) {
    case Word::func:
      space = Space::func;
      break;
    case Word::table:
      space = Space::table;
      break;
    case Word::memory:
      space = Space::mem;
      break;
    case Word::global:
      space = Space::global;
      break;
    case Word::tag:
      space = Space::tag;
      break;
    default:
      return stop();
  }
  TRY(note_order(space, true, field.paren));
  const Token id = lexer.next();
  const bool has_id = TRY(define(space, id));
  return finish_group(lexer, has_id ? lexer.next() : id) && lexer.skip_group();
}

Parsed<bool> Assembler::collect_definition(Lexer& lexer, Space space) {
  Token token = lexer.next();
  if (TRY(define(space, token))) token = lexer.next();
  for (; token.is_open(Word::export_); token = lexer.next())
    if (!lexer.skip_group()) return stop();
  TRY(note_order(space, token.is_open(Word::import_), token.paren));
  if (space != Space::table && space != Space::mem) return finish_group(lexer, token);
  // A segment written within its table or memory counts in the segments' index space.
  for (; token.kind != TokenKind::close; token = lexer.next()) {
    if (token.kind == TokenKind::end || token.kind == TokenKind::error) return stop();
    if (token.kind != TokenKind::open) continue;
    if (space == Space::table && token.word == Word::elem) ++counts_[static_cast<size_t>(Space::elem)];
    if (space == Space::mem && token.word == Word::data) ++counts_[static_cast<size_t>(Space::data)];
    if (!lexer.skip_group()) return stop();
  }
  return true;
}

// Gives the next index of the space to the token's name, if the token is an identifier: then it is true.
Parsed<bool> Assembler::define(Space space, const Token& id) {
  const uint32_t index = counts_[static_cast<size_t>(space)]++;
  if (id.kind != TokenKind::id) return false;
  const std::string_view spelled = TRY(identifier(id));
  if (!symbols_[static_cast<size_t>(space)].insert(spelled, index))
    return fail(ErrorCode::duplicate, id.offset,
                std::string(space_names[static_cast<size_t>(space)]) + " " + excerpt(lexer_.text(id)));
  return true;
}

Status Assembler::note_order(Space space, bool imported, uint32_t offset) {
  if (!imported) {
    if (!has_definition_) first_definition_ = space;
    has_definition_ = true;
    return {};
  }
  if (!has_definition_) return {};
  const std::string_view name = space_names[static_cast<size_t>(first_definition_)];
  const auto failed = fail(ErrorCode::import_after, offset,
                           first_definition_ == Space::func ? "function" : std::string(name));
  if (!keep_error()) return failed;
  outside_broken_ = true;
  return {};
}

}  // namespace cloche::text
