#include "symbols/dwarf/unit.hpp"

#include "symbols/dwarf/constants.hpp"

namespace cloche::symbols::dwarf {
namespace {

using Kind = FormValue::Kind;

/// Unit types that carry an additional number before their entries (DWARF 5, 7.5.1).
constexpr uint8_t unit_type_type = 2;
constexpr uint8_t unit_type_skeleton = 4;
constexpr uint8_t unit_type_split = 5;
constexpr uint8_t unit_type_split_type = 6;

FormValue* member_for(Entry& entry, uint64_t attribute) {
  switch (attribute) {
    case at_name:
      return &entry.name;
    case at_linkage_name:
    case at_mips_linkage_name:
      return &entry.linkage_name;
    case at_low_pc:
      return &entry.low_pc;
    case at_high_pc:
      return &entry.high_pc;
    case at_ranges:
      return &entry.ranges;
    case at_abstract_origin:
      return &entry.origin;
    case at_specification:
      return &entry.specification;
    case at_call_file:
      return &entry.call_file;
    case at_call_line:
      return &entry.call_line;
    case at_call_column:
      return &entry.call_column;
    case at_comp_dir:
      return &entry.comp_dir;
    case at_stmt_list:
      return &entry.stmt_list;
    case at_str_offsets_base:
      return &entry.str_offsets_base;
    case at_addr_base:
      return &entry.addr_base;
    case at_rnglists_base:
      return &entry.rnglists_base;
    default:
      return nullptr;
  }
}

}  // namespace

std::optional<Unit> Unit::read(const Sections& sections, uint64_t offset, Budget& budget, uint64_t& next) {
  Unit unit;
  unit.sections_ = &sections;
  unit.offset_ = offset;
  Cursor cursor(sections.info, offset);
  unit.format_.offset_size = static_cast<uint8_t>(enter_unit(cursor));
  next = unit.end_ = cursor.good() ? cursor.offset() + cursor.remaining() : sections.info.size();
  unit.format_.version = cursor.u16();
  uint8_t type = 0;
  if (unit.format_.version >= 5) {
    type = cursor.u8();
    unit.format_.address_size = cursor.u8();
    unit.abbrev_offset_ = cursor.fixed(unit.format_.offset_size);
  } else {
    unit.abbrev_offset_ = cursor.fixed(unit.format_.offset_size);
    unit.format_.address_size = cursor.u8();
  }
  if (type == unit_type_skeleton || type == unit_type_split) cursor.skip(8);
  if (type == unit_type_type || type == unit_type_split_type)
    cursor.skip(8 + uint64_t{unit.format_.offset_size});
  const bool known = unit.format_.version >= 2 && unit.format_.version <= 5 && unit.format_.address_size <= 8;
  if (!cursor.good() || !known) return std::nullopt;
  unit.first_entry_ = cursor.offset();
  unit.root_ = unit.read_entry(cursor, unit.abbrevs(budget), budget);
  if (!cursor.good()) return std::nullopt;
  unit.str_offsets_base_ = unit.root_.str_offsets_base.number;
  unit.addr_base_ = unit.root_.addr_base.number;
  unit.rnglists_base_ = unit.root_.rnglists_base.number;
  unit.base_address_ = unit.address(unit.root_.low_pc).value_or(0);
  return unit;
}

Cursor Unit::entries(uint64_t from) const {
  Cursor cursor(sections_->info, from);
  cursor.limit(end_);
  return cursor;
}

Entry Unit::read_entry(Cursor& cursor, const AbbrevTable& abbrevs, Budget& budget) const {
  Entry entry;
  entry.offset = cursor.offset();
  const uint64_t code = cursor.uleb();
  if (code == 0) return entry;
  const Abbrev* const abbrev = abbrevs.find(code);
  if (abbrev == nullptr || !budget.spend(1 + abbrev->count)) {
    cursor.fail();
    return entry;
  }
  entry.tag = abbrev->tag;
  entry.has_children = abbrev->has_children;
  for (const AttributeSpec& spec : abbrevs.attributes(*abbrev)) {
    const FormValue value = read_form(cursor, spec.form, spec.implicit, format_);
    if (FormValue* const member = member_for(entry, spec.name)) *member = value;
  }
  return entry;
}

std::optional<uint64_t> Unit::indexed_address(uint64_t index) const {
  if (index > sections_->addr.size()) return std::nullopt;
  Cursor cursor(sections_->addr, addr_base_);
  cursor.skip(index * format_.address_size);
  const uint64_t address = cursor.fixed(format_.address_size);
  return cursor.good() ? std::optional(address) : std::nullopt;
}

std::optional<uint64_t> Unit::address(const FormValue& value) const {
  if (value.kind == Kind::address) return value.number;
  if (value.kind == Kind::address_index) return indexed_address(value.number);
  return std::nullopt;
}

std::optional<uint64_t> Unit::target(const FormValue& reference) const {
  if (reference.kind == Kind::unit_ref) return offset_ + reference.number;
  if (reference.kind == Kind::info_ref) return reference.number;
  return std::nullopt;
}

void Unit::add_range(std::vector<AddressRange>& ranges, uint64_t begin, uint64_t end) const {
  // Offsets in the code section begin behind its count; dropped functions are at 0, or beyond all code.
  if (begin != 0 && begin < end && end <= 0xFFFFFFFD) ranges.push_back({begin, end});
}

std::vector<AddressRange> Unit::ranges(const Entry& entry, Budget& budget) const {
  std::vector<AddressRange> ranges;
  if (entry.ranges.kind == Kind::section_offset || entry.ranges.kind == Kind::constant) {
    if (format_.version >= 5)
      read_range_list(ranges, entry.ranges.number, budget);
    else
      read_ranges(ranges, entry.ranges.number, budget);
  } else if (entry.ranges.kind == Kind::range_list_index) {
    read_range_list(ranges, range_list_offset(entry.ranges.number), budget);
  } else if (const auto low = address(entry.low_pc)) {
    // A constant is a size, an address an address (DWARF 5, 2.17.2).
    const auto high = address(entry.high_pc);
    const uint64_t size = entry.high_pc.kind == Kind::constant ? entry.high_pc.number : 0;
    add_range(ranges, *low, high ? *high : *low + size);
  }
  return ranges;
}

// DWARF 4, 2.17.3.
void Unit::read_ranges(std::vector<AddressRange>& ranges, uint64_t offset, Budget& budget) const {
  Cursor cursor(sections_->ranges, offset);
  const uint64_t largest =
      format_.address_size >= 8 ? ~uint64_t{0} : (uint64_t{1} << (8 * format_.address_size)) - 1;
  uint64_t base = base_address_;
  while (budget.spend()) {
    const uint64_t begin = cursor.fixed(format_.address_size);
    const uint64_t end = cursor.fixed(format_.address_size);
    if (!cursor.good() || (begin == 0 && end == 0)) return;
    if (begin == largest)
      base = end;
    else
      add_range(ranges, base + begin, base + end);
  }
}

uint64_t Unit::range_list_offset(uint64_t index) const {
  if (index > sections_->rnglists.size()) return ~uint64_t{0};
  Cursor cursor(sections_->rnglists, rnglists_base_);
  cursor.skip(index * format_.offset_size);
  const uint64_t offset = cursor.fixed(format_.offset_size);
  return cursor.good() ? rnglists_base_ + offset : ~uint64_t{0};
}

// DWARF 5, 2.17.3.
void Unit::read_range_list(std::vector<AddressRange>& ranges, uint64_t offset, Budget& budget) const {
  Cursor cursor(sections_->rnglists, offset);
  uint64_t base = base_address_;
  const auto indexed = [&] { return indexed_address(cursor.uleb()).value_or(0); };
  while (cursor.good() && budget.spend()) {
    switch (cursor.u8()) {
      case rle_base_addressx:
        base = indexed();
        break;
      case rle_base_address:
        base = cursor.fixed(format_.address_size);
        break;
      case rle_startx_endx: {
        const uint64_t begin = indexed();
        add_range(ranges, begin, indexed());
        break;
      }
      case rle_startx_length: {
        const uint64_t begin = indexed();
        add_range(ranges, begin, begin + cursor.uleb());
        break;
      }
      case rle_offset_pair: {
        const uint64_t begin = cursor.uleb();
        add_range(ranges, base + begin, base + cursor.uleb());
        break;
      }
      case rle_start_end: {
        const uint64_t begin = cursor.fixed(format_.address_size);
        add_range(ranges, begin, cursor.fixed(format_.address_size));
        break;
      }
      case rle_start_length: {
        const uint64_t begin = cursor.fixed(format_.address_size);
        add_range(ranges, begin, begin + cursor.uleb());
        break;
      }
      default:
        return;
    }
  }
}

}  // namespace cloche::symbols::dwarf
