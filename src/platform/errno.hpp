// What the system says when it refuses something: an errno value, and one value of our own for a path that
// would leave the directory it was given with.
#pragma once

#include <cerrno>
#include <cstring>
#include <string>

#include "base/expected.hpp"

namespace cloche::platform {

/// A system error by value. `number` is one of errno's, or `outside_number`.
struct Errno {
  /// Greater than any errno of any system.
  static constexpr int outside_number = 1 << 16;

  int number = 0;

  /// The calling thread's errno.
  static Errno last() { return {errno}; }
  /// The path is absolute, or leads out of its directory by `..` or by a symbolic link.
  static constexpr Errno outside() { return {outside_number}; }
  bool is_outside() const { return number == outside_number; }
  /// What the system calls it: "No such file or directory".
  std::string text() const { return is_outside() ? "outside its directory" : strerror(number); }

  friend bool operator==(Errno, Errno) = default;
};

/// A value, or what the system said.
template <class T>
using SystemResult = base::Expected<T, Errno>;

inline base::Unexpected<Errno> failed(int number) { return {Errno{number}}; }
inline base::Unexpected<Errno> failed_with_errno() { return {Errno::last()}; }

/// Repeats a system call that a signal interrupted. Only for calls that do not wait for others.
template <class Call>
auto uninterrupted(Call call) {
  for (;;) {
    const auto result = call();
    if (result >= 0 || errno != EINTR) return result;
  }
}

}  // namespace cloche::platform
