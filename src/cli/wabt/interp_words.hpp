// Values and failures in the words of wabt's interpreter.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "runtime/store.hpp"

namespace cloche::cli {

/// "i32:8", "i64:-1", "f32:1.5", "f64:0x1p4"; nothing for anything else.
std::optional<runtime::Value> parse_typed_value(std::string_view word);

/// Zero, or null; for a reference that cannot be null the nothing there is.
runtime::Value zero_value(wasm::ValType type);

/// Why a call or an instantiation failed.
std::string failure_text(const runtime::Failure& failure);

}  // namespace cloche::cli
