// A module without some of its custom sections.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "dump/sections.hpp"

namespace cloche::dump {

/// The module with only those custom sections whose name `keeps` accepts; all other sections stay as they
/// are, their sizes in the shortest form. Fails when the bytes do not fall into sections: what would be
/// written then is nothing anybody asked for.
wasm::Result<std::vector<uint8_t>> strip(std::span<const uint8_t> module,
                                         const std::function<bool(std::string_view name)>& keeps);

/// Whether a custom section only helps to debug or to link: names, DWARF, source maps, producers.
bool is_debug_section(std::string_view name);

}  // namespace cloche::dump
