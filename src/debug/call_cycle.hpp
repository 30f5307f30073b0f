// How deep the calls are, and which functions call each other again and again.
#pragma once

#include <string>

#include "abi/context.hpp"

namespace cloche::debug {

/// "100000 calls are active; the last 99998 are $even -> $odd again and again", with a line's end.
std::string describe_depth(const abi::Context& context);

}  // namespace cloche::debug
