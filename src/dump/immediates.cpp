#include "dump/immediates.hpp"

#include "base/hex_float.hpp"

namespace cloche::dump {
namespace {

using binary::Instr;
using binary::InstrReader;
using wasm::Imm;
using wasm::Op;

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

}  // namespace

void put_name(Output& out, std::string_view name) {
  size_t done = 0;
  for (size_t i = 0; i < name.size(); ++i) {
    if (!is_control(name[i])) continue;
    out.put(name.substr(done, i - done));
    out.put('\\');
    out.hex(static_cast<unsigned char>(name[i]), 2);
    done = i + 1;
  }
  out.put(name.substr(done));
}

void put_tag(Output& out, std::string_view name) {
  if (name.empty()) return;
  out.put(" <");
  put_name(out, name);
  out.put('>');
}

void put_type(Output& out, wasm::ValType type) { out.put(to_string(type)); }

void put_immediate_value(Output& out, const Instr& instr) {
  if (instr.op == Op::f32_const) return out.put(base::hex_f32(static_cast<uint32_t>(instr.bits)));
  if (instr.op == Op::f64_const) return out.put(base::hex_f64(instr.bits));
  for (size_t lane = 0; lane < 4; ++lane) {
    uint32_t value = 0;
    for (size_t i = 4; i-- > 0;) value = value << 8 | instr.bytes[lane * 4 + i];
    out.put(lane == 0 ? "0x" : " 0x");
    out.hex(value, 8);
  }
}

std::string_view ImmediatePrinter::name_of(Op op, uint32_t value) const {
  const Names& names = index_.names;
  switch (wasm::op_info(op).immediate) {
    case Imm::func:
      return op == Op::call || every_name_ ? names.funcs.get(value) : std::string_view();
    case Imm::global:
      return names.globals.get(value);
    case Imm::local:
      if (locals_.empty() || (op == Op::local_tee && !every_name_)) return {};
      return LocalNames::find(locals_, value);
    case Imm::tag:
      return op == Op::throw_ || every_name_ ? names.tags.get(value) : std::string_view();
    case Imm::data:
      return names.datas.get(value);
    case Imm::table:
      return every_name_ ? names.tables.get(value) : std::string_view();
    case Imm::type:
      return every_name_ ? names.types.get(value) : std::string_view();
    default:
      return {};
  }
}

void ImmediatePrinter::put_index(Op op, uint32_t value) {
  word(value);
  put_tag(out_, name_of(op, value));
}

void ImmediatePrinter::put_mem_arg(const binary::MemArg& arg) {
  word(arg.align_log2);
  if (arg.memory != 0) word(arg.memory);
  word(arg.offset);
}

void ImmediatePrinter::put_block(wasm::BlockType type) {
  switch (type.kind) {
    case wasm::BlockType::Kind::empty:
      break;
    case wasm::BlockType::Kind::value:
      out_.put(' ');
      put_type(out_, type.value);
      break;
    case wasm::BlockType::Kind::type:
      out_.put(" type[", type.type.value, ']');
      if (every_name_) put_tag(out_, index_.names.types.get(type.type.value));
      break;
  }
}

void ImmediatePrinter::put_call_indirect(const Instr& instr) {
  word(instr.index2);
  put_tag(out_, index_.names.tables.get(instr.index2));
  out_.put(" (type ", instr.index);
  put_tag(out_, index_.names.types.get(instr.index));
  out_.put(')');
}

void ImmediatePrinter::put_ref_type(wasm::HeapType heap, bool nullable) {
  out_.put(nullable ? " (ref null " : " (ref ", to_string(heap), ')');
}

void ImmediatePrinter::put_catches(const Instr& instr, const InstrReader& reader) {
  constexpr std::string_view words[] = {" catch", " catch_ref", " catch_all", " catch_all_ref"};
  for (const binary::Catch& clause : reader.catches(instr)) {
    out_.put(words[static_cast<size_t>(clause.kind)]);
    if (clause.kind == binary::Catch::Kind::catch_ || clause.kind == binary::Catch::Kind::catch_ref) {
      word(clause.tag);
      if (every_name_) put_tag(out_, index_.names.tags.get(clause.tag));
    }
    word(clause.label);
  }
}

void ImmediatePrinter::put_two(const Instr& instr) {
  word(instr.index);
  word(instr.index2);
  if (wasm::op_info(instr.op).immediate == Imm::data_memory)
    put_tag(out_, index_.names.datas.get(instr.index));
}

void ImmediatePrinter::put(const Instr& instr, const InstrReader& reader) {
  switch (wasm::op_info(instr.op).immediate) {
    case Imm::none:
      return;
    case Imm::block:
      return put_block(instr.block);
    case Imm::label:
    case Imm::func:
    case Imm::local:
    case Imm::global:
    case Imm::table:
    case Imm::memory:
    case Imm::tag:
    case Imm::data:
    case Imm::elem:
      return put_index(instr.op, instr.index);
    case Imm::type:
      if (instr.op == Op::call_ref || instr.op == Op::return_call_ref)
        return put_ref_type(wasm::HeapType(wasm::TypeIdx(instr.index)), true);
      return put_index(instr.op, instr.index);
    case Imm::type_table:
      // wabt's listing has both indices of a tail call plainly.
      return instr.op == Op::call_indirect || every_name_ ? put_call_indirect(instr) : put_two(instr);
    case Imm::elem_table:
    case Imm::table_table:
    case Imm::data_memory:
    case Imm::memory_memory:
    case Imm::type_field:
    case Imm::type_count:
    case Imm::type_data:
    case Imm::type_elem:
    case Imm::type_type:
      return put_two(instr);
    case Imm::label_table:
      for (const uint32_t label : reader.labels(instr)) word(label);
      return word(instr.index2);
    case Imm::select_types:
      for (const wasm::ValType type : reader.types(instr)) {
        out_.put(' ');
        put_type(out_, type);
      }
      return;
    case Imm::try_table:
      put_block(instr.block);
      return put_catches(instr, reader);
    case Imm::heap_type:
      if (instr.op == Op::ref_null) return out_.put(' ', to_string(instr.heap));
      return put_ref_type(instr.heap, instr.op == Op::ref_test_null || instr.op == Op::ref_cast_null);
    case Imm::cast:
      word(instr.index);
      put_ref_type(instr.heap, (instr.cast_flags & 1) != 0);
      return put_ref_type(instr.heap2, (instr.cast_flags & 2) != 0);
    case Imm::mem_arg:
      return put_mem_arg(instr.mem);
    case Imm::mem_arg_lane:
      put_mem_arg(instr.mem);
      return word(instr.lane);
    case Imm::lane:
      return word(instr.lane);
    case Imm::fence:
      return word(0);
    case Imm::i32:
    case Imm::i64:
      return word(instr.bits);
    case Imm::shuffle:
    case Imm::v128:
    case Imm::f32:
    case Imm::f64:
      out_.put(' ');
      return put_immediate_value(out_, instr);
  }
}

}  // namespace cloche::dump
