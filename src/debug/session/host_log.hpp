// What host functions answered, kept so that a program can be run again and meet the same world: the same
// bytes read, the same time, the same random numbers, and nothing written twice. Shared by all processes of a
// debugging session.
#pragma once

#include "platform/checkpoint.hpp"
#include "runtime/store.hpp"

namespace cloche::debug {

/// Records the first time, answers from the record afterwards. The position in the record is part of the
/// process, so a checkpoint keeps it; the record itself is common to all.
class HostLog final : public runtime::HostGate {
 public:
  explicit HostLog(const platform::SharedBytes& record) : record_(record) {}

  wasm::TrapCode pass(runtime::HostCall& call, abi::Slot* slots, uint32_t result_slots,
                      const runtime::HostSlots& body) override;

  /// Host calls that this process has seen, whether they were made or answered from the record.
  uint64_t calls() const { return calls_; }
  /// A call that could not be recorded, or a record that could not be read: going back is no longer exact.
  bool damaged() const { return damaged_; }

 private:
  wasm::TrapCode replay(runtime::HostCall& call, abi::Slot* slots);
  wasm::TrapCode record(runtime::HostCall& call, abi::Slot* slots, uint32_t result_slots,
                        const runtime::HostSlots& body);

  const platform::SharedBytes& record_;
  uint64_t at_ = 0;
  uint64_t calls_ = 0;
  bool damaged_ = false;
};

}  // namespace cloche::debug
