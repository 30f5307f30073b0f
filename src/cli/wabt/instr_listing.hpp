// Instructions in the listing of a module.
#pragma once

#include "cli/wabt/byte_lines.hpp"
#include "wasm/features.hpp"
#include "wasm/opcode.hpp"

namespace cloche::cli {

/// The instructions of an expression and its `end`, which is at `end` at the latest.
void list_expr(ByteLines& lines, std::span<const uint8_t> bytes, wasm::FeatureSet features, size_t end);
/// A value type, called by its name or what is given.
void list_val_type(ByteLines& lines, std::span<const uint8_t> bytes, wasm::FeatureSet features,
                   std::string_view meaning = {});

}  // namespace cloche::cli
