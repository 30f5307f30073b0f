#include "cli/wabt/tracer.hpp"

#include <cstdio>
#include <string>

#include "binary/instr_reader.hpp"
#include "interp/effects.hpp"
#include "text/text_writer.hpp"

namespace cloche::cli {
namespace {

using binary::Instr;
using wasm::Imm;
using wasm::Op;

/// The instruction at the site, decoded from the module's bytes.
Instr instr_at(const abi::Site& site, uint32_t offset) {
  const wasm::Module& module = *site.instance->module;
  const auto end = static_cast<uint32_t>(module.bytes.size());
  binary::InstrReader reader(module, {offset, end - offset});
  return reader.next().value_or(Instr{});
}

void put_operand(std::string& out, char letter, const abi::Slot* slot) {
  switch (letter) {
    case 'i':
      return text::put_number(out, static_cast<uint32_t>(slot[0]));
    case 'f':
      return text::put_f32_short(out, static_cast<uint32_t>(slot[0]));
    case 'd':
      return text::put_f64_short(out, slot[0]);
    case 'v': {
      char lanes[64];
      std::snprintf(lanes, sizeof lanes, "$0x%08x %08x %08x %08x", static_cast<uint32_t>(slot[0]),
                    static_cast<uint32_t>(slot[0] >> 32), static_cast<uint32_t>(slot[1]),
                    static_cast<uint32_t>(slot[1] >> 32));
      out += lanes;
      return;
    }
    default:
      return text::put_number(out, slot[0]);
  }
}

/// " 3, 1": the operands that the instruction's row says it takes.
void put_operands(std::string& out, const abi::Site& site, std::string_view signature) {
  if (signature == "?") return;
  const abi::Slot* slot = site.sp;
  const std::string_view operands = signature.substr(0, signature.find(':'));
  for (const char letter : operands) slot -= letter == 'v' ? 2 : 1;
  for (size_t i = 0; i < operands.size(); ++i) {
    out += i == 0 ? " " : ", ";
    put_operand(out, operands[i], slot);
    slot += operands[i] == 'v' ? 2 : 1;
  }
}

/// " $1" for an index, " 3" for a constant.
void put_immediates(std::string& out, const Instr& instr) {
  const auto index = [&](uint32_t value) {
    out += " $";
    text::put_number(out, value);
  };
  switch (wasm::op_info(instr.op).immediate) {
    case Imm::func:
    case Imm::type:
    case Imm::local:
    case Imm::global:
    case Imm::table:
    case Imm::memory:
    case Imm::tag:
    case Imm::data:
    case Imm::elem:
      return index(instr.index);
    case Imm::label:
      out += " @";
      return text::put_number(out, instr.index);
    case Imm::type_table:
    case Imm::elem_table:
    case Imm::table_table:
    case Imm::data_memory:
    case Imm::memory_memory:
    case Imm::type_field:
    case Imm::type_data:
    case Imm::type_elem:
    case Imm::type_type:
      index(instr.index);
      return index(instr.index2);
    case Imm::i32:
      out += ' ';
      return text::put_number(out, instr.bits);
    case Imm::i64:
      out += ' ';
      return text::put_number(out, instr.bits);
    case Imm::f32:
      out += ' ';
      return text::put_f32_short(out, static_cast<uint32_t>(instr.bits));
    case Imm::f64:
      out += ' ';
      return text::put_f64_short(out, instr.bits);
    case Imm::v128:
      out += ' ';
      return text::put_v128(out, instr.bytes, true);
    case Imm::lane:
      return index(instr.lane);
    default:
      return;
  }
}

/// " $0:8+$4, 7": memory, address operand and offset, and what is stored.
void put_access(std::string& out, const abi::Site& site, const Instr& instr) {
  const wasm::OpInfo& info = wasm::op_info(instr.op);
  out += " $";
  text::put_number(out, instr.mem.memory);
  out += ':';
  const interp::Effects effects = interp::effects_of(site);
  text::put_number(out, (effects.reads ? effects.read : effects.write).base);
  out += "+$";
  text::put_number(out, instr.mem.offset);
  const std::string_view rest = info.signature.substr(1, info.signature.find(':') - 1);
  if (rest.empty()) return;
  out += ',';
  put_operands(out, site, rest);
}

}  // namespace

wasm::TrapCode Tracer::before(const abi::Site& site) {
  const uint32_t offset = site.frame->code->module_offset + site.offset;
  const Instr instr = instr_at(site, offset);
  const wasm::OpInfo& info = wasm::op_info(instr.op);
  std::string text(info.text);
  if (info.immediate == Imm::mem_arg || info.immediate == Imm::mem_arg_lane) {
    put_access(text, site, instr);
  } else {
    put_immediates(text, instr);
    const size_t before = text.size();
    std::string operands;
    put_operands(operands, site, info.signature);
    if (before != info.text.size() && !operands.empty()) text += ',';
    text += operands;
  }
  std::printf("#%td. %4u: V:%-3td| %s\n", site.frame - site.context->frames_base, offset,
              site.sp - site.context->stack_base, text.c_str());
  return wasm::TrapCode::none;
}

}  // namespace cloche::cli
