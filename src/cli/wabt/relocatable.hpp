// What wat2wasm -r writes: an object file that a linker takes (tool conventions / Linking).
#pragma once

#include <cstdint>
#include <vector>

#include "binary/names.hpp"
#include "wasm/module.hpp"

namespace cloche::cli {

/// The module with indices in expressions as numbers of five bytes, a symbol for every function, table and
/// global, and a relocation for each such index. Symbols are called by the identifiers in `names`;
/// definitions without one are local. Fails: what is malformed in an expression.
wasm::Result<std::vector<uint8_t>> make_relocatable(const wasm::Module& module,
                                                    const binary::NameSection& names);

}  // namespace cloche::cli
