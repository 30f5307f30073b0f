// One call from a guest into WASI: who calls, its memory, and the ways a call can end other than by returning
// an errno.
#pragma once

#include <optional>
#include <type_traits>

#include "platform/sleeper.hpp"
#include "runtime/store.hpp"
#include "wasi/errno.hpp"
#include "wasi/guest_memory.hpp"
#include "wasi/process.hpp"

namespace cloche::wasi {

/// A store's place in a process, shared by the store's WASI functions and gone with them.
class Attachment {
 public:
  Attachment(std::shared_ptr<Process> process, runtime::Store& store)
      : process_(std::move(process)), store_(&store) {
    process_->attach(store);
  }
  ~Attachment() { process_->detach(*store_); }
  Attachment(const Attachment&) = delete;
  Attachment& operator=(const Attachment&) = delete;

  Process& process() const { return *process_; }
  const std::shared_ptr<Process>& process_ptr() const { return process_; }
  /// The memory that an instance exports as "memory"; null when there is none. The last answer is kept.
  const abi::Memory* memory_of(const runtime::Instance* instance);

 private:
  std::shared_ptr<Process> process_;
  runtime::Store* store_;
  const runtime::Instance* last_instance_ = nullptr;
  const abi::Memory* last_memory_ = nullptr;
};

class Call {
 public:
  Call(Attachment& attachment, runtime::HostCall& host)
      : attachment_(attachment), host_(host), memory_(attachment.memory_of(host.caller)) {}
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  Process& process() const { return attachment_.process(); }
  Attachment& attachment() const { return attachment_; }
  runtime::HostCall& host() const { return host_; }

  /// The caller's memory. Without one the call traps.
  Or<GuestMemory> memory() {
    if (memory_ == nullptr) [[unlikely]]
      return no_memory();
    return GuestMemory(*memory_, host_.touched);
  }

  /// Runs a system call that may wait for others until it returns something else than EINTR. When the store
  /// is asked to end meanwhile, the call traps.
  template <class SystemCall>
  auto wait(SystemCall system_call) -> decltype(from_system(system_call())) {
    for (;;) {
      auto result = nap(system_call);
      if (!result) return give_up();
      if (result->has_value() || result->error().number != EINTR) return from_system(std::move(*result));
    }
  }

  /// Ends the program.
  void exit(uint32_t status) {
    host_.exit_status = status;
    trap_ = wasm::TrapCode::host_error;
  }
  /// The trap that the call raises, in place of returning an errno.
  wasm::TrapCode trap() const { return trap_; }
  /// For calls that work long without waiting. Fails when the store is asked to end; the call then traps.
  Done keep_going() {
    if (host_.store.is_interrupted()) return give_up();
    return {};
  }

 private:
  template <class SystemCall>
  auto nap(SystemCall& system_call) -> std::optional<decltype(system_call())> {
    const platform::Sleeper::Nap nap(host_.store.sleeper());
    if (host_.store.is_interrupted()) return std::nullopt;
    return system_call();
  }
  base::Unexpected<Errno> no_memory();
  base::Unexpected<Errno> give_up();

  Attachment& attachment_;
  runtime::HostCall& host_;
  const abi::Memory* memory_;
  wasm::TrapCode trap_ = wasm::TrapCode::none;
};

}  // namespace cloche::wasi
