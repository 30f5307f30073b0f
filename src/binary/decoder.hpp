// Decodes a module (spec: Binary Format / Modules). Function bodies are only delimited; validation reads
// them.
#pragma once

#include "binary/reader.hpp"
#include "wasm/module.hpp"

namespace cloche::binary {

/// The first bytes of every binary module.
bool has_magic(std::span<const uint8_t> bytes);

/// The module of the bytes, which it keeps. Names are views of them. Every count is checked against its limit
/// and against the bytes left before memory is taken for it. Fails: malformed (with the offset),
/// limit_exceeded.
Result<wasm::Module> decode(wasm::ModuleBytes bytes, wasm::FeatureSet features);

}  // namespace cloche::binary
