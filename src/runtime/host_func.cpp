#include "runtime/host_func.hpp"

namespace cloche::runtime {
namespace {

/// The instance whose code called the host function that runs now, from the frame below the host function's
/// own.
Instance* calling_instance(const abi::Context& context) {
  const abi::Frame* const caller = context.frame - 1;
  if (caller < context.frames_base || caller->func->kind != abi::FuncKind::wasm) return nullptr;
  return static_cast<Instance*>(caller->func->instance->owner);
}

}  // namespace

wasm::TrapCode Store::HostFunc::call(void* data, abi::Context* context, abi::Slot* args) {
  const HostFunc& func = *static_cast<HostFunc*>(data);
  HostCall call{.store = *func.store, .caller = calling_instance(*context), .detail = {}, .exit_status = {}};
  HostGate* const gate = func.store->gate_;
  const wasm::TrapCode code =
      gate == nullptr ? func.body(call, args) : gate->pass(call, args, func.object.result_slots, func.body);
  if (code == wasm::TrapCode::host_error) {
    context->trap.detail = std::move(call.detail);
    func.store->exit_status_ = call.exit_status;
  }
  return code;
}

}  // namespace cloche::runtime
