#include "debug/symbolic.hpp"

#include <algorithm>
#include <array>

#include "text/text_writer.hpp"

namespace cloche::debug {
namespace {

using wasm::Family;
using wasm::Op;

/// How instructions of two operands look, by what their names end in.
struct Infix {
  std::string_view name;
  std::string_view sign;
  uint8_t binding;
};
constexpr Infix infixes[] = {
    {"mul", "*", 10},    {"div", "/", 10},      {"div_s", "/", 10},    {"div_u", " /u ", 10},
    {"rem_s", "%", 10},  {"rem_u", " %u ", 10}, {"add", "+", 9},       {"sub", "-", 9},
    {"shl", "<<", 8},    {"shr_s", ">>", 8},    {"shr_u", " >>u ", 8}, {"and", "&", 5},
    {"xor", "^", 4},     {"or", "|", 3},        {"eq", "==", 6},       {"ne", "!=", 6},
    {"lt", "<", 7},      {"gt", ">", 7},        {"le", "<=", 7},       {"ge", ">=", 7},
    {"lt_s", "<", 7},    {"gt_s", ">", 7},      {"le_s", "<=", 7},     {"ge_s", ">=", 7},
    {"lt_u", " <u ", 7}, {"gt_u", " >u ", 7},   {"le_u", " <=u ", 7},  {"ge_u", " >=u ", 7},
};

std::string_view last_part(std::string_view text) { return text.substr(text.rfind('.') + 1); }

const Infix* infix_of(Op op) {
  const wasm::OpInfo& info = wasm::op_info(op);
  if (info.family != Family::numeric || info.prefix != 0) return nullptr;
  const auto* found = std::find_if(std::begin(infixes), std::end(infixes),
                                   [&](const Infix& each) { return each.name == last_part(info.text); });
  return found == std::end(infixes) ? nullptr : found;
}

std::string bracketed(const Expression& part, uint8_t binding) {
  return part.binding >= binding ? part.text : "(" + part.text + ")";
}

std::string list(std::span<const Expression> in) {
  std::string text;
  for (const Expression& part : in) text += (text.empty() ? "" : ", ") + part.text;
  return text;
}

Expression call(std::string name, std::span<const Expression> in) {
  return {std::move(name) + "(" + list(in) + ")", binds_always};
}

Expression constant(const validate::Instr& instr) {
  std::string text;
  switch (instr.op) {
    case Op::i32_const:
      text::put_signed(text, static_cast<int32_t>(instr.bits));
      break;
    case Op::i64_const:
      text::put_signed(text, static_cast<int64_t>(instr.bits));
      break;
    case Op::f32_const:
      text::put_f32(text, static_cast<uint32_t>(instr.bits));
      break;
    case Op::f64_const:
      text::put_f64(text, instr.bits);
      break;
    default: {
      std::array<uint8_t, 16> bytes;
      std::copy_n(instr.bytes, bytes.size(), bytes.begin());
      text::put_v128(text, bytes);
    }
  }
  return {std::move(text), binds_always};
}

/// The place that a memory instruction touches: "load[p+4]".
Expression access(const validate::Instr& instr, std::span<const Expression> in) {
  std::string text(last_part(wasm::op_info(instr.op).text));
  if (wasm::op_info(instr.op).prefix == 0xFE) text = wasm::op_info(instr.op).text;
  text += "[" + in[0].text;
  if (instr.bits != 0) text += "+" + std::to_string(instr.bits);
  text += "]";
  if (in.size() > 1) text += "(" + list(in.subspan(1)) + ")";
  return {std::move(text), binds_always};
}

Expression aggregate(const Labels& labels, const validate::Instr& instr, std::span<const Expression> in) {
  switch (instr.op) {
    case Op::struct_get:
    case Op::struct_get_s:
    case Op::struct_get_u:
      return {bracketed(in[0], binds_always) + "." + labels.field_symbol(instr.index, instr.index2),
              binds_always};
    case Op::array_get:
    case Op::array_get_s:
    case Op::array_get_u:
      return {bracketed(in[0], binds_always) + "[" + in[1].text + "]", binds_always};
    default:
      return call(std::string(wasm::op_info(instr.op).text), in);
  }
}

}  // namespace

Expression symbolic(const Labels& labels, uint32_t func, const validate::Instr& instr,
                    std::span<const Expression> in, uint32_t index, uint32_t count) {
  const wasm::OpInfo& info = wasm::op_info(instr.op);
  if (const Infix* infix = infix_of(instr.op); infix && in.size() == 2)
    return {bracketed(in[0], infix->binding) + std::string(infix->sign) +
                bracketed(in[1], static_cast<uint8_t>(infix->binding + 1)),
            infix->binding};
  switch (instr.op) {
    case Op::local_get:
    case Op::local_tee:
      return {labels.local_symbol(func, instr.index), binds_always};
    case Op::global_get:
      return {labels.global_symbol(instr.index), binds_always};
    case Op::i32_eqz:
    case Op::i64_eqz:
      return {bracketed(in[0], 8) + "==0", 6};
    case Op::select:
    case Op::select_t:
      return {bracketed(in[2], 3) + "?" + bracketed(in[0], 3) + ":" + bracketed(in[1], 3), 2};
    case Op::ref_null:
      return {"null", binds_always};
    case Op::ref_func:
      return {"&" + labels.func_symbol(instr.index), binds_always};
    case Op::call: {
      Expression result = call(labels.func_symbol(instr.index), in);
      if (count > 1) result.text += "." + std::to_string(index);
      return result;
    }
    case Op::call_indirect:
    case Op::call_ref: {
      const std::string callee = instr.op == Op::call_ref
                                     ? "(" + in.back().text + ")"
                                     : "table" + std::to_string(instr.index2) + "[" + in.back().text + "]";
      Expression result = call(callee, in.first(in.size() - 1));
      if (count > 1) result.text += "." + std::to_string(index);
      return result;
    }
    case Op::memory_size:
    case Op::table_size:
      return {std::string(info.text), binds_always};
    default:
      break;
  }
  switch (info.family) {
    case Family::const_:
      return constant(instr);
    case Family::load:
    case Family::load_lane:
    case Family::atomic_load:
    case Family::atomic_rmw:
    case Family::atomic_cmpxchg:
    case Family::atomic_wait:
    case Family::atomic_notify:
      return access(instr, in);
    case Family::aggregate:
      return aggregate(labels, instr, in);
    case Family::numeric:
      // i32.clz(a) is clear as clz(a); conversions and vectors say their types.
      return call(std::string(info.prefix == 0 && in.size() <= 2 ? last_part(info.text) : info.text), in);
    case Family::lane:
      return call(std::string(info.text) + " " + std::to_string(instr.lane), in);
    case Family::table: {
      if (instr.op == Op::table_get)
        return {"table" + std::to_string(instr.index) + "[" + in[0].text + "]", binds_always};
      return call(std::string(info.text), in);
    }
    default: {
      Expression result = call(std::string(info.text), in);
      if (count > 1) result.text += "." + std::to_string(index);
      return result;
    }
  }
}

}  // namespace cloche::debug
