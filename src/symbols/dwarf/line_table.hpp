// The line number information of one unit (DWARF 5, 6.2): which line every address belongs to.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "symbols/dwarf/forms.hpp"
#include "symbols/place.hpp"

namespace cloche::symbols::dwarf {

/// What a line program needs from the unit that names it.
struct LineContext {
  std::string_view comp_dir;
  UnitFormat format;
  uint64_t str_offsets_base = 0;
};

/// From this address up to the next row's: a line of a file.
struct LineRow {
  uint32_t address = 0;
  uint32_t file = 0;
  uint32_t line = 0;
  uint16_t column = 0;
  bool ends = false;  // nothing is known from this address on
};

/// A unit's line table. Names are views of the sections.
class LineTable {
 public:
  /// Reads the program at an offset of .debug_line. Of a malformed one what was read before the damage stays.
  static LineTable read(const Sections& sections, uint64_t offset, const LineContext& context,
                        Budget& budget);

  /// The row that covers an address, relative to the contents of the code section.
  const LineRow* find(uint32_t address) const;
  /// The file of a row, with its directory; empty when there is none of that number.
  std::string file_name(uint64_t file) const;
  /// Rows in order of address.
  const std::vector<LineRow>& rows() const { return rows_; }

 private:
  friend class LineReader;
  struct File {
    std::string_view name;
    uint64_t directory = 0;
  };
  std::vector<std::string_view> directories_;
  std::vector<File> files_;
  std::string_view comp_dir_;
  uint16_t version_ = 0;
  std::vector<LineRow> rows_;
};

}  // namespace cloche::symbols::dwarf
