#include "binary/instr_encoder.hpp"

namespace cloche::binary {
namespace {

/// Flag bits shared by tables and memories (spec: Binary Format / Types / Limits).
uint8_t limits_flags(const wasm::Limits& limits) {
  return static_cast<uint8_t>((limits.max ? 1 : 0) | (limits.is_64 ? 4 : 0));
}

void put_bounds(Bytes& out, const wasm::Limits& limits) {
  put_u64(out, limits.min);
  if (limits.max) put_u64(out, *limits.max);
}

void put_field_type(Bytes& out, const wasm::FieldType& field) {
  put_storage_type(out, field.storage);
  put_u8(out, field.mutable_ ? 1 : 0);
}

void put_result_type(Bytes& out, const wasm::ResultType& types) {
  put_u32(out, static_cast<uint32_t>(types.size()));
  for (const wasm::ValType type : types) put_val_type(out, type);
}

void put_comp_type(Bytes& out, const wasm::CompType& comp) {
  switch (comp.kind) {
    case wasm::CompKind::func:
      put_u8(out, 0x60);
      put_result_type(out, comp.func.params);
      put_result_type(out, comp.func.results);
      break;
    case wasm::CompKind::struct_:
      put_u8(out, 0x5F);
      put_u32(out, static_cast<uint32_t>(comp.fields.size()));
      for (const wasm::FieldType& field : comp.fields) put_field_type(out, field);
      break;
    case wasm::CompKind::array:
      put_u8(out, 0x5E);
      put_field_type(out, comp.fields[0]);
      break;
  }
}

}  // namespace

void put_name(Bytes& out, std::string_view name) {
  put_u32(out, static_cast<uint32_t>(name.size()));
  put_bytes(out, {reinterpret_cast<const uint8_t*>(name.data()), name.size()});
}

void put_op(Bytes& out, wasm::Op op) {
  const wasm::OpInfo& info = wasm::op_info(op);
  if (info.prefix == 0) [[likely]]
    return put_u8(out, static_cast<uint8_t>(info.code));
  put_u8(out, info.prefix);
  put_u32(out, info.code);
}

void put_heap_type(Bytes& out, wasm::HeapType type) {
  if (type.is_concrete())
    put_s64(out, type.index().value);
  else
    put_u8(out, static_cast<uint8_t>(type.abstract()));
}

void put_val_type(Bytes& out, wasm::ValType type) {
  if (!type.is_ref()) return put_u8(out, static_cast<uint8_t>(type.bits()));
  // The one-byte shorthand for nullable references to abstract heap types is the canonical form.
  if (!type.is_nullable() || type.heap().is_concrete()) put_u8(out, type.is_nullable() ? 0x63 : 0x64);
  put_heap_type(out, type.heap());
}

void put_storage_type(Bytes& out, wasm::StorageType type) {
  if (type.is_packed())
    put_u8(out, type.size_bytes() == 1 ? 0x78 : 0x77);
  else
    put_val_type(out, type.unpacked());
}

void put_block_type(Bytes& out, const wasm::BlockType& type) {
  switch (type.kind) {
    case wasm::BlockType::Kind::empty:
      return put_u8(out, 0x40);
    case wasm::BlockType::Kind::value:
      return put_val_type(out, type.value);
    case wasm::BlockType::Kind::type:
      return put_s64(out, type.type.value);
  }
}

void put_mem_arg(Bytes& out, uint32_t align_log2, uint32_t memory, uint64_t offset) {
  put_u32(out, align_log2 | (memory != 0 ? 0x40 : 0));
  if (memory != 0) put_u32(out, memory);
  put_u64(out, offset);
}

void put_table_type(Bytes& out, const wasm::TableType& type) {
  put_val_type(out, type.elem);
  put_u8(out, limits_flags(type.limits));
  put_bounds(out, type.limits);
}

void put_mem_type(Bytes& out, const wasm::MemType& type) {
  const bool custom_page_size = type.page_size_log2 != wasm::default_page_size_log2;
  put_u8(out, static_cast<uint8_t>(limits_flags(type.limits) | (type.shared ? 2 : 0) |
                                   (custom_page_size ? 8 : 0)));
  put_bounds(out, type.limits);
  if (custom_page_size) put_u32(out, type.page_size_log2);
}

void put_global_type(Bytes& out, const wasm::GlobalType& type) {
  put_val_type(out, type.type);
  put_u8(out, type.mutable_ ? 1 : 0);
}

void put_tag_type(Bytes& out, const wasm::TagType& type) {
  put_u8(out, 0);
  put_u32(out, type.type.value);
}

void put_sub_type(Bytes& out, const wasm::SubType& type) {
  if (!type.final_ || !type.supers.empty()) {
    put_u8(out, type.final_ ? 0x4F : 0x50);
    put_u32(out, static_cast<uint32_t>(type.supers.size()));
    for (const wasm::TypeIdx super : type.supers) put_u32(out, super.value);
  }
  put_comp_type(out, type.comp);
}

}  // namespace cloche::binary
