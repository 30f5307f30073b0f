// What has to be known before a listing can be written: where the sections are, what things are called, which
// type each function has, what is relocated. Made by one look over the module, whatever state that is in.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "dump/custom.hpp"
#include "dump/sections.hpp"

namespace cloche::dump {

/// Names by index. An index no module can have has no name.
class NameTable {
 public:
  std::string_view get(uint32_t index) const {
    return index < names_.size() ? names_[index] : std::string_view();
  }
  void set(uint32_t index, std::string_view name);

 private:
  std::vector<std::string_view> names_;
};

/// Names of locals, by function.
class LocalNames {
 public:
  struct Entry {
    uint32_t func, local;
    std::string_view name;
  };
  void add(Entry entry) { entries_.push_back(entry); }
  /// Sorts what was added; to be called before `of`.
  void finish();
  /// The names of one function's locals, by index.
  std::span<const Entry> of(uint32_t func) const;
  static std::string_view find(std::span<const Entry> names, uint32_t local);

 private:
  std::vector<Entry> entries_;
};

/// What things are called. As in wabt's listings, an import is called "module.name"; the name of an export,
/// of a symbol or of the name section takes its place, whichever comes last.
struct Names {
  NameTable types, funcs, tables, globals, tags, datas;
  LocalNames locals;
  std::string_view module;
};

/// A symbol of the linking section, as far as relocations need it.
struct SymbolRef {
  SymbolKind kind = SymbolKind::func;
  uint32_t index = 0;
  std::string_view name;
};

/// A function type, as far as listings need it.
struct FuncShape {
  uint32_t params = 0;
};

/// Views the module's bytes, which must outlive it.
struct Index {
  std::span<const uint8_t> module;
  wasm::FeatureSet features;
  std::vector<Section> sections;
  bool is_module = false;  // the header is there

  std::vector<FuncShape> types;      // by type index
  std::vector<uint32_t> func_types;  // type index of each function, imported ones first
  uint32_t imported_funcs = 0;
  uint32_t imported_tables = 0;
  uint32_t imported_mems = 0;
  uint32_t imported_globals = 0;
  uint32_t imported_tags = 0;
  uint32_t defined_globals = 0;
  uint32_t defined_tags = 0;
  uint32_t datas = 0;

  Names names;
  std::vector<SymbolRef> symbols;
  std::vector<Reloc> code_relocs;  // sorted by offset
  std::vector<Reloc> data_relocs;
  std::vector<Problem> problems;       // of everything but function bodies
  std::deque<std::string> made_names;  // names that stand nowhere in the module

  binary::Reader reader(wasm::ByteRange range) const {
    return binary::Reader(module, range.offset, range.offset + range.size);
  }
  /// The section of a kind, or null. Of several, the first.
  const Section* find(uint8_t id) const;
  /// What the reader of the custom section at `position` holds its indices against.
  CustomContext custom_context(size_t position) const;
  std::string_view symbol_name(uint32_t symbol) const;
  /// How many parameters a function has; 0 when that cannot be known.
  uint32_t param_count(uint32_t func) const;
};

/// Never fails; what is wrong is in `problems`. The module must not be larger than 4 GiB.
Index make_index(std::span<const uint8_t> module, wasm::FeatureSet features);

}  // namespace cloche::dump
