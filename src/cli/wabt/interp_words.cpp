#include "cli/wabt/interp_words.hpp"

#include "script/match.hpp"
#include "text/number.hpp"

namespace cloche::cli {
namespace {

using runtime::Value;
using wasm::ValType;

std::optional<ValType> number_type(std::string_view name) {
  for (const ValType type : {ValType::i32(), ValType::i64(), ValType::f32(), ValType::f64()})
    if (wasm::to_string(type) == name) return type;
  return std::nullopt;
}

text::NumberStatus parse_number(ValType type, std::string_view word, uint64_t& bits) {
  if (type == ValType::f64()) return text::parse_f64(word, bits);
  if (type != ValType::f32()) return text::parse_integer(word, type == ValType::i32() ? 32 : 64, bits);
  uint32_t narrow = 0;
  const text::NumberStatus status = text::parse_f32(word, narrow);
  bits = narrow;
  return status;
}

/// Where wabt's words differ from the specification's.
std::string_view trap_words(wasm::TrapCode code) {
  switch (code) {
    case wasm::TrapCode::unreachable:
      return "unreachable executed";
    case wasm::TrapCode::undefined_element:
      return "undefined table index";
    case wasm::TrapCode::indirect_call_type_mismatch:
      return "indirect call signature mismatch";
    case wasm::TrapCode::unaligned_atomic:
      return "invalid atomic access";
    case wasm::TrapCode::expected_shared_memory:
      return "wait on unshared memory";
    default:
      return {};
  }
}

}  // namespace

std::optional<Value> parse_typed_value(std::string_view word) {
  const size_t colon = word.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto type = number_type(word.substr(0, colon));
  uint64_t bits = 0;
  if (!type || parse_number(*type, word.substr(colon + 1), bits) != text::NumberStatus::ok)
    return std::nullopt;
  return script::number_value(*type, bits);
}

Value zero_value(ValType type) {
  if (type.is_ref()) return script::null_value(type.heap());
  return type.is_vec() ? Value::v128(0, 0) : script::number_value(type, 0);
}

std::string failure_text(const runtime::Failure& failure) {
  if (failure.is_trap())
    if (const std::string_view words = trap_words(failure.trap()->code); !words.empty())
      return std::string(words);
  return failure.message();
}

}  // namespace cloche::cli
