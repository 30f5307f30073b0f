// Which identifiers the printer uses.
#include <algorithm>

#include "text/characters.hpp"
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
  if (options_.use_names && name_section_ != nullptr) {
    names_ = binary::decode_names(module_);
    annotate_names_ = !wabt() && sections == 1 && can_annotate_names();
  }
  if (options_.other_names != nullptr && wabt()) binary::add_names(names_, *options_.other_names);
  struct Space {
    Ids& ids;
    size_t size;
    const binary::NameMap& names;
    std::optional<wasm::ExternKind> kind;
    std::string_view prefix;  // of generated identifiers
  };
  const Space spaces[] = {
      {globals_, module_.globals.size(), names_.globals, wasm::ExternKind::global, "g"},
      {types_, module_.types.size(), names_.types, std::nullopt, "t"},
      {funcs_, module_.funcs.size(), names_.funcs, wasm::ExternKind::func, "f"},
      {tables_, module_.tables.size(), names_.tables, wasm::ExternKind::table, "T"},
      {mems_, module_.mems.size(), names_.mems, wasm::ExternKind::mem, "M"},
      {tags_, module_.tags.size(), names_.tags, wasm::ExternKind::tag, "e"},
      {datas_, module_.datas.size(), names_.datas, std::nullopt, "d"},
      {elems_, module_.elems.size(), names_.elems, std::nullopt, "e"},
  };
  for (const Space& space : spaces) {
    space.ids = make_ids(space.size, &space.names);
    if (options_.generate_names) generate_ids(space.ids, space.size, space.kind, space.prefix);
  }
  prepare_fields();
}

void Printer::prepare_fields() {
  field_ids_.assign(module_.types.size(), 0);
  for (const binary::IndirectNames& entry : names_.fields) {
    if (entry.index >= module_.types.size()) continue;
    const wasm::CompType& comp = module_.types[entry.index].comp;
    if (comp.kind != wasm::CompKind::struct_) continue;
    fields_.push_back(make_ids(comp.fields.size(), &entry.names));
    field_ids_[entry.index] = static_cast<uint32_t>(fields_.size());
  }
}

// The name as it can be within an identifier. wabt's have no quotes, so what would need them becomes "_".
std::string_view Printer::spell(std::string_view name) {
  if (!wabt() || std::all_of(name.begin(), name.end(), is_idchar)) return name;
  std::string& spelled = pool_->emplace_back(name);
  std::replace_if(spelled.begin(), spelled.end(), [](char c) { return !is_idchar(c); }, '_');
  return spelled;
}

std::string_view Printer::render_id(std::string_view name) {
  std::string& rendered = pool_->emplace_back();
  put_identifier(rendered, name);
  return rendered;
}

// Takes the name for an index, or where it is taken already, the name with a number behind it; empty where
// even that is taken.
std::string_view Printer::unique_name(std::string_view name, uint32_t index) {
  if (taken_.insert(name, index)) return name;
  uint32_t number = index;
  if (wabt()) {
    number = suffixes_.find(name).value_or(1);
    suffixes_.exchange(name, number + 1);
  }
  std::string& unique = pool_->emplace_back(name);
  unique += '.';
  put_number(unique, number);
  return taken_.insert(unique, index) ? std::string_view(unique) : std::string_view();
}

// Identifiers for the names of an index space. Generated ones may follow as long as taken_ knows these.
Ids Printer::make_ids(size_t size, const binary::NameMap* names) {
  Ids result;
  taken_.clear();
  suffixes_.clear();
  if (names == nullptr || names->empty()) return result;
  result.ids.resize(size);
  result.names.resize(size);
  for (const binary::NameAssoc& entry : *names) {
    if (entry.index >= size || result.names[entry.index].data() != nullptr) continue;
    result.names[entry.index] = entry.name;
    if (entry.name.empty()) continue;
    const std::string_view name = unique_name(spell(entry.name), entry.index);
    if (!name.empty()) result.ids[entry.index] = render_id(name);
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
  if (name.data() == nullptr || !annotate_names_) return;
  std::string plain;
  if (!name.empty()) put_identifier(plain, name);
  if (id == plain && !name.empty()) return;
  out_ += " (@name ";
  put_string(out_, name, true);
  out_ += ')';
}

}  // namespace cloche::text
