// What a person changed in a stopped program. Such changes belong to its history as the answers of host
// functions do: a process that runs again makes each of them at its step.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "abi/context.hpp"
#include "debug/session/objects.hpp"

namespace cloche::debug {

struct Change {
  enum class Kind : uint8_t { memory, global, local } kind = Kind::memory;
  /// Of the memory or global; of a local, the depth of its activation and its slot there.
  ObjectNumber where;
  uint64_t address = 0;  // memory
  std::string bytes;     // a value is one slot
  uint64_t id = 0;       // in order, from 1
  uint64_t step = 0;     // at which it is made

  /// One line, for messages between processes.
  std::string to_line() const;
  static std::optional<Change> from_line(std::string_view line);
  /// Makes the change; false when there is no such place.
  bool make(const abi::Context& context) const;
};

/// The changes that one process has made, or is to make when it gets there.
class Changes {
 public:
  /// Makes a new one at a step, and keeps it. Gives its line; empty when there is no such place.
  std::string add(Change change, uint64_t step, const abi::Context& context);
  /// Takes the lines of all changes of the session; those that were made stay made.
  void set(std::string_view lines);
  /// Makes those of a step that are not made yet.
  void make_due(uint64_t step, const abi::Context& context);
  /// Whether there are any left.
  bool is_waiting() const { return next_ < all_.size(); }

 private:
  std::vector<Change> all_;
  size_t next_ = 0;       // the first that is not made
  uint64_t last_id_ = 0;  // of the last one that is made
};

}  // namespace cloche::debug
