#include "text/arity.hpp"

#include <array>

namespace cloche::text {
namespace {

using binary::Instr;
using wasm::Op;

struct FixedArity {
  Op op;
  Arity arity;
};

// Instructions whose operand types depend on context, but not their number.
constexpr std::array fixed_arities = std::to_array<FixedArity>({
    {Op::drop, {1, 0}},
    {Op::select, {3, 1}},
    {Op::select_t, {3, 1}},
    {Op::local_get, {0, 1}},
    {Op::local_set, {1, 0}},
    {Op::local_tee, {1, 1}},
    {Op::global_get, {0, 1}},
    {Op::global_set, {1, 0}},
    {Op::table_get, {1, 1}},
    {Op::table_set, {2, 0}},
    {Op::table_size, {0, 1}},
    {Op::table_grow, {2, 1}},
    {Op::table_fill, {3, 0}},
    {Op::table_copy, {3, 0}},
    {Op::table_init, {3, 0}},
    {Op::memory_copy, {3, 0}},
    {Op::ref_null, {0, 1}},
    {Op::ref_is_null, {1, 1}},
    {Op::ref_func, {0, 1}},
    {Op::ref_eq, {2, 1}},
    {Op::ref_as_non_null, {1, 1}},
    {Op::struct_new_default, {0, 1}},
    {Op::struct_get, {1, 1}},
    {Op::struct_get_s, {1, 1}},
    {Op::struct_get_u, {1, 1}},
    {Op::struct_set, {2, 0}},
    {Op::array_new, {2, 1}},
    {Op::array_new_default, {1, 1}},
    {Op::array_new_data, {2, 1}},
    {Op::array_new_elem, {2, 1}},
    {Op::array_get, {2, 1}},
    {Op::array_get_s, {2, 1}},
    {Op::array_get_u, {2, 1}},
    {Op::array_set, {3, 0}},
    {Op::array_len, {1, 1}},
    {Op::array_fill, {4, 0}},
    {Op::array_copy, {5, 0}},
    {Op::array_init_data, {4, 0}},
    {Op::array_init_elem, {4, 0}},
    {Op::ref_test, {1, 1}},
    {Op::ref_test_null, {1, 1}},
    {Op::ref_cast, {1, 1}},
    {Op::ref_cast_null, {1, 1}},
    {Op::any_convert_extern, {1, 1}},
    {Op::extern_convert_any, {1, 1}},
    {Op::ref_i31, {1, 1}},
    {Op::i31_get_s, {1, 1}},
    {Op::i31_get_u, {1, 1}},
    {Op::throw_ref, {1, 0}},
});

consteval std::array<std::optional<Arity>, wasm::op_count> make_arities() {
  std::array<std::optional<Arity>, wasm::op_count> table{};
  for (size_t i = 0; i < wasm::op_count; ++i) {
    const std::string_view signature = wasm::op_table[i].signature;
    if (signature == "?") continue;
    const size_t colon = signature.find(':');
    table[i] = Arity{static_cast<uint32_t>(colon), static_cast<uint32_t>(signature.size() - colon - 1)};
  }
  for (const FixedArity& row : fixed_arities) table[static_cast<size_t>(row.op)] = row.arity;
  return table;
}
constexpr auto arities = make_arities();

Arity of_func_type(const wasm::Module& module, uint32_t type) {
  if (type >= module.types.size()) return {};
  const wasm::FuncType& func = module.types[type].comp.func;
  return {static_cast<uint32_t>(func.params.size()), static_cast<uint32_t>(func.results.size())};
}

Arity of_func(const wasm::Module& module, uint32_t func) {
  return func < module.funcs.size() ? of_func_type(module, module.funcs[func].type.value) : Arity{};
}

uint32_t label_arity(const ArityContext& context, uint32_t label) {
  if (label < context.labels.size()) return context.labels[context.labels.size() - 1 - label];
  return context.func == nullptr ? 0 : static_cast<uint32_t>(context.func->results.size());
}

}  // namespace

Arity block_arity(const wasm::Module& module, const wasm::BlockType& type) {
  switch (type.kind) {
    case wasm::BlockType::Kind::empty:
      return {};
    case wasm::BlockType::Kind::value:
      return {0, 1};
    case wasm::BlockType::Kind::type:
      return of_func_type(module, type.type.value);
  }
  return {};
}

Arity instr_arity(const ArityContext& context, const Instr& instr) {
  const wasm::Module& module = context.module;
  if (const auto& fixed = arities[static_cast<size_t>(instr.op)]) return *fixed;
  switch (instr.op) {
    case Op::br:
      return {label_arity(context, instr.index), 0};
    case Op::br_if: {
      const uint32_t arity = label_arity(context, instr.index);
      return {arity + 1, arity};
    }
    case Op::br_table:
      return {label_arity(context, instr.index2) + 1, 0};
    case Op::br_on_null: {
      const uint32_t arity = label_arity(context, instr.index);
      return {arity + 1, arity + 1};
    }
    case Op::br_on_non_null: {
      const uint32_t arity = label_arity(context, instr.index);
      return {arity, arity == 0 ? 0 : arity - 1};
    }
    case Op::br_on_cast:
    case Op::br_on_cast_fail: {
      const uint32_t arity = label_arity(context, instr.index);
      return {arity, arity};
    }
    case Op::return_:
      return {context.func == nullptr ? 0 : static_cast<uint32_t>(context.func->results.size()), 0};
    case Op::call:
      return of_func(module, instr.index);
    case Op::return_call:
      return {of_func(module, instr.index).operands, 0};
    case Op::call_indirect:
    case Op::call_ref: {
      const Arity callee = of_func_type(module, instr.index);
      return {callee.operands + 1, callee.results};
    }
    case Op::return_call_indirect:
    case Op::return_call_ref:
      return {of_func_type(module, instr.index).operands + 1, 0};
    case Op::throw_:
      return {instr.index < module.tags.size()
                  ? of_func_type(module, module.tags[instr.index].type.type.value).operands
                  : 0,
              0};
    case Op::struct_new:
      return {instr.index < module.types.size()
                  ? static_cast<uint32_t>(module.types[instr.index].comp.fields.size())
                  : 0,
              1};
    case Op::array_new_fixed:
      return {instr.index2, 1};
    default:
      return {};
  }
}

}  // namespace cloche::text
