// Which identifiers the printer uses, and whether annotations can stand for the name section and the branch
// hints.
#include <algorithm>
#include <array>

#include "text/printer_core.hpp"

namespace cloche::text {

// Looks at the name section; the identifiers serve to read the text even if they cannot stand for the
// section.
void Printer::prepare_names() {
  size_t sections = 0;
  for (const wasm::CustomSection& custom : module_.customs) {
    if (custom.name != "name") continue;
    if (++sections == 1) name_section_ = &custom;
  }
  if (!options_.use_names || name_section_ == nullptr) return;
  names_ = binary::decode_names(module_);
  annotate_names_ = sections == 1 && can_annotate_names();
  funcs_ = make_ids(module_.funcs.size(), &names_.funcs);
  types_ = make_ids(module_.types.size(), &names_.types);
  tables_ = make_ids(module_.tables.size(), &names_.tables);
  mems_ = make_ids(module_.mems.size(), &names_.mems);
  globals_ = make_ids(module_.globals.size(), &names_.globals);
  elems_ = make_ids(module_.elems.size(), &names_.elems);
  datas_ = make_ids(module_.datas.size(), &names_.datas);
  tags_ = make_ids(module_.tags.size(), &names_.tags);
  field_ids_.assign(module_.types.size(), 0);
  for (const binary::IndirectNames& entry : names_.fields) {
    if (entry.index >= module_.types.size()) continue;
    const wasm::CompType& comp = module_.types[entry.index].comp;
    if (comp.kind != wasm::CompKind::struct_) continue;
    fields_.push_back(make_ids(comp.fields.size(), &entry.names));
    field_ids_[entry.index] = static_cast<uint32_t>(fields_.size());
  }
}

// The assembler writes a name section canonically and behind all other sections.
bool Printer::can_annotate_names() const {
  if (names_.empty() || !names_.problems.empty()) return false;
  if (name_section_->after_section_id != last_section()) return false;
  const auto contents = module_.slice(name_section_->contents);
  const binary::Bytes canonical = binary::encode_names(names_);
  return std::equal(canonical.begin(), canonical.end(), contents.begin(), contents.end());
}

// Branch hints can be annotations if their section stands right before the code and is canonical.
void Printer::prepare_hints() {
  for (const wasm::CustomSection& custom : module_.customs)
    if (custom.name == "metadata.code.branch_hint") hint_section_ = &custom;
  if (hint_section_ == nullptr) return;
  const auto& customs = module_.customs;
  const auto after = static_cast<size_t>(hint_section_ - customs.data()) + 1;
  if (after < customs.size() && customs[after].after_section_id == hint_section_->after_section_id) return;
  uint8_t before_code = 0;
  for (const uint8_t id : std::to_array<uint8_t>({1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12}))
    if (has_section(id)) before_code = id;
  if (hint_section_->after_section_id != before_code) return;
  auto hints = binary::decode_branch_hints(module_, *hint_section_);
  if (!hints) return;
  hints_ = std::move(*hints);
  const auto contents = module_.slice(hint_section_->contents);
  const binary::Bytes canonical = binary::encode_branch_hints(hints_);
  annotate_hints_ = std::equal(canonical.begin(), canonical.end(), contents.begin(), contents.end());
}

std::string_view Printer::render_id(std::string_view name) {
  strings_.emplace_back();
  put_identifier(strings_.back(), name);
  return strings_.back();
}

// Identifiers for an index space: the names, and where a name is taken, the name with the index behind it.
Ids Printer::make_ids(size_t size, const binary::NameMap* names) {
  Ids result;
  if (names == nullptr || names->empty()) return result;
  result.ids.resize(size);
  result.names.resize(size);
  taken_.clear();
  for (const binary::NameAssoc& entry : *names) {
    if (entry.index >= size || result.names[entry.index].data() != nullptr) continue;
    result.names[entry.index] = entry.name;
    if (entry.name.empty()) continue;
    if (taken_.insert(entry.name, entry.index)) {
      result.ids[entry.index] = render_id(entry.name);
      continue;
    }
    std::string unique(entry.name);
    unique += '.';
    put_number(unique, entry.index);
    strings_.push_back(std::move(unique));
    // Where even that is taken, there is no identifier.
    if (taken_.insert(strings_.back(), entry.index)) result.ids[entry.index] = render_id(strings_.back());
  }
  return result;
}

// " $id", and where the identifier does not say the name, the name.
void Printer::put_binding(const Ids& ids, uint32_t index) {
  const std::string_view id = ids.id(index);
  const std::string_view name = ids.name(index);
  if (!id.empty()) {
    out_ += ' ';
    out_ += id;
  } else if (options_.index_comments && &ids != &locals_) {
    out_ += " (;";
    put_number(out_, index);
    out_ += ";)";
  }
  if (name.data() == nullptr) return;
  ++names_printed_;
  if (!annotate_names_) return;
  std::string plain;
  if (!name.empty()) put_identifier(plain, name);
  if (id == plain && !name.empty()) return;
  out_ += " (@name ";
  put_string(out_, name, true);
  out_ += ')';
}

// How many names the section has; as many must have been printed.
uint64_t Printer::count_names() const {
  uint64_t count = names_.module.has_value() ? 1 : 0;
  for (const binary::NameMap* map : {&names_.funcs, &names_.types, &names_.tables, &names_.mems,
                                     &names_.globals, &names_.elems, &names_.datas, &names_.tags})
    count += map->size();
  for (const binary::IndirectNameMap* map : {&names_.locals, &names_.labels, &names_.fields})
    for (const binary::IndirectNames& entry : *map) count += entry.names.size();
  return count;
}

}  // namespace cloche::text
