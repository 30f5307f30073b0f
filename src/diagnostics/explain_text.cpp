#include "diagnostics/explain_text.hpp"

#include <algorithm>
#include <optional>

#include "base/spelling.hpp"
#include "diagnostics/edits.hpp"
#include "diagnostics/scan.hpp"
#include "text/lexer.hpp"
#include "text/words.hpp"
#include "wasm/opcode.hpp"

namespace cloche::diagnostics {

using text::Word;
using wasm::ErrorCode;

namespace {

struct OldName {
  std::string_view old_name;
  std::string_view new_name;
  std::string_view remark;
};
constexpr OldName old_names[] = {
#define OLD_NAME(old_name, new_name, remark) {old_name, new_name, remark},
#include "diagnostics/old_names.def"
#undef OLD_NAME
};

/// What a word stands for where it stands: words are only taken for others of the same kind.
enum class Wanted : uint8_t { instruction, field, type, any };

bool is_field(std::string_view word) {
  constexpr std::string_view fields[] = {"type",   "rec", "import", "func", "table", "memory", "global",
                                         "export", "tag", "start",  "elem", "data",  "module"};
  return std::ranges::find(fields, word) != std::end(fields);
}

constexpr std::string_view field_names[] = {"type",   "rec",    "import", "func",  "table", "memory",
                                            "global", "export", "tag",    "start", "elem",  "data"};
constexpr std::string_view type_names[] = {"i32",       "i64",     "f32",   "f64",    "v128",   "funcref",
                                           "externref", "anyref",  "eqref", "i31ref", "exnref", "structref",
                                           "arrayref",  "nullref", "i8",    "i16"};
constexpr std::string_view clause_names[] = {"param",  "result",  "local",  "then",  "mut",
                                             "ref",    "field",   "struct", "array", "item",
                                             "offset", "declare", "sub",    "final"};

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

class TextExplanation {
 public:
  TextExplanation(std::string_view source, const text::SourceError& error, wasm::FeatureSet features)
      : source_(source), error_(error.error), nearest_(error.nearest), features_(features) {
    diagnostic_.code = error_.code;
    diagnostic_.message = error_.message();
    at_ = std::min<uint64_t>(error_.offset, source.size());
    if (error_.offset != wasm::no_offset) diagnostic_.span = token_at(source, at_);
    if (at_ < source.size() && source[at_] == '(') diagnostic_.span = head_of(at_);
  }

  Diagnostic run() {
    explain();
    return std::move(diagnostic_);
  }

 private:
  void label(Span span, std::string text) {
    if (span.exists() && !(span == diagnostic_.span)) diagnostic_.labels.push_back({span, std::move(text)});
  }
  void note(std::string text) { diagnostic_.notes.push_back(std::move(text)); }
  void help(std::string text, std::vector<Edit> edits = {}) {
    diagnostic_.helps.push_back({std::move(text), std::move(edits)});
  }
  std::string_view word() const { return slice(source_, diagnostic_.span); }

  void explain() {
    switch (error_.code) {
      case ErrorCode::unknown_operator:
        return explain_operator();
      case ErrorCode::unexpected_token:
        return explain_unexpected();
      case ErrorCode::unknown_name_type:
      case ErrorCode::unknown_name_func:
      case ErrorCode::unknown_name_table:
      case ErrorCode::unknown_name_memory:
      case ErrorCode::unknown_name_global:
      case ErrorCode::unknown_name_tag:
      case ErrorCode::unknown_name_elem:
      case ErrorCode::unknown_name_data:
      case ErrorCode::unknown_name_local:
      case ErrorCode::unknown_name_label:
      case ErrorCode::unknown_name_field:
        return explain_name();
      case ErrorCode::unclosed_string:
        note("a string ends on its own line; \\n stands for the end of a line, \\\" for a quotation mark");
        diagnostic_.label = "this string has no closing \"";
        return;
      case ErrorCode::unclosed_comment:
        diagnostic_.span = {at_, std::min<uint64_t>(at_ + 2, source_.size())};
        diagnostic_.label = "this comment begins here";
        help("close it with ;)");
        return;
      case ErrorCode::malformed_escape:
        explain_escape();
        return;
      case ErrorCode::illegal_character:
        return explain_character();
      case ErrorCode::malformed_utf8:
        note(
            "source text is UTF-8, and so are names; any byte can be written as \\ and two hexadecimal "
            "digits in a data "
            "segment");
        return;
      case ErrorCode::empty_identifier:
        diagnostic_.label = "a name is $ and at least one character";
        return;
      case ErrorCode::mismatching_label:
        diagnostic_.label = "not the label of the block that ends here";
        help("repeat the block's own label, or none");
        return;
      case ErrorCode::duplicate:
        return explain_duplicate();
      case ErrorCode::import_after:
        return explain_import();
      case ErrorCode::multiple_start:
        label(first_field("start"), "the first start function");
        help("let one function call both");
        return;
      case ErrorCode::malformed_alignment:
      case ErrorCode::alignment:
        note("an alignment is written in bytes, as a power of two: align=1, align=2, align=4, align=8");
        return;
      case ErrorCode::i8_constant_out_of_range:
        note("an 8-bit lane holds numbers from -128 to 255");
        return;
      case ErrorCode::i32_constant_out_of_range:
        note("an i32 holds 32 bits: write a number from -2147483648 to 4294967295");
        if (preceding_word() == "i32.const") help("for larger numbers, use i64.const");
        return;
      case ErrorCode::i64_constant_out_of_range:
        note("an i64 holds 64 bits: write a number from -9223372036854775808 to 18446744073709551615");
        return;
      case ErrorCode::constant_out_of_range:
        return explain_range();
      case ErrorCode::malformed_value_type:
        return explain_type_feature();
      case ErrorCode::inline_function_type:
        note("where a type use has (type …) and also (param …) or (result …), they must say the same");
        help("leave one of the two out");
        return;
      case ErrorCode::wrong_lane_literals:
      case ErrorCode::invalid_lane_length:
        note("v128.const is followed by a shape and as many numbers as it has lanes: i32x4 1 2 3 4");
        return;
      default:
        return;
    }
  }

  void explain_range() {
    const std::string_view before = preceding_word();
    if (before == "i32.const") {
      note("an i32 holds 32 bits: write a number from -2147483648 to 4294967295");
      help("for larger numbers, use i64.const");
    } else if (before == "i64.const") {
      note("an i64 holds 64 bits: write a number from -9223372036854775808 to 18446744073709551615");
    } else {
      note("the number is larger than can be held here");
    }
  }

  /// A type of a feature that is off: the text is read, but the bytes that it stands for are refused.
  void explain_type_feature() {
    wasm::Feature feature = wasm::Feature::gc;
    if (error_.detail == "0x7b")
      feature = wasm::Feature::simd;
    else if (error_.detail == "0x6f" || error_.detail == "0x70")
      feature = wasm::Feature::reference_types;
    else if (error_.detail == "0x63" || error_.detail == "0x64")
      feature = wasm::Feature::typed_references;
    else if (error_.detail == "0x69" || error_.detail == "0x74")
      feature = wasm::Feature::exceptions;
    if (features_.has(feature)) return;
    const std::string name(wasm::feature_name(feature));
    diagnostic_.label = "uses a type of the feature " + name + ", which is off";
    help("--feature " + name + " switches it on");
  }

  // ---- Words

  /// The word in front of the error, on the way back over white space.
  std::string_view preceding_word() const {
    uint64_t end = diagnostic_.span.exists() ? diagnostic_.span.begin : at_;
    while (end > 0 && is_space(source_[end - 1])) --end;
    uint64_t begin = end;
    while (begin > 0 && end - begin < 80 && !is_space(source_[begin - 1]) && source_[begin - 1] != '(' &&
           source_[begin - 1] != ')')
      --begin;
    return source_.substr(begin, end - begin);
  }

  void replace_word(std::string_view replacement, std::string_view remark) {
    std::string text = "did you mean " + std::string(replacement) + "?";
    if (!remark.empty()) text = std::string(remark);
    help(std::move(text), {{diagnostic_.span, std::string(replacement)}});
  }

  void explain_operator() {
    const std::string_view wrong = word();
    if (explain_feature(wrong)) return;
    const std::vector<uint64_t> open = open_parens(source_, at_);
    const bool outermost = open.empty() || (open.size() == 1 && paren_before(source_, at_) == open[0]);
    if (wrong.starts_with("//") || wrong.starts_with('#')) return explain_comment(wrong);
    if (outermost) return explain_outermost(wrong);
    if (wrong.ends_with(',')) return explain_comma(open);
    for (const OldName& each : old_names)
      if (each.old_name == wrong)
        return replace_word(each.new_name, each.remark.empty() ? "it is called " + std::string(each.new_name)
                                                               : std::string(each.remark));
    const Wanted wanted = wanted_here();
    if (const std::string nearest = nearest_word(wrong, wanted); !nearest.empty())
      return replace_word(nearest, "");
    if (!wrong.empty() && (wrong[0] == '-' || wrong[0] == '+' || (wrong[0] >= '0' && wrong[0] <= '9'))) {
      diagnostic_.label = "not a number";
      note("numbers are written like 12, -1, 0x1f, 1_000, and for floating point 1.5, 1e-3, inf, nan");
      return;
    }
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

  void explain_comment(std::string_view wrong) {
    const uint64_t size = wrong[0] == '#' ? 1 : 2;
    diagnostic_.label = "is this a comment?";
    help("comments begin with ;;", {{{at_, at_ + size}, ";;"}});
  }

  void explain_comma(const std::vector<uint64_t>& open) {
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

  /// Outside of everything: a module, or in scripts a command.
  void explain_outermost(std::string_view wrong) {
    base::Spelling spelling(wrong);
    for (auto each = static_cast<uint16_t>(Word::register_); each <= static_cast<uint16_t>(Word::wait);
         ++each)
      spelling.offer(text::word_text(static_cast<Word>(each)));
    spelling.offer("module");
    for (const std::string_view each : field_names) spelling.offer(each);
    const bool begins_group = paren_before(source_, at_).has_value();
    if (begins_group && !spelling.nearest().empty()) return replace_word(spelling.nearest(), "");
    diagnostic_.label = "(module …) is expected here";
    note("a file in the text format is a module, (module (func …) …), or the fields of one");
  }

  bool explain_feature(std::string_view wrong) {
    const Word found = text::find_word(wrong);
    if (!text::is_op(found)) return false;
    const wasm::Feature feature = wasm::op_info(text::word_op(found)).feature;
    if (features_.has(feature)) return false;
    const std::string name(wasm::feature_name(feature));
    diagnostic_.label = "belongs to the feature " + name + ", which is off";
    help("--feature " + name + " switches it on");
    return true;
  }

  /// By the group that the word begins or stands in.
  Wanted wanted_here() const {
    const std::vector<uint64_t> open = open_parens(source_, at_);
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

  std::string_view word_behind(uint64_t paren) const {
    uint64_t at = paren + 1;
    while (at < source_.size() && is_space(source_[at])) ++at;
    return slice(source_, token_at(source_, at));
  }

  static std::string nearest_word(std::string_view wrong, Wanted wanted) {
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

  void explain_name() {
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

  // ---- Places

  void explain_unexpected() {
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
    for (const OldName& each : old_names)
      if (each.old_name == wrong) {
        const Span span{static_cast<uint64_t>(wrong.data() - source_.data()),
                        static_cast<uint64_t>(wrong.data() + wrong.size() - source_.data())};
        help(each.remark.empty() ? "it is called " + std::string(each.new_name) : std::string(each.remark),
             {{span, std::string(each.new_name)}});
        return;
      }
    explain_plain(wrong, at_open);
  }

  /// A token that is right elsewhere.
  void explain_plain(std::string_view wrong, bool at_open) {
    const Word found = text::find_word(wrong);
    const std::string_view before = preceding_word();
    const Word before_word = text::find_word(before);
    if (explain_mem_arg(wrong, before)) return;
    if (text::is_op(before_word)) {
      if (const std::string expected = operand_text(text::word_op(before_word)); !expected.empty()) {
        diagnostic_.label = "expected: " + std::string(before) + " " + expected;
        return;
      }
    }
    if (wrong == "else" || wrong == "end") {
      diagnostic_.label =
          wrong == "end" ? "no block is open that this could end" : "no if is open that this could belong to";
      if (wrong == "end")
        note("only block, loop, if and try have an end; a function ends with its parenthesis");
      if (wrong == "else") note("in folded form the arms have parentheses: (if (…) (then …) (else …))");
      return;
    }
    const std::vector<uint64_t> open = open_parens(source_, at_);
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
    if (group == "param" || group == "result" || group == "local" || group == "mut") {
      diagnostic_.label = "a type is expected here: i32, i64, f32, f64, v128 or a reference type";
      return;
    }
    if (group == "export" || group == "import") {
      diagnostic_.label = group == "export" ? "expected: (export \"name\" (func $f))"
                                            : "expected: (import \"module\" \"name\" (func …))";
      return;
    }
    if (!at_open && (wrong.starts_with('$') ||
                     (!wrong.empty() && (wrong[0] == '"' || (wrong[0] >= '0' && wrong[0] <= '9'))))) {
      diagnostic_.label = "an instruction is expected here";
      if (text::is_op(before_word)) note(std::string(before) + " takes nothing behind its name");
      return;
    }
    if (text::is_op(found) && !is_field(group)) note("this stands within (" + std::string(group) + " …)");
  }

  /// offset= and align= in the wrong order or form.
  bool explain_mem_arg(std::string_view wrong, std::string_view before) {
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

  /// What follows an instruction's name, by the kind of its immediate.
  static std::string operand_text(wasm::Op op) {
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
      case Imm::lane:
      case Imm::mem_arg_lane:
        return "and the number of a lane";
      default:
        return "";
    }
  }

  void explain_arm(std::string_view arm) {
    diagnostic_.label = "(" + std::string(arm) + " …) is a part of an if";
    const std::vector<uint64_t> open = open_parens(source_, at_);
    if (!open.empty() && word_behind(open.back()) == "if" && arm == "else")
      note("it comes behind (then …), which must be there too: (if (condition) (then …) (else …))");
    else
      note("a folded if has its condition first: (if (condition) (then …) (else …))");
  }

  void explain_head(std::string_view clause) {
    diagnostic_.label = "(" + std::string(clause) + " …) stands too late";
    note(
        "a function's head comes in this order: name, exports, (type …), (param …), (result …), (local …); "
        "then its "
        "instructions");
  }

  /// A field within another: most likely the parenthesis that closes the other is missing.
  bool explain_missing_close(std::string_view field) {
    const std::vector<uint64_t> open = open_parens(source_, at_);
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
    diagnostic_.label = "(" + std::string(field) + " …) cannot stand within (" +
                        std::string(word_behind(open[outer])) + " …)";
    label(head_of(open[outer]), "this is still open");
    if (missing > 1) label(head_of(open.back()), "so is this, and it is the innermost");
    uint64_t end = at_;
    while (end > 0 && is_space(source_[end - 1])) --end;
    help(missing == 1 ? "a closing parenthesis is missing"
                      : std::to_string(missing) + " closing parentheses are missing",
         {{{end, end}, std::string(missing, ')')}});
    return true;
  }

  Span head_of(uint64_t paren) const {
    return {paren, atoms_at(source_, source_.find_first_not_of(" \t\r\n(", paren)).end};
  }

  void explain_end() {
    uint64_t end = source_.size();
    while (end > 0 && is_space(source_[end - 1])) --end;
    diagnostic_.span = {end == 0 ? 0 : end - 1, end};
    const std::vector<uint64_t> open = open_parens(source_, source_.size());
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

  /// The group behind which a line begins no further to the right than it does, although it is open.
  uint64_t unclosed_by_indent(const std::vector<uint64_t>& open) const {
    for (size_t i = 0; i + 1 < open.size(); ++i) {
      const uint64_t outer_line = line_begin(source_, open[i]);
      const uint64_t inner_line = line_begin(source_, open[i + 1]);
      if (outer_line != inner_line && indent_of(source_, open[i + 1]) <= indent_of(source_, open[i]))
        return open[i];
    }
    return open.back();
  }

  void explain_close() {
    const std::vector<uint64_t> open = open_parens(source_, at_);
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
    else if (group == "global")
      note("a global has a type and a first value: (global $g (mut i32) (i32.const 0))");
    else if (group == "memory")
      note("a memory says how many pages of 64 KiB it has at least, and perhaps at most: (memory 1 10)");
    else if (group == "table")
      note("a table says how large it is and what it holds: (table 10 funcref)");
    else
      note("something is missing before the end of (" + std::string(group) + " …)");
  }

  /// The last plain block within a group that is open at the error.
  std::optional<Span> plain_block_before(uint64_t paren) const;

  // ---- Characters

  void explain_escape() {
    diagnostic_.span = {at_, std::min<uint64_t>(at_ + 2, source_.size())};
    diagnostic_.label = "no such escape";
    note(
        "escapes are \\t \\n \\r \\\" \\' \\\\, \\ and two hexadecimal digits for a byte, and \\u{1f600} for "
        "a character");
    if (at_ + 1 < source_.size() && source_[at_ + 1] == '0')
      help("a byte 0 is \\00", {{diagnostic_.span, "\\00"}});
    else if (at_ + 1 < source_.size() && source_[at_ + 1] == 'x')
      help("bytes are written without the x: \\41", {{{at_ + 1, at_ + 2}, ""}});
  }

  void explain_character() {
    diagnostic_.label = "this character can only stand in strings and comments";
    if (at_ + 1 < source_.size() && source_[at_] == '/' && source_[at_ + 1] == '/')
      help("comments begin with ;;", {{{at_, at_ + 2}, ";;"}});
    else if (at_ < source_.size() && source_[at_] == '#')
      help("comments begin with ;;", {{{at_, at_ + 1}, ";;"}});
    else if (at_ < source_.size() && source_[at_] == ',')
      help("nothing is separated by commas", {{{at_, at_ + 1}, ""}});
  }

  // ---- Definitions

  void explain_duplicate() {
    const std::string_view name = word();
    diagnostic_.label = "this name is taken";
    const size_t first = find_name(name);
    if (first < at_) label({first, first + name.size()}, "it is first given here");
    help("choose another name");
  }

  /// The first place of a name before the error in a field of the same kind; the error's own if there is
  /// none.
  size_t find_name(std::string_view name) const {
    const std::string_view kind = preceding_word();
    for (size_t at = source_.find(name); at < at_; at = source_.find(name, at + 1)) {
      const size_t end = at + name.size();
      if (end < source_.size() && !is_space(source_[end]) && source_[end] != ')' && source_[end] != '(')
        continue;
      uint64_t before = at;
      while (before > 0 && is_space(source_[before - 1])) --before;
      const std::string_view text = source_.substr(0, before);
      if (text.ends_with(kind) || (kind == "param" && text.ends_with("local")) ||
          (kind == "local" && text.ends_with("param"))) {
        if (kind != "param" && kind != "local") return at;
        // Parameters and locals are of one function: the last place before this one is meant.
        const size_t next = source_.find(name, at + 1);
        if (next >= at_ || source_.substr(at, next - at).find("(func") == std::string_view::npos) return at;
      }
    }
    return at_;
  }

  void explain_import() {
    diagnostic_.label = "imports come first";
    diagnostic_.span = head_of(at_);
    note(
        "imported functions, tables, memories, globals and tags have the lowest numbers, so they stand "
        "before all others");
    const auto group = group_at(source_, at_);
    if (const Span first = first_definition(); first.exists() && group) {
      label(head_of(first.begin), "the first definition");
      std::string moved(slice(source_, *group));
      const uint64_t indent = indent_of(source_, first.begin);
      const bool own_line = line_begin(source_, first.begin) + indent == first.begin;
      moved += own_line ? "\n" + std::string(indent, ' ') : " ";
      help("move it to before the first definition", {{{first.begin, first.begin}, moved}, {*group, ""}});
    }
  }

  Span first_field(std::string_view word_wanted) const {
    const size_t at = source_.find("(" + std::string(word_wanted));
    return at < at_ ? head_of(at) : Span{};
  }

  /// The first field that defines something that could also be imported.
  Span first_definition() const {
    const std::vector<uint64_t> open = open_parens(source_, at_);
    if (open.empty()) return {};
    const auto module = group_at(source_, open.back());
    if (!module) return {};
    for (const Span field : groups_in(source_, *module)) {
      if (field.begin >= at_) break;
      const std::string_view kind = group_word(source_, field);
      const bool defines =
          kind == "func" || kind == "table" || kind == "memory" || kind == "global" || kind == "tag";
      if (!defines) continue;
      const auto parts = groups_in(source_, field);
      if (std::ranges::none_of(parts, [&](Span part) { return group_word(source_, part) == "import"; }))
        return field;
    }
    return {};
  }

  std::string_view source_;
  const wasm::Error& error_;
  const std::string& nearest_;
  wasm::FeatureSet features_;
  uint64_t at_ = 0;
  Diagnostic diagnostic_;
};

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

}  // namespace

Diagnostic explain_text(std::string_view source, const text::SourceError& error, wasm::FeatureSet features) {
  return TextExplanation(source, error, features).run();
}

}  // namespace cloche::diagnostics
