// Deciding when code is warm.
#include "interp/warmth.hpp"

#include "interp/quicken/quicken.hpp"

namespace cloche::interp {

void warm_up(abi::Context* context, const abi::FuncObject* func) {
  // Superinstructions do not make NaNs canonical.
  if (context->quicken == abi::Quicken::never || context->deterministic) return;
  if (func->kind != abi::FuncKind::wasm) return;
  abi::PreparedCode* code = func->code->prepared.load(std::memory_order_acquire);
  if (!code) return;
  constexpr uint32_t samples_until_warm = 2;
  if (code->warmth.fetch_add(1, std::memory_order_relaxed) + 1 == samples_until_warm) quicken(*code);
}

}  // namespace cloche::interp
