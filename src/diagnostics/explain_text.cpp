#include "diagnostics/explain_text.hpp"

#include "diagnostics/edits.hpp"
#include "diagnostics/text_explanation.hpp"

namespace cloche::diagnostics {

using wasm::ErrorCode;

void TextExplanation::explain() {
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
    case ErrorCode::malformed_reference_type:
      return explain_type_feature();
    case ErrorCode::feature_disabled:
      help("--feature " + error_.detail + " switches it on");
      return;
    case ErrorCode::inline_function_type:
      note("where a type use has (type …) and also (param …) or (result …), they must say the same");
      label(defined_type(), "this is the type that is named");
      help("leave one of the two out");
      return;
    case ErrorCode::invalid_lane_length:
      note(
          "i8x16.shuffle is followed by the numbers of 16 lanes: 0 to 15 of the first operand, 16 to 31 of "
          "the second");
      return;
    case ErrorCode::wrong_lane_literals:
      note("v128.const is followed by a shape and as many numbers as it has lanes: i32x4 1 2 3 4");
      return;
    default:
      return;
  }
}

Span TextExplanation::defined_type() const {
  // The type use that stands before the error: "(type $t) (param …".
  const size_t use = source_.substr(0, at_).rfind("(type");
  if (use == std::string_view::npos || at_ - use > 200) return {};
  const std::string_view name =
      slice(source_, token_at(source_, source_.find_first_not_of(" \t\r\n", use + 5)));
  if (!name.starts_with('$')) return {};
  const size_t definition = source_.find("(type " + std::string(name) + " ");
  if (definition == std::string_view::npos || definition == use) return {};
  return group_at(source_, definition).value_or(Span{});
}

void TextExplanation::explain_range() {
  const std::string_view before = preceding_word();
  if (before == "i32.const") {
    note("an i32 holds 32 bits: write a number from -2147483648 to 4294967295");
    help("for larger numbers, use i64.const");
  } else if (before == "i64.const") {
    note("an i64 holds 64 bits: write a number from -9223372036854775808 to 18446744073709551615");
  } else if (!explain_lane_range()) {
    note("the number is larger than can be held here");
  }
}

bool TextExplanation::explain_lane_range() {
  constexpr uint64_t longest = 400;
  const uint64_t begin = at_ - std::min(at_, longest);
  const std::string_view before = source_.substr(begin, at_ - begin);
  const size_t constant = before.rfind("v128.const");
  if (constant == std::string_view::npos) return false;
  const std::string_view shape =
      slice(source_, token_at(source_, source_.find_first_not_of(" \t\r\n", begin + constant + 10)));
  for (const auto& [name, range] :
       {std::pair("i8x16", "8 bits: write numbers from -128 to 255"),
        std::pair("i16x8", "16 bits: write numbers from -32768 to 65535"),
        std::pair("i32x4", "32 bits: write numbers from -2147483648 to 4294967295"),
        std::pair("i64x2", "64 bits")}) {
    if (shape != name) continue;
    note("a lane of " + std::string(name) + " holds " + range);
    return true;
  }
  return false;
}

void TextExplanation::explain_type_feature() {
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

std::string_view TextExplanation::preceding_word() const {
  uint64_t end = diagnostic_.span.exists() ? diagnostic_.span.begin : at_;
  while (end > 0 && is_space(source_[end - 1])) --end;
  uint64_t begin = end;
  while (begin > 0 && end - begin < 80 && !is_space(source_[begin - 1]) && source_[begin - 1] != '(' &&
         source_[begin - 1] != ')')
    --begin;
  return source_.substr(begin, end - begin);
}

std::string_view TextExplanation::word_behind(uint64_t paren) const {
  uint64_t at = paren + 1;
  while (at < source_.size() && is_space(source_[at])) ++at;
  return slice(source_, token_at(source_, at));
}

Span TextExplanation::head_of(uint64_t paren) const {
  return {paren, atoms_at(source_, source_.find_first_not_of(" \t\r\n(", paren)).end};
}

namespace {

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

}  // namespace

void TextExplanation::explain_escape() {
  diagnostic_.span = {at_, std::min<uint64_t>(at_ + 2, source_.size())};
  diagnostic_.label = "no such escape";
  if (at_ + 1 < source_.size() && source_[at_ + 1] == 'u') {
    note("\\u{…} holds the number of a character in hexadecimal: at most 10ffff, and not from d800 to dfff");
    return;
  }
  note(
      "escapes are \\t \\n \\r \\\" \\' \\\\, \\ and two hexadecimal digits for a byte, and \\u{1f600} for "
      "a character");
  if (at_ + 1 < source_.size() && source_[at_ + 1] == '0')
    help("a byte 0 is \\00", {{diagnostic_.span, "\\00"}});
  else if (at_ + 3 < source_.size() && source_[at_ + 1] == 'x' && is_hex(source_[at_ + 2]) &&
           is_hex(source_[at_ + 3]))
    help("bytes are written without the x: \\41", {{{at_ + 1, at_ + 2}, ""}});
}

void TextExplanation::explain_character() {
  diagnostic_.label = "this character can only stand in strings and comments";
  if (at_ + 1 < source_.size() && source_[at_] == '/' && source_[at_ + 1] == '/')
    help("comments begin with ;;", {{{at_, at_ + 2}, ";;"}});
  else if (at_ < source_.size() && source_[at_] == '#')
    help("comments begin with ;;", {{{at_, at_ + 1}, ";;"}});
  else if (at_ < source_.size() && source_[at_] == ',')
    help("nothing is separated by commas", {{{at_, at_ + 1}, ""}});
}

void TextExplanation::explain_duplicate() {
  const std::string_view name = word();
  diagnostic_.label = "this name is taken";
  const size_t first = find_name(name);
  if (first < at_) label({first, first + name.size()}, "it is first given here");
  help("choose another name");
}

size_t TextExplanation::find_name(std::string_view name) const {
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

void TextExplanation::explain_import() {
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

Span TextExplanation::first_field(std::string_view word_wanted) const {
  const size_t at = source_.find("(" + std::string(word_wanted));
  return at < at_ ? head_of(at) : Span{};
}

Span TextExplanation::first_definition() const {
  const std::vector<uint64_t>& open = open_at(at_);
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

Diagnostic explain_text(std::string_view source, const text::SourceError& error, wasm::FeatureSet features) {
  return TextExplanation(source, error, features).run();
}

}  // namespace cloche::diagnostics
