#include "symbols/symbols.hpp"

#include "symbols/dwarf/dwarf.hpp"
#include "wasm/opcode.hpp"

namespace cloche::symbols {

/// What is needed to find lines; guarded by the mutex.
struct Symbols::Lines {
  explicit Lines(const wasm::Module& module)
      : code_offset(code_section_offset(module)), dwarf(dwarf::find_sections(module)) {}
  Lines(const wasm::Module& module, std::string_view text) : Lines(module) { source.emplace(text); }

  std::optional<uint32_t> code_offset;
  dwarf::Dwarf dwarf;
  std::optional<text::SourceText> source;
};

Symbols::Symbols(const wasm::Module& module) : module_(module) {}
Symbols::~Symbols() = default;

const Names& Symbols::names() const {
  std::call_once(names_once_, [this] { names_ = std::make_unique<const Names>(module_); });
  return *names_;
}

bool Symbols::has_lines() const { return source_ != nullptr || !dwarf::find_sections(module_).empty(); }

SourceLocation Symbols::locate_text(uint64_t offset) const {
  const uint64_t place = source_->offsets.source_offset(offset);
  if (place == wasm::no_offset) return {};
  const text::LineColumn found = lines_->source->line_column(place);
  return {{source_->file, static_cast<uint32_t>(found.line), static_cast<uint32_t>(found.column)}, {}};
}

// Closing parentheses are an `end` that nobody wants to stop at.
bool Symbols::is_at_line(const text::OffsetMap::Entry& entry, uint32_t line) const {
  const bool is_end =
      module_.bytes.span()[entry.module_offset] == static_cast<uint8_t>(wasm::op_info(wasm::Op::end).code);
  return !is_end && func_at(module_, entry.module_offset) &&
         lines_->source->line_column(entry.source_offset).line == line;
}

std::optional<SourceLocation> Symbols::locate(uint64_t offset) const {
  const std::lock_guard lock(lines_mutex_);
  if (!lines_)
    lines_ = source_ ? std::make_unique<Lines>(module_, source_->text) : std::make_unique<Lines>(module_);
  if (source_ && !source_->offsets.entries().empty()) return locate_text(offset);
  if (!lines_->code_offset || offset < *lines_->code_offset || offset > 0xFFFFFFFF) return std::nullopt;
  return lines_->dwarf.locate(static_cast<uint32_t>(offset) - *lines_->code_offset);
}

std::vector<uint32_t> Symbols::offsets_of_line(std::string_view file, uint32_t line) const {
  static_cast<void>(locate(0));  // has the lines read
  const std::lock_guard lock(lines_mutex_);
  std::vector<uint32_t> found;
  if (source_ && !source_->offsets.entries().empty()) {
    if (!file.empty() && !source_->file.ends_with(file)) return {};
    // Of several instructions in a row on the line, the first is where it begins.
    bool on_line = false;
    for (const auto& entry : source_->offsets.entries()) {
      const bool was_on_line = on_line;
      on_line = is_at_line(entry, line);
      if (on_line && !was_on_line) found.push_back(entry.module_offset);
    }
  } else if (lines_->code_offset) {
    found = lines_->dwarf.addresses(file, line);
    for (uint32_t& address : found) address += *lines_->code_offset;
  }
  return found;
}

}  // namespace cloche::symbols
