// Binary modules that cannot be decoded: which section, and the bytes around the place.
#include <algorithm>
#include <array>
#include <optional>

#include "binary/reader.hpp"
#include "diagnostics/explain.hpp"

namespace cloche::diagnostics {

using wasm::ErrorCode;

namespace {

constexpr std::array<std::string_view, 14> section_names = {
    "custom", "type",  "import",  "function", "table", "memory",     "global",
    "export", "start", "element", "code",     "data",  "data count", "tag"};

struct Section {
  uint8_t id = 0;
  uint64_t begin = 0;  // of its id
  uint64_t contents = 0;
  uint64_t size = 0;
};

/// The section that an offset lies in, by the sizes that sections have of themselves.
std::optional<Section> section_at(std::span<const uint8_t> bytes, uint64_t offset) {
  constexpr size_t header_size = 8;
  if (bytes.size() <= header_size) return std::nullopt;
  binary::Reader reader(bytes, header_size, bytes.size());
  std::optional<Section> last;
  while (!reader.at_end()) {
    Section section;
    section.begin = reader.offset();
    if (section.begin > offset) break;
    section.id = *reader.u8();
    const auto size = reader.u32();
    section.contents = reader.offset();
    section.size = size ? *size : 0;
    last = section;
    const uint64_t end = section.contents + section.size;
    if (!size || end > bytes.size() || end > offset) break;
    reader = binary::Reader(bytes, end, bytes.size());
  }
  return last;
}

void explain(std::span<const uint8_t> bytes, const wasm::Error& error, Diagnostic& diagnostic) {
  const auto note = [&](std::string text) { diagnostic.notes.push_back(std::move(text)); };
  switch (error.code) {
    case ErrorCode::magic_header:
      note("a binary module begins with the four bytes 00 61 73 6d, which is \"\\0asm\"");
      if (!bytes.empty() && (bytes[0] == '(' || bytes[0] == ';' || bytes[0] == ' ' || bytes[0] == '\n'))
        diagnostic.helps.push_back(
            {"this looks like the text format: wat2wasm makes a binary module of it", {}});
      else if (bytes.size() >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B)
        diagnostic.helps.push_back({"this is compressed by gzip; unpack it first", {}});
      else if (bytes.size() >= 4 && bytes[0] == 0x7F && bytes[1] == 'E' && bytes[2] == 'L' && bytes[3] == 'F')
        diagnostic.helps.push_back(
            {"this is an ELF file: a program for this machine, not a WebAssembly module", {}});
      return;
    case ErrorCode::unknown_binary_version:
      note("the version of modules is 1: 01 00 00 00 behind the first four bytes");
      if (bytes.size() >= 8 && bytes[6] == 1)
        diagnostic.helps.push_back({"this is a component, not a module; what it contains are modules", {}});
      return;
    case ErrorCode::unexpected_end:
    case ErrorCode::length_out_of_bounds:
    case ErrorCode::unexpected_end_of_section:
      note("the file says that more follows than there is: it may have been cut off");
      return;
    case ErrorCode::integer_too_long:
    case ErrorCode::integer_too_large:
      note("numbers are in LEB128, seven bits a byte; this one goes on for longer than its type has bits");
      return;
    case ErrorCode::feature_disabled:
      diagnostic.helps.push_back({"--feature " + error.detail + " switches it on", {}});
      return;
    case ErrorCode::func_code_mismatch:
      note("the function section gives the types of as many functions as the code section has bodies");
      return;
    case ErrorCode::unexpected_section:
      note(
          "sections stand in a fixed order, and each of them once: type, import, function, table, memory, "
          "tag, global, "
          "export, start, element, data count, code, data; custom sections may stand anywhere");
      return;
    case ErrorCode::section_size_mismatch:
      note("what was read in the section does not end where its size says that it does");
      return;
    default:
      return;
  }
}

}  // namespace

Diagnostic explain_malformed(std::span<const uint8_t> bytes, const wasm::Error& error) {
  Diagnostic diagnostic;
  diagnostic.code = error.code;
  diagnostic.message = error.message();
  if (error.offset != wasm::no_offset) {
    diagnostic.span = {error.offset, error.offset + 1};
    diagnostic.listing = Subject::byte_listing(bytes, error.offset);
    if (const auto section = section_at(bytes, error.offset); section && section->id < section_names.size())
      diagnostic.notes.push_back("in the " + std::string(section_names[section->id]) +
                                 " section, which begins at byte " + std::to_string(section->begin) +
                                 " and says that it has " + std::to_string(section->size) +
                                 (section->size == 1 ? " byte" : " bytes"));
  }
  if (error.offset >= bytes.size()) diagnostic.label = "the file ends here";
  explain(bytes, error, diagnostic);
  return diagnostic;
}

}  // namespace cloche::diagnostics
