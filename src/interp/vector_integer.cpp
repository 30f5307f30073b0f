// Integer vectors with narrow lanes, and vectors as bits.
#include "interp/numeric_rows.hpp"

namespace cloche::interp {
namespace {

constexpr bool belongs(const wasm::OpInfo& info) {
  return info.prefix == 0xFD &&
         (info.text.starts_with("i8x16") || info.text.starts_with("i16x8") || info.text.starts_with("v128"));
}

}  // namespace

void add_vector_integer(TableBuilder& builder) {
#define OP CLOCHE_ROW
#include "wasm/opcodes.def"
#undef OP
}

}  // namespace cloche::interp
