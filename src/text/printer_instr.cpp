// Single instructions with their immediates.
#include "text/printer_core.hpp"
#include "wasm/opcode.hpp"

namespace cloche::text {

using binary::Instr;
using binary::InstrReader;
using wasm::Imm;
using wasm::Op;

void Printer::put_ref(std::string& out, const Ids& ids, uint32_t index) {
  const std::string_view id = ids.id(index);
  if (!id.empty())
    out += id;
  else
    put_number(out, index);
}

// " index" for an index that may be left out when it is 0. wabt leaves out a table's number, but not its
// name.
void Printer::put_ref_unless_0(std::string& out, const Ids& ids, uint32_t index) {
  if (index == 0 && !(wabt() && &ids == &tables_ && !ids.id(0).empty())) return;
  out += ' ';
  put_ref(out, ids, index);
}

// The identifier of a label where that means this label, empty elsewhere.
std::string_view Printer::label_id(uint32_t label) const {
  if (label >= labels_.size()) return {};
  const size_t target = labels_.size() - 1 - label;
  const Label& found = labels_[target];
  return !found.id.empty() && label_ids_.find(found.name) == target + 1 ? found.id : std::string_view();
}

// A label by its identifier, or by its number and the depth that blocks have in their comments.
void Printer::put_label(std::string& out, uint32_t label) {
  const std::string_view id = label_id(label);
  if (!id.empty()) {
    out += id;
    return;
  }
  put_number(out, label);
  if (!options_.depth_comments) return;
  if (label > labels_.size()) {
    out += " (; INVALID ;)";
    return;
  }
  out += " (;@";
  put_number(out, labels_.size() - label);
  out += ";)";
}

// The depth of the block that opens, where it has no name.
void Printer::put_depth_comment(std::string& out) {
  if (!options_.depth_comments) return;
  const bool to_the_end = comments_lines_ && (wabt() || !options_.folded);
  out += to_the_end ? "  ;; label = @" : " (;@";
  put_number(out, labels_.size() + 1);
  if (!to_the_end) out += ";)";
}

void Printer::put_ref_type(std::string& out, wasm::HeapType heap, bool nullable) {
  out += nullable ? "(ref null " : "(ref ";
  put_heap_type(out, heap);
  out += ')';
}

void Printer::put_block_type(std::string& out, const wasm::BlockType& type) {
  if (type.kind == wasm::BlockType::Kind::value) put_types(out, "result", std::span(&type.value, 1));
  if (type.kind != wasm::BlockType::Kind::type) return;
  constexpr size_t most_inline = 16;
  const wasm::FuncType* func = func_type(type.type);
  if (!wabt() || !is_implied(type.type)) put_type_ref(out, type.type);
  if (func == nullptr || (!wabt() && func->params.size() + func->results.size() > most_inline)) return;
  put_types(out, "param", func->params);
  put_types(out, "result", func->results);
}

void Printer::put_mem_arg(std::string& out, const Instr& instr) {
  put_ref_unless_0(out, mems_, instr.mem.memory);
  if (instr.mem.offset != 0) {
    out += " offset=";
    put_number(out, instr.mem.offset);
  }
  const uint64_t align = uint64_t{1} << (instr.mem.align_log2 & 63);
  if (align == wasm::op_info(instr.op).access_bytes) return;
  out += " align=";
  put_number(out, align);
}

void Printer::put_catch(std::string& out, const binary::Catch& clause) {
  using Kind = binary::Catch::Kind;
  constexpr std::array<std::string_view, 4> words = {"catch", "catch_ref", "catch_all", "catch_all_ref"};
  out += '(';
  out += words[static_cast<size_t>(clause.kind)];
  if (clause.kind == Kind::catch_ || clause.kind == Kind::catch_ref) {
    out += ' ';
    put_ref(out, tags_, clause.tag);
  }
  out += ' ';
  put_label(out, clause.label);
  out += ')';
}

// An instruction on one line, without its operands; `label` is the identifier of the label that it opens.
void Printer::put_instr(std::string& out, const InstrReader& reader, const Instr& instr,
                        std::string_view label) {
  out += wasm::op_info(instr.op).text;
  if (!label.empty()) {
    out += ' ';
    out += label;
  }
  put_immediates(out, reader, instr);
  if (label.empty() && opens_block(instr.op)) put_depth_comment(out);
}

void Printer::put_immediates(std::string& out, const InstrReader& reader, const Instr& instr) {
  const auto ref = [&](const Ids& ids, uint32_t index) {
    out += ' ';
    put_ref(out, ids, index);
  };
  const auto number = [&](uint64_t value) {
    out += ' ';
    put_number(out, value);
  };
  const auto two_unless_0 = [&](const Ids& ids) {
    if (instr.index == 0 && instr.index2 == 0 && !(wabt() && &ids == &tables_ && !ids.id(0).empty())) return;
    ref(ids, instr.index);
    ref(ids, instr.index2);
  };
  switch (wasm::op_info(instr.op).immediate) {
    case Imm::none:
    case Imm::fence:
      break;
    case Imm::block:
      put_block_type(out, instr.block);
      break;
    case Imm::try_table:
      put_block_type(out, instr.block);
      if (wabt()) break;  // on lines of their own
      for (const binary::Catch& clause : reader.catches(instr)) {
        out += ' ';
        put_catch(out, clause);
      }
      break;
    case Imm::label:
      out += ' ';
      // wabt has no comment at delegate.
      if (instr.op == Op::delegate && wabt() && label_id(instr.index).empty())
        put_number(out, instr.index);
      else
        put_label(out, instr.index);
      break;
    case Imm::label_table:
      for (const uint32_t label : reader.labels(instr)) {
        out += ' ';
        put_label(out, label);
      }
      out += ' ';
      put_label(out, instr.index2);
      break;
    case Imm::func:
      ref(funcs_, instr.index);
      break;
    case Imm::type:
      ref(types_, instr.index);
      break;
    case Imm::local:
      ref(locals_, instr.index);
      break;
    case Imm::global:
      ref(globals_, instr.index);
      break;
    case Imm::table:
      if (wabt())
        ref(tables_, instr.index);
      else
        put_ref_unless_0(out, tables_, instr.index);
      break;
    case Imm::memory:
      put_ref_unless_0(out, mems_, instr.index);
      break;
    case Imm::tag:
      ref(tags_, instr.index);
      break;
    case Imm::data:
      uses_data_index_ = true;
      ref(datas_, instr.index);
      break;
    case Imm::elem:
      ref(elems_, instr.index);
      break;
    case Imm::type_table:
      // wabt has no table at return_call_indirect; where it is not the first one, it has to be there.
      if (instr.index2 != 0 || !wabt() || instr.op == Op::call_indirect)
        put_ref_unless_0(out, tables_, instr.index2);
      out += " (type ";
      put_ref(out, types_, instr.index);
      out += ')';
      break;
    case Imm::elem_table:
      put_ref_unless_0(out, tables_, instr.index2);
      ref(elems_, instr.index);
      break;
    case Imm::table_table:
      two_unless_0(tables_);
      break;
    case Imm::data_memory:
      uses_data_index_ = true;
      put_ref_unless_0(out, mems_, instr.index2);
      ref(datas_, instr.index);
      break;
    case Imm::memory_memory:
      two_unless_0(mems_);
      break;
    case Imm::type_field: {
      ref(types_, instr.index);
      const uint32_t entry = instr.index < field_ids_.size() ? field_ids_[instr.index] : 0;
      ref(entry != 0 ? fields_[entry - 1] : Ids(), instr.index2);
      break;
    }
    case Imm::type_count:
      ref(types_, instr.index);
      number(instr.index2);
      break;
    case Imm::type_data:
      uses_data_index_ = true;
      ref(types_, instr.index);
      ref(datas_, instr.index2);
      break;
    case Imm::type_elem:
      ref(types_, instr.index);
      ref(elems_, instr.index2);
      break;
    case Imm::type_type:
      ref(types_, instr.index);
      ref(types_, instr.index2);
      break;
    case Imm::select_types:
      out += " (result";
      for (const wasm::ValType type : reader.types(instr)) {
        out += ' ';
        put_val_type(out, type);
      }
      out += ')';
      break;
    case Imm::heap_type:
      out += ' ';
      if (instr.op == Op::ref_null) {
        put_heap_type(out, instr.heap);
      } else {
        put_ref_type(out, instr.heap, instr.op == Op::ref_test_null || instr.op == Op::ref_cast_null);
      }
      break;
    case Imm::cast:
      out += ' ';
      put_label(out, instr.index);
      out += ' ';
      put_ref_type(out, instr.heap, (instr.cast_flags & 1) != 0);
      out += ' ';
      put_ref_type(out, instr.heap2, (instr.cast_flags & 2) != 0);
      break;
    case Imm::mem_arg:
      put_mem_arg(out, instr);
      break;
    case Imm::mem_arg_lane:
      put_mem_arg(out, instr);
      number(instr.lane);
      break;
    case Imm::lane:
      number(instr.lane);
      break;
    case Imm::shuffle:
      for (const uint8_t lane : instr.bytes) number(lane);
      break;
    case Imm::i32:
    case Imm::i64:
    case Imm::f32:
    case Imm::f64:
    case Imm::v128:
      out += ' ';
      put_constant(out, instr);
      break;
  }
}

// A float in wabt's text is a hexadecimal literal and a comment with what that comes to.
void Printer::put_constant(std::string& out, const Instr& instr) {
  const auto bits = static_cast<uint32_t>(instr.bits);
  switch (wasm::op_info(instr.op).immediate) {
    case Imm::i32:
      return put_signed(out, static_cast<int32_t>(instr.bits));
    case Imm::i64:
      return put_signed(out, static_cast<int64_t>(instr.bits));
    case Imm::v128:
      return put_v128(out, instr.bytes, wabt());
    case Imm::f32:
      if (!wabt()) return put_f32(out, bits);
      put_f32_hex(out, bits);
      out += " (;=";
      put_f32_short(out, bits);
      break;
    default:
      if (!wabt()) return put_f64(out, instr.bits);
      put_f64_hex(out, instr.bits);
      out += " (;=";
      put_f64_short(out, instr.bits);
      break;
  }
  out += ";)";
}

}  // namespace cloche::text
