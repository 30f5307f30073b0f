#include "dump/index.hpp"

#include <algorithm>

#include "binary/instr_reader.hpp"
#include "binary/type_reader.hpp"
#include "dump/items.hpp"
#include "wasm/limits.hpp"

namespace cloche::dump {
namespace {

using binary::Reader;
using wasm::ExternKind;

/// Collects what custom sections say.
class CustomCollector : public CustomVisitor {
 public:
  explicit CustomCollector(Index& index) : index_(index) {}

  void name(NameKind kind, uint32_t at, std::string_view name) override {
    if (kind == NameKind::module)
      index_.names.module = name;
    else if (NameTable* const table = table_of(kind))
      table->set(at, name);
  }
  void inner_name(NameKind kind, uint32_t func, uint32_t local, std::string_view name) override {
    if (kind == NameKind::local) index_.names.locals.add({func, local, name});
  }
  void symbol(uint32_t, const Symbol& symbol) override {
    SymbolRef ref{symbol.kind, symbol.index, symbol.name};
    if (symbol.kind == SymbolKind::section)
      ref.name = symbol.index < index_.sections.size() ? section_title(index_.sections[symbol.index])
                                                       : std::string_view();
    else if (NameTable* const table = table_of(symbol.kind); table && !symbol.name.empty())
      table->set(symbol.index, symbol.name);
    index_.symbols.push_back(ref);
  }
  void segment_info(uint32_t number, const SegmentInfo& info) override {
    index_.names.datas.set(number, info.name);
  }
  void reloc_count(uint32_t section, uint32_t) override {
    const uint8_t id = index_.sections[section].id;
    relocs_ = id == binary::code_section   ? &index_.code_relocs
              : id == binary::data_section ? &index_.data_relocs
                                           : nullptr;
  }
  void reloc(const Reloc& reloc) override {
    if (relocs_) relocs_->push_back(reloc);
  }

 private:
  NameTable* table_of(NameKind kind) {
    Names& names = index_.names;
    switch (kind) {
      case NameKind::func:
        return &names.funcs;
      case NameKind::type:
        return &names.types;
      case NameKind::table:
        return &names.tables;
      case NameKind::global:
        return &names.globals;
      case NameKind::tag:
        return &names.tags;
      case NameKind::data:
        return &names.datas;
      default:
        return nullptr;
    }
  }
  NameTable* table_of(SymbolKind kind) {
    switch (kind) {
      case SymbolKind::func:
        return table_of(NameKind::func);
      case SymbolKind::global:
        return table_of(NameKind::global);
      case SymbolKind::tag:
        return table_of(NameKind::tag);
      case SymbolKind::table:
        return table_of(NameKind::table);
      default:
        return nullptr;
    }
  }

  Index& index_;
  std::vector<Reloc>* relocs_ = nullptr;
};

class Indexer {
 public:
  explicit Indexer(Index& index) : index_(index) {}

  void run() {
    index_.sections = find_sections(index_.module, index_.problems);
    index_.is_module = std::none_of(index_.problems.begin(), index_.problems.end(),
                                    [](const Problem& problem) { return problem.error.offset < 8; });
    for (size_t i = 0; i < index_.sections.size(); ++i) {
      const Section& section = index_.sections[i];
      const bool custom = section.id == binary::custom_section;
      if (auto read = custom ? read_custom_section(i) : read_section(section); !read)
        index_.problems.push_back({std::move(read).error(), custom, section.name});
    }
    finish();
  }

 private:
  Result<void> read_custom_section(size_t i) {
    const Section& section = index_.sections[i];
    CustomCollector collector(index_);
    return read_custom(section.name, index_.reader(section.contents()), index_.custom_context(i), collector);
  }

  Result<void> read_section(const Section& section) {
    Reader reader = index_.reader(section.payload);
    TRY(for_each_item(section.id, reader, index_.features, [&](const auto& item) { take(item); }));
    if (reader.at_end()) return {};
    return wasm::fail(wasm::ErrorCode::section_size_mismatch, section.payload.offset,
                      std::to_string(section.payload.size) + " bytes declared, " +
                          std::to_string(reader.offset() - section.payload.offset) + " read");
  }

  template <class Item>
  void take(const Item&) {}
  void take(const TypeItem& item) {
    const wasm::CompType& comp = item.type.comp;
    index_.types.push_back(
        {comp.kind == wasm::CompKind::func ? static_cast<uint32_t>(comp.func.params.size()) : 0});
  }
  void take(const FuncItem& item) {
    if (index_.func_types.size() < wasm::limits::funcs) index_.func_types.push_back(item.type);
  }
  void take(const wasm::Global&) { ++index_.defined_globals; }
  void take(const wasm::Tag&) { ++index_.defined_tags; }
  void take(const wasm::Data&) { ++index_.datas; }
  void take(const wasm::Import& import) {
    switch (import.kind) {
      case ExternKind::func:
        index_.names.funcs.set(index_.imported_funcs++, import_name(import));
        index_.func_types.push_back(import.func_type.value);
        break;
      case ExternKind::table:
        index_.names.tables.set(index_.imported_tables++, import_name(import));
        break;
      case ExternKind::mem:
        ++index_.imported_mems;
        break;
      case ExternKind::global:
        index_.names.globals.set(index_.imported_globals++, import_name(import));
        break;
      case ExternKind::tag:
        index_.names.tags.set(index_.imported_tags++, import_name(import));
        break;
    }
  }
  void take(const wasm::Export& item) {
    if (item.kind == ExternKind::func) index_.names.funcs.set(item.index, item.name);
    if (item.kind == ExternKind::global) index_.names.globals.set(item.index, item.name);
  }

  std::string_view import_name(const wasm::Import& import) {
    std::string& name = index_.made_names.emplace_back(import.module);
    name += '.';
    name += import.name;
    return name;
  }

  void finish() {
    index_.names.locals.finish();
    const auto by_offset = [](const Reloc& a, const Reloc& b) {
      return a.offset != b.offset ? a.offset < b.offset : a.type < b.type;
    };
    std::sort(index_.code_relocs.begin(), index_.code_relocs.end(), by_offset);
    std::sort(index_.data_relocs.begin(), index_.data_relocs.end(), by_offset);
  }

  Index& index_;
};

}  // namespace

void NameTable::set(uint32_t index, std::string_view name) {
  if (index >= wasm::limits::funcs) return;
  if (index >= names_.size()) names_.resize(index + 1);
  names_[index] = name;
}

void LocalNames::finish() {
  const auto before = [](const Entry& a, const Entry& b) {
    return a.func != b.func ? a.func < b.func : a.local < b.local;
  };
  if (!std::is_sorted(entries_.begin(), entries_.end(), before))
    std::sort(entries_.begin(), entries_.end(), before);
}

std::span<const LocalNames::Entry> LocalNames::of(uint32_t func) const {
  const auto [first, last] = std::equal_range(entries_.begin(), entries_.end(), Entry{func, 0, {}},
                                              [](const Entry& a, const Entry& b) { return a.func < b.func; });
  return {first, last};
}

std::string_view LocalNames::find(std::span<const Entry> names, uint32_t local) {
  const auto at = std::lower_bound(names.begin(), names.end(), local,
                                   [](const Entry& entry, uint32_t index) { return entry.local < index; });
  return at == names.end() || at->local != local ? std::string_view() : at->name;
}

const Section* Index::find(uint8_t id) const {
  for (const Section& section : sections)
    if (section.id == id) return &section;
  return nullptr;
}

CustomContext Index::custom_context(size_t position) const {
  CustomContext context;
  context.funcs = static_cast<uint32_t>(func_types.size());
  context.globals = imported_globals + defined_globals;
  context.tags = imported_tags + defined_tags;
  context.datas = datas;
  context.imported_funcs = imported_funcs;
  context.sections = static_cast<uint32_t>(position);
  return context;
}

std::string_view Index::symbol_name(uint32_t symbol) const {
  if (symbol >= symbols.size()) return "<illegal_symbol_index>";
  const SymbolRef& ref = symbols[symbol];
  switch (ref.kind) {
    case SymbolKind::func:
      return names.funcs.get(ref.index);
    case SymbolKind::global:
      return names.globals.get(ref.index);
    case SymbolKind::tag:
      return names.tags.get(ref.index);
    case SymbolKind::table:
      return names.tables.get(ref.index);
    case SymbolKind::data:
    case SymbolKind::section:
      return ref.name;
  }
  return {};
}

uint32_t Index::param_count(uint32_t func) const {
  if (func >= func_types.size() || func_types[func] >= types.size()) return 0;
  return types[func_types[func]].params;
}

Index make_index(std::span<const uint8_t> module, wasm::FeatureSet features) {
  Index index;
  index.module = module;
  index.features = features;
  Indexer(index).run();
  return index;
}

}  // namespace cloche::dump
