// Annotations with a meaning (spec: Appendix / Custom Sections and Annotations): names, custom sections,
// branch hints. The lexer keeps those that stand before the current token; whoever may have them there takes
// them, and advancing past a token with any left reports them as misplaced.
#include "base/utf8.hpp"
#include "text/assembler.hpp"
#include "text/message.hpp"

namespace cloche::text {

using wasm::ErrorCode;

namespace {

struct PlaceWord {
  Word word;
  uint8_t rank;
};
// In the order of the sections in a module.
constexpr std::array<PlaceWord, section_ranks> place_words = {{
    {Word::type, 0},
    {Word::import_, 1},
    {Word::func, 2},
    {Word::table, 3},
    {Word::memory, 4},
    {Word::tag, 5},
    {Word::global, 6},
    {Word::export_, 7},
    {Word::start, 8},
    {Word::elem, 9},
    {Word::datacount, 10},
    {Word::code, 11},
    {Word::data, 12},
}};

}  // namespace

base::Unexpected<Failed> Assembler::misplaced_annotation() {
  const Annotation& first = lexer_.pending().front();
  if (first.kind == AnnotationKind::branch_hint)
    return fail(ErrorCode::branch_hint_annotation, first.offset,
                in_function_ ? "not before an instruction" : "not in a function");
  return fail(ErrorCode::misplaced_annotation, first.offset,
              std::string(annotation_text(first.kind)) + " annotation");
}

// The name of the @name annotation before the current token, or a null view when there is none.
Parsed<std::string_view> Assembler::take_name_annotation(bool of_module) {
  std::vector<Annotation>& pending = lexer_.pending();
  std::string_view result;
  // Others may follow it here: custom sections after the name of a module, for example.
  size_t taken = 0;
  for (; taken < pending.size() && pending[taken].kind == AnnotationKind::name; ++taken) {
    const Annotation& annotation = pending[taken];
    if (taken > 0)
      return fail(ErrorCode::name_annotation, annotation.offset,
                  of_module ? "multiple module names" : "multiple names");
    Lexer lexer(source_, annotation.contents_begin, annotation.contents_end, errors_);
    const Token token = lexer.next();
    if (token.kind != TokenKind::string)
      return fail(ErrorCode::name_annotation, annotation.offset, "name expected");
    if (lexer.next().kind != TokenKind::end)
      return fail(ErrorCode::name_annotation, annotation.offset, "unexpected token");
    std::string decoded;
    append_string(lexer.text(token), decoded);
    if (!base::is_valid_utf8(decoded))
      return fail(ErrorCode::name_annotation, token.offset, "malformed UTF-8 encoding");
    result = keep(std::move(decoded));
  }
  pending.erase(pending.begin(), pending.begin() + static_cast<ptrdiff_t>(taken));
  return result;
}

Status Assembler::take_custom_annotations() {
  for (const Annotation& annotation : lexer_.pending()) {
    if (annotation.kind == AnnotationKind::data_count) {
      draft_.uses_data_index = true;
      continue;
    }
    if (annotation.kind != AnnotationKind::custom) {
      const Annotation misplaced = annotation;
      lexer_.pending().assign(1, misplaced);
      return misplaced_annotation();
    }
    TRY(parse_custom(annotation));
  }
  lexer_.pending().clear();
  return {};
}

// string place? string*
Status Assembler::parse_custom(const Annotation& annotation) {
  const auto fail_with = [&](std::string_view what, uint32_t offset) {
    return fail(ErrorCode::custom_annotation, offset, std::string(what));
  };
  Lexer lexer(source_, annotation.contents_begin, annotation.contents_end, errors_);
  lexer.keep_annotations(false);
  Token token = lexer.next();
  if (token.kind != TokenKind::string) return fail_with("missing section name", annotation.offset);
  std::string decoded;
  append_string(lexer.text(token), decoded);
  if (!base::is_valid_utf8(decoded)) return fail_with("malformed UTF-8 encoding", token.offset);
  DraftCustom custom;
  custom.place = place_after_last;
  custom.source_offset = annotation.offset;
  custom.name = keep(std::move(decoded));
  token = lexer.next();
  if (token.kind == TokenKind::open) {
    custom.place = TRY(parse_place(lexer, token));
    token = lexer.next();
  }
  custom.contents.offset = static_cast<uint32_t>(code().size());
  for (; token.kind == TokenKind::string; token = lexer.next()) append_string(lexer.text(token), code());
  custom.contents.size = static_cast<uint32_t>(code().size()) - custom.contents.offset;
  if (token.kind != TokenKind::end) return fail_with("unexpected token", token.offset);
  draft_.has_own_name_section |= custom.name == "name";
  draft_.customs.push_back(custom);
  return {};
}

// `before` or `after`, a section, and the closing parenthesis.
Parsed<CustomPlace> Assembler::parse_place(Lexer& lexer, const Token& open) {
  const auto fail_with = [&](std::string_view what, uint32_t offset) {
    return fail(ErrorCode::custom_annotation, offset, std::string(what));
  };
  const bool after = open.word == Word::after;
  if (!after && open.word != Word::before) return fail_with("malformed placement", open.paren);
  const Token section = lexer.next();
  CustomPlace place = place_after_last;
  bool known = section.is_word(after ? Word::last : Word::first);
  if (known && !after) place = place_before_first;
  for (const PlaceWord& row : place_words) {
    if (!section.is_word(row.word)) continue;
    known = true;
    // Position 0 is before everything, so a section's own begin at 1.
    place.position = static_cast<uint8_t>(row.rank * 2 + 1 + (after ? 1 : 0));
  }
  if (!known) return fail_with("malformed section kind", section.paren);
  if (lexer.next().kind != TokenKind::close) return fail_with("unexpected token", section.paren);
  return place;
}

// The branch hint that stands before an instruction, to hint_.
Status Assembler::take_branch_hint() {
  std::vector<Annotation>& pending = lexer_.pending();
  if (!in_function_ || pending.front().kind != AnnotationKind::branch_hint) return misplaced_annotation();
  const Annotation annotation = pending.front();
  if (pending.size() > 1) {
    if (pending[1].kind == AnnotationKind::branch_hint)
      return fail(ErrorCode::branch_hint_annotation, pending[1].offset, "duplicate annotation");
    pending.erase(pending.begin());
    return misplaced_annotation();
  }
  Lexer lexer(source_, annotation.contents_begin, annotation.contents_end, errors_);
  const Token token = lexer.next();
  std::string decoded;
  if (token.kind == TokenKind::string) append_string(lexer.text(token), decoded);
  if (decoded.size() != 1 || (decoded[0] != 0 && decoded[0] != 1) || lexer.next().kind != TokenKind::end)
    return fail(ErrorCode::branch_hint_annotation, annotation.offset, "\"\\00\" or \"\\01\" expected");
  hint_ = static_cast<int8_t>(decoded[0]);
  hint_offset_ = annotation.offset;
  pending.clear();
  return {};
}

Status Assembler::check_hint_target(wasm::Op op) {
  if (op == wasm::Op::if_ || op == wasm::Op::br_if) return {};
  return fail(ErrorCode::branch_hint_target, hint_offset_, std::string(wasm::op_info(op).text));
}

// Notes hint_ for the instruction at this place, and forgets it.
void Assembler::place_hint(size_t buffer_offset) {
  if (draft_.hints.empty() || draft_.hints.back().func != func_index_)
    draft_.hints.push_back({func_index_, {}});
  draft_.hints.back().hints.push_back({static_cast<uint32_t>(buffer_offset), hint_ == 1});
  hint_ = -1;
}

// The same for the instruction that comes next, after a look whether it may have one.
Status Assembler::use_hint(wasm::Op op) {
  TRY(check_hint_target(op));
  place_hint(code().size());
  return {};
}

}  // namespace cloche::text
