// Makes the side table, handler table and sizes of a function body: a sink of the validator's pass.
#pragma once

#include "abi/code.hpp"
#include "validate/validate.hpp"

namespace cloche::interp {

/// Fills in everything of `code` but its quickened copy and warmth; the formats are documented in
/// abi/code.hpp. `begin` and `end` point into the module's bytes. The module has been validated, so this
/// cannot fail.
void build_side_table(const validate::ValidatedModule& module, uint32_t defined_index,
                      abi::PreparedCode& code);

}  // namespace cloche::interp
