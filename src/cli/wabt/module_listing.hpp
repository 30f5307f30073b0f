// What wat2wasm -v prints: every byte of a module and what it means.
#pragma once

#include <cstdint>
#include <cstdio>
#include <span>

#include "wasm/features.hpp"

namespace cloche::cli {

/// Lists a module that the assembler has made; `padded` when its sizes are five bytes long.
void list_module(std::span<const uint8_t> bytes, wasm::FeatureSet features, bool padded, std::FILE* stream);

}  // namespace cloche::cli
