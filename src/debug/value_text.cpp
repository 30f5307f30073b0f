#include "debug/value_text.hpp"

#include <cstring>

#include "runtime/instance.hpp"
#include "symbols/demangle.hpp"
#include "text/text_writer.hpp"

namespace cloche::debug {
namespace {

void put_func(std::string& out, const abi::FuncObject& func) {
  if (func.kind == abi::FuncKind::host) {
    out += "host func";
    return;
  }
  out += "func ";
  const auto* instance = static_cast<const runtime::Instance*>(func.instance->owner);
  const std::string name = symbols::demangle(instance->module().func_name(wasm::FuncIdx(func.func_index)));
  if (name.empty())
    out += std::to_string(func.func_index);
  else
    text::put_identifier(out, name);
}

void put_reference(std::string& out, abi::Ref ref) {
  if (ref == abi::null_ref) {
    out += "null";
    return;
  }
  if (abi::is_i31(ref)) {
    out += "i31 ";
    text::put_signed(out, static_cast<int32_t>(abi::i31_get_s(ref)));
    return;
  }
  const abi::GcObject* object = abi::as_object(ref);
  switch (object->rtt->kind) {
    case abi::GcKind::struct_:
      out += "struct";
      return;
    case abi::GcKind::array:
      out += "array[" + std::to_string(static_cast<const abi::ArrayObject*>(object)->length) + "]";
      return;
    case abi::GcKind::exception:
      out += "exn";
      return;
    case abi::GcKind::extern_:
      out += "extern " + std::to_string(static_cast<const abi::ExternObject*>(object)->payload);
      return;
    case abi::GcKind::func:
      return put_func(out, *static_cast<const abi::FuncObject*>(object));
  }
}

}  // namespace

void put_value(std::string& out, wasm::ValType type, const abi::Slot* slot) {
  if (type == wasm::ValType::i32()) return text::put_signed(out, static_cast<int32_t>(*slot));
  if (type == wasm::ValType::i64()) return text::put_signed(out, static_cast<int64_t>(*slot));
  if (type == wasm::ValType::f32()) return text::put_f32(out, static_cast<uint32_t>(*slot));
  if (type == wasm::ValType::f64()) return text::put_f64(out, *slot);
  if (type.is_ref()) return put_reference(out, *slot);
  std::array<uint8_t, 16> bytes;
  std::memcpy(bytes.data(), slot, bytes.size());
  text::put_v128(out, bytes);
}

std::string func_text(const abi::FuncObject& func) {
  if (func.kind == abi::FuncKind::host) return "a host function";
  const auto* instance = static_cast<const runtime::Instance*>(func.instance->owner);
  const std::string name = symbols::demangle(instance->module().func_name(wasm::FuncIdx(func.func_index)));
  if (name.empty()) return "function " + std::to_string(func.func_index);
  std::string text;
  text::put_identifier(text, name);
  return text;
}

std::string value_text(wasm::ValType type, const abi::Slot* slot) {
  std::string text;
  put_value(text, type, slot);
  return text;
}

}  // namespace cloche::debug
