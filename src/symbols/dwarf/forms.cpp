#include "symbols/dwarf/forms.hpp"

#include "symbols/dwarf/constants.hpp"

namespace cloche::symbols::dwarf {
namespace {

using Kind = FormValue::Kind;

FormValue skip_block(Cursor& cursor, uint64_t size) {
  cursor.skip(size);
  return {};
}

}  // namespace

FormValue read_form(Cursor& cursor, uint64_t form, int64_t implicit, const UnitFormat& format) {
  const auto number = [&](Kind kind, unsigned size) { return FormValue{kind, cursor.fixed(size), {}}; };
  const auto leb = [&](Kind kind) { return FormValue{kind, cursor.uleb(), {}}; };
  // An indirect form names the one that follows; one that names another indirect one is nonsense.
  if (form == form_indirect) form = cursor.uleb();
  switch (form) {
    case form_addr:
      return number(Kind::address, format.address_size);
    case form_block1:
      return skip_block(cursor, cursor.u8());
    case form_block2:
      return skip_block(cursor, cursor.u16());
    case form_block4:
      return skip_block(cursor, cursor.u32());
    case form_block:
    case form_exprloc:
      return skip_block(cursor, cursor.uleb());
    case form_data1:
    case form_flag:
      return number(Kind::constant, 1);
    case form_data2:
      return number(Kind::constant, 2);
    case form_data4:
      return number(Kind::constant, 4);
    case form_data8:
      return number(Kind::constant, 8);
    case form_data16:
      return skip_block(cursor, 16);
    case form_udata:
      return leb(Kind::constant);
    case form_sdata:
      return {Kind::constant, static_cast<uint64_t>(cursor.sleb()), {}};
    case form_implicit_const:
      return {Kind::constant, static_cast<uint64_t>(implicit), {}};
    case form_flag_present:
      return {Kind::constant, 1, {}};
    case form_string:
      return {Kind::text, 0, cursor.c_string()};
    case form_strp:
      return number(Kind::str_offset, format.offset_size);
    case form_line_strp:
      return number(Kind::line_str_offset, format.offset_size);
    case form_strp_sup:
    case form_gnu_strp_alt:
    case form_gnu_ref_alt:
      return skip_block(cursor, format.offset_size);
    case form_sec_offset:
      return number(Kind::section_offset, format.offset_size);
    case form_ref1:
      return number(Kind::unit_ref, 1);
    case form_ref2:
      return number(Kind::unit_ref, 2);
    case form_ref4:
      return number(Kind::unit_ref, 4);
    case form_ref8:
      return number(Kind::unit_ref, 8);
    case form_ref_udata:
      return leb(Kind::unit_ref);
    case form_ref_addr:
      return number(Kind::info_ref, format.version <= 2 ? format.address_size : format.offset_size);
    case form_ref_sig8:
      return skip_block(cursor, 8);
    case form_ref_sup4:
      return skip_block(cursor, 4);
    case form_ref_sup8:
      return skip_block(cursor, 8);
    case form_strx:
      return leb(Kind::string_index);
    case form_strx1:
      return number(Kind::string_index, 1);
    case form_strx2:
      return number(Kind::string_index, 2);
    case form_strx3:
      return number(Kind::string_index, 3);
    case form_strx4:
      return number(Kind::string_index, 4);
    case form_addrx:
      return leb(Kind::address_index);
    case form_addrx1:
      return number(Kind::address_index, 1);
    case form_addrx2:
      return number(Kind::address_index, 2);
    case form_addrx3:
      return number(Kind::address_index, 3);
    case form_addrx4:
      return number(Kind::address_index, 4);
    case form_loclistx:
      cursor.uleb();
      return {};
    case form_rnglistx:
      return leb(Kind::range_list_index);
    default:
      cursor.fail();
      return {};
  }
}

std::string_view string_of(const FormValue& value, const Sections& sections, const UnitFormat& format,
                           uint64_t str_offsets_base, Budget& budget) {
  std::string_view text;
  if (value.kind == Kind::text) text = value.text;
  if (value.kind == Kind::str_offset) text = string_at(sections.str, value.number);
  if (value.kind == Kind::line_str_offset) text = string_at(sections.line_str, value.number);
  if (value.kind == Kind::string_index && value.number <= sections.str_offsets.size()) {
    Cursor entry(sections.str_offsets, str_offsets_base);
    entry.skip(value.number * format.offset_size);
    const uint64_t offset = entry.fixed(format.offset_size);
    if (entry.good()) text = string_at(sections.str, offset);
  }
  return budget.spend(1 + text.size() / 8) ? text : std::string_view();
}

}  // namespace cloche::symbols::dwarf
