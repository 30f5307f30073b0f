// Encodes a module canonically: shortest numbers, sections in order, custom sections where they stood.
#pragma once

#include "binary/instr_encoder.hpp"
#include "wasm/module.hpp"

namespace cloche::binary {

/// The binary form. Function bodies, expressions and custom contents are copied from the module's bytes as
/// they stand, so a canonical binary comes back byte for byte after decoding. The module need not be valid.
Bytes encode(const wasm::Module& module);

}  // namespace cloche::binary
