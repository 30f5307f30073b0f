#include "api/error.hpp"

#include <utility>

#include "runtime/module.hpp"

namespace cloche::detail {
namespace {

using wasm::ErrorClass;
using wasm::ErrorCode;
using wasm::TrapCode;

ErrorKind kind_of(ErrorCode code) {
  if (code == ErrorCode::foreign_object || code == ErrorCode::foreign_engine) return ErrorKind::usage;
  switch (wasm::error_class(code)) {
    case ErrorClass::malformed:
      return ErrorKind::malformed;
    case ErrorClass::invalid:
      return ErrorKind::invalid;
    case ErrorClass::limit:
      return ErrorKind::limit;
    case ErrorClass::unlinkable:
      return ErrorKind::unlinkable;
    case ErrorClass::resource:
      return ErrorKind::resource;
    case ErrorClass::io:
      return ErrorKind::io;
    case ErrorClass::usage:
      return ErrorKind::usage;
  }
  return ErrorKind::usage;
}

SourcePlace public_place(const symbols::Place& place) { return {place.file, {place.line, place.column}}; }

/// Adds what the module's source says about the frame's instruction.
void add_source(TraceFrame& frame, const runtime::TraceFrame& from) {
  if (!from.module) return;
  const auto location = from.module->symbols().locate(from.module_offset);
  if (!location) return;
  if (location->place.known()) frame.place = public_place(location->place);
  for (const symbols::InlinedCall& call : location->inlined)
    frame.inlined.push_back({call.function, public_place(call.call)});
}

Trap public_trap(const runtime::Trap& trap) {
  Trap result;
  result.reason = wasm::trap_text(trap.code);
  result.detail = trap.detail;
  result.frames_omitted = trap.frames_omitted;
  result.trace.reserve(trap.trace.size());
  for (const runtime::TraceFrame& frame : trap.trace) {
    result.trace.push_back(
        {frame.function, frame.function_index, frame.module_offset, frame.is_host, {}, {}});
    add_source(result.trace.back(), frame);
  }
  return result;
}

/// The code of a trap's reason; host_error for words that are none.
TrapCode code_of(const std::string& reason) {
  for (size_t i = 1; i < static_cast<size_t>(TrapCode::count_); ++i)
    if (reason == wasm::trap_text(static_cast<TrapCode>(i))) return static_cast<TrapCode>(i);
  return TrapCode::host_error;
}

}  // namespace

Error public_error(const wasm::Error& error) {
  std::optional<uint64_t> offset;
  if (error.offset != wasm::no_offset) offset = error.offset;
  return {kind_of(error.code), error.message(), offset, std::nullopt};
}

Error operation_error(const wasm::Error& error) {
  const ErrorKind kind = kind_of(error.code);
  // An import that is missing or of another type has its place in the module.
  std::optional<uint64_t> offset;
  if (kind == ErrorKind::unlinkable && error.offset != wasm::no_offset) offset = error.offset;
  return {kind == ErrorKind::invalid ? ErrorKind::usage : kind, error.message(), offset, std::nullopt};
}

Error public_error(const runtime::Failure& failure) {
  if (!failure.is_trap()) return operation_error(*failure.error());
  if (failure.trap()->exit_status) return Error::exit(*failure.trap()->exit_status);
  return Error(public_trap(*failure.trap()));
}

Error usage_error(std::string message) { return {ErrorKind::usage, std::move(message)}; }

TrapCode trap_code(const Error& error, runtime::HostCall& call) {
  if (error.kind() == ErrorKind::exit) {
    call.exit_status = error.exit_status();
    return TrapCode::host_error;
  }
  TrapCode code = error.trap() != nullptr ? code_of(error.trap()->reason) : TrapCode::host_error;
  // An exception without its object could be caught by nobody.
  if (code == TrapCode::uncaught_exception) code = TrapCode::host_error;
  if (code == TrapCode::host_error) {
    const bool passed_on = error.trap() != nullptr && !error.trap()->detail.empty();
    call.detail = passed_on ? error.trap()->detail : error.message();
  }
  return code;
}

}  // namespace cloche::detail
