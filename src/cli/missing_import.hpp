// What a module needs and nobody gives it, and what would.
#pragma once

#include <string>

#include "cloche/cloche.hpp"

namespace cloche::cli {

/// Says which of the module's imports are not in the linker, each with what would provide it; empty when all
/// are there.
std::string describe_missing(const Module& module, const Linker& linker);

}  // namespace cloche::cli
