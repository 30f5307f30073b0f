// The printer of modules, as one class over several files: printer.cpp prints the module's items,
// printer_names.cpp decides on identifiers, printer_code.cpp prints functions and expressions,
// printer_instr.cpp single instructions, printer_fold.cpp arranges them in folded form. Nothing recurses with
// the depth of the input.
#pragma once

#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "binary/instr_reader.hpp"
#include "binary/names.hpp"
#include "text/printer.hpp"
#include "text/symbol_table.hpp"
#include "text/text_writer.hpp"

namespace cloche::text {

/// The identifiers of one index space, rendered with their "$"; empty where there is none. `names` has what
/// the name section says, null where it is silent.
struct Ids {
  std::vector<std::string_view> ids;
  std::vector<std::string_view> names;

  std::string_view id(uint32_t index) const { return index < ids.size() ? ids[index] : std::string_view(); }
  std::string_view name(uint32_t index) const {
    return index < names.size() ? names[index] : std::string_view();
  }
};

class Folder;

class Printer {
 public:
  Printer(const wasm::Module& module, const PrintOptions& options);
  wasm::Result<std::string> run();

 private:
  friend class InstrPrinter;

  // What printing with or without annotations for the name section and branch hints came to.
  struct Outcome {
    bool all_names_printed = false;
    bool all_hints_printed = false;
  };
  wasm::Result<Outcome> print_module();

  // Names (printer_names.cpp)
  void prepare_names();
  void prepare_hints();
  bool can_annotate_names() const;
  Ids make_ids(size_t size, const binary::NameMap* names);
  std::string_view render_id(std::string_view name);
  void put_binding(const Ids& ids, uint32_t index);
  uint64_t count_names() const;

  // Items (printer.cpp)
  wasm::Result<void> print_items();
  void print_types();
  void print_type(uint32_t index);
  void print_fields(uint32_t type_index, const wasm::CompType& comp);
  void print_imports();
  void print_import(const wasm::Import& import, std::array<uint32_t, 5>& indices);
  wasm::Result<void> print_tables();
  void print_mems();
  void print_tags();
  wasm::Result<void> print_globals();
  void print_exports();
  wasm::Result<void> print_elems();
  wasm::Result<void> print_elem(const wasm::Elem& elem, uint32_t index);
  wasm::Result<void> print_datas();
  void print_customs(uint8_t after, bool behind_names);
  bool is_annotated(const wasm::CustomSection& custom) const;
  void print_custom(const wasm::CustomSection& custom, std::string_view place);
  uint8_t last_section() const;
  bool has_section(uint8_t id) const;

  void put_val_type(std::string& out, wasm::ValType type);
  void put_heap_type(std::string& out, wasm::HeapType type);
  void put_storage(wasm::FieldType type);
  void put_limits(const wasm::Limits& limits);
  void put_table_type(const wasm::TableType& type);
  void put_mem_type(const wasm::MemType& type);
  void put_global_type(const wasm::GlobalType& type);
  void put_types(std::string& out, std::string_view keyword, std::span<const wasm::ValType> types);
  void put_type_ref(std::string& out, wasm::TypeIdx type);
  const wasm::FuncType* func_type(wasm::TypeIdx type) const;
  wasm::Result<void> put_segment_offset(wasm::Expr expr);
  wasm::Result<void> put_expr(wasm::Expr expr, std::string_view wrapper);

  // Functions (printer_code.cpp)
  struct Label {
    std::string_view id;  // empty for none
    std::string_view name;
    uint32_t shadowed;  // what label_ids_ had for this name before
  };
  wasm::Result<void> print_func(uint32_t index);
  void put_signature(uint32_t index, wasm::TypeIdx type, size_t local_count);
  void put_variables(std::string_view keyword, std::span<const wasm::ValType> types, uint32_t first,
                     bool on_lines);
  wasm::Result<std::vector<wasm::ValType>> read_locals(const wasm::Code& code) const;
  wasm::Result<void> print_body(uint32_t func, const wasm::Code& code);
  wasm::Result<void> print_plain(const binary::InstrReader& reader, const binary::Instr& instr);
  int take_hint(uint32_t func, const wasm::Code& code, const binary::Instr& instr);
  Label next_label();
  void push_label(Label label);
  void pop_label();
  void begin_blocks(uint32_t func);

  // Folded bodies (printer_fold.cpp)
  wasm::Result<void> print_folded_body(uint32_t func, const wasm::Code& code);
  wasm::Result<void> fold(Folder& folder, const binary::InstrReader& reader, const binary::Instr& instr,
                          int hint);

  // Instructions (printer_instr.cpp)
  void put_instr(std::string& out, const binary::InstrReader& reader, const binary::Instr& instr,
                 std::string_view label);
  void put_immediates(std::string& out, const binary::InstrReader& reader, const binary::Instr& instr);
  void put_block_type(std::string& out, const wasm::BlockType& type);
  void put_label(std::string& out, uint32_t label);
  void put_ref(std::string& out, const Ids& ids, uint32_t index);
  void put_ref_unless_0(std::string& out, const Ids& ids, uint32_t index);
  void put_mem_arg(std::string& out, const binary::Instr& instr);
  void put_ref_type(std::string& out, wasm::HeapType heap, bool nullable);
  void put_catches(std::string& out, const binary::InstrReader& reader, const binary::Instr& instr);

  void line(size_t depth);
  wasm::Result<void> check_size() const;

  const wasm::Module& module_;
  PrintOptions options_;
  std::string out_;

  binary::NameSection names_;
  bool annotate_names_ = false;  // identifiers and @name stand for the name section
  bool annotate_hints_ = false;  // annotations stand for the branch hint section
  const wasm::CustomSection* name_section_ = nullptr;
  const wasm::CustomSection* hint_section_ = nullptr;
  std::vector<binary::FuncBranchHints> hints_;
  size_t next_hint_func_ = 0;
  size_t next_hint_ = 0;
  bool uses_data_index_ = false;
  uint64_t names_printed_ = 0;
  uint64_t hints_printed_ = 0;

  Ids funcs_, types_, tables_, mems_, globals_, elems_, datas_, tags_, locals_;
  std::vector<Ids> fields_;          // of named struct types, found by field_ids_
  std::vector<uint32_t> field_ids_;  // by type: index in fields_ plus one, or 0
  SymbolTable taken_;
  std::deque<std::string> strings_;

  std::vector<Label> labels_;
  std::vector<wasm::Op> fold_kinds_;  // of the open blocks, while folding
  SymbolTable label_ids_;
  const binary::NameMap* label_names_ = nullptr;
  size_t next_label_name_ = 0;
  uint32_t block_count_ = 0;
};

}  // namespace cloche::text
