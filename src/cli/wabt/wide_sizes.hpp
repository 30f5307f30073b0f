// What wat2wasm --no-canonicalize-leb128s writes.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace cloche::cli {

/// The module with the sizes of sections, function bodies and subsections of names as LEB128 numbers of five
/// bytes, so that tools can change them in place. The module must be one that the assembler made.
std::vector<uint8_t> with_wide_sizes(std::span<const uint8_t> module);

}  // namespace cloche::cli
