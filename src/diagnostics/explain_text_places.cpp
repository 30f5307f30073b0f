// Words where something else than an instruction is wanted: a name, a number, a type, an operand of the
// instruction before.
#include "diagnostics/text_explanation.hpp"
#include "text/message.hpp"
#include "text/words.hpp"

namespace cloche::diagnostics {

namespace {

// How far around the error a name is looked for; a file can have a thousand errors.
constexpr uint64_t near_bytes = uint64_t{1} << 18;

/// Whether the name of something is what an instruction has behind its own.
bool takes_name(wasm::Op op) {
  using wasm::Imm;
  const Imm immediate = wasm::op_info(op).immediate;
  return immediate == Imm::local || immediate == Imm::global || immediate == Imm::func ||
         immediate == Imm::label || immediate == Imm::label_table || immediate == Imm::tag ||
         immediate == Imm::type;
}

bool begins_like_a_name(std::string_view word) {
  return !word.empty() &&
         ((word[0] >= 'a' && word[0] <= 'z') || (word[0] >= 'A' && word[0] <= 'Z') || word[0] == '_');
}

}  // namespace

std::string TextExplanation::clause_text(std::string_view group) {
  constexpr std::string_view type = "a type is expected here: i32, i64, f32, f64, v128 or a reference type";
  if (group == "param" || group == "result" || group == "local" || group == "mut") return std::string(type);
  if (group == "field") return std::string(type) + ", or i8 or i16";
  if (group == "array") return "an array has one type of element: (array i32), (array (mut i8))";
  if (group == "export") return "expected: (export \"name\" (func $f))";
  if (group == "import") return "expected: (import \"module\" \"name\" (func …))";
  if (group == "memory")
    return "a memory says how many pages of 64 KiB it has at least, and perhaps at most: (memory 1 10)";
  if (group == "table") return "a table says how large it is and what it holds: (table 10 funcref)";
  if (group == "data") return "a data segment has a place and strings: (data (i32.const 0) \"text\")";
  if (group == "elem")
    return "an element segment has a place and references: (elem (i32.const 0) func $f $g)";
  return "";
}

bool TextExplanation::needs_operand(std::string_view before) {
  const text::Word word = text::find_word(before);
  return text::is_op(word) && !operand_text(text::word_op(word)).empty();
}

bool TextExplanation::explain_instead_of_operand(std::string_view before) {
  if (!needs_operand(before)) return false;
  const std::string expected = operand_text(text::word_op(text::find_word(before)));
  diagnostic_.label = "expected: " + std::string(before) + " " + expected;
  return true;
}

bool TextExplanation::suggest_dollar(std::string_view wrong, bool is_sure) {
  if (!begins_like_a_name(wrong)) return false;
  const std::string name = "$" + std::string(wrong);
  const uint64_t begin = at_ - std::min(at_, near_bytes);
  const bool is_used = source_.substr(begin, 2 * near_bytes).find(name) != std::string_view::npos;
  if (is_used || is_sure)
    help("a name begins with $: " + text::excerpt(name), {{{at_, at_}, "$"}});
  else
    help("if this is a name: a name begins with $, here and where it is defined");
  return is_used || is_sure;
}

bool TextExplanation::explain_mem_arg_value(std::string_view wrong) {
  if (wrong.starts_with("align=")) {
    diagnostic_.label = "expected: align= and a power of two, such as align=4";
    return true;
  }
  if (!wrong.starts_with("offset=")) return false;
  diagnostic_.label = "expected: offset= and a natural number, such as offset=16";
  if (wrong.starts_with("offset=-"))
    note("an offset is added to the address as an unsigned number, so it cannot be negative");
  return true;
}

bool TextExplanation::explain_place(std::string_view wrong) {
  if (explain_mem_arg_value(wrong)) return true;
  const std::string_view before = preceding_word();
  if (explain_instead_of_operand(before)) {
    if (takes_name(text::word_op(text::find_word(before)))) suggest_dollar(wrong, false);
    return true;
  }
  const std::vector<uint64_t>& open = open_at(at_);
  if (open.empty() || paren_before(source_, at_) == open.back()) return false;
  const std::string_view group = word_behind(open.back());
  const bool is_first = before == group;
  const bool within_export = open.size() > 1 && word_behind(open[open.size() - 2]) == "export";
  if (is_first && within_export) {
    diagnostic_.label = "expected: the name or number of what is exported, such as $f or 0";
    suggest_dollar(wrong, false);
    return true;
  }
  const bool can_have_name =
      is_first && (group == "func" || group == "memory" || group == "table" || group == "global" ||
                   group == "type" || group == "tag" || group == "block" || group == "loop" || group == "if");
  if (can_have_name && wanted_here() != Wanted::type &&
      suggest_dollar(wrong, group == "func" || group == "type" || group == "tag"))
    return true;
  diagnostic_.label = clause_text(group);
  return !diagnostic_.label.empty();
}

}  // namespace cloche::diagnostics
