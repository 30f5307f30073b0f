// Attribute values (DWARF 5, 7.5): reading the forms, and what an attribute means when read in its unit.
#pragma once

#include <cstdint>
#include <string_view>

#include "symbols/dwarf/cursor.hpp"
#include "symbols/dwarf/sections.hpp"

namespace cloche::symbols::dwarf {

/// What every form in a unit depends on.
struct UnitFormat {
  uint16_t version = 4;
  uint8_t address_size = 4;
  uint8_t offset_size = 4;
};

/// A value before it is looked up anywhere.
struct FormValue {
  enum class Kind : uint8_t {
    none,
    constant,          // number
    address,           // number
    address_index,     // number, in .debug_addr
    text,              // text
    str_offset,        // number, in .debug_str
    line_str_offset,   // number, in .debug_line_str
    string_index,      // number, in .debug_str_offsets
    section_offset,    // number
    range_list_index,  // number, in .debug_rnglists
    unit_ref,          // number, offset from the unit's start
    info_ref,          // number, offset in .debug_info
  } kind = Kind::none;
  uint64_t number = 0;
  std::string_view text;
};

/// Reads a value of the form; `implicit` is the constant that stands with DW_FORM_implicit_const in the
/// abbreviation. An unknown form fails the cursor, since nobody knows its size.
FormValue read_form(Cursor& cursor, uint64_t form, int64_t implicit, const UnitFormat& format);

/// The string that a value is or refers to; strings by index need the start of the unit's own offsets in
/// .debug_str_offsets. Empty for other values, and where nothing is there. Pays for the string's length.
std::string_view string_of(const FormValue& value, const Sections& sections, const UnitFormat& format,
                           uint64_t str_offsets_base, Budget& budget);

}  // namespace cloche::symbols::dwarf
