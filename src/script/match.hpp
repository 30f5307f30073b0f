// Compares results with the patterns of assert_return, and makes the values scripts pass as arguments.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "runtime/store.hpp"
#include "text/script.hpp"

namespace cloche::script {

/// Nothing when every result matches its pattern; otherwise what differs.
std::optional<std::string> match(runtime::Store& store, std::span<const runtime::Value> results,
                                 std::span<const text::ResultPattern> patterns);

runtime::Value number_value(wasm::ValType type, uint64_t bits);
runtime::Value vector_value(const std::array<uint8_t, 16>& bytes);
/// The null of the hierarchy a heap type belongs to; for concrete types that of internal references.
runtime::Value null_value(wasm::HeapType heap);

}  // namespace cloche::script
