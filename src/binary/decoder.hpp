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

/// Whether a function body holds well-formed instructions up to an `end` that is its last byte; for passes
/// that ran into the end of a body and need the reason. Like the reference interpreter it reads on behind a
/// body without `end`, up to the end of the module, and only then looks at the size. Fails: what is
/// malformed, first of all; section_size_mismatch.
Result<void> check_body(const wasm::Module& module, const wasm::Code& code);

}  // namespace cloche::binary
