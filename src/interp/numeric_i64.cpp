// Instructions that give an i64, wide arithmetic included; conversions of floats are elsewhere.
#include "interp/numeric_rows.hpp"

namespace cloche::interp {
namespace {

constexpr bool belongs(const wasm::OpInfo& info) {
  return info.prefix != 0xFD && info.signature.back() == 'l' &&
         info.text.find("trunc") == std::string_view::npos;
}

}  // namespace

void add_numeric_i64(TableBuilder& builder) {
#define OP CLOCHE_ROW
#include "wasm/opcodes.def"
#undef OP
}

}  // namespace cloche::interp
