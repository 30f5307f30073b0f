// The type section: references in range, supertypes that exist and match (spec: Validation / Types).
#pragma once

#include "validate/module_types.hpp"

namespace cloche::validate {

/// Checks that every type index in the type section is in range: within its recursion group, or before it.
/// Fails: unknown_type.
wasm::Result<void> check_type_references(const wasm::Module& module);

/// Checks the supertypes, after canonicalization. Fails: sub_type, limit_exceeded (depth).
wasm::Result<void> check_supertypes(const wasm::Module& module, const ModuleTypes& types);

}  // namespace cloche::validate
