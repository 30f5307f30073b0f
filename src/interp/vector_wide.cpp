// Integer vectors with wide lanes.
#include "interp/numeric_rows.hpp"

namespace cloche::interp {
namespace {

constexpr bool belongs(const wasm::OpInfo& info) {
  return info.prefix == 0xFD && (info.text.starts_with("i32x4") || info.text.starts_with("i64x2"));
}

}  // namespace

void add_vector_wide(TableBuilder& builder) {
#define OP CLOCHE_ROW
#include "wasm/opcodes.def"
#undef OP
}

}  // namespace cloche::interp
