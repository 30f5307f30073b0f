// Counts which instructions of the opcode table are executed, in any number of stores and threads.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <string>

#include "interp/probes.hpp"
#include "runtime/store.hpp"

namespace cloche::debug {

class OpcodeCoverage {
 public:
  /// Counts in this store from now on, as long as what is returned lives; that may be at most as long as the
  /// store. Thread-safe. The counts must outlive it.
  std::shared_ptr<void> watch(runtime::Store& store);

  uint64_t count(wasm::Op op) const {
    return counts_[static_cast<size_t>(op)].load(std::memory_order_relaxed);
  }

  /// A line for each row of the table: opcode bytes in hexadecimal, text name, executions, separated by
  /// spaces.
  std::string lines() const;

 private:
  class Counter;
  std::array<std::atomic<uint64_t>, wasm::op_count> counts_{};
};

}  // namespace cloche::debug
