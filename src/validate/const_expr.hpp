// Constant expressions (spec: Validation / Instructions / Constant Expressions).
#pragma once

#include "validate/function_pass.hpp"

namespace cloche::validate {

/// Checks constant expressions of a module. Borrows the types.
class ConstExprs {
 public:
  explicit ConstExprs(const ModuleTypes& types) : types_(types), pass_(types, no_sink_) {}

  /// Checks that `expr` is constant and leaves one value of the canonical type. It may read immutable globals
  /// with an index below `visible_globals`. Fails: constant_expression_required, unknown_global, and those of
  /// FunctionPass.
  wasm::Result<void> check(wasm::Expr expr, wasm::ValType type, uint32_t visible_globals);

  /// Checks the `count` expressions that stand one after another in a range.
  wasm::Result<void> check_all(wasm::ByteRange exprs, uint32_t count, wasm::ValType type,
                               uint32_t visible_globals);

 private:
  wasm::Result<wasm::Expr> check_constant(wasm::ByteRange range, uint32_t visible_globals);

  const ModuleTypes& types_;
  NoSink no_sink_;
  FunctionPass<NoSink> pass_;
};

}  // namespace cloche::validate
