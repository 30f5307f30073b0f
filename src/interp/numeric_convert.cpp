// Truncations of floats to integers, trapping and saturating.
#include "interp/numeric_rows.hpp"

namespace cloche::interp {
namespace {

constexpr bool belongs(const wasm::OpInfo& info) {
  return info.prefix != 0xFD && info.text.find("trunc_") != std::string_view::npos;
}

}  // namespace

void add_numeric_convert(TableBuilder& builder) {
#define OP CLOCHE_ROW
#include "wasm/opcodes.def"
#undef OP
}

}  // namespace cloche::interp
