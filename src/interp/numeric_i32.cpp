// Integer instructions that give an i32, comparisons included.
#include "interp/numeric_rows.hpp"

namespace cloche::interp {
namespace {

constexpr bool belongs(const wasm::OpInfo& info) {
  return info.prefix == 0 && info.signature.back() == 'i' &&
         info.text.find("trunc") == std::string_view::npos;
}

}  // namespace

void add_numeric_i32(TableBuilder& builder) {
#define OP CLOCHE_ROW
#include "wasm/opcodes.def"
#undef OP
}

}  // namespace cloche::interp
