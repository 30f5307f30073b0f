// Names of an object file, which has them as symbols and no name section.
#pragma once

#include "binary/names.hpp"
#include "wasm/module.hpp"

namespace cloche::dump {

/// What the symbols of the "linking" section call functions, tables, globals, tags, and the data segments
/// that they stand at the beginning of; the first name of each (tool conventions: Linking / Symbol Table).
/// Empty where there is no such section; of a damaged one what could be read. Names are views of the module's
/// bytes.
binary::NameSection symbol_names(const wasm::Module& module);

}  // namespace cloche::dump
