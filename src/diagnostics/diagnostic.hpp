// One thing that is wrong with a file, as data: what, where, what else matters there, and what to do about
// it. The check_* functions make diagnostics, render and to_json show them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "wasm/error.hpp"

namespace cloche::diagnostics {

/// Bytes [begin, end) of the file: of the source text, or of the binary module.
struct Span {
  uint64_t begin = wasm::no_offset;
  uint64_t end = wasm::no_offset;

  bool exists() const { return begin != wasm::no_offset; }
  friend bool operator==(Span, Span) = default;
};

/// A place that helps to understand the error, and what is to be said about it.
struct Label {
  Span span;
  std::string text;
};

/// Replaces a span, which may be empty, by other text.
struct Edit {
  Span span;
  std::string text;
};

/// Advice. With edits, the file is better when all of them have been made; their spans do not overlap.
struct Help {
  std::string text;
  std::vector<Edit> edits;
};

/// Lines that stand for a binary's source, which it does not have: the disassembled instructions around the
/// places of one diagnostic, or a few lines of bytes.
struct Listing {
  struct Line {
    Span span;         // of the instruction or bytes in the module
    std::string text;  // indented by nesting
  };
  std::vector<Line> lines;  // in order of their spans
  bool is_bytes = false;    // lines of bytes, each two digits and a space
};

struct Diagnostic {
  wasm::ErrorCode code = wasm::ErrorCode::unexpected_token;
  std::string message;  // one sentence
  Span span;            // none for what is missing in the file as a whole
  std::string label;    // said at the span; may be empty
  std::vector<Label> labels;
  std::vector<std::string> notes;  // each one may have several lines
  std::vector<Help> helps;
  std::shared_ptr<const Listing> listing;  // binaries: where excerpts come from; null for text
};

/// What checking a file came to.
struct Report {
  std::vector<Diagnostic> diagnostics;  // in order of place
  bool is_binary = false;               // spans count in the bytes of a module
  bool has_more = false;                // there were more errors than were asked for

  bool ok() const { return diagnostics.empty(); }
};

}  // namespace cloche::diagnostics
