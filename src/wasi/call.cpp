#include "wasi/call.hpp"

namespace cloche::wasi {

const abi::Memory* Attachment::memory_of(const runtime::Instance* instance) {
  if (instance == last_instance_) return last_memory_;
  const auto exported = instance != nullptr ? instance->find("memory") : std::nullopt;
  const runtime::Memory* const memory = exported ? exported->memory() : nullptr;
  last_instance_ = instance;
  last_memory_ = memory != nullptr ? memory->object : nullptr;
  return last_memory_;
}

base::Unexpected<Errno> Call::no_memory() {
  host_.detail = "WASI needs the caller's memory, exported as \"memory\"";
  trap_ = wasm::TrapCode::host_error;
  return fail(Errno::fault);
}

base::Unexpected<Errno> Call::give_up() {
  trap_ = host_.store.take_interrupt();
  return fail(Errno::intr);
}

}  // namespace cloche::wasi
