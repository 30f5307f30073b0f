#include "debug/const_value.hpp"

#include "binary/instr_reader.hpp"

namespace cloche::debug {
namespace {

using wasm::Op;

/// The sum, difference or product (spec: Constant Expressions); nothing for other instructions.
std::optional<uint64_t> combine(Op op, uint64_t left, uint64_t right) {
  switch (op) {
    case Op::i32_add:
      return static_cast<uint32_t>(left + right);
    case Op::i32_sub:
      return static_cast<uint32_t>(left - right);
    case Op::i32_mul:
      return static_cast<uint32_t>(left * right);
    case Op::i64_add:
      return left + right;
    case Op::i64_sub:
      return left - right;
    case Op::i64_mul:
      return left * right;
    default:
      return std::nullopt;
  }
}

}  // namespace

ConstValues::ConstValues(const wasm::Module& module) : module_(module) {
  globals_.reserve(module.globals.size());
  // An initializer sees only the globals before its own.
  for (const wasm::Global& global : module.globals)
    globals_.push_back(global.init.size == 0 ? std::nullopt : eval(global.init));
}

std::optional<uint64_t> ConstValues::global(uint32_t index) const {
  return index < globals_.size() ? globals_[index] : std::nullopt;
}

std::optional<uint64_t> ConstValues::eval(wasm::Expr expr) const {
  binary::InstrReader reader(module_, expr);
  std::vector<uint64_t> stack;
  while (!reader.at_end()) {
    const auto instr = reader.next();
    if (!instr) return std::nullopt;
    if (instr->op == Op::end) break;
    if (instr->op == Op::i32_const || instr->op == Op::i64_const) {
      stack.push_back(instr->bits);
    } else if (instr->op == Op::global_get) {
      const auto value = global(instr->index);
      if (!value) return std::nullopt;
      stack.push_back(*value);
    } else {
      if (stack.size() < 2) return std::nullopt;
      const uint64_t right = stack.back();
      stack.pop_back();
      const auto value = combine(instr->op, stack.back(), right);
      if (!value) return std::nullopt;
      stack.back() = *value;
    }
  }
  return stack.size() == 1 ? std::optional(stack.back()) : std::nullopt;
}

}  // namespace cloche::debug
