// Appends the binary format's values, types and opcodes to a byte vector. The assembler and the encoder use
// it.
#pragma once

#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "base/leb128.hpp"
#include "wasm/opcode.hpp"
#include "wasm/types.hpp"

namespace cloche::binary {

using Bytes = std::vector<uint8_t>;

inline void put_u8(Bytes& out, uint8_t byte) { out.push_back(byte); }
inline void put_u32(Bytes& out, uint32_t value) { base::append_leb(out, value); }
inline void put_u64(Bytes& out, uint64_t value) { base::append_leb(out, value); }
inline void put_s32(Bytes& out, int32_t value) { base::append_leb(out, value); }
inline void put_s64(Bytes& out, int64_t value) { base::append_leb(out, value); }
/// The bytes of a float or vector as they stand, little-endian.
template <class T>
void put_fixed(Bytes& out, const T& value) {
  const size_t at = out.size();
  out.resize(at + sizeof(T));
  std::memcpy(out.data() + at, &value, sizeof(T));
}
inline void put_bytes(Bytes& out, std::span<const uint8_t> bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}
/// Length and bytes.
void put_name(Bytes& out, std::string_view name);

void put_op(Bytes& out, wasm::Op op);
void put_heap_type(Bytes& out, wasm::HeapType type);
void put_val_type(Bytes& out, wasm::ValType type);
void put_storage_type(Bytes& out, wasm::StorageType type);
void put_block_type(Bytes& out, const wasm::BlockType& type);
/// Alignment as a power of two; the memory index stands only when it is not 0.
void put_mem_arg(Bytes& out, uint32_t align_log2, uint32_t memory, uint64_t offset);
void put_table_type(Bytes& out, const wasm::TableType& type);
void put_mem_type(Bytes& out, const wasm::MemType& type);
void put_global_type(Bytes& out, const wasm::GlobalType& type);
void put_tag_type(Bytes& out, const wasm::TagType& type);
void put_sub_type(Bytes& out, const wasm::SubType& type);

}  // namespace cloche::binary
