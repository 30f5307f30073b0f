// Everything that is known about a module beyond what it does: names, source lines, inlined functions. From
// the name section, exports and imports; from the text it was assembled from; from DWARF.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "symbols/code_map.hpp"
#include "symbols/names.hpp"
#include "symbols/place.hpp"
#include "text/parser.hpp"
#include "text/source_text.hpp"
#include "wasm/module.hpp"

namespace cloche::symbols {

namespace dwarf {
class Dwarf;
}

/// The text that a module was assembled from, and whoever keeps it alive.
struct TextSource {
  std::string file;  // as it was opened; empty when it was no file
  std::string_view text;
  std::shared_ptr<const void> owner;
  text::OffsetMap offsets;
};

/// Costs nothing until it is asked; then each kind of knowledge is read once. Malformed custom sections are
/// ignored. Thread-safe. The module must outlive it.
class Symbols {
 public:
  explicit Symbols(const wasm::Module& module);
  ~Symbols();
  Symbols(const Symbols&) = delete;
  Symbols& operator=(const Symbols&) = delete;

  /// To be called before anything else, by whoever assembled the module.
  void set_source(std::shared_ptr<const TextSource> source) { source_ = std::move(source); }

  const wasm::Module& module() const { return module_; }
  const Names& names() const;
  /// Where the source of the instruction at an offset in the module stands: in the text if there is one, else
  /// by DWARF. Nothing when neither knows.
  std::optional<SourceLocation> locate(uint64_t offset) const;
  /// Offsets in the module at which code of a source line begins, in order. `file` may be the last parts of
  /// the name only; for text modules it may be empty.
  std::vector<uint32_t> offsets_of_line(std::string_view file, uint32_t line) const;
  /// Whether there is any source information.
  bool has_lines() const;
  /// The text that the module was assembled from, or null.
  const TextSource* source() const { return source_.get(); }

 private:
  struct Lines;
  SourceLocation locate_text(uint64_t offset) const;
  bool is_at_line(const text::OffsetMap::Entry& entry, uint32_t line) const;

  const wasm::Module& module_;
  std::shared_ptr<const TextSource> source_;
  mutable std::once_flag names_once_;
  mutable std::unique_ptr<const Names> names_;
  mutable std::mutex lines_mutex_;
  mutable std::unique_ptr<Lines> lines_;
};

}  // namespace cloche::symbols
