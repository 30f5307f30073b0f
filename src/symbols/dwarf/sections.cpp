#include "symbols/dwarf/sections.hpp"

namespace cloche::symbols::dwarf {
namespace {

struct Named {
  std::string_view name;
  std::span<const uint8_t> Sections::* member;
};
constexpr Named names[] = {
    {".debug_info", &Sections::info},         {".debug_abbrev", &Sections::abbrev},
    {".debug_line", &Sections::line},         {".debug_str", &Sections::str},
    {".debug_line_str", &Sections::line_str}, {".debug_str_offsets", &Sections::str_offsets},
    {".debug_addr", &Sections::addr},         {".debug_ranges", &Sections::ranges},
    {".debug_rnglists", &Sections::rnglists},
};

}  // namespace

Sections find_sections(const wasm::Module& module) {
  Sections sections;
  for (const wasm::CustomSection& custom : module.customs)
    for (const Named& named : names)
      if (custom.name == named.name && (sections.*named.member).empty())
        sections.*named.member = module.slice(custom.contents);
  return sections;
}

std::string_view string_at(std::span<const uint8_t> section, uint64_t offset) {
  Cursor cursor(section, offset);
  return cursor.c_string();
}

unsigned enter_unit(Cursor& cursor) {
  unsigned offset_size = 4;
  uint64_t length = cursor.u32();
  if (length == 0xFFFFFFFF) {
    offset_size = 8;
    length = cursor.fixed(8);
  } else if (length >= 0xFFFFFFF0) {
    cursor.fail();
  }
  if (length > cursor.remaining()) {
    cursor.fail();
    return offset_size;
  }
  cursor.limit(cursor.offset() + length);
  return offset_size;
}

}  // namespace cloche::symbols::dwarf
