// From the rooms' errors and traps to the public ones.
#pragma once

#include "cloche/error.hpp"
#include "runtime/store.hpp"
#include "wasm/error.hpp"

namespace cloche::detail {

/// The error of a module or of linking, by its class. Objects of another store or engine are wrong use.
Error public_error(const wasm::Error& error);

/// The error of an operation on run-time objects: what would be invalid in a module is wrong use here.
Error operation_error(const wasm::Error& error);

/// An error as operation_error has it, or the trap.
Error public_error(const runtime::Failure& failure);

/// "'name' …" as an error of kind usage.
Error usage_error(std::string message);

/// The trap with which a host function that failed so ends its caller; the message or the exit status for
/// TrapCode::host_error goes to `call`.
wasm::TrapCode trap_code(const Error& error, runtime::HostCall& call);

}  // namespace cloche::detail
