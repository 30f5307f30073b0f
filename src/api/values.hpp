// From public values to the runtime's and back.
#pragma once

#include "cloche/store.hpp"
#include "cloche/value.hpp"
#include "runtime/store.hpp"

namespace cloche::detail {

/// The value as one of `type` (canonical) in `store`. Fails: usage, when it is of another kind, or null where
/// `type` has no null. Whether a reference's object is of the type is left to the store.
Result<runtime::Value> to_runtime(runtime::Store& store, const Value& value, wasm::ValType type);

/// The same for a reference.
Result<runtime::Value> to_runtime(runtime::Store& store, const Ref& ref, wasm::ValType type);

Value to_public(const runtime::Value& value);

wasm::ValType val_type(RefType type);

/// The number type of a kind other than ref.
wasm::ValType val_type(ValueKind kind);

}  // namespace cloche::detail
