#include "symbols/names.hpp"

#include <algorithm>

namespace cloche::symbols {
namespace {

/// The kind of import and export that an index space has; the first five spaces have one.
constexpr std::array<wasm::ExternKind, 5> kinds = {wasm::ExternKind::func, wasm::ExternKind::table,
                                                   wasm::ExternKind::mem, wasm::ExternKind::global,
                                                   wasm::ExternKind::tag};
bool has_kind(Space space) { return static_cast<size_t>(space) < kinds.size(); }
size_t kind_index(Space space) { return static_cast<size_t>(kinds[static_cast<size_t>(space)]); }

// The names of one item stand in the module's order: their views point into its bytes.
bool before(const binary::NameAssoc& a, const binary::NameAssoc& b) {
  return a.index != b.index ? a.index < b.index : a.name.data() < b.name.data();
}

}  // namespace

std::string_view space_name(Space space) {
  constexpr std::array<std::string_view, space_count> words = {
      "function", "table", "memory", "global", "tag", "type", "element segment", "data segment"};
  return words[static_cast<size_t>(space)];
}

std::string Name::to_string() const {
  if (source != NameSource::import) return std::string(text);
  return std::string(module).append(".").append(text);
}

Names::Names(const wasm::Module& module) : section_(binary::decode_names(module)) {
  for (const wasm::Export& item : module.exports)
    exports_[static_cast<size_t>(item.kind)].push_back({item.index, item.name});
  for (binary::NameMap& names : exports_) std::sort(names.begin(), names.end(), before);
  for (const wasm::Import& import : module.imports)
    imports_[static_cast<size_t>(import.kind)].push_back({import.module, import.name});
}

const binary::NameMap& Names::section_names(Space space) const {
  switch (space) {
    case Space::func:
      return section_.funcs;
    case Space::table:
      return section_.tables;
    case Space::mem:
      return section_.mems;
    case Space::global:
      return section_.globals;
    case Space::tag:
      return section_.tags;
    case Space::type:
      return section_.types;
    case Space::elem:
      return section_.elems;
    case Space::data:
      return section_.datas;
  }
  return section_.funcs;
}

Name Names::find(Space space, uint32_t index) const {
  if (const auto name = binary::find_name(section_names(space), index))
    return {*name, {}, NameSource::name_section};
  if (!has_kind(space)) return {};
  const binary::NameMap& names = exports_[kind_index(space)];
  const auto at =
      std::lower_bound(names.begin(), names.end(), index,
                       [](const binary::NameAssoc& a, uint32_t wanted) { return a.index < wanted; });
  if (at != names.end() && at->index == index) return {at->name, {}, NameSource::export_};
  const std::vector<Import>& imports = imports_[kind_index(space)];
  if (index < imports.size()) return {imports[index].name, imports[index].module, NameSource::import};
  return {};
}

std::string Names::describe(Space space, uint32_t index) const {
  const Name name = find(space, index);
  if (!name.empty()) return name.to_string();
  return std::string(space_name(space)) + " " + std::to_string(index);
}

std::string_view Names::inner(const binary::IndirectNameMap& names, uint32_t outer, uint32_t inner) {
  const binary::NameMap* const map = binary::find_names(names, outer);
  return map == nullptr ? std::string_view() : binary::find_name(*map, inner).value_or(std::string_view());
}

std::optional<uint32_t> Names::find_index(Space space, std::string_view name) const {
  const auto find_in = [&](const binary::NameMap& names) -> std::optional<uint32_t> {
    for (const binary::NameAssoc& item : names)
      if (item.name == name) return item.index;
    return std::nullopt;
  };
  if (const auto found = find_in(section_names(space))) return found;
  if (!has_kind(space)) return std::nullopt;
  if (const auto found = find_in(exports_[kind_index(space)])) return found;
  const std::vector<Import>& imports = imports_[kind_index(space)];
  for (size_t i = 0; i < imports.size(); ++i)
    if (Name{imports[i].name, imports[i].module, NameSource::import}.to_string() == name)
      return static_cast<uint32_t>(i);
  return std::nullopt;
}

}  // namespace cloche::symbols
