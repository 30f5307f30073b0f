// A trap as a value, and the failure of an operation that may also fail for other reasons.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/roots.hpp"
#include "wasm/error.hpp"
#include "wasm/trap.hpp"

namespace cloche::runtime {

class Module;

/// One activation of a backtrace.
struct TraceFrame {
  std::string function;         // from the name section or an export; empty when the module names it nowhere
  uint32_t function_index = 0;  // in the module's function index space; 0 for host functions
  uint32_t module_offset = 0;   // of the instruction that trapped or called; 0 for host functions
  bool is_host = false;
  std::shared_ptr<const Module> module;  // whose symbols tell the source line; null for host functions
};

/// Why and where execution ended.
struct Trap {
  wasm::TrapCode code = wasm::TrapCode::none;
  std::string detail;             // what a host function said; otherwise empty
  std::vector<TraceFrame> trace;  // innermost first
  uint32_t frames_omitted = 0;    // cut out of the middle of a deep trace
  Root exception;                 // uncaught_exception: the exception object
  /// host_error: no error, the program ended with this status.
  std::optional<uint32_t> exit_status;

  /// The words of the specification's tests, and the detail after ": " where there is one.
  std::string message() const;
};

/// An error (link, usage, resource) or a trap. Copies share the trap.
class Failure {
 public:
  Failure(wasm::Error error) : error_(std::move(error)) {}
  Failure(Trap trap) : trap_(std::make_shared<const Trap>(std::move(trap))) {}

  bool is_trap() const { return trap_ != nullptr; }
  /// The trap, or null when this is an error. Owned by this failure.
  const Trap* trap() const { return trap_.get(); }
  /// The error, or null when this is a trap.
  const wasm::Error* error() const { return is_trap() ? nullptr : &error_; }
  std::string message() const { return is_trap() ? trap_->message() : error_.message(); }

 private:
  wasm::Error error_{};
  std::shared_ptr<const Trap> trap_;
};

/// A T, or why there is none. TRY passes an Error on as a Failure.
template <class T>
using Outcome = base::Expected<T, Failure>;

}  // namespace cloche::runtime
