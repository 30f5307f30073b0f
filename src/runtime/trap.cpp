#include "runtime/trap.hpp"

namespace cloche::runtime {

std::string Trap::message() const {
  std::string text(wasm::trap_text(code));
  if (!detail.empty()) text.append(": ").append(detail);
  return text;
}

}  // namespace cloche::runtime
