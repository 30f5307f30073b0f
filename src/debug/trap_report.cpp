#include "debug/trap_report.hpp"

#include "debug/call_cycle.hpp"
#include "debug/trap_scene.hpp"

namespace cloche::debug {

std::string_view trap_advice(wasm::TrapCode code) {
  switch (code) {
#define ADVICE(trap, text)   \
  case wasm::TrapCode::trap: \
    return text;
#include "debug/trap_advice.def"
#undef ADVICE
    default:
      return {};
  }
}

std::string describe_trap(runtime::Store& store, const abi::Context& context, const abi::Site* site) {
  using wasm::TrapCode;
  const TrapCode code = context.trap.code;
  std::string text;
  if (code == TrapCode::host_error || code == TrapCode::interrupted) return text;
  if (site) text = TrapScene(store, context, *site).describe();
  if (code == TrapCode::call_stack_exhausted) text += describe_depth(context);
  return text;
}

TrapReporter::TrapReporter(runtime::Store& store, bool explain) : store_(store), explain_(explain) {
  store.probes().attach(*this);
}

void TrapReporter::trapped(abi::Context* context, const abi::Site* site) {
  std::string& detail = context->trap.detail;
  const std::string report = describe_trap(store_, *context, site);
  if (!report.empty()) detail += (detail.empty() ? "" : "\n") + report;
  if (const std::string_view advice = trap_advice(context->trap.code); explain_ && !advice.empty())
    detail += (detail.empty() || detail.back() == '\n' ? "" : "\n") + std::string(advice);
  while (!detail.empty() && detail.back() == '\n') detail.pop_back();
}

}  // namespace cloche::debug
