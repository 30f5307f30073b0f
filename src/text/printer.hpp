// The disassembler: a module to the text format.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "text/layout.hpp"
#include "wasm/error.hpp"
#include "wasm/module.hpp"

namespace cloche::binary {
struct NameSection;
}

namespace cloche::text {

/// How the text is spelled; what it says is the same.
enum class PrintStyle : uint8_t {
  readable,  // decimal numbers, strings as they read, everything kept, also as annotations
  wabt,      // what wasm2wat prints, so that scripts that read it go on working
};

struct PrintOptions {
  PrintStyle style = PrintStyle::readable;
  bool folded = false;          // operands within their operators, as (i32.add (local.get 0) (i32.const 1))
  bool use_names = true;        // identifiers from the name section
  bool generate_names = false;  // identifiers for what has none: from imports and exports, $f0, $p1, $B2
  bool inline_exports = false;  // (func (export "f") …)
  bool inline_imports = false;  // (func (import "m" "f") …)
  bool custom_sections = true;  // as @custom annotations
  bool index_comments = true;   // (;3;) at definitions without a name
  bool depth_comments = true;   // ";; label = @1" at blocks without a name, (;@1;) at branches to them
  const SourceLayout* layout = nullptr;  // print the items in this order; of the module's own source
  /// Names for what the name section leaves without. Only in wabt's style, which does not stand for the
  /// section.
  const binary::NameSection* other_names = nullptr;
  uint32_t indent = 2;              // spaces per level
  bool fast_lines = true;           // false: as if no instruction were a usual one; the text is the same
  uint64_t max_bytes = 0xFFFFFFFF;  // a small binary can stand for a great deal of text
};

/// Takes the next piece of the text.
using TextSink = std::function<void(std::string_view)>;

/// The module in the text format (spec: Text Format), piece by piece. In the readable style names of the name
/// section come as identifiers and @name annotations, other custom sections as @custom annotations, branch
/// hints as annotations; assembling the text again gives the same bytes if the module was encoded
/// canonically. The module need not be valid. Fails: what is malformed in a function body; limit_exceeded
/// when the text would be longer than max_bytes. What was given to the sink before that remains.
wasm::Result<void> print(const wasm::Module& module, const PrintOptions& options, const TextSink& sink);

/// The same as one string.
wasm::Result<std::string> print(const wasm::Module& module, const PrintOptions& options = {});

}  // namespace cloche::text
