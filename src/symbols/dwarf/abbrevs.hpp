// Abbreviation tables (DWARF 5, 7.5.3): what the entries of .debug_info are made of.
#pragma once

#include <cstdint>
#include <vector>

#include "symbols/dwarf/sections.hpp"

namespace cloche::symbols::dwarf {

struct AttributeSpec {
  uint64_t name = 0;
  uint64_t form = 0;
  int64_t implicit = 0;
};

struct Abbrev {
  uint64_t code = 0;
  uint64_t tag = 0;
  bool has_children = false;
  uint32_t first = 0;  // among the table's attributes
  uint32_t count = 0;
};

class AbbrevTable {
 public:
  /// The table at an offset of .debug_abbrev, up to where it ends or is damaged.
  static AbbrevTable read(std::span<const uint8_t> section, uint64_t offset, Budget& budget);

  /// Null for a code that the table does not have.
  const Abbrev* find(uint64_t code) const;
  std::span<const AttributeSpec> attributes(const Abbrev& abbrev) const {
    return std::span(attributes_).subspan(abbrev.first, abbrev.count);
  }

 private:
  std::vector<Abbrev> abbrevs_;  // sorted by code
  std::vector<AttributeSpec> attributes_;
};

}  // namespace cloche::symbols::dwarf
