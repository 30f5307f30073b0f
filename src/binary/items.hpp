// Reads the items of a module's sections one by one (spec: Binary Format / Modules): what decoding a module,
// and looking into one that cannot be decoded, have in common.
#pragma once

#include <array>

#include "binary/reader.hpp"
#include "wasm/features.hpp"
#include "wasm/module.hpp"

namespace cloche::binary {

enum SectionId : uint8_t {
  custom_section,
  type_section,
  import_section,
  func_section,
  table_section,
  mem_section,
  global_section,
  export_section,
  start_section,
  elem_section,
  code_section,
  data_section,
  data_count_section,
  tag_section,
};
inline constexpr uint8_t last_section_id = tag_section;

/// Place of a section that is no custom one in the order they must stand in (spec: Binary Format / Modules).
constexpr uint8_t section_order(uint8_t id) {
  constexpr std::array<uint8_t, last_section_id + 1> order = {0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 11, 6};
  return order[id];
}

/// The bytes [begin, end) of a module.
inline wasm::ByteRange byte_range(size_t begin, size_t end) {
  return {static_cast<uint32_t>(begin), static_cast<uint32_t>(end - begin)};
}

/// Fails: malformed_import_kind and those of names and types.
Result<wasm::Import> read_import(Reader& section, wasm::FeatureSet features);
/// Fails: zero_byte_expected, and those of types and expressions.
Result<wasm::Table> read_table(Reader& section, wasm::FeatureSet features);
Result<wasm::Mem> read_mem(Reader& section, wasm::FeatureSet features);
Result<wasm::Tag> read_tag(Reader& section);
Result<wasm::Global> read_global(Reader& section, wasm::FeatureSet features);
/// Fails: malformed_export_kind and those of names.
Result<wasm::Export> read_export(Reader& section, wasm::FeatureSet features);
/// Spec: Binary Format / Modules / Element Section. Bit 0 of the flags: passive or declarative; bit 1:
/// explicit table, or declarative; bit 2: expressions instead of function indices. Fails:
/// malformed_segment_flags, malformed_elem_kind, limit_exceeded, and those of expressions.
Result<wasm::Elem> read_elem(Reader& section, wasm::FeatureSet features);
/// Fails: malformed_segment_flags and those of expressions.
Result<wasm::Data> read_data(Reader& section, wasm::FeatureSet features);

}  // namespace cloche::binary
