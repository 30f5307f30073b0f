#include "symbols/dwarf/dwarf.hpp"

#include <algorithm>
#include <limits>

#include "symbols/dwarf/constants.hpp"

namespace cloche::symbols::dwarf {
namespace {

uint32_t to_u32(uint64_t value) {
  return static_cast<uint32_t>(std::min<uint64_t>(value, std::numeric_limits<uint32_t>::max()));
}

bool covers(const AddressRange& range, uint32_t address) {
  return range.begin <= address && address < range.end;
}

bool before(const Dwarf::UnitRange& a, const Dwarf::UnitRange& b) {
  return a.range.begin != b.range.begin ? a.range.begin < b.range.begin : a.unit < b.unit;
}

/// Whether `file` is `name` or its last parts.
bool names_file(std::string_view name, std::string_view file) {
  if (!name.ends_with(file) || file.empty()) return false;
  return name.size() == file.size() || file.starts_with('/') || name[name.size() - file.size() - 1] == '/';
}

}  // namespace

Dwarf::Dwarf(Sections sections) : sections_(sections), budget_(sections.total_bytes()) {}

void Dwarf::find_units() {
  if (found_) return;
  found_ = true;
  for (uint64_t at = 0; at < sections_.info.size();) {
    uint64_t next = 0;
    if (auto unit = Unit::read(sections_, at, budget_, next)) units_.push_back(*std::move(unit));
    at = next;
  }
  index_ranges();
  if (units_.empty()) add_program_units();
}

void Dwarf::index_ranges() {
  for (size_t i = 0; i < units_.size(); ++i)
    for (const AddressRange& range : units_[i].ranges(units_[i].root(), budget_))
      ranges_.push_back({range, i});
  std::sort(ranges_.begin(), ranges_.end(), before);
}

// Line programs alone: each is a unit of its own, which covers what its rows cover.
void Dwarf::add_program_units() {
  for (uint64_t at = 0; at < sections_.line.size();) {
    Cursor cursor(sections_.line, at);
    enter_unit(cursor);
    if (!cursor.good()) break;
    const size_t unit = programs_.size();
    programs_.push_back(at);
    at = cursor.offset() + cursor.remaining();
    const auto& rows = load(unit).lines.rows();
    for (size_t i = 0; i + 1 < rows.size(); ++i)
      if (!rows[i].ends) ranges_.push_back({{rows[i].address, rows[i + 1].address}, unit});
  }
  std::sort(ranges_.begin(), ranges_.end(), before);
}

std::optional<size_t> Dwarf::unit_of(uint32_t address) {
  find_units();
  const auto after =
      std::upper_bound(ranges_.begin(), ranges_.end(), address,
                       [](uint32_t place, const UnitRange& item) { return place < item.range.begin; });
  // Ranges of units do not overlap in what linkers write; a few steps back do for those that touch.
  constexpr ptrdiff_t most_steps = 8;
  const auto first = ranges_.begin() + std::max<ptrdiff_t>(0, after - ranges_.begin() - most_steps);
  for (auto at = after; at != first;)
    if (--at; covers(at->range, address)) return at->unit;
  return std::nullopt;
}

const Dwarf::LoadedUnit& Dwarf::load(size_t index) {
  const auto [at, is_new] = loaded_.try_emplace(index);
  if (!is_new) return at->second;
  if (units_.empty()) {
    at->second.lines = LineTable::read(sections_, programs_[index], LineContext(), budget_);
  } else {
    at->second.lines = read_lines(units_[index]);
    at->second.scopes = read_scopes(units_[index]);
  }
  return at->second;
}

LineTable Dwarf::read_lines(const Unit& unit) {
  const FormValue& offset = unit.root().stmt_list;
  if (offset.kind == FormValue::Kind::none) return {};
  return LineTable::read(sections_, offset.number,
                         {unit.string(unit.root().comp_dir, budget_), unit.format(), unit.str_offsets_base()},
                         budget_);
}

std::vector<Dwarf::Scope> Dwarf::read_scopes(const Unit& unit) {
  std::vector<Scope> scopes;
  const AbbrevTable abbrevs = unit.abbrevs(budget_);
  Cursor cursor = unit.entries(unit.first_entry());
  // The nesting itself does not matter: of scopes that cover an address, outer ones come first.
  while (!cursor.at_end()) {
    const Entry entry = unit.read_entry(cursor, abbrevs, budget_);
    if (!cursor.good()) break;
    if (entry.tag == tag_subprogram || entry.tag == tag_inlined_subroutine)
      add_scope(scopes, unit, abbrevs, entry);
  }
  return scopes;
}

void Dwarf::add_scope(std::vector<Scope>& scopes, const Unit& unit, const AbbrevTable& abbrevs,
                      const Entry& entry) {
  Scope scope;
  scope.inlined = entry.tag == tag_inlined_subroutine;
  scope.call_file = entry.call_file.number;
  scope.call_line = to_u32(entry.call_line.number);
  scope.call_column = to_u32(entry.call_column.number);
  const std::vector<AddressRange> ranges = unit.ranges(entry, budget_);
  if (ranges.empty()) return;
  scope.name = name_of(unit, abbrevs, entry);
  for (const AddressRange& range : ranges) {
    scope.range = range;
    scopes.push_back(scope);
  }
}

// An entry without a name refers to one that has it; the declaration may be another step away.
std::string_view Dwarf::name_of(const Unit& unit, const AbbrevTable& abbrevs, const Entry& entry) {
  constexpr int most_steps = 4;
  Entry at = entry;
  for (int step = 0; step < most_steps; ++step) {
    for (const FormValue* name : {&at.name, &at.linkage_name})
      if (const std::string_view text = unit.string(*name, budget_); !text.empty()) return text;
    auto target = unit.target(at.origin);
    if (!target) target = unit.target(at.specification);
    if (!target || *target < unit.first_entry() || *target >= unit.end()) return {};
    Cursor cursor = unit.entries(*target);
    at = unit.read_entry(cursor, abbrevs, budget_);
    if (!cursor.good()) return {};
  }
  return {};
}

Place Dwarf::call_place(const LoadedUnit& loaded, const Scope& scope) const {
  return {loaded.lines.file_name(scope.call_file), scope.call_line, scope.call_column};
}

std::optional<SourceLocation> Dwarf::locate(uint32_t address) {
  const auto unit = unit_of(address);
  if (!unit) return std::nullopt;
  const LoadedUnit& loaded = load(*unit);
  const LineRow* const row = loaded.lines.find(address);
  if (row == nullptr || row->line == 0) return std::nullopt;
  SourceLocation location{{loaded.lines.file_name(row->file), row->line, row->column}, {}};
  constexpr size_t most_inlined = 64;  // nested; damaged sections can claim any number
  for (const Scope& scope : loaded.scopes)
    if (scope.inlined && covers(scope.range, address) && location.inlined.size() < most_inlined)
      location.inlined.push_back({std::string(scope.name), call_place(loaded, scope)});
  std::reverse(location.inlined.begin(), location.inlined.end());
  return location;
}

std::string Dwarf::function(uint32_t address) {
  const auto unit = unit_of(address);
  if (!unit) return {};
  for (const Scope& scope : load(*unit).scopes)
    if (!scope.inlined && covers(scope.range, address)) return std::string(scope.name);
  return {};
}

std::vector<uint32_t> Dwarf::addresses(std::string_view file, uint32_t line) {
  find_units();
  std::vector<uint32_t> found;
  const size_t count = units_.empty() ? programs_.size() : units_.size();
  for (size_t i = 0; i < count; ++i) {
    const LineTable& lines = load(i).lines;
    uint32_t last_line = 0;
    for (const LineRow& row : lines.rows()) {
      const bool begins = row.line == line && !row.ends && last_line != line;
      last_line = row.ends ? 0 : row.line;
      if (begins && names_file(lines.file_name(row.file), file)) found.push_back(row.address);
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace cloche::symbols::dwarf
