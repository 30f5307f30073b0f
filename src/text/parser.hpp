// The assembler: a module in the text format to a module in the binary format, and the way back from a place
// in the bytes to the place in the source.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/layout.hpp"
#include "text/source_text.hpp"
#include "wasm/error.hpp"
#include "wasm/features.hpp"

namespace cloche::text {

/// Byte offsets in an assembled module to byte offsets in its source: one entry per item and instruction.
class OffsetMap {
 public:
  struct Entry {
    uint32_t module_offset;
    uint32_t source_offset;
  };

  OffsetMap() = default;
  /// The entries are sorted by module offset.
  explicit OffsetMap(std::vector<Entry> entries) : entries_(std::move(entries)) {}

  /// The source offset of the item or instruction that the byte at `module_offset` belongs to;
  /// wasm::no_offset when the map is empty or the offset is none.
  uint64_t source_offset(uint64_t module_offset) const;
  /// The error with its offset in the module replaced by the offset in the source.
  wasm::Error to_source(wasm::Error error) const;
  const std::vector<Entry>& entries() const { return entries_; }

 private:
  std::vector<Entry> entries_;
};

struct Assembled {
  std::vector<uint8_t> bytes;
  OffsetMap offsets;    // empty for a module given in binary form, and when not asked for
  SourceLayout layout;  // filled only when asked for
};

struct AssembleOptions {
  bool names = true;    // identifiers and @name annotations become a name section
  bool layout = false;  // keep how the text was laid out
  bool offsets = true;  // fill Assembled::offsets, which takes memory and time for every instruction
};

/// A part of a source text: [begin, end) in bytes.
struct SourceRange {
  uint32_t begin = 0;
  uint32_t end = 0;
};

/// Assembles a module (spec: Text Format / Modules), with or without `(module` around its fields, or of the
/// form
/// `(module binary "...")`. Identifiers and @name annotations become a name section, @custom annotations
/// custom sections, branch hints a section of theirs. The result is not validated. Fails with the errors of
/// the text format; offsets count in `source`.
wasm::Result<Assembled> assemble(std::string_view source, wasm::FeatureSet features,
                                 AssembleOptions options = {});

/// Assembles the module that stands in `range` of a source that check_source has accepted; offsets in errors
/// and in the map count from the start of the source.
wasm::Result<Assembled> assemble(std::string_view source, SourceRange range, wasm::FeatureSet features,
                                 AssembleOptions options = {});

/// An error, and for an unknown name the known one that is most like it ("$count"), if any is.
struct SourceError {
  wasm::Error error;
  std::string nearest;
};

/// What assembling came to when it did not stop at the first error.
struct Recovered {
  std::vector<SourceError> errors;  // the first is the one that assemble() fails with
  bool has_more = false;            // parsing ended at `max_errors`
  /// The module, in which functions with errors have the body `unreachable`; none when there were errors
  /// outside of function bodies, or errors after which nothing can be said about the rest.
  std::optional<Assembled> module;
  std::vector<uint32_t> broken;  // function indices of those bodies, ascending
};

/// Assembles the module in `range` of an accepted source and goes on after errors where it makes sense: after
/// an unknown name or instruction with the next instruction, after other errors with the next field.
Recovered assemble_all(std::string_view source, SourceRange range, wasm::FeatureSet features,
                       size_t max_errors);

}  // namespace cloche::text
