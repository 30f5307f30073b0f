// The function of numeric.h that a row of opcodes.def stands for, by enumerator.
#pragma once

#include "interp/numeric_rows.hpp"

namespace cloche::interp {

template <wasm::Op Row>
struct NumericFunction;

#undef CLOCHE_ROW_numeric
#define CLOCHE_ROW_numeric(name)                  \
  template <>                                     \
  struct NumericFunction<wasm::Op::name> {        \
    static constexpr auto value = &numeric::name; \
  };
#define OP CLOCHE_ROW
#include "wasm/opcodes.def"
#undef OP

}  // namespace cloche::interp
