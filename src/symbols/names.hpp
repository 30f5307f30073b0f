// What the parts of a module are called: by the name section, else by an export, else by an import.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "binary/names.hpp"
#include "wasm/module.hpp"

namespace cloche::symbols {

/// The index spaces whose members can have names.
enum class Space : uint8_t { func, table, mem, global, tag, type, elem, data };
inline constexpr size_t space_count = 8;

/// Where a name came from.
enum class NameSource : uint8_t { none, name_section, export_, import };

struct Name {
  std::string_view text;    // of an import: the field's name
  std::string_view module;  // of an import
  NameSource source = NameSource::none;

  bool empty() const { return source == NameSource::none; }
  /// The name; "module.field" for an import.
  std::string to_string() const;
};

/// All names of a module, decoded at once. Views of the module's bytes; the module must outlive it. Looking
/// up is logarithmic.
class Names {
 public:
  explicit Names(const wasm::Module& module);

  Name find(Space space, uint32_t index) const;
  /// The name as to_string has it, or "KIND INDEX" ("function 3") where there is none.
  std::string describe(Space space, uint32_t index) const;
  /// The module's own name, or empty.
  std::string_view module() const { return section_.module.value_or(std::string_view()); }
  /// Names within functions and types, or empty.
  std::string_view local(uint32_t func, uint32_t local) const { return inner(section_.locals, func, local); }
  std::string_view label(uint32_t func, uint32_t label) const { return inner(section_.labels, func, label); }
  std::string_view field(uint32_t type, uint32_t field) const { return inner(section_.fields, type, field); }
  /// The index of the first function, or another item, of that name; nothing when there is none.
  std::optional<uint32_t> find_index(Space space, std::string_view name) const;

 private:
  struct Import {
    std::string_view module;
    std::string_view name;
  };
  static std::string_view inner(const binary::IndirectNameMap& names, uint32_t outer, uint32_t inner);
  const binary::NameMap& section_names(Space space) const;

  binary::NameSection section_;
  std::array<binary::NameMap, 5> exports_;      // by ExternKind: the first export of each item
  std::array<std::vector<Import>, 5> imports_;  // by ExternKind
};

/// "function", "table", … for people.
std::string_view space_name(Space space);

}  // namespace cloche::symbols
