// From offsets in a module to functions, and to offsets in the code section, which is where DWARF counts.
#pragma once

#include <cstdint>
#include <optional>

#include "wasm/module.hpp"

namespace cloche::symbols {

/// Offset in the module of the code section's contents (its count of functions); nothing without one. Reads
/// the headers of sections only.
std::optional<uint32_t> code_section_offset(const wasm::Module& module);

/// The function whose body, local declarations included, an offset in the module lies in. Logarithmic.
std::optional<wasm::FuncIdx> func_at(const wasm::Module& module, uint64_t offset);

}  // namespace cloche::symbols
