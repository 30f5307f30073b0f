#include "validate/const_expr.hpp"

#include "binary/instr_reader.hpp"
#include "validate/validate.hpp"

namespace cloche::validate {

using wasm::ErrorCode;
using wasm::fail;
using wasm::Feature;
using wasm::Op;
using wasm::Result;

namespace {

/// Instructions that may stand in constant expressions under some feature; global.get has conditions of its
/// own.
bool is_constant(Op op, wasm::FeatureSet features) {
  switch (op) {
    case Op::i32_const:
    case Op::i64_const:
    case Op::f32_const:
    case Op::f64_const:
    case Op::v128_const:
    case Op::ref_null:
    case Op::ref_func:
    case Op::global_get:
    case Op::end:
      return true;
    case Op::i32_add:
    case Op::i32_sub:
    case Op::i32_mul:
    case Op::i64_add:
    case Op::i64_sub:
    case Op::i64_mul:
      return features.has(Feature::extended_const);
    case Op::ref_i31:
    case Op::struct_new:
    case Op::struct_new_default:
    case Op::array_new:
    case Op::array_new_default:
    case Op::array_new_fixed:
    case Op::any_convert_extern:
    case Op::extern_convert_any:
      return features.has(Feature::gc);
    default:
      return false;
  }
}

}  // namespace

Result<wasm::Expr> ConstExprs::check_constant(wasm::ByteRange range, uint32_t visible_globals) {
  const wasm::Module& module = types_.module();
  binary::InstrReader reader(module, range);
  for (;;) {
    const binary::Instr instr = TRY(reader.next());
    if (!is_constant(instr.op, module.features))
      return fail(ErrorCode::constant_expression_required, instr.offset,
                  std::string(wasm::op_info(instr.op).text));
    if (instr.op == Op::global_get) {
      if (instr.index >= visible_globals)
        return fail(ErrorCode::unknown_global, instr.offset, std::to_string(instr.index));
      // WebAssembly 2.0 let only imported globals be read.
      const bool imported = instr.index < module.imported_globals;
      if (types_.globals()[instr.index].mutable_ || (!imported && !module.features.has(Feature::gc)))
        return fail(ErrorCode::constant_expression_required, instr.offset,
                    "global.get of global " + std::to_string(instr.index));
    }
    // No block is constant, so the first `end` is the last instruction.
    if (instr.op == Op::end) return wasm::Expr{range.offset, instr.offset + instr.size - range.offset};
  }
}

Result<void> ConstExprs::check(wasm::Expr expr, wasm::ValType type, uint32_t visible_globals) {
  if (type == wasm::ValType::i32() && binary::i32_constant_size(types_.module().slice(expr)) == expr.size)
    return {};
  return pass_.run_expr(TRY(check_constant(expr, visible_globals)), type);
}

Result<void> ConstExprs::check_all(wasm::ByteRange exprs, uint32_t count, wasm::ValType type,
                                   uint32_t visible_globals) {
  for (uint32_t i = 0; i < count; ++i) {
    const wasm::Expr expr = TRY(check_constant(exprs, visible_globals));
    TRY(pass_.run_expr(expr, type));
    exprs.offset += expr.size;
    exprs.size -= expr.size;
  }
  return {};
}

}  // namespace cloche::validate
