// Scripts in the JSON form that wast2json introduced and other engines test from: one object per command, the
// modules in files of their own.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "text/script.hpp"

namespace cloche::script {

/// Takes a module under the name that the JSON has for it; `form` is how the script gave it.
using ModuleSink =
    std::function<void(const std::string& name, std::span<const uint8_t> contents, text::ModuleForm form)>;

struct JsonOptions {
  std::string source_filename;  // as the JSON shall have it
  std::string module_base;      // modules are called module_base.N.wasm, quoted ones module_base.N.wat
  wasm::FeatureSet features;    // for assembling
  text::AssembleOptions assembly;
  bool check = true;  // that actions fit their modules
};

/// The JSON of a script whose text is `source`. Commands that wabt's form does not know have the names of
/// wasm-tools' json-from-wast: module_definition's are "definition": "true" as in wabt, module_instance,
/// thread, wait. Fails: when a module in text form does not assemble; the offset counts in `source`.
wasm::Result<std::string> to_json(const text::Script& script, std::string_view source,
                                  const JsonOptions& options, const ModuleSink& sink);

}  // namespace cloche::script
