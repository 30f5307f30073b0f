// What host functions answered, kept so that a program can be run again and meet the same world: the same
// bytes read, the same time, the same random numbers, and nothing written twice. Shared by all processes of a
// debugging session.
#pragma once

#include <functional>

#include "platform/checkpoint.hpp"
#include "runtime/store.hpp"

namespace cloche::debug {

/// Records the first time, answers from the record afterwards. The position in the record is part of the
/// process, so a checkpoint keeps it; the record itself is common to all.
class HostLog final : public runtime::HostGate {
 public:
  /// Asked when a host function gave up waiting; true when it is to be called again, as if it had not been.
  using Interrupted = std::function<bool()>;

  explicit HostLog(const platform::SharedBytes& record, Interrupted interrupted = {})
      : record_(record), interrupted_(std::move(interrupted)) {}

  wasm::TrapCode pass(runtime::HostCall& call, abi::Slot* slots, uint32_t result_slots,
                      const runtime::HostSlots& body) override;

  /// How far this process has come in the record, in bytes.
  uint64_t at() const { return at_; }
  /// Whether a host function runs right now, and is not answered from the record. Async-signal-safe.
  bool is_calling() const { return is_calling_; }
  /// A call could not be recorded, since the system has no room. What is before it cannot be gone back to.
  bool has_failed() const { return has_failed_; }
  void forgive_failure() { has_failed_ = false; }

 private:
  wasm::TrapCode replay(runtime::HostCall& call, abi::Slot* slots);
  wasm::TrapCode record(runtime::HostCall& call, abi::Slot* slots, uint32_t result_slots,
                        const runtime::HostSlots& body);
  wasm::TrapCode make(runtime::HostCall& call, abi::Slot* slots, const runtime::HostSlots& body);

  const platform::SharedBytes& record_;
  Interrupted interrupted_;
  uint64_t at_ = 0;
  bool has_failed_ = false;
  volatile bool is_calling_ = false;
};

}  // namespace cloche::debug
