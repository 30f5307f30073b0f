// Are the custom sections of a module as they should be?
#pragma once

#include <vector>

#include "dump/sections.hpp"
#include "wasm/module.hpp"

namespace cloche::dump {

/// What is wrong with the custom sections that have a known format, as warnings, in their order. Looks at
/// nothing else of the module. The module must outlive the result.
std::vector<Problem> check_customs(const wasm::Module& module);

}  // namespace cloche::dump
