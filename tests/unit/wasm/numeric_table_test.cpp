// Every numeric row of opcodes.def has its function in numeric.h, and the function has the row's signature.
#include <gtest/gtest.h>

#include <string_view>

#include "wasm/numeric.h"
#include "wasm/opcode.hpp"

namespace cloche::wasm {
namespace {

template <class T>
constexpr std::string_view letters = "?";
template <>
constexpr std::string_view letters<uint32_t> = "i";
template <>
constexpr std::string_view letters<uint64_t> = "l";
template <>
constexpr std::string_view letters<numeric::F32> = "f";
template <>
constexpr std::string_view letters<numeric::F64> = "d";
template <>
constexpr std::string_view letters<V128> = "v";
template <>
constexpr std::string_view letters<uint8_t> = "";  // the lane, an immediate
template <>
constexpr std::string_view letters<numeric::Wide> = "ll";
template <class T>
constexpr std::string_view letters<numeric::Trapping<T>> = letters<T>;

template <class Result, class... Params>
constexpr bool has_signature(Result (*)(Params...), std::string_view signature) {
  const auto take = [&](std::string_view part) {
    const bool found = signature.starts_with(part);
    if (found) signature.remove_prefix(part.size());
    return found;
  };
  return (take(letters<Params>) && ...) && take(":") && take(letters<Result>) && signature.empty();
}

template <class T>
constexpr bool traps = false;
template <class T>
constexpr bool traps<numeric::Trapping<T>> = true;

template <class Result, class... Params>
constexpr bool may_trap(Result (*)(Params...)) {
  return traps<Result>;
}

#define CHECK_numeric(name)                                                         \
  static_assert(has_signature(&numeric::name, op_info(Op::name).signature), #name); \
  static_assert(may_trap(&numeric::name) == (op_info(Op::name).traps != Traps::none), #name);
#define CHECK_lane(name) CHECK_numeric(name)
#define CHECK_control(name)
#define CHECK_parametric(name)
#define CHECK_variable(name)
#define CHECK_table(name)
#define CHECK_memory(name)
#define CHECK_const_(name)
#define CHECK_reference(name)
#define CHECK_aggregate(name)
#define CHECK_shuffle(name)
#define CHECK_load(name)
#define CHECK_store(name)
#define CHECK_load_lane(name)
#define CHECK_store_lane(name)
#define CHECK_atomic_load(name)
#define CHECK_atomic_store(name)
#define CHECK_atomic_rmw(name)
#define CHECK_atomic_cmpxchg(name)
#define CHECK_atomic_wait(name)
#define CHECK_atomic_notify(name)
#define CHECK_atomic_fence(name)
#define OP(name, text, prefix, code, immediate, signature, family, access, traps, feature) \
  CHECK_##family(name)
#include "wasm/opcodes.def"
#undef OP

TEST(NumericTable, EveryRowHasItsFunction) {
  size_t rows = 0;
  for (const OpInfo& op : op_table) rows += op.family == Family::numeric || op.family == Family::lane;
  EXPECT_EQ(rows, 372u);
}

}  // namespace
}  // namespace cloche::wasm
