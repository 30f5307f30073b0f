// Identifiers for what has no name: after the import or export that it is known by, or a letter and its
// index.
#include "text/printer_core.hpp"

namespace cloche::text {

using wasm::ExternKind;

void Printer::generate_ids(Ids& ids, size_t size, std::optional<ExternKind> kind, std::string_view prefix) {
  ids.ids.resize(size);
  if (kind) {
    generate_from_imports(ids, *kind);
    generate_from_exports(ids, *kind);
  }
  for (uint32_t i = 0; i < size; ++i) {
    if (!ids.ids[i].empty()) continue;
    std::string name(prefix);
    put_number(name, i);
    generate_id(ids, i, name);
  }
}

void Printer::generate_from_imports(Ids& ids, ExternKind kind) {
  uint32_t index = 0;
  for (const wasm::Import& import : module_.imports) {
    if (import.kind != kind) continue;
    if (ids.ids[index].empty()) {
      std::string name(import.module);
      name += '.';
      name += import.name;
      generate_id(ids, index, name);
    }
    ++index;
  }
}

void Printer::generate_from_exports(Ids& ids, ExternKind kind) {
  for (const wasm::Export& exported : module_.exports) {
    if (exported.kind != kind || exported.index >= ids.ids.size() || exported.name.empty()) continue;
    if (ids.ids[exported.index].empty()) generate_id(ids, exported.index, exported.name);
  }
}

// Takes the name, or the first of name_1, name_2 … that is free.
void Printer::generate_id(Ids& ids, uint32_t index, std::string_view wanted) {
  const std::string_view name = pool_->emplace_back(spell(wanted));
  std::string_view free = name;
  while (!taken_.insert(free, index)) {
    const uint32_t number = suffixes_.find(name, 1).value_or(1);
    suffixes_.exchange(name, number + 1, 1);
    std::string& next = pool_->emplace_back(name);
    next += '_';
    put_number(next, number);
    free = next;
  }
  ids.ids[index] = render_id(free);
}

// For the locals of the function whose names make_ids has just looked at.
void Printer::generate_locals(size_t params, size_t all) {
  locals_.ids.resize(all);
  for (uint32_t i = 0; i < all; ++i) {
    if (!locals_.ids[i].empty()) continue;
    std::string name(i < params ? "p" : "l");
    put_number(name, i);
    generate_id(locals_, i, name);
  }
}

// The name of a label, which starts with the letter of what it labels.
std::string_view Printer::generated_label(wasm::Op op, uint32_t ordinal) {
  const char letter = op == wasm::Op::loop    ? 'L'
                      : op == wasm::Op::if_   ? 'I'
                      : op == wasm::Op::block ? 'B'
                                              : 'T';
  std::string& name = pool_->emplace_back(1, letter);
  put_number(name, ordinal);
  return name;
}

}  // namespace cloche::text
