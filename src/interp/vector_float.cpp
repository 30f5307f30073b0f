// Vectors of floats.
#include "interp/numeric_rows.hpp"

namespace cloche::interp {
namespace {

constexpr bool belongs(const wasm::OpInfo& info) {
  return info.prefix == 0xFD && (info.text.starts_with("f32x4") || info.text.starts_with("f64x2"));
}

}  // namespace

void add_vector_float(TableBuilder& builder) {
#define OP CLOCHE_ROW
#include "wasm/opcodes.def"
#undef OP
}

}  // namespace cloche::interp
