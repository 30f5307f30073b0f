// Families: the same shapes of sequences for every row of a kind. (sequences.def has the particular ones.)
#pragma once

#include "interp/quicken/add.hpp"

namespace cloche::interp {

/// `Operands... Operator`, its result left on the stack, put into a local, or both.
template <Symbol... Sequence>
void add_with_destinations(Registry& registry) {
  if constexpr (sizeof...(Sequence) > 1) add<Sequence...>(registry);
  add<Sequence..., symbols::local_set>(registry);
  add<Sequence..., symbols::local_tee>(registry);
}

/// A binary operator: operands from stack, locals, and a small constant.
template <Symbol Operator, Symbol... Constants>
void add_binary(Registry& registry) {
  add_with_destinations<Operator>(registry);
  add_with_destinations<symbols::local_get, Operator>(registry);
  add_with_destinations<symbols::local_get, symbols::local_get, Operator>(registry);
  (add_with_destinations<Constants, Operator>(registry), ...);
  (add_with_destinations<symbols::local_get, Constants, Operator>(registry), ...);
}

/// The same for operators that are rare.
template <Symbol Operator, Symbol... Constants>
void add_rare_binary(Registry& registry) {
  add_with_destinations<Operator>(registry);
  add<symbols::local_get, Operator>(registry);
  add<symbols::local_get, symbols::local_get, Operator>(registry);
  (add<Constants, Operator>(registry), ...);
  (add<symbols::local_get, Constants, Operator>(registry), ...);
}

/// Shifts or masks one operand by a constant and joins it to a local, as hashes and generators do all the
/// time.
template <Symbol Constant, Symbol First, Symbol... Seconds>
void add_mixes(Registry& registry) {
  (add_with_destinations<Constant, First, symbols::local_get, Seconds>(registry), ...);
  (add_with_destinations<symbols::local_get, Constant, First, symbols::local_get, Seconds>(registry), ...);
}

/// A unary operator.
template <Symbol... Operators>
void add_unary(Registry& registry) {
  (add<symbols::local_get, Operators>(registry), ...);
  (add<Operators, symbols::local_set>(registry), ...);
  (add<symbols::local_get, Operators, symbols::local_set>(registry), ...);
}

/// A comparison, left on the stack or decided upon.
template <Symbol... Sequence>
void add_decisions(Registry& registry) {
  if constexpr (sizeof...(Sequence) > 1) add<Sequence...>(registry);
  add<Sequence..., symbols::br_if>(registry);
  add<Sequence..., symbols::if_>(registry);
}
template <Symbol Constant, Symbol... Operators>
void add_comparisons_with(Registry& registry) {
  (add_decisions<Constant, Operators>(registry), ...);
  (add_decisions<symbols::local_get, Constant, Operators>(registry), ...);
}
template <Symbol... Operators>
void add_comparisons(Registry& registry) {
  (add_decisions<Operators>(registry), ...);
  (add_decisions<symbols::local_get, Operators>(registry), ...);
  (add_decisions<symbols::local_get, symbols::local_get, Operators>(registry), ...);
}

}  // namespace cloche::interp
