// The custom sections that listings know, item by item: names (spec: Appendix / Custom Sections), and those
// of the tool conventions: linking, reloc.*, dylink, dylink.0, target_features, metadata.code.*. The readers
// are strict about order and indices, as the conventions are; everything read before an error has been shown
// to the visitor.
#pragma once

#include <string>
#include <string_view>

#include "binary/reader.hpp"
#include "wasm/module.hpp"

namespace cloche::dump {

using wasm::Result;

/// Subsections of the name section.
enum class NameKind : uint8_t {
  module,
  func,
  local,
  label,
  type,
  table,
  memory,
  global,
  elem,
  data,
  field,
  tag
};
inline constexpr uint8_t last_name_kind = 11;

/// Kinds of symbols (tool conventions: Linking / Symbol Table).
enum class SymbolKind : uint8_t { func, data, global, section, tag, table };

namespace symbol_flags {
inline constexpr uint32_t weak = 0x1, local = 0x2, hidden = 0x4, undefined = 0x10, exported = 0x20,
                          explicit_name = 0x40, no_strip = 0x80, tls = 0x100, absolute = 0x200;
}

struct Symbol {
  SymbolKind kind = SymbolKind::func;
  uint32_t flags = 0;
  std::string_view name;  // empty where the section gives none
  uint32_t index = 0;     // of what it stands for; data: the segment
  uint64_t offset = 0;    // data: in the segment, or the address of an absolute one
  uint64_t size = 0;      // data

  bool has(uint32_t flag) const { return (flags & flag) != 0; }
};

struct SegmentInfo {
  std::string_view name;
  uint32_t align_log2 = 0;
  uint32_t flags = 0;
};

struct Reloc {
  uint8_t type = 0;     // see reloc_name
  uint32_t offset = 0;  // in the section's contents
  uint32_t index = 0;   // of the symbol; of the type for R_WASM_TYPE_INDEX_LEB
  int64_t addend = 0;
};

/// "R_WASM_FUNCTION_INDEX_LEB"; empty for a number that is none.
std::string_view reloc_name(uint8_t type);
/// Whether the index is that of a type and not of a symbol.
bool reloc_names_type(uint8_t type);

/// What the readers show. A visitor overrides what it wants to see.
class CustomVisitor {
 public:
  virtual ~CustomVisitor() = default;
  virtual void name(NameKind, uint32_t /*index*/, std::string_view) {}
  /// A local or label of a function, or a field of a type.
  virtual void inner_name(NameKind, uint32_t /*index*/, uint32_t /*inner*/, std::string_view) {}

  virtual void symbol_count(uint32_t) {}
  virtual void symbol(uint32_t /*number*/, const Symbol&) {}
  virtual void segment_info_count(uint32_t) {}
  virtual void segment_info(uint32_t /*number*/, const SegmentInfo&) {}
  virtual void init_function_count(uint32_t) {}
  virtual void init_function(uint32_t /*priority*/, uint32_t /*symbol*/) {}
  virtual void comdat_count(uint32_t) {}
  virtual void comdat(std::string_view /*name*/, uint32_t /*entries*/) {}
  virtual void comdat_entry(uint32_t /*kind*/, uint32_t /*index*/) {}

  virtual void reloc_count(uint32_t /*section*/, uint32_t /*count*/) {}
  virtual void reloc(const Reloc&) {}

  virtual void dylink_info(uint32_t /*mem_size*/, uint32_t /*mem_align*/, uint32_t /*table_size*/,
                           uint32_t /*table_align*/) {}
  virtual void needed_count(uint32_t) {}
  virtual void needed(std::string_view) {}
  virtual void dylink_import_count(uint32_t) {}
  virtual void dylink_import(std::string_view /*module*/, std::string_view /*name*/, uint32_t /*flags*/) {}
  virtual void dylink_export_count(uint32_t) {}
  virtual void dylink_export(std::string_view, uint32_t /*flags*/) {}
  virtual void runtime_path_count(uint32_t) {}
  virtual void runtime_path(std::string_view) {}

  virtual void target_feature(char /*prefix*/, std::string_view) {}

  virtual void code_metadata_func(uint32_t /*func*/) {}
  virtual void code_metadata(uint32_t /*offset*/, std::span<const uint8_t> /*data*/) {}
};

/// What the readers hold indices against.
struct CustomContext {
  uint32_t funcs = 0;  // imported and defined
  uint32_t globals = 0;
  uint32_t tags = 0;
  uint32_t datas = 0;
  uint32_t imported_funcs = 0;
  uint32_t sections = 0;  // in front of this one
};

/// For a section that stands in front of all others, whose `sections` is to be set for any other.
CustomContext custom_context(const wasm::Module& module);

/// Reads the contents of a custom section if its name is one of those above; shows nothing for any other.
/// Fails: malformed_custom_section, and those of numbers and names.
Result<void> read_custom(std::string_view name, binary::Reader contents, const CustomContext& context,
                         CustomVisitor& visitor);

}  // namespace cloche::dump
