// What can go wrong, as values: a malformed or invalid module, a failed link, a trap, wrong use.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cloche/expected.hpp"

namespace cloche {

enum class ErrorKind : uint8_t {
  malformed,   ///< The bytes or the text are not a module (spec: malformed).
  invalid,     ///< The module does not validate (spec: Validation).
  limit,       ///< An implementation limit is exceeded.
  unlinkable,  ///< An import is missing or of another type (spec: Instantiation).
  trap,        ///< Execution ended early; Error::trap() tells more.
  resource,    ///< The host could not provide memory or a similar resource.
  io,          ///< A file cannot be read.
  usage,       ///< The API was used wrongly, for instance a function called with other types than its own.
  guest,       ///< The guest broke an agreement that the host relies on, for instance about its allocator.
  exit,        ///< The program asked to end (WASI proc_exit); Error::exit_status() tells with which status.
};

/// Line and column in a source text, both from 1; columns count Unicode code points.
struct SourcePosition {
  uint32_t line = 0;
  uint32_t column = 0;  ///< 0 where only the line is known.
};

/// A place in a source file.
struct SourcePlace {
  std::string file;  ///< As the producer named it; empty for text that was given without a file.
  SourcePosition position;
};

/// A function that the producer's compiler inlined.
struct InlinedCall {
  std::string function;
  SourcePlace call;  ///< Where it was called.
};

/// One activation in a backtrace.
struct TraceFrame {
  std::string function;  ///< From the name section or an export; empty when the module names it nowhere.
  uint32_t function_index = 0;  ///< In the module's function index space.
  uint64_t offset = 0;  ///< Of the instruction, in bytes from the module's start; 0 for host functions.
  bool is_host = false;
  std::optional<SourcePlace> place;  ///< Of the instruction, where the module's text or its DWARF says it.
  std::vector<InlinedCall> inlined;  ///< What was inlined at the instruction, innermost first.
};

/// Why and where execution ended (spec: Execution / Runtime Structure, "trap").
struct Trap {
  std::string reason;             ///< In the specification tests' words: "out of bounds memory access".
  std::string detail;             ///< What a host function said, and what Store::report_traps found out.
  std::vector<TraceFrame> trace;  ///< Innermost first. Very deep ones are cut in the middle.
  uint32_t frames_omitted = 0;    ///< How many frames the cut left out.

  /// All of it as `cloche run` prints it behind "trap:", lines that end with '\n'; control characters in
  /// names are escaped. More is in it when the store reports traps: Store::report_traps.
  std::string report() const;
};

/// An error value. What is wrong with a text or binary module, diagnose_text and diagnose_binary say in full
/// (cloche/diagnostics.hpp). Cheap to move; copies share the trap.
class Error {
 public:
  Error(ErrorKind kind, std::string message) : kind_(kind), message_(std::move(message)) {}
  Error(ErrorKind kind, std::string message, std::optional<uint64_t> offset,
        std::optional<SourcePosition> position)
      : kind_(kind), message_(std::move(message)), offset_(offset), position_(position) {}
  explicit Error(Trap trap)
      : kind_(ErrorKind::trap),
        message_(trap.detail.empty() ? trap.reason : trap.reason + ": " + trap.detail),
        trap_(std::make_shared<const Trap>(std::move(trap))) {}

  /// The end of a program that asked for it. A host function returns it to end its caller's execution so.
  static Error exit(uint32_t status) {
    Error error(ErrorKind::exit, "exit status " + std::to_string(status));
    error.exit_status_ = status;
    return error;
  }

  ErrorKind kind() const { return kind_; }
  /// One sentence without place, for example "type mismatch: instruction requires [i32] but stack has []". Of
  /// a trap: its reason and detail.
  const std::string& message() const { return message_; }
  /// Byte offset in the binary module, where the error has a place in one.
  std::optional<uint64_t> offset() const { return offset_; }
  /// Place in the source text, where the module came from text.
  std::optional<SourcePosition> position() const { return position_; }
  /// The trap when kind() is ErrorKind::trap, otherwise null. Owned by this error.
  const Trap* trap() const { return trap_.get(); }
  /// The program's status when kind() is ErrorKind::exit, otherwise 0.
  uint32_t exit_status() const { return exit_status_; }

 private:
  ErrorKind kind_;
  std::string message_;
  std::optional<uint64_t> offset_;
  std::optional<SourcePosition> position_;
  std::shared_ptr<const Trap> trap_;
  uint32_t exit_status_ = 0;
};

/// A T or an Error. See Expected for the names; they are those of std::expected.
template <class T>
using Result = Expected<T, Error>;

}  // namespace cloche
