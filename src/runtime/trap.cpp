#include "runtime/trap.hpp"

namespace cloche::runtime {

std::string Trap::message() const {
  if (exit_status) return "exit status " + std::to_string(*exit_status);
  std::string text(wasm::trap_text(code));
  if (!detail.empty()) text.append(": ").append(detail);
  return text;
}

}  // namespace cloche::runtime
