// Errors by value: a code of errors.def, the byte offset it is about, and a detail such as an index or two
// types.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/expected.hpp"

namespace cloche::wasm {

enum class ErrorCode : uint8_t {
#define ERROR(name, kind, text, separator) name,
#include "wasm/errors.def"
#undef ERROR
};

enum class ErrorClass : uint8_t { malformed, invalid, limit, unlinkable, resource, io, usage };

/// Offset of an error that has no place in the input.
inline constexpr uint64_t no_offset = ~uint64_t{0};

struct Error {
  ErrorCode code;
  uint64_t offset = no_offset;  // bytes from the start of the module or of the source text
  std::string detail;           // completes the code's text; may be empty

  /// The code's text and the detail as one sentence, without the offset.
  std::string message() const;
};

ErrorClass error_class(ErrorCode code);
std::string_view error_text(ErrorCode code);
std::string_view error_class_name(ErrorClass error_class);

template <class T>
using Result = base::Expected<T, Error>;

/// `return fail(ErrorCode::unknown_local, offset, "5");`
inline base::Unexpected<Error> fail(ErrorCode code, uint64_t offset = no_offset, std::string detail = {}) {
  return {Error{code, offset, std::move(detail)}};
}

/// The error of a count above an implementation limit: "limit exceeded: functions: 1000001, at most 1000000".
base::Unexpected<Error> fail_limit(std::string_view what, uint64_t count, uint64_t limit, uint64_t offset);

}  // namespace cloche::wasm
