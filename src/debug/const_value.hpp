// Values of constant expressions as far as the module alone tells them: where segments lie, where stack
// pointers start.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "wasm/module.hpp"

namespace cloche::debug {

/// The initial values of a module's globals and of expressions over them. Borrows the module, which is valid.
class ConstValues {
 public:
  explicit ConstValues(const wasm::Module& module);

  /// The initial value of a global of an integer type; nothing for imported ones and what depends on them.
  std::optional<uint64_t> global(uint32_t index) const;
  /// The value of an integer constant expression, i32 zero-extended; nothing when it depends on an import.
  std::optional<uint64_t> eval(wasm::Expr expr) const;

 private:
  const wasm::Module& module_;
  std::vector<std::optional<uint64_t>> globals_;
};

}  // namespace cloche::debug
