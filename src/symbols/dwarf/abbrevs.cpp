#include "symbols/dwarf/abbrevs.hpp"

#include <algorithm>

#include "symbols/dwarf/constants.hpp"

namespace cloche::symbols::dwarf {

AbbrevTable AbbrevTable::read(std::span<const uint8_t> section, uint64_t offset, Budget& budget) {
  AbbrevTable table;
  Cursor cursor(section, offset);
  while (budget.spend()) {
    Abbrev abbrev;
    abbrev.code = cursor.uleb();
    if (abbrev.code == 0) break;
    abbrev.tag = cursor.uleb();
    abbrev.has_children = cursor.u8() != 0;
    abbrev.first = static_cast<uint32_t>(table.attributes_.size());
    while (budget.spend()) {
      AttributeSpec spec{cursor.uleb(), cursor.uleb(), 0};
      if (spec.form == form_implicit_const) spec.implicit = cursor.sleb();
      if (!cursor.good() || (spec.name == 0 && spec.form == 0)) break;
      table.attributes_.push_back(spec);
    }
    if (!cursor.good()) break;
    abbrev.count = static_cast<uint32_t>(table.attributes_.size()) - abbrev.first;
    table.abbrevs_.push_back(abbrev);
  }
  const auto by_code = [](const Abbrev& a, const Abbrev& b) {
    return a.code != b.code ? a.code < b.code : a.first < b.first;
  };
  std::sort(table.abbrevs_.begin(), table.abbrevs_.end(), by_code);
  return table;
}

const Abbrev* AbbrevTable::find(uint64_t code) const {
  const auto at =
      std::lower_bound(abbrevs_.begin(), abbrevs_.end(), code,
                       [](const Abbrev& abbrev, uint64_t wanted) { return abbrev.code < wanted; });
  return at != abbrevs_.end() && at->code == code ? &*at : nullptr;
}

}  // namespace cloche::symbols::dwarf
