// Inline forms of frequent instructions, for the validator, which has no sink to call. Each handles the usual
// case ( operands of exactly the right types, numbers of one byte) and otherwise leaves everything to the
// general form.
#pragma once

#include "validate/function_pass.hpp"

namespace cloche::validate {

template <class Sink>
template <wasm::Op op>
[[gnu::always_inline]] inline auto FunctionPass<Sink>::step(Place place) -> Place {
  return general<op>(place);
}

}  // namespace cloche::validate
