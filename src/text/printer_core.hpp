// The printer of modules, as one class over several files: printer.cpp prints the module, printer_items.cpp
// its items, printer_types.cpp types, printer_names.cpp decides on identifiers and printer_generate.cpp makes
// them up, printer_annotations.cpp decides what annotations can stand for, printer_code.cpp prints functions
// and expressions, printer_instr.cpp single instructions, printer_lines.cpp the usual ones of them faster,
// printer_fold.cpp arranges them in folded form.
// Nothing recurses with the depth of the input.
#pragma once

#include <array>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/output.hpp"
#include "binary/instr_reader.hpp"
#include "binary/names.hpp"
#include "text/func_types.hpp"
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
  Printer(const wasm::Module& module, const PrintOptions& options, const TextSink& sink);
  wasm::Result<void> run();

  /// What to write for an opcode byte, and which immediates follow.
  struct Usual {
    enum class Shape : uint8_t {
      unusual,
      bare,
      local,
      func,
      global,
      memory,
      mem_arg,
      i32,
      i64,
      type_table,
      label,
      label_table,
      block,
      end,
      divider,  // between parts of a block
    };
    std::array<char, 24> text{};
    uint8_t size = 0;  // of the text
    Shape shape = Shape::unusual;
    uint8_t access_bytes = 0;
  };

 private:
  friend class InstrPrinter;

  bool wabt() const { return options_.style == PrintStyle::wabt; }

  // Annotations (printer_annotations.cpp)
  void prepare_hints();
  bool can_annotate_names() const;
  bool all_names_have_places() const;
  bool local_names_have_places() const;
  bool label_names_have_places() const;
  bool hints_have_places() const;

  // Names (printer_names.cpp)
  void prepare_names();
  void prepare_fields();
  Ids make_ids(size_t size, const binary::NameMap* names);
  std::string_view spell(std::string_view name);
  std::string_view render_id(std::string_view name);
  std::string_view unique_name(std::string_view name, uint32_t index);
  void put_binding(const Ids& ids, uint32_t index);

  // Generated names (printer_generate.cpp)
  void generate_ids(Ids& ids, size_t size, std::optional<wasm::ExternKind> kind, std::string_view prefix);
  void generate_from_imports(Ids& ids, wasm::ExternKind kind);
  void generate_from_exports(Ids& ids, wasm::ExternKind kind);
  void generate_id(Ids& ids, uint32_t index, std::string_view name);
  void generate_locals(size_t params, size_t all);
  std::string_view generated_label(wasm::Op op, uint32_t ordinal);

  // The module (printer.cpp)
  wasm::Result<void> print_items();
  wasm::Result<void> print_laid_out();
  wasm::Result<void> print_item(SourceLayout::Item item);
  bool is_implicit(const std::vector<uint32_t> SourceLayout::* list, uint32_t index) const;
  void put_module_name();
  void print_start();
  void print_customs(uint8_t after, bool behind_names);
  void print_all_customs();
  bool is_annotated(const wasm::CustomSection& custom) const;
  void print_custom(const wasm::CustomSection& custom, std::string_view place);
  uint8_t last_section() const;
  bool has_section(uint8_t id) const;
  void put_text_string(std::string_view name);
  void put_bytes(wasm::ByteRange range);
  void line(size_t depth);
  void settle();
  void flush();
  wasm::Result<void> check_size();

  // Items (printer_items.cpp)
  void print_imports();
  uint32_t import_index(uint32_t number);
  void print_import(const wasm::Import& import, uint32_t index);
  void print_import_descriptor(const wasm::Import& import, uint32_t index);
  void put_import_names(const wasm::Import& import);
  void put_inline(wasm::ExternKind kind, uint32_t index, const wasm::Import* import);
  void prepare_inline_exports();
  bool is_inline(const wasm::Export& exported) const;
  wasm::Result<void> print_table(uint32_t index);
  void print_mem(uint32_t index);
  void print_tag(uint32_t index);
  void put_tag_type(uint32_t index, wasm::TypeIdx type);
  wasm::Result<void> print_global(uint32_t index);
  void print_export(const wasm::Export& exported);
  wasm::Result<void> print_elem(const wasm::Elem& elem, uint32_t index);
  wasm::Result<void> print_data(const wasm::Data& data, uint32_t index);

  // Types (printer_types.cpp)
  void print_rec_group(const wasm::RecGroup& group);
  void print_type(uint32_t index);
  void print_fields(uint32_t type_index, const wasm::CompType& comp);
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
  bool is_implied(wasm::TypeIdx type);

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
  size_t indent_of(size_t depth) const;
  int take_hint(uint32_t func, const wasm::Code& code, const binary::Instr& instr);
  wasm::Result<void> put_expr(wasm::Expr expr, std::string_view wrapper);
  Label next_label(wasm::Op op);
  void push_label(Label label);
  void pop_label();
  void begin_blocks(uint32_t func);

  // Usual instructions (printer_lines.cpp)
  void prepare_usual();
  const uint8_t* print_usual(const uint8_t* at, const uint8_t* end);
  bool print_usual_instr(const uint8_t*& at, const uint8_t* end, size_t& indent);
  char* begin_line(char* to, size_t indent, const Usual& usual) const;
  char* put_usual_ref(char* to, const Ids& ids, uint32_t index) const;
  char* put_usual_label(char* to, uint32_t label) const;
  bool put_usual_labels(const uint8_t*& at, const uint8_t* end, char* to);

  // Folded bodies (printer_fold.cpp)
  wasm::Result<void> print_folded_body(uint32_t func, const wasm::Code& code);
  wasm::Result<bool> put_folded_expr(wasm::Expr expr);
  wasm::Result<void> fold(Folder& folder, const binary::InstrReader& reader, const binary::Instr& instr,
                          int hint);
  void fold_catches(Folder& folder, const binary::InstrReader& reader, const binary::Instr& instr);

  // Instructions (printer_instr.cpp)
  void put_instr(std::string& out, const binary::InstrReader& reader, const binary::Instr& instr,
                 std::string_view label);
  void put_immediates(std::string& out, const binary::InstrReader& reader, const binary::Instr& instr);
  void put_constant(std::string& out, const binary::Instr& instr);
  void put_block_type(std::string& out, const wasm::BlockType& type);
  void put_depth_comment(std::string& out);
  std::string_view label_id(uint32_t label) const;
  void put_label(std::string& out, uint32_t label);
  void put_ref(std::string& out, const Ids& ids, uint32_t index);
  void put_ref_unless_0(std::string& out, const Ids& ids, uint32_t index);
  void put_mem_arg(std::string& out, const binary::Instr& instr);
  void put_ref_type(std::string& out, wasm::HeapType heap, bool nullable);
  void put_catch(std::string& out, const binary::Catch& clause);

  const wasm::Module& module_;
  PrintOptions options_;
  const TextSink& sink_;
  base::Output written_;    // what the sink has, or will get
  uint64_t handed_on_ = 0;  // bytes the sink has
  std::string out_;         // what comes next
  std::array<Usual, 256> usual_;
  bool may_name_labels_ = false;  // labels of this function may have names
  bool comments_lines_ = true;    // a comment may run to the end of the line

  binary::NameSection names_;
  bool annotate_names_ = false;  // identifiers and @name stand for the name section
  bool annotate_hints_ = false;  // annotations stand for the branch hint section
  const wasm::CustomSection* name_section_ = nullptr;
  const wasm::CustomSection* hint_section_ = nullptr;
  std::vector<binary::FuncBranchHints> hints_;
  size_t next_hint_func_ = 0;
  size_t next_hint_ = 0;
  bool uses_data_index_ = false;

  Ids funcs_, types_, tables_, mems_, globals_, elems_, datas_, tags_, locals_;
  std::vector<Ids> fields_;          // of named struct types, found by field_ids_
  std::vector<uint32_t> field_ids_;  // by type: index in fields_ plus one, or 0
  SymbolTable taken_;
  SymbolTable suffixes_;  // by generated name: the number to try next
  std::deque<std::string> strings_;
  std::deque<std::string> local_strings_;  // of the current function
  std::deque<std::string>* pool_ = &strings_;

  struct InlineExport {
    wasm::ExternKind kind;
    uint32_t index;
    uint32_t number;  // in module_.exports
  };
  std::vector<InlineExport> inline_exports_;  // sorted
  std::array<uint32_t, 5> import_indices_{};  // of the next import of each kind

  FuncTypes func_types_;  // entered on first use
  bool func_types_entered_ = false;

  std::vector<Label> labels_;
  std::vector<wasm::Op> fold_kinds_;  // of the open blocks, while folding
  SymbolTable label_ids_;
  const binary::NameMap* label_names_ = nullptr;
  size_t next_label_name_ = 0;
  uint32_t block_count_ = 0;
};

/// Whether an instruction opens a block.
inline bool opens_block(wasm::Op op) {
  const wasm::Imm immediate = wasm::op_info(op).immediate;
  return immediate == wasm::Imm::block || immediate == wasm::Imm::try_table;
}

}  // namespace cloche::text
