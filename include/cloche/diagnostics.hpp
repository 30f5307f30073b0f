// Everything that is wrong with a module, as data and as text: for embedders who compile what somebody else
// wrote. Module::from_text and its relatives fail with the first error; these find the others, explain them,
// and take longer.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cloche/engine.hpp"
#include "cloche/error.hpp"

namespace cloche {

/// Bytes [begin, end) of the text, or of the binary module.
struct SourceSpan {
  uint64_t begin = 0;
  uint64_t end = 0;
  SourcePosition first;  ///< Where `begin` is in the text; line 0 for binary modules.
  SourcePosition last;   ///< Where `end` is.
};

/// A place that helps to understand an error, and what is to be said about it.
struct DiagnosticLabel {
  SourceSpan span;
  std::string text;
};

/// Replaces a span, which may be empty, by other text.
struct DiagnosticEdit {
  SourceSpan span;
  std::string text;
};

/// Advice. With edits, the text is better when all of them have been made; their spans do not overlap.
struct DiagnosticHelp {
  std::string text;
  std::vector<DiagnosticEdit> edits;
};

/// One thing that is wrong.
struct Diagnostic {
  ErrorKind kind = ErrorKind::malformed;
  std::string code;                ///< A stable word for programs: "type_mismatch".
  std::string message;             ///< One sentence.
  std::optional<SourceSpan> span;  ///< None for what is missing in the module as a whole.
  std::string label;               ///< Said at the span; may be empty.
  std::vector<DiagnosticLabel> labels;
  std::vector<std::string> notes;  ///< The operand stack, for example; each may have several lines.
  std::vector<DiagnosticHelp> helps;
};

struct DiagnoseOptions {
  std::string file_name = "<module>";  ///< For `text` and `json`.
  uint64_t max_errors = 20;            ///< At least 1.
  bool color = false;                  ///< Whether `text` has colors for a terminal.
};

/// What was found; empty for a module that is good.
struct Diagnostics {
  std::vector<Diagnostic> list;  ///< In order of their places.
  bool has_more = false;         ///< There were more than max_errors.
  std::string text;              ///< As `cloche validate` prints them, with excerpts and carets.
  std::string json;              ///< The same as a JSON object on each line.

  bool empty() const { return list.empty(); }
};

/// Checks a module in the text format with the engine's features. Never fails itself; nothing is borrowed.
Diagnostics diagnose_text(const Engine& engine, std::string_view text, const DiagnoseOptions& options = {});

/// The same for a module in the binary format.
Diagnostics diagnose_binary(const Engine& engine, std::span<const uint8_t> bytes,
                            const DiagnoseOptions& options = {});

}  // namespace cloche
