// Values and calls as wabt's interpreter prints them, and as messages about scripts have them.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "runtime/store.hpp"
#include "text/script.hpp"

namespace cloche::script {

/// "i32:8", "f64:1.500000", "v128 i32x4:0x00000001 …", "funcref:0" for null. Integers are unsigned. Functions
/// have their index in the module, counted from 1; host values their number.
std::string value_text(const runtime::Value& value);

/// "i32:8, i32:5".
std::string values_text(std::span<const runtime::Value> values);

/// "name(i32:8, i32:5) => i32:13", or "… =>" without results.
std::string call_text(std::string_view name, std::span<const runtime::Value> args,
                      std::span<const runtime::Value> results);

/// What a pattern asks for: "f32:nan:canonical", "i32:1".
std::string pattern_text(const text::ResultPattern& pattern);

}  // namespace cloche::script
