// Functions: of the host, and calls in both directions.
#include "api/access.hpp"
#include "api/describe.hpp"
#include "api/error.hpp"
#include "api/values.hpp"

namespace cloche {
namespace {

using detail::ApiAccess;
using detail::usage_error;

wasm::ResultType val_types(const std::vector<ValueKind>& kinds) {
  wasm::ResultType types;
  for (const ValueKind kind : kinds) types.push_back(detail::val_type(kind));
  return types;
}

struct NamedType {
  std::string_view name;
  wasm::ValType type;
};
constexpr NamedType named_types[] = {
    {"i32", wasm::ValType::i32()},       {"i64", wasm::ValType::i64()},
    {"f32", wasm::ValType::f32()},       {"f64", wasm::ValType::f64()},
    {"v128", wasm::ValType::v128()},     {"funcref", wasm::ValType::funcref()},
    {"anyref", wasm::ValType::anyref()}, {"externref", wasm::ValType::externref()},
    {"exnref", wasm::ValType::exnref()},
};

Result<wasm::ResultType> find_types(const std::vector<std::string_view>& names) {
  wasm::ResultType types;
  for (const std::string_view name : names) {
    const NamedType* found = nullptr;
    for (const NamedType& named : named_types)
      if (named.name == name) found = &named;
    if (found == nullptr)
      return Unexpected{usage_error("no value type is named '" + std::string(name) + "'")};
    types.push_back(found->type);
  }
  return types;
}

/// The values as ones of the given types. Fails: usage, as `what` ("argument", "result") and its number.
Result<std::vector<runtime::Value>> convert(runtime::Store& store, std::span<const Value> values,
                                            const wasm::ResultType& types, std::string_view what) {
  if (values.size() != types.size())
    return Unexpected{usage_error(std::to_string(values.size()) + " " + std::string(what) +
                                  "s for the types " + wasm::to_string(types))};
  std::vector<runtime::Value> converted;
  converted.reserve(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    auto value = detail::to_runtime(store, values[i], types[i]);
    if (!value)
      return Unexpected{
          usage_error(std::string(what) + " " + std::to_string(i + 1) + ": " + value.error().message())};
    converted.push_back(*std::move(value));
  }
  return converted;
}

std::vector<Value> to_public(std::span<const runtime::Value> values) {
  std::vector<Value> list;
  list.reserve(values.size());
  for (const runtime::Value& value : values) list.push_back(detail::to_public(value));
  return list;
}

bool same_kinds(const std::vector<ValueKind>& kinds, const wasm::ResultType& types) {
  if (kinds.size() != types.size()) return false;
  for (size_t i = 0; i < kinds.size(); ++i)
    if (kinds[i] != detail::value_kind(types[i])) return false;
  return true;
}

/// Calls a body over values within a call from the guest.
wasm::TrapCode call_body(const Func::Body& body, const wasm::ResultType& types, runtime::HostCall& call,
                         std::span<const runtime::Value> args, std::vector<runtime::Value>& results) {
  Caller caller = ApiAccess::caller(call);
  const auto returned = body(caller, to_public(args));
  if (!returned) return detail::trap_code(returned.error(), call);
  auto converted = convert(call.store, *returned, types, "result");
  if (!converted) return detail::trap_code(converted.error(), call);
  results = *std::move(converted);
  return wasm::TrapCode::none;
}

}  // namespace

Func Func::create(void* store, const detail::HostSignature& signature, detail::HostBody body) {
  auto slots = [body = std::move(body)](runtime::HostCall& call, abi::Slot* cells) {
    Caller caller = ApiAccess::caller(call);
    const Result<void> returned = body(caller, cells);
    return returned ? wasm::TrapCode::none : detail::trap_code(returned.error(), call);
  };
  return ApiAccess::handle(static_cast<runtime::Store*>(store)->make_func(
      {val_types(signature.params), val_types(signature.results)}, std::move(slots)));
}

Result<Func> Func::wrap_values(Store& store, const std::vector<std::string_view>& params,
                               const std::vector<std::string_view>& results, Body body) {
  auto param_types = find_types(params);
  if (!param_types) return Unexpected{param_types.error()};
  auto result_types = find_types(results);
  if (!result_types) return Unexpected{result_types.error()};
  auto values = [body = std::move(body), types = *result_types](runtime::HostCall& call,
                                                                std::span<const runtime::Value> args,
                                                                std::vector<runtime::Value>& returned) {
    return call_body(body, types, call, args, returned);
  };
  return ApiAccess::handle(
      ApiAccess::of(store).make_func_values({*param_types, *result_types}, std::move(values)));
}

FunctionType Func::type() const {
  const wasm::FuncType& type = ApiAccess::of(*this).type();
  return {detail::value_types(type.params), detail::value_types(type.results)};
}

Result<std::vector<Value>> Func::call(std::span<const Value> args) const {
  runtime::Store& store = ApiAccess::store_of(*this);
  const runtime::Func func = ApiAccess::of(*this);
  const auto converted = convert(store, args, func.type().params, "argument");
  if (!converted) return Unexpected{converted.error()};
  const auto results = store.call(func, *converted);
  if (!results) return Unexpected{detail::public_error(results.error())};
  return to_public(*results);
}

Result<void> Func::check(const detail::HostSignature& signature) const {
  const wasm::FuncType& type = ApiAccess::of(*this).type();
  if (same_kinds(signature.params, type.params) && same_kinds(signature.results, type.results)) return {};
  const wasm::FuncType wanted{val_types(signature.params), val_types(signature.results)};
  return Unexpected{usage_error("signature mismatch: the function is " + wasm::to_string(type) + ", not " +
                                wasm::to_string(wanted))};
}

Result<void> Func::call_slots(uint64_t* slots) const {
  const auto called = ApiAccess::store_of(*this).call_slots(ApiAccess::of(*this), slots);
  if (!called) [[unlikely]]
    return Unexpected{detail::public_error(called.error())};
  return {};
}

Ref Func::ref() const { return ApiAccess::ref(ApiAccess::store_of(*this).func_ref(ApiAccess::of(*this))); }

std::optional<Func> Func::from(const Ref& ref) {
  const runtime::Value* value = ApiAccess::value_of(ref);
  if (value == nullptr || value->store() == nullptr) return std::nullopt;
  const auto func = value->store()->as_func(*value);
  return func ? std::optional(ApiAccess::handle(*func)) : std::nullopt;
}

std::optional<Memory> Caller::memory(std::string_view name) const {
  const runtime::Instance* instance = ApiAccess::instance_of(*this);
  const auto item = instance != nullptr ? instance->find(name) : std::nullopt;
  const runtime::Memory* memory = item ? item->memory() : nullptr;
  return memory != nullptr ? std::optional(ApiAccess::handle(*memory)) : std::nullopt;
}

std::optional<Func> Caller::func(std::string_view name) const {
  const runtime::Instance* instance = ApiAccess::instance_of(*this);
  const auto item = instance != nullptr ? instance->find(name) : std::nullopt;
  const runtime::Func* func = item ? item->func() : nullptr;
  return func != nullptr ? std::optional(ApiAccess::handle(*func)) : std::nullopt;
}

}  // namespace cloche
