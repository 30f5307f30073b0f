// Tokens that are right elsewhere: missing and surplus parentheses, parts of an if, clauses that stand too
// late.
#include "diagnostics/edits.hpp"
#include "diagnostics/text_explanation.hpp"
#include "text/lexer.hpp"
#include "text/words.hpp"

namespace cloche::diagnostics {

using text::Word;

namespace {

bool is_field(std::string_view word) {
  return word == "module" || std::ranges::find(field_words(), word) != field_words().end();
}

}  // namespace

/// A number or name in the place of an operand.
bool TextExplanation::explain_bare_operand(std::string_view wrong, std::string_view group) {
  if (!text::is_op(text::find_word(group)) || wrong.starts_with('"')) return false;
  const std::string type(group.substr(0, std::min(group.find('.'), group.size())));
  const bool has_type = type == "i64" || type == "f32" || type == "f64";
  const std::string instruction =
      wrong.starts_with('$') ? "local.get" : (has_type ? type : std::string("i32")) + ".const";
  help("operands are instructions too:",
       {{diagnostic_.span, "(" + instruction + " " + std::string(wrong) + ")"}});
  return true;
}

/// What follows the condition of a folded if, as its arms.
void TextExplanation::wrap_arms(uint64_t paren) {
  const auto group = group_at(source_, paren);
  if (!group) return;
  const std::vector<Span> parts = operand_groups(source_, *group);
  if (parts.size() < 2) return;
  const bool has_result = groups_in(source_, *group).size() > parts.size();
  if (has_result && parts.size() == 3)
    return help("put the arms into (then …) and (else …):", {{{parts[1].begin, parts[1].begin}, "(then "},
                                                             {{parts[1].end, parts[1].end}, ")"},
                                                             {{parts[2].begin, parts[2].begin}, "(else "},
                                                             {{parts[2].end, parts[2].end}, ")"}});
  help("put what is done if the condition holds into (then …):",
       {{{parts[1].begin, parts[1].begin}, "(then "}, {{parts.back().end, parts.back().end}, ")"}});
}

const std::vector<uint64_t>& TextExplanation::open_at(uint64_t offset) const {
  if (open_offset_ != offset) open_ = open_parens(source_, offset);
  open_offset_ = offset;
  return open_;
}

void TextExplanation::explain_unexpected() {
  const bool at_end = error_.detail == "end of input";
  if (at_end) return explain_end();
  if (at_ < source_.size() && source_[at_] == ')') return explain_close();
  const bool at_open = at_ < source_.size() && source_[at_] == '(';
  if (at_open) {
    const std::string_view begun = word_behind(at_);
    diagnostic_.span.end = std::max<uint64_t>(
        diagnostic_.span.end,
        begun.empty() ? 0 : static_cast<uint64_t>(begun.data() + begun.size() - source_.data()));
    if (is_field(begun) && explain_missing_close(begun)) return;
    if (begun == "then" || begun == "else") return explain_arm(begun);
    if (begun == "local" || begun == "param" || begun == "result") return explain_head(begun);
  }
  const std::string_view wrong = at_open ? word_behind(at_) : word();
  if (const OldName* const old = find_old_name(wrong)) {
    const auto begin = static_cast<uint64_t>(wrong.data() - source_.data());
    help(old->remark.empty() ? "it is called " + std::string(old->new_name) : std::string(old->remark),
         {{{begin, begin + wrong.size()}, std::string(old->new_name)}});
    return;
  }
  explain_plain(wrong, at_open);
}

void TextExplanation::explain_plain(std::string_view wrong, bool at_open) {
  const Word found = text::find_word(wrong);
  const std::string_view before = preceding_word();
  const Word before_word = text::find_word(before);
  if (explain_mem_arg(wrong, before)) return;
  if (explain_instead_of_operand(before)) return;
  if (wrong == "catch_all" || wrong == "catch") {
    diagnostic_.label = "no handler can follow here";
    note("catch and catch_all belong to a try; there is at most one catch_all, and it is the last of them");
    return;
  }
  if (wrong == "else" || wrong == "end") {
    diagnostic_.label =
        wrong == "end" ? "no block is open that this could end" : "no if is open that this could belong to";
    if (wrong == "end")
      note("only block, loop, if and try have an end; a function ends with its parenthesis");
    if (wrong == "else") note("in folded form the arms have parentheses: (if (…) (then …) (else …))");
    return;
  }
  const std::vector<uint64_t>& open = open_at(at_);
  if (open.empty()) {
    diagnostic_.label = "a module is expected here";
    if (text::is_op(found)) note("instructions stand in functions: (module (func …))");
    return;
  }
  const std::string_view group = word_behind(open.back());
  if (group == "module") {
    diagnostic_.label = "a field of the module is expected here, which begins with a parenthesis";
    if (text::is_op(found)) note("instructions stand in functions: (func …)");
    return;
  }
  if (std::string expected = clause_text(group); !expected.empty()) {
    diagnostic_.label = std::move(expected);
    return;
  }
  if (!at_open && (wrong.starts_with('$') ||
                   (!wrong.empty() && (wrong[0] == '"' || (wrong[0] >= '0' && wrong[0] <= '9'))))) {
    diagnostic_.label = "an instruction is expected here";
    if (explain_bare_operand(wrong, group)) return;
    if (text::is_op(before_word)) note(std::string(before) + " takes nothing behind its name");
    return;
  }
  if (text::is_op(found) && !is_field(group)) note("this stands within (" + std::string(group) + " …)");
}

bool TextExplanation::explain_mem_arg(std::string_view wrong, std::string_view before) {
  if (wrong.starts_with("offset=") && before.starts_with("align=")) {
    const auto begin = static_cast<uint64_t>(before.data() - source_.data());
    help("offset= comes before align=", swap(source_, {begin, begin + before.size()}, diagnostic_.span));
    return true;
  }
  if (wrong != "offset" && wrong != "align") return false;
  const uint64_t equals = source_.find_first_not_of(" \t", diagnostic_.span.end);
  if (equals >= source_.size() || source_[equals] != '=') return false;
  const uint64_t number = source_.find_first_not_of(" \t", equals + 1);
  if (number >= source_.size()) return false;
  help("write it without spaces", {{{at_, number}, std::string(wrong) + "="}});
  return true;
}

std::string TextExplanation::operand_text(wasm::Op op) {
  using wasm::Imm;
  switch (wasm::op_info(op).immediate) {
    case Imm::i32:
    case Imm::i64:
      return "and an integer, such as 12, -1 or 0xff";
    case Imm::f32:
    case Imm::f64:
      return "and a number, such as 1.5, -0x1p3, inf or nan";
    case Imm::local:
      return "and the name or number of a local, such as $x or 0";
    case Imm::global:
      return "and the name or number of a global, such as $g or 0";
    case Imm::func:
      return "and the name or number of a function, such as $f or 0";
    case Imm::label:
    case Imm::label_table:
      return "and the name or number of a label, such as $done or 0";
    case Imm::tag:
      return "and the name or number of a tag";
    case Imm::type:
      return "and the name or number of a type";
    case Imm::heap_type:
      return "and a heap type, such as func, extern, any or $type";
    case Imm::v128:
      return "and a shape with its lanes, such as i32x4 1 2 3 4";
    case Imm::shuffle:
      return "and the numbers of 16 lanes, from 0 to 31";
    case Imm::lane:
    case Imm::mem_arg_lane:
      return "and the number of a lane";
    default:
      return "";
  }
}

void TextExplanation::explain_arm(std::string_view arm) {
  diagnostic_.label = "(" + std::string(arm) + " …) is a part of an if";
  const std::vector<uint64_t>& open = open_at(at_);
  if (!open.empty() && word_behind(open.back()) == "if" && arm == "else")
    note("it comes behind (then …), which must be there too: (if (condition) (then …) (else …))");
  else
    note("a folded if has its condition first: (if (condition) (then …) (else …))");
}

void TextExplanation::explain_head(std::string_view clause) {
  if (const auto& open = open_at(at_); !open.empty() && word_behind(open.back()) == "import") {
    diagnostic_.label = clause_text("import");
    return;
  }
  diagnostic_.label = "(" + std::string(clause) + " …) stands too late";
  note(
      "a function's head comes in this order: name, exports, (type …), (param …), (result …), (local …); "
      "then its "
      "instructions");
}

bool TextExplanation::explain_missing_close(std::string_view field) {
  const std::vector<uint64_t>& open = open_at(at_);
  if (open.empty()) return false;
  // The field it is in, and the innermost group within that which is open.
  size_t outer = open.size();
  for (size_t i = 0; i < open.size(); ++i)
    if (is_field(word_behind(open[i])) && word_behind(open[i]) != "module") {
      outer = i;
      break;
    }
  if (outer == open.size()) return false;
  const size_t missing = open.size() - outer;
  diagnostic_.label =
      "(" + std::string(field) + " …) cannot stand within (" + std::string(word_behind(open[outer])) + " …)";
  label(head_of(open[outer]), "this is still open");
  if (missing > 1) label(head_of(open.back()), "so is this, and it is the innermost");
  uint64_t end = at_;
  while (end > 0 && is_space(source_[end - 1])) --end;
  help(missing == 1 ? "a closing parenthesis is missing"
                    : std::to_string(missing) + " closing parentheses are missing",
       {{{end, end}, std::string(missing, ')')}});
  return true;
}

void TextExplanation::explain_end() {
  uint64_t end = source_.size();
  while (end > 0 && is_space(source_[end - 1])) --end;
  diagnostic_.span = {end == 0 ? 0 : end - 1, end};
  const std::vector<uint64_t>& open = open_at(source_.size());
  if (open.empty()) {
    diagnostic_.label = "the text ends here";
    return;
  }
  diagnostic_.label = "the text ends here, and " + std::to_string(open.size()) +
                      (open.size() == 1 ? " parenthesis is open" : " parentheses are open");
  const uint64_t suspect = unclosed_by_indent(open);
  label(head_of(suspect), "this is not closed");
  if (open.front() != suspect) label(head_of(open.front()), "and neither is this");
  help(open.size() == 1 ? "add the closing parenthesis" : "add the closing parentheses",
       {{{end, end}, std::string(open.size(), ')')}});
}

uint64_t TextExplanation::unclosed_by_indent(const std::vector<uint64_t>& open) const {
  // Lines are found going forward, each once: all of them can be one.
  uint64_t line = line_begin(source_, open.front());
  const auto indent = [&](uint64_t begin) {
    return std::min(source_.find_first_not_of(" \t", begin), source_.size()) - begin;
  };
  for (size_t i = 0; i + 1 < open.size(); ++i) {
    const std::string_view between = source_.substr(open[i], open[i + 1] - open[i]);
    const size_t end = between.find_last_of("\n\r");
    const uint64_t next = end == std::string_view::npos ? line : open[i] + end + 1;
    if (next != line && indent(next) <= indent(line)) return open[i];
    line = next;
  }
  return open.back();
}

void TextExplanation::explain_close() {
  const std::vector<uint64_t>& open = open_at(at_);
  if (open.empty()) {
    diagnostic_.label = "this closes a parenthesis that was never opened";
    help("take it away", {{diagnostic_.span, ""}});
    return;
  }
  const std::string_view group = word_behind(open.back());
  const std::string_view before = preceding_word();
  const Word before_word = text::find_word(before);
  if (text::is_op(before_word)) {
    if (const std::string expected = operand_text(text::word_op(before_word)); !expected.empty()) {
      diagnostic_.label = "something is missing before this";
      note("expected: " + std::string(before) + " " + expected);
      return;
    }
  }
  if (group == "if") {
    diagnostic_.label = "this if ends without (then …)";
    label(head_of(open.back()), "the if begins here");
    wrap_arms(open.back());
    note("a folded if is written (if (condition) (then …) (else …)); the else may be left out");
    return;
  }
  if (const auto block = plain_block_before(open.back())) {
    diagnostic_.label = "a block is still open here";
    label(*block, "this has no end");
    help("close it with end", {{{at_, at_}, is_space(source_[at_ - 1]) ? "end " : " end"}});
    return;
  }
  if (group == "import")
    note("an import says what it imports: (import \"module\" \"name\" (func $f (param i32)))");
  else if (group == "export")
    note("an export says what it exports: (export \"name\" (func $f))");
  else if (group == "array")
    note(clause_text(group));
  else if (group == "global")
    note("a global has a type and a first value: (global $g (mut i32) (i32.const 0))");
  else if (group == "memory")
    note("a memory says how many pages of 64 KiB it has at least, and perhaps at most: (memory 1 10)");
  else if (group == "table")
    note("a table says how large it is and what it holds: (table 10 funcref)");
  else
    note("something is missing before the end of (" + std::string(group) + " …)");
}

std::optional<Span> TextExplanation::plain_block_before(uint64_t paren) const {
  text::ErrorSlot errors;
  text::Lexer lexer(source_, static_cast<uint32_t>(paren), static_cast<uint32_t>(at_), errors);
  lexer.keep_annotations(false);
  std::vector<Span> blocks;
  lexer.next();
  for (;;) {
    const text::Token token = lexer.next();
    if (token.kind == text::TokenKind::end || token.kind == text::TokenKind::error) break;
    if (token.kind == text::TokenKind::open && !lexer.skip_group()) break;
    if (token.kind != text::TokenKind::word || !text::is_op(token.word)) continue;
    const wasm::Op op = text::word_op(token.word);
    const wasm::Imm immediate = wasm::op_info(op).immediate;
    if (immediate == wasm::Imm::block || immediate == wasm::Imm::try_table)
      blocks.push_back({token.offset, token.offset + token.size});
    else if (op == wasm::Op::end && !blocks.empty())
      blocks.pop_back();
  }
  if (blocks.empty()) return std::nullopt;
  return blocks.back();
}

}  // namespace cloche::diagnostics
