// Bodies in folded form.
#include "text/printer_core.hpp"

namespace cloche::text {

wasm::Result<void> Printer::print_folded_body(uint32_t func, const wasm::Code& code) {
  return print_body(func, code);
}

}  // namespace cloche::text
