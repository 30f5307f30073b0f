// Instructions that give a scalar float.
#include "interp/numeric_rows.hpp"

namespace cloche::interp {
namespace {

constexpr bool belongs(const wasm::OpInfo& info) {
  return info.prefix == 0 && (info.signature.back() == 'f' || info.signature.back() == 'd');
}

}  // namespace

void add_numeric_float(TableBuilder& builder) {
#define OP CLOCHE_ROW
#include "wasm/opcodes.def"
#undef OP
}

}  // namespace cloche::interp
