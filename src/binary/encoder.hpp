// Encodes a module canonically: shortest numbers, sections in order, custom sections where they stood.
#pragma once

#include "binary/instr_encoder.hpp"
#include "wasm/module.hpp"

namespace cloche::binary {

/// Where encoding put something, in the order of the result.
struct EncodeEvent {
  uint32_t at = 0;      // offset in the result
  uint32_t size = 0;    // 0 for an item; otherwise of a range copied from the module's bytes
  uint64_t source = 0;  // the item's `offset` member; or where the range began
};

/// The binary form. Function bodies, expressions and custom contents are copied from the module's bytes as
/// they stand, so a canonical binary comes back byte for byte after decoding. The module need not be valid.
/// With `events`, appends where every item and copied range went; the item of a custom section is where it
/// began.
Bytes encode(const wasm::Module& module, std::vector<EncodeEvent>* events = nullptr);

}  // namespace cloche::binary
