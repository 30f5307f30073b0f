#include "binary/items.hpp"

#include "binary/instr_reader.hpp"
#include "binary/type_reader.hpp"
#include "wasm/limits.hpp"

namespace cloche::binary {
namespace {

using wasm::Feature;
using wasm::FeatureSet;
namespace limits = wasm::limits;

uint32_t largest_elem_flags(FeatureSet features) {
  if (features.has(Feature::reference_types)) return 7;
  return features.has(Feature::bulk_memory) ? 3 : 0;
}

}  // namespace

Result<wasm::Import> read_import(Reader& section, FeatureSet features) {
  wasm::Import import;
  import.offset = section.offset();
  import.module = TRY(section.name());
  import.name = TRY(section.name());
  const size_t kind_offset = section.offset();
  const uint8_t kind = TRY(section.u8());
  if (kind > 4 || (kind == 4 && !features.has(Feature::exceptions)))
    return fail(ErrorCode::malformed_import_kind, kind_offset, std::to_string(kind));
  import.kind = static_cast<wasm::ExternKind>(kind);
  switch (import.kind) {
    case wasm::ExternKind::func:
      import.func_type = wasm::TypeIdx(TRY(section.u32()));
      break;
    case wasm::ExternKind::table:
      import.table = TRY(read_table_type(section, features));
      break;
    case wasm::ExternKind::mem:
      import.mem = TRY(read_mem_type(section, features));
      break;
    case wasm::ExternKind::global:
      import.global = TRY(read_global_type(section, features));
      break;
    case wasm::ExternKind::tag:
      import.tag = TRY(read_tag_type(section));
      break;
  }
  return import;
}

Result<wasm::Table> read_table(Reader& section, FeatureSet features) {
  wasm::Table table;
  table.offset = section.offset();
  const bool has_init = section.peek() == 0x40 && features.has(Feature::typed_references);
  if (has_init) {
    section.advance(1);
    const size_t zero_offset = section.offset();
    if (TRY(section.u8()) != 0) return fail(ErrorCode::zero_byte_expected, zero_offset);
  }
  table.type = TRY(read_table_type(section, features));
  if (has_init) table.init = TRY(skip_expr(section, features));
  return table;
}

Result<wasm::Mem> read_mem(Reader& section, FeatureSet features) {
  const size_t start = section.offset();
  return wasm::Mem{TRY(read_mem_type(section, features)), start};
}

Result<wasm::Tag> read_tag(Reader& section) {
  const size_t start = section.offset();
  return wasm::Tag{TRY(read_tag_type(section)), start};
}

Result<wasm::Global> read_global(Reader& section, FeatureSet features) {
  wasm::Global global;
  global.offset = section.offset();
  global.type = TRY(read_global_type(section, features));
  global.init = TRY(skip_expr(section, features));
  return global;
}

Result<wasm::Export> read_export(Reader& section, FeatureSet features) {
  wasm::Export item;
  item.offset = section.offset();
  item.name = TRY(section.name());
  const size_t kind_offset = section.offset();
  const uint8_t kind = TRY(section.u8());
  if (kind > 4 || (kind == 4 && !features.has(Feature::exceptions)))
    return fail(ErrorCode::malformed_export_kind, kind_offset, std::to_string(kind));
  item.kind = static_cast<wasm::ExternKind>(kind);
  item.index = TRY(section.u32());
  return item;
}

Result<wasm::Elem> read_elem(Reader& section, FeatureSet features) {
  wasm::Elem elem;
  elem.offset = section.offset();
  const uint32_t flags = TRY(section.u32());
  if (flags > largest_elem_flags(features))
    return fail(ErrorCode::malformed_segment_flags, elem.offset, std::to_string(flags));
  const bool active = (flags & 1) == 0;
  elem.mode = active        ? wasm::SegmentMode::active
              : (flags & 2) ? wasm::SegmentMode::declarative
                            : wasm::SegmentMode::passive;
  elem.has_exprs = (flags & 4) != 0;
  if (active) {
    if (flags & 2) elem.table = wasm::TableIdx(TRY(section.u32()));
    elem.table_offset = TRY(skip_expr(section, features));
  }
  const bool has_type = (flags & 3) != 0;
  elem.type = elem.has_exprs ? wasm::ValType::funcref() : wasm::ValType::ref(wasm::AbsHeap::func, false);
  if (has_type && elem.has_exprs) elem.type = TRY(read_ref_type(section, features));
  if (has_type && !elem.has_exprs) {
    const size_t kind_offset = section.offset();
    if (TRY(section.u8()) != 0) return fail(ErrorCode::malformed_elem_kind, kind_offset);
  }
  const size_t count_offset = section.offset();
  elem.count = TRY(section.length());
  if (elem.count > limits::elem_entries)
    return wasm::fail_limit("entries of an element segment", elem.count, limits::elem_entries, count_offset);
  const size_t first = section.offset();
  for (uint32_t i = 0; i < elem.count; ++i) {
    if (elem.has_exprs)
      TRY(skip_expr(section, features));
    else
      TRY(section.u32());
  }
  elem.items = byte_range(first, section.offset());
  return elem;
}

Result<wasm::Data> read_data(Reader& section, FeatureSet features) {
  wasm::Data data;
  data.offset = section.offset();
  const uint32_t flags = TRY(section.u32());
  if (flags > (features.has(Feature::bulk_memory) ? 2 : 0))
    return fail(ErrorCode::malformed_segment_flags, data.offset, std::to_string(flags));
  data.mode = flags == 1 ? wasm::SegmentMode::passive : wasm::SegmentMode::active;
  if (flags == 2) data.mem = wasm::MemIdx(TRY(section.u32()));
  if (flags != 1) data.mem_offset = TRY(skip_expr(section, features));
  const uint32_t size = TRY(section.byte_length());
  data.bytes = byte_range(section.offset(), section.offset() + size);
  section.advance(size);
  return data;
}

}  // namespace cloche::binary
