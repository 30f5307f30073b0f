// The module that passes every function of WASI preview 1 on: an import, and an export of the same name that
// calls it.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace cloche::sandbox {

struct GuestFunction {
  std::string_view name;
  std::string_view shape;  ///< as guest_functions.def explains
};

inline std::span<const GuestFunction> guest_functions() {
  static constexpr GuestFunction all[] = {
#define GUEST_FUNCTION(name, shape) {#name, shape},
#include "guest_functions.def"
#undef GUEST_FUNCTION
  };
  return all;
}

/// The WebAssembly parameters of a shape: i for i32, I for i64.
inline std::string guest_parameters(std::string_view shape) {
  std::string parameters;
  for (const char letter : shape) {
    const bool is_pair = letter == 'p' || letter == 'b' || letter == 'v';
    const bool is_long = letter == 'l' || letter == 'R' || letter == 'X';
    parameters += is_pair ? "ii" : is_long ? "I" : "i";
  }
  return parameters;
}

/// The module's text, with a memory of 64 pages named "memory".
inline std::string guest_module_text() {
  std::string imports, exports;
  for (const GuestFunction& function : guest_functions()) {
    const std::string name(function.name);
    const std::string parameters = guest_parameters(function.shape);
    std::string types, arguments;
    for (size_t i = 0; i < parameters.size(); ++i) {
      types += parameters[i] == 'I' ? " (param i64)" : " (param i32)";
      arguments += " (local.get " + std::to_string(i) + ")";
    }
    types += " (result i32)";
    imports += "(import \"wasi_snapshot_preview1\" \"" + name + "\" (func $" + name + types + "))\n";
    exports += "(func (export \"" + name + "\")" + types + " (call $" + name + arguments + "))\n";
  }
  return "(module " + imports + "(memory (export \"memory\") 64)\n" + exports + ")";
}

}  // namespace cloche::sandbox
