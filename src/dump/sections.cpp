#include "dump/sections.hpp"

#include <array>

#include "binary/decoder.hpp"

namespace cloche::dump {
namespace {

using binary::Reader;
using wasm::ErrorCode;
using wasm::Result;

constexpr std::array<std::string_view, binary::last_section_id + 1> kinds = {
    "Custom", "Type",  "Import", "Function", "Table", "Memory",    "Global",
    "Export", "Start", "Elem",   "Code",     "Data",  "DataCount", "Tag"};

Result<void> read_header(Reader& reader, std::span<const uint8_t> module) {
  if (module.size() < 4) return wasm::fail(ErrorCode::unexpected_end, module.size());
  if (!binary::has_magic(module)) return wasm::fail(ErrorCode::magic_header, 0);
  reader.advance(4);
  if (module.size() < 8) return wasm::fail(ErrorCode::unexpected_end, module.size());
  const uint32_t version = TRY(reader.fixed<uint32_t>());
  if (version == 1) return {};
  return wasm::fail(ErrorCode::unknown_binary_version, 4, std::to_string(version));
}

class Finder {
 public:
  Finder(std::span<const uint8_t> module, std::vector<Problem>& problems)
      : reader_(module), module_(module), problems_(problems) {}

  std::vector<Section> find() {
    Result<void> read = read_header(reader_, module_);
    while (read && !reader_.at_end()) read = read_section();
    if (!read) problems_.push_back({std::move(read).error()});
    return std::move(sections_);
  }

 private:
  Result<void> read_section() {
    Section section;
    section.start = static_cast<uint32_t>(reader_.offset());
    section.id = TRY(reader_.u8());
    uint32_t size = TRY(reader_.u32());
    if (size > reader_.remaining()) {
      note(ErrorCode::length_out_of_bounds, section.start,
           std::to_string(size) + " with " + std::to_string(reader_.remaining()) + " bytes left");
      size = static_cast<uint32_t>(reader_.remaining());
    }
    section.payload = binary::byte_range(reader_.offset(), reader_.offset() + size);
    Reader payload = reader_.sub(size);
    reader_.advance(size);
    add(section, payload);
    return {};
  }

  void add(Section section, Reader& payload) {
    if (section.id > binary::last_section_id)
      return note(ErrorCode::malformed_section_id, section.start, std::to_string(section.id));
    if (section.id == binary::custom_section) {
      auto name = payload.name();
      if (!name) return problems_.push_back({std::move(name).error()});
      section.name = *name;
      section.name_end = static_cast<uint32_t>(payload.offset());
    } else {
      check_order(section);
    }
    sections_.push_back(section);
  }

  void check_order(const Section& section) {
    const uint8_t order = binary::section_order(section.id);
    if (order <= last_order_)
      note(ErrorCode::unexpected_section, section.start, "section " + std::string(section_kind(section.id)));
    last_order_ = order;
  }

  void note(ErrorCode code, size_t offset, std::string detail) {
    problems_.push_back({wasm::Error{code, offset, std::move(detail)}});
  }

  Reader reader_;
  std::span<const uint8_t> module_;
  std::vector<Problem>& problems_;
  std::vector<Section> sections_;
  uint8_t last_order_ = 0;
};

}  // namespace

std::string_view section_kind(uint8_t id) { return kinds[id]; }

std::string_view section_title(const Section& section) {
  return section.id == binary::custom_section ? section.name : section_kind(section.id);
}

std::vector<Section> find_sections(std::span<const uint8_t> module, std::vector<Problem>& problems) {
  return Finder(module, problems).find();
}

}  // namespace cloche::dump
