#include "debug/labels.hpp"

#include <algorithm>

#include "text/text_writer.hpp"

namespace cloche::debug {

Labels::Labels(const wasm::Module& module) : module_(module), names_(binary::decode_names(module)) {
  for (const wasm::Export& item : module.exports)
    if (item.kind == wasm::ExternKind::func) exported_.push_back({item.index, item.name});
  // The first export of a function names it: names lie in the module's bytes in their order.
  std::sort(exported_.begin(), exported_.end(), [](const auto& a, const auto& b) {
    return a.index != b.index ? a.index < b.index : a.name.data() < b.name.data();
  });
}

std::string_view Labels::name(const binary::NameMap& names, uint32_t index) {
  return binary::find_name(names, index).value_or(std::string_view());
}

std::string_view Labels::inner(const binary::IndirectNameMap& names, uint32_t outer, uint32_t index) {
  const binary::NameMap* found = binary::find_names(names, outer);
  return found ? name(*found, index) : std::string_view();
}

std::string_view Labels::func_name(uint32_t index) const {
  const std::string_view found = name(names_.funcs, index);
  if (!found.empty()) return found;
  const auto exported =
      std::lower_bound(exported_.begin(), exported_.end(), index,
                       [](const auto& entry, uint32_t wanted) { return entry.index < wanted; });
  if (exported != exported_.end() && exported->index == index && !exported->name.empty())
    return exported->name;
  return index < module_.imported_funcs ? import_name(index) : std::string_view();
}

std::string_view Labels::import_name(uint32_t index) const {
  for (const wasm::Import& import : module_.imports)
    if (import.kind == wasm::ExternKind::func && index-- == 0) return import.name;
  return {};
}

std::string Labels::id(std::string_view name, uint32_t index) {
  if (name.empty()) return std::to_string(index);
  std::string text;
  text::put_identifier(text, name);
  return text;
}

std::string Labels::symbol(std::string_view name, std::string_view letter, uint32_t index) {
  if (name.empty()) return std::string(letter) + std::to_string(index);
  std::string text;
  text::put_identifier(text, name);
  return text.substr(1);
}

}  // namespace cloche::debug
