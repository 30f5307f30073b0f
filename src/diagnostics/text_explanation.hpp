// The class behind explain_text, over several files: explain_text.cpp leads from an error's code to its
// explanation and has those of numbers, characters and definitions, explain_text_words.cpp those of words
// that nothing is called, explain_text_places.cpp those of words where no instruction is wanted,
// explain_text_structure.cpp those of tokens that are right elsewhere, parentheses above all.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/explain_text.hpp"
#include "diagnostics/scan.hpp"
#include "wasm/opcode.hpp"

namespace cloche::diagnostics {

/// What a word stands for where it stands: words are only taken for others of the same kind.
enum class Wanted : uint8_t { instruction, field, type, any };

/// A name that WebAssembly had once, or that people expect, and what is meant; null if the word is none.
struct OldName {
  std::string_view old_name;
  std::string_view new_name;
  std::string_view remark;
};
const OldName* find_old_name(std::string_view word);

/// The words that fields of a module begin with.
std::span<const std::string_view> field_words();

inline bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

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

  void explain();

  /// Where the type is defined that a type use before the error names, if that can be found.
  Span defined_type() const;

  void explain_range();
  /// A lane of v128.const that is larger than its shape allows.
  bool explain_lane_range();

  /// A type of a feature that is off: the text is read, but the bytes that it stands for are refused.
  void explain_type_feature();

  // ---- Words

  /// The word in front of the error, on the way back over white space.
  std::string_view preceding_word() const;

  void replace_word(std::string_view replacement, std::string_view remark);

  void explain_operator();

  /// A word that begins like a number and is none.
  bool explain_number(std::string_view wrong);

  void explain_comment(std::string_view wrong);

  void explain_comma(const std::vector<uint64_t>& open);

  /// Outside of everything: a module, or in scripts a command.
  void explain_outermost(std::string_view wrong);

  bool explain_feature(std::string_view wrong);

  /// By the group that the word begins or stands in.
  Wanted wanted_here() const;

  std::string_view word_behind(uint64_t paren) const;

  /// The parentheses that are open at an offset; looked for once, since that takes reading all before it.
  const std::vector<uint64_t>& open_at(uint64_t offset) const;

  static std::string nearest_word(std::string_view wrong, Wanted wanted);

  void explain_name();

  // ---- Places

  /// A word where no instruction is wanted; false where one is.
  bool explain_place(std::string_view wrong);
  /// What belongs into a group of the text format, as a label; empty where that is not known.
  static std::string clause_text(std::string_view group);
  /// A word behind an instruction's name, in the place of what the instruction needs there.
  bool explain_instead_of_operand(std::string_view before);
  /// Whether a word is an instruction that needs something behind its name.
  static bool needs_operand(std::string_view before);
  bool explain_mem_arg_value(std::string_view wrong);
  /// Advises to write a name's $, if the name with it occurs nearby, or it is sure that a name was meant.
  bool suggest_dollar(std::string_view wrong, bool is_sure);

  void explain_unexpected();

  /// A token that is right elsewhere.
  void explain_plain(std::string_view wrong, bool at_open);

  /// offset= and align= in the wrong order or form.
  bool explain_mem_arg(std::string_view wrong, std::string_view before);

  /// What follows an instruction's name, by the kind of its immediate.
  static std::string operand_text(wasm::Op op);

  void explain_arm(std::string_view arm);

  bool explain_bare_operand(std::string_view wrong, std::string_view group);

  void wrap_arms(uint64_t paren);

  void explain_head(std::string_view clause);

  /// A field within another: most likely the parenthesis that closes the other is missing.
  bool explain_missing_close(std::string_view field);

  Span head_of(uint64_t paren) const;

  void explain_end();

  /// The group behind which a line begins no further to the right than it does, although it is open.
  uint64_t unclosed_by_indent(const std::vector<uint64_t>& open) const;

  void explain_close();

  /// The last plain block within a group that is open at the error.
  std::optional<Span> plain_block_before(uint64_t paren) const;

  // ---- Characters

  void explain_escape();

  void explain_character();

  // ---- Definitions

  void explain_duplicate();

  /// The first place of a name before the error in a field of the same kind; the error's own if there is
  /// none.
  size_t find_name(std::string_view name) const;

  void explain_import();

  Span first_field(std::string_view word_wanted) const;

  /// The first field that defines something that could also be imported.
  Span first_definition() const;

  std::string_view source_;
  const wasm::Error& error_;
  const std::string& nearest_;
  wasm::FeatureSet features_;
  uint64_t at_ = 0;
  Diagnostic diagnostic_;
  mutable std::optional<uint64_t> open_offset_;
  mutable std::vector<uint64_t> open_;
};

}  // namespace cloche::diagnostics
