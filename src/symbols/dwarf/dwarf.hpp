// What a module's DWARF says about its instructions. Addresses are offsets in the contents of the code
// section (tool conventions, "DWARF for WebAssembly"). Everything is read when it is first asked for; what is
// malformed or asks for too much work is unknown, never an error.
#pragma once

#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "symbols/dwarf/line_table.hpp"
#include "symbols/dwarf/unit.hpp"
#include "symbols/place.hpp"

namespace cloche::symbols::dwarf {

/// Not thread-safe. Views the module's bytes.
class Dwarf {
 public:
  /// A part of what a unit covers.
  struct UnitRange {
    AddressRange range;
    size_t unit = 0;
  };

  explicit Dwarf(Sections sections);
  Dwarf(const Dwarf&) = delete;  // units point to the sections
  Dwarf& operator=(const Dwarf&) = delete;

  /// The line of an address and the functions that were inlined there.
  std::optional<SourceLocation> locate(uint32_t address);
  /// Name of the function that covers an address; empty when unknown.
  std::string function(uint32_t address);
  /// Addresses at which a line begins, in order. `file` is the whole name or its last parts.
  std::vector<uint32_t> addresses(std::string_view file, uint32_t line);

 private:
  /// A function or an inlined one, over one range.
  struct Scope {
    AddressRange range;
    bool inlined = false;
    std::string_view name;
    uint64_t call_file = 0;
    uint32_t call_line = 0;
    uint32_t call_column = 0;
  };
  struct LoadedUnit {
    LineTable lines;
    std::vector<Scope> scopes;  // an outer one before those within it
  };
  void find_units();
  void index_ranges();
  void add_program_units();
  std::optional<size_t> unit_of(uint32_t address);
  const LoadedUnit& load(size_t unit);
  LineTable read_lines(const Unit& unit);
  std::vector<Scope> read_scopes(const Unit& unit);
  void add_scope(std::vector<Scope>& scopes, const Unit& unit, const AbbrevTable& abbrevs,
                 const Entry& entry);
  std::string_view name_of(const Unit& unit, const AbbrevTable& abbrevs, const Entry& entry);
  Place call_place(const LoadedUnit& loaded, const Scope& scope) const;

  Sections sections_;
  Budget budget_;
  bool found_ = false;
  std::vector<Unit> units_;
  std::vector<uint64_t> programs_;  // of a module without .debug_info: offsets of its line programs
  std::vector<UnitRange> ranges_;   // sorted by begin
  std::map<size_t, LoadedUnit> loaded_;
};

}  // namespace cloche::symbols::dwarf
