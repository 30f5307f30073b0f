// The disassembler: a module to the text format.
#pragma once

#include <cstdint>
#include <string>

#include "wasm/error.hpp"
#include "wasm/module.hpp"

namespace cloche::text {

struct PrintOptions {
  bool folded = false;         // operands within their operators, as (i32.add (local.get 0) (i32.const 1))
  bool use_names = true;       // identifiers from the name section
  bool index_comments = true;  // (;3;) at definitions without a name
  uint32_t indent = 2;         // spaces per level
  uint64_t max_bytes = 0xFFFFFFFF;  // a small binary can stand for a great deal of text
};

/// The module in the text format (spec: Text Format), names of the name section as identifiers and @name
/// annotations, other custom sections as @custom annotations, branch hints as annotations. Assembling the
/// text again gives the same bytes if the module was encoded canonically; the module need not be valid.
/// Fails: what is malformed in a function body; limit_exceeded when the text would be longer than max_bytes.
wasm::Result<std::string> print(const wasm::Module& module, const PrintOptions& options = {});

}  // namespace cloche::text
