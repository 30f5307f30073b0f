#include "api/values.hpp"

#include <cstring>

#include "api/access.hpp"
#include "api/describe.hpp"
#include "api/error.hpp"

namespace cloche::detail {
namespace {

using wasm::AbsHeap;
using wasm::ValType;

/// The null of the hierarchy `type` is in, if the type has one.
std::optional<runtime::Value> null_of(runtime::Store& store, ValType type) {
  for (const AbsHeap bottom : {AbsHeap::nofunc, AbsHeap::noextern, AbsHeap::none, AbsHeap::noexn}) {
    const runtime::Value null = runtime::Value::null(bottom);
    if (store.matches(null, type)) return null;
  }
  return std::nullopt;
}

runtime::Value number(const Value& value) {
  switch (value.kind()) {
    case ValueKind::i32:
      return runtime::Value::i32(static_cast<uint32_t>(value.bits()));
    case ValueKind::i64:
      return runtime::Value::i64(value.bits());
    case ValueKind::f32:
      return runtime::Value::f32_bits(static_cast<uint32_t>(value.bits()));
    case ValueKind::f64:
      return runtime::Value::f64_bits(value.bits());
    default:
      break;
  }
  uint64_t halves[2];
  std::memcpy(halves, value.v128().bytes.data(), sizeof halves);
  return runtime::Value::v128(halves[0], halves[1]);
}

V128 vector_of(const runtime::Value& value) {
  const uint64_t halves[2] = {value.bits(), value.high_bits()};
  V128 vector;
  std::memcpy(vector.bytes.data(), halves, sizeof halves);
  return vector;
}

}  // namespace

Result<runtime::Value> to_runtime(runtime::Store& store, const Value& value, ValType type) {
  if (value_kind(type) != value.kind())
    return Unexpected{
        usage_error("type mismatch: " + value.to_string() + " is not of type " + wasm::to_string(type))};
  return value.kind() == ValueKind::ref ? to_runtime(store, value.ref(), type) : number(value);
}

Result<runtime::Value> to_runtime(runtime::Store& store, const Ref& ref, ValType type) {
  if (const runtime::Value* value = ApiAccess::value_of(ref)) {
    const bool has_store = !abi::is_i31(value->as_ref());
    if (has_store && value->store() == nullptr)
      return Unexpected{usage_error("the store of the reference is gone")};
    if (has_store && value->store() != &store)
      return Unexpected{usage_error("the reference is of another store")};
    return *value;
  }
  if (const auto null = null_of(store, type)) return *null;
  return Unexpected{usage_error("type mismatch: ref.null is not of type " + wasm::to_string(type))};
}

Value to_public(const runtime::Value& value) {
  switch (value_kind(value.type())) {
    case ValueKind::i32:
      return value.as_i32();
    case ValueKind::i64:
      return value.as_i64();
    case ValueKind::f32:
      return Value::f32_bits(value.as_i32());
    case ValueKind::f64:
      return Value::f64_bits(value.as_i64());
    case ValueKind::v128:
      return vector_of(value);
    case ValueKind::ref:
      return ApiAccess::ref(value);
  }
  return {};
}

ValType val_type(RefType type) {
  switch (type) {
    case RefType::funcref:
      return ValType::funcref();
    case RefType::externref:
      return ValType::externref();
    case RefType::anyref:
      return ValType::anyref();
    case RefType::exnref:
      return ValType::exnref();
  }
  return ValType::externref();
}

ValType val_type(ValueKind kind) {
  switch (kind) {
    case ValueKind::i32:
      return ValType::i32();
    case ValueKind::i64:
      return ValType::i64();
    case ValueKind::f32:
      return ValType::f32();
    case ValueKind::f64:
      return ValType::f64();
    case ValueKind::v128:
      return ValType::v128();
    case ValueKind::ref:
      break;
  }
  return ValType::bot();
}

}  // namespace cloche::detail
