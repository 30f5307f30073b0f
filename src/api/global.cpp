// Globals and tags.
#include "api/access.hpp"
#include "api/describe.hpp"
#include "api/error.hpp"
#include "api/values.hpp"

namespace cloche {
namespace {

using detail::ApiAccess;

Result<Global> make(Store& store, wasm::GlobalType type, const runtime::Value& init) {
  const auto global = ApiAccess::of(store).make_global(type, init);
  if (!global) return Unexpected{detail::operation_error(global.error())};
  return ApiAccess::handle(*global);
}

}  // namespace

Result<Global> Global::create(Store& store, const Value& value, bool is_mutable) {
  if (value.kind() == ValueKind::ref)
    return Unexpected{detail::usage_error("a global of references needs a type")};
  const wasm::ValType type = detail::val_type(value.kind());
  const auto init = detail::to_runtime(ApiAccess::of(store), value, type);
  if (!init) return Unexpected{init.error()};
  return make(store, {type, is_mutable}, *init);
}

Result<Global> Global::create(Store& store, RefType ref_type, const Ref& value, bool is_mutable) {
  const wasm::ValType type = detail::val_type(ref_type);
  const auto init = detail::to_runtime(ApiAccess::of(store), value, type);
  if (!init) return Unexpected{init.error()};
  return make(store, {type, is_mutable}, *init);
}

Value Global::get() const { return detail::to_public(ApiAccess::store_of(*this).get(ApiAccess::of(*this))); }

bool Global::is_mutable() const { return ApiAccess::of(*this).type().mutable_; }

ValueType Global::type() const { return detail::value_type(ApiAccess::of(*this).type().type); }

Result<void> Global::set(const Value& value) const {
  const runtime::Global global = ApiAccess::of(*this);
  const auto converted = detail::to_runtime(*global.store, value, global.type().type);
  if (!converted) return Unexpected{converted.error()};
  if (const auto done = global.store->set(global, *converted); !done)
    return Unexpected{detail::operation_error(done.error())};
  return {};
}

std::vector<ValueType> Tag::params() const { return detail::value_types(ApiAccess::of(*this).type().params); }

}  // namespace cloche
