// Units of .debug_info (DWARF 5, 7.5): their headers, their entries, and what attributes mean within them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "symbols/dwarf/abbrevs.hpp"
#include "symbols/dwarf/forms.hpp"

namespace cloche::symbols::dwarf {

/// [begin, end) in the contents of the code section.
struct AddressRange {
  uint64_t begin = 0;
  uint64_t end = 0;
};

/// The attributes of an entry that anybody here asks for.
struct Entry {
  uint64_t offset = 0;  // in .debug_info
  uint64_t tag = 0;     // 0: the end of a list of siblings
  bool has_children = false;
  FormValue name, linkage_name, low_pc, high_pc, ranges, origin, specification;
  FormValue call_file, call_line, call_column;
  FormValue comp_dir, stmt_list, str_offsets_base, addr_base, rnglists_base;
};

/// A unit: its header and what its first entry says about all of it.
class Unit {
 public:
  /// The unit at an offset of .debug_info. Nothing when its header is damaged or of an unknown version;
  /// `next` is then still the offset of the unit behind it if that is known, else the section's end.
  static std::optional<Unit> read(const Sections& sections, uint64_t offset, Budget& budget, uint64_t& next);

  const Entry& root() const { return root_; }
  uint64_t offset() const { return offset_; }
  uint64_t end() const { return end_; }
  const UnitFormat& format() const { return format_; }
  uint64_t str_offsets_base() const { return str_offsets_base_; }
  AbbrevTable abbrevs(Budget& budget) const {
    return AbbrevTable::read(sections_->abbrev, abbrev_offset_, budget);
  }

  /// A cursor over the entries, from an offset of .debug_info on.
  Cursor entries(uint64_t from) const;
  uint64_t first_entry() const { return first_entry_; }
  /// The entry at the cursor, which moves behind it. A damaged one fails the cursor.
  Entry read_entry(Cursor& cursor, const AbbrevTable& abbrevs, Budget& budget) const;

  std::string_view string(const FormValue& value, Budget& budget) const {
    return string_of(value, *sections_, format_, str_offsets_base_, budget);
  }
  /// The ranges of addresses that an entry covers. Those that the linker dropped are left out.
  std::vector<AddressRange> ranges(const Entry& entry, Budget& budget) const;
  /// The offset in .debug_info of the entry that a reference names.
  std::optional<uint64_t> target(const FormValue& reference) const;

 private:
  std::optional<uint64_t> address(const FormValue& value) const;
  std::optional<uint64_t> indexed_address(uint64_t index) const;
  void add_range(std::vector<AddressRange>& ranges, uint64_t begin, uint64_t end) const;
  void read_ranges(std::vector<AddressRange>& ranges, uint64_t offset, Budget& budget) const;
  void read_range_list(std::vector<AddressRange>& ranges, uint64_t offset, Budget& budget) const;
  uint64_t range_list_offset(uint64_t index) const;

  const Sections* sections_ = nullptr;
  uint64_t offset_ = 0;
  uint64_t first_entry_ = 0;
  uint64_t end_ = 0;
  uint64_t abbrev_offset_ = 0;
  uint64_t str_offsets_base_ = 0;
  uint64_t addr_base_ = 0;
  uint64_t rnglists_base_ = 0;
  uint64_t base_address_ = 0;
  UnitFormat format_;
  Entry root_;
};

}  // namespace cloche::symbols::dwarf
