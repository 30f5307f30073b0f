// The opcode table as data: `Op` numbers the rows of opcodes.def densely, `op_info` gives a row's columns.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "wasm/features.hpp"

namespace cloche::wasm {

/// One enumerator per row, spelled as the text name with '.' replaced by '_' (a '_' is added where C++
/// reserves the word). Dense from 0, so it indexes arrays.
enum class Op : uint16_t {
#define OP(name, text, prefix, code, immediate, signature, family, access, traps, feature) name,
#include "wasm/opcodes.def"
#undef OP
  count_,
};
inline constexpr size_t op_count = static_cast<size_t>(Op::count_);

// clang-format off

/// What follows the opcode in the binary format, in this order (spec: Binary Format / Instructions).
enum class Imm : uint8_t {
  none,
  block,          // block type (s33)
  label,          // label index
  label_table,    // vec(label) label: br_table
  func, type, local, global, table, memory, tag, data, elem,  // one index
  type_table,     // type index, table index: call_indirect
  elem_table,     // elem index, table index: table.init
  table_table,    // destination, source: table.copy
  data_memory,    // data index, memory index: memory.init
  memory_memory,  // destination, source: memory.copy
  type_field,     // type index, field index
  type_count,     // type index, u32: array.new_fixed
  type_data, type_elem, type_type,  // type index, second index
  select_types,   // vec(valtype)
  heap_type,      // heap type (s33)
  cast,           // flags byte, label, heap type, heap type: br_on_cast
  try_table,      // block type, vec(catch)
  mem_arg,        // alignment with memory flag, [memory index], offset
  mem_arg_lane,   // mem_arg, lane byte
  lane,           // lane byte
  shuffle,        // 16 lane bytes
  fence,          // a zero byte
  i32, i64, f32, f64, v128,  // constants
};

/// Groups of instructions that validator, interpreter and compilers treat alike.
enum class Family : uint8_t {
  control, parametric, variable, table, memory, const_, reference, aggregate,
  numeric,  // pure function of its operands; numeric.h has one function per row
  lane,     // extract_lane and replace_lane: numeric.h, with the lane as last argument
  shuffle,
  load, store, load_lane, store_lane,
  atomic_load, atomic_store, atomic_rmw, atomic_cmpxchg, atomic_wait, atomic_notify, atomic_fence,
};

/// Why an instruction may trap; the printer, the documentation and the compilers' effect model read it.
enum class Traps : uint8_t {
  none, unreachable, memory, table, divide, divide_signed, conversion, call, call_ref, indirect_call, null, cast,
  array, array_data, array_elem, allocation, atomic, atomic_wait, exception,
};

// clang-format on

struct OpInfo {
  std::string_view text;  // spelling in the text format
  uint8_t prefix;         // 0, 0xFB, 0xFC, 0xFD or 0xFE
  uint16_t code;          // the opcode byte, or the LEB128 number after the prefix
  Imm immediate;
  std::string_view signature;  // "operands:results", see opcodes.def; "?" when it depends on context
  Family family;
  uint8_t access_bytes;  // bytes of memory accessed, also the natural alignment; 0 for none
  Traps traps;
  Feature feature;
};

inline constexpr std::array<OpInfo, op_count> op_table = {{
#define OP(name, text, prefix, code, immediate, signature, family, access, traps, feature) \
  {text, prefix, code, Imm::immediate, signature, Family::family, access, Traps::traps, Feature::feature},
#include "wasm/opcodes.def"
#undef OP
}};

constexpr const OpInfo& op_info(Op op) { return op_table[static_cast<size_t>(op)]; }

namespace detail {
inline constexpr Op no_op = Op::count_;
template <uint8_t Prefix, size_t Size>
consteval std::array<Op, Size> ops_of_prefix() {
  std::array<Op, Size> ops{};
  ops.fill(no_op);
  for (size_t i = 0; i < op_count; ++i)
    if (op_table[i].prefix == Prefix) ops[op_table[i].code] = static_cast<Op>(i);
  return ops;
}
inline constexpr auto one_byte_ops = ops_of_prefix<0, 256>();
inline constexpr auto fb_ops = ops_of_prefix<0xFB, 32>();
inline constexpr auto fc_ops = ops_of_prefix<0xFC, 32>();
inline constexpr auto fd_ops = ops_of_prefix<0xFD, 320>();
inline constexpr auto fe_ops = ops_of_prefix<0xFE, 80>();
}  // namespace detail

/// True for the four bytes that open a two-part opcode.
constexpr bool is_prefix(uint8_t byte) { return byte >= 0xFB && byte <= 0xFE; }

/// The instruction of a prefix (0 for none) and code, or Op::count_ when there is none. Features are not
/// looked at.
constexpr Op find_op(uint8_t prefix, uint32_t code) {
  const auto at = [&](const auto& ops) { return code < ops.size() ? ops[code] : detail::no_op; };
  switch (prefix) {
    case 0:
      return at(detail::one_byte_ops);
    case 0xFB:
      return at(detail::fb_ops);
    case 0xFC:
      return at(detail::fc_ops);
    case 0xFD:
      return at(detail::fd_ops);
    case 0xFE:
      return at(detail::fe_ops);
    default:
      return detail::no_op;
  }
}

}  // namespace cloche::wasm
