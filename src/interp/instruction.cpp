// Walking over instructions by the kinds of their immediates.
#include "interp/instruction.hpp"

#include "interp/decode.hpp"

namespace cloche::interp {
namespace {

void skip_value_type(const uint8_t*& at) {
  const uint8_t byte = *at;
  if (byte == 0x63 || byte == 0x64) ++at;
  static_cast<void>(read_sleb(at));
}

void skip_indices(const uint8_t*& at, uint32_t count) {
  for (; count > 0; --count) read_index(at);
}

void skip_catches(const uint8_t*& at) {
  for (uint32_t count = read_index(at); count > 0; --count) {
    const uint8_t kind = *at++;
    skip_indices(at, kind < 2 ? 2 : 1);
  }
}

void skip_select_types(const uint8_t*& at) {
  for (uint32_t count = read_index(at); count > 0; --count) skip_value_type(at);
}

void skip_immediate(wasm::Imm immediate, const uint8_t*& at) {
  using wasm::Imm;
  switch (immediate) {
    case Imm::none:
      return;
    case Imm::block:
      return skip_value_type(at);
    case Imm::label:
    case Imm::func:
    case Imm::type:
    case Imm::local:
    case Imm::global:
    case Imm::table:
    case Imm::memory:
    case Imm::tag:
    case Imm::data:
    case Imm::elem:
      return skip_indices(at, 1);
    case Imm::type_table:
    case Imm::elem_table:
    case Imm::table_table:
    case Imm::data_memory:
    case Imm::memory_memory:
    case Imm::type_field:
    case Imm::type_count:
    case Imm::type_data:
    case Imm::type_elem:
    case Imm::type_type:
      return skip_indices(at, 2);
    case Imm::label_table:
      return skip_indices(at, read_index(at) + 1);
    case Imm::select_types:
      return skip_select_types(at);
    case Imm::heap_type:
      static_cast<void>(read_sleb(at));
      return;
    case Imm::cast:
      ++at;
      read_index(at);
      static_cast<void>(read_sleb(at));
      static_cast<void>(read_sleb(at));
      return;
    case Imm::try_table:
      skip_value_type(at);
      return skip_catches(at);
    case Imm::mem_arg:
      static_cast<void>(read_mem_arg(at));
      return;
    case Imm::mem_arg_lane:
      static_cast<void>(read_mem_arg(at));
      ++at;
      return;
    case Imm::lane:
    case Imm::fence:
      ++at;
      return;
    case Imm::shuffle:
    case Imm::v128:
      at += 16;
      return;
    case Imm::i32:
    case Imm::i64:
      static_cast<void>(read_sleb(at));
      return;
    case Imm::f32:
      at += 4;
      return;
    case Imm::f64:
      at += 8;
      return;
  }
}

}  // namespace

Instruction decode_instruction(const uint8_t* at) {
  const uint8_t first = *at++;
  Instruction instruction;
  if (wasm::is_prefix(first)) {
    instruction.op = wasm::find_op(first, read_index(at));
  } else {
    instruction.op = wasm::find_op(0, first);
  }
  instruction.immediates = at;
  skip_immediate(wasm::op_info(instruction.op).immediate, at);
  instruction.next = at;
  return instruction;
}

}  // namespace cloche::interp
