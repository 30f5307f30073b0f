// Words that nothing is called: what may have been meant.
#include "base/spelling.hpp"
#include "diagnostics/text_explanation.hpp"
#include "text/words.hpp"

namespace cloche::diagnostics {

using text::Word;
using wasm::ErrorCode;

namespace {

constexpr OldName old_names[] = {
#define OLD_NAME(old_name, new_name, remark) {old_name, new_name, remark},
#include "diagnostics/old_names.def"
#undef OLD_NAME
};

constexpr std::string_view field_names[] = {"type",   "rec",    "import", "func",  "table", "memory",
                                            "global", "export", "tag",    "start", "elem",  "data"};
constexpr std::string_view type_names[] = {"i32",       "i64",     "f32",   "f64",    "v128",   "funcref",
                                           "externref", "anyref",  "eqref", "i31ref", "exnref", "structref",
                                           "arrayref",  "nullref", "i8",    "i16"};
constexpr std::string_view clause_names[] = {"param",  "result",  "local",  "then",  "mut",
                                             "ref",    "field",   "struct", "array", "item",
                                             "offset", "declare", "sub",    "final"};

}  // namespace

const OldName* find_old_name(std::string_view word) {
  for (const OldName& each : old_names)
    if (each.old_name == word) return &each;
  return nullptr;
}

std::span<const std::string_view> field_words() { return field_names; }

void TextExplanation::replace_word(std::string_view replacement, std::string_view remark) {
  std::string text = "did you mean " + std::string(replacement) + "?";
  if (!remark.empty()) text = std::string(remark);
  help(std::move(text), {{diagnostic_.span, std::string(replacement)}});
}

void TextExplanation::explain_operator() {
  const std::string_view wrong = word();
  if (explain_feature(wrong)) return;
  const std::vector<uint64_t>& open = open_at(at_);
  const bool outermost = open.empty() || (open.size() == 1 && paren_before(source_, at_) == open[0]);
  if (wrong.starts_with("//") || wrong.starts_with('#') || wrong == ";") return explain_comment(wrong);
  if (outermost) return explain_outermost(wrong);
  if (wrong.ends_with(',')) return explain_comma(open);
  const std::string_view before = preceding_word();
  const bool can_be_instruction = before != "memory" && before != "table" && before != "tag";
  if (const OldName* const old = can_be_instruction ? find_old_name(wrong) : nullptr)
    return replace_word(old->new_name, old->remark.empty() ? "it is called " + std::string(old->new_name)
                                                           : std::string(old->remark));
  if (explain_mem_arg_value(wrong)) return;
  const Wanted wanted = wanted_here();
  const std::string nearest = nearest_word(wrong, wanted);
  if (nearest.empty() || needs_operand(before)) {
    if (explain_number(wrong) || explain_place(wrong)) return;
  }
  if (!nearest.empty()) return replace_word(nearest, "");
  switch (wanted) {
    case Wanted::instruction:
      diagnostic_.label = "no instruction has this name";
      break;
    case Wanted::field:
      diagnostic_.label = "no field of a module begins so";
      note(
          "a module consists of (type …), (import …), (func …), (table …), (memory …), (global …), (tag "
          "…), "
          "(export …), (start …), (elem …) and (data …)");
      break;
    default:
      break;
  }
}

bool TextExplanation::explain_number(std::string_view wrong) {
  const bool begins_so =
      !wrong.empty() && (wrong[0] == '-' || wrong[0] == '+' || (wrong[0] >= '0' && wrong[0] <= '9'));
  if (!begins_so) return false;
  diagnostic_.label = "not a number";
  note("numbers are written like 12, -1, 0x1f, 1_000, and for floating point 1.5, 1e-3, inf, nan");
  return true;
}

void TextExplanation::explain_comment(std::string_view wrong) {
  const uint64_t size = wrong.starts_with("//") ? 2 : 1;
  diagnostic_.label = "is this a comment?";
  help("comments begin with ;;", {{{at_, at_ + size}, ";;"}});
}

void TextExplanation::explain_comma(const std::vector<uint64_t>& open) {
  const Span comma{diagnostic_.span.end - 1, diagnostic_.span.end};
  const std::string_view group = word_behind(open.back());
  const uint64_t next = source_.find_first_not_of(" \t\r\n", comma.end);
  const bool is_named =
      (group == "param" || group == "local") && next < source_.size() && source_[next] == '$';
  if (is_named)
    help("nothing is separated by commas", {{{comma.begin, next}, ") (" + std::string(group) + " "}});
  else
    help("nothing is separated by commas", {{comma, ""}});
  if (is_named)
    note("with a name, a group declares one " + std::string(group == "param" ? "parameter" : "local") +
         ": (" + std::string(group) + " $a i32) (" + std::string(group) + " $b i32)");
}

void TextExplanation::explain_outermost(std::string_view wrong) {
  base::Spelling spelling(wrong);
  for (auto each = static_cast<uint16_t>(Word::register_); each <= static_cast<uint16_t>(Word::wait); ++each)
    spelling.offer(text::word_text(static_cast<Word>(each)));
  spelling.offer("module");
  for (const std::string_view each : field_names) spelling.offer(each);
  const bool begins_group = paren_before(source_, at_).has_value();
  if (begins_group && !spelling.nearest().empty()) return replace_word(spelling.nearest(), "");
  diagnostic_.label = "(module …) is expected here";
  note("a file in the text format is a module, (module (func …) …), or the fields of one");
}

bool TextExplanation::explain_feature(std::string_view wrong) {
  const Word found = text::find_word(wrong);
  if (!text::is_op(found)) return false;
  const wasm::Feature feature = wasm::op_info(text::word_op(found)).feature;
  if (features_.has(feature)) return false;
  const std::string name(wasm::feature_name(feature));
  diagnostic_.label = "belongs to the feature " + name + ", which is off";
  help("--feature " + name + " switches it on");
  return true;
}

Wanted TextExplanation::wanted_here() const {
  const std::vector<uint64_t>& open = open_at(at_);
  const bool begins_group = !open.empty() && paren_before(source_, at_) == open.back();
  const size_t around = open.size() - (begins_group ? 1 : 0);
  if (around == 0) return Wanted::field;
  const std::string_view group = word_behind(open[around - 1]);
  if (group == "module") return Wanted::field;
  if (group == "param" || group == "result" || group == "local" || group == "global" || group == "mut" ||
      group == "field" || group == "table")
    return begins_group ? Wanted::any : Wanted::type;
  if (group == "import" || group == "export" || group == "type" || group == "rec") return Wanted::any;
  return Wanted::instruction;
}

std::string TextExplanation::nearest_word(std::string_view wrong, Wanted wanted) {
  base::Spelling spelling(wrong);
  const auto offer_all = [&](const auto& words) {
    for (const std::string_view each : words) spelling.offer(each);
  };
  if (wanted == Wanted::field || wanted == Wanted::any) offer_all(field_names);
  if (wanted == Wanted::type || wanted == Wanted::any) offer_all(type_names);
  if (wanted != Wanted::field) offer_all(clause_names);
  if (wanted == Wanted::instruction)
    for (const wasm::OpInfo& info : wasm::op_table) spelling.offer(info.text);
  return spelling.nearest();
}

void TextExplanation::explain_name() {
  constexpr std::string_view kinds[] = {"type", "function",        "table",        "memory", "global",
                                        "tag",  "element segment", "data segment", "local",  "label",
                                        "field"};
  const auto kind = static_cast<size_t>(error_.code) - static_cast<size_t>(ErrorCode::unknown_name_type);
  diagnostic_.label = "no " + std::string(kinds[kind]) + " has this name here";
  if (!nearest_.empty()) return replace_word(nearest_, "");
  if (error_.code == ErrorCode::unknown_name_label)
    note("a label is the name of a block, loop, if or try around the branch: (block $done …)");
  else if (error_.code == ErrorCode::unknown_name_local)
    note("parameters and locals get their names in the function's head: (param $x i32) (local $y i32)");
}

}  // namespace cloche::diagnostics
