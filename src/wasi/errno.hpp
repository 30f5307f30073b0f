// What WASI functions return, and how the functions of this room pass it on.
#pragma once

#include <cstdint>

#include "base/expected.hpp"
#include "platform/errno.hpp"

namespace cloche::wasi {

/// errno of WASI preview 1.
enum class Errno : uint16_t {
#define ERRNO(name, system) name,
#include "wasi/errnos.def"
#undef ERRNO
};

/// A T, or the error for the guest. Never Errno::success.
template <class T>
using Or = base::Expected<T, Errno>;
using Done = Or<void>;

inline base::Unexpected<Errno> fail(Errno error) { return {error}; }

/// The guest's name for what the system said; io for what WASI has no name for. A path that would lead out of
/// its directory is perm.
Errno from_system(platform::Errno error);

/// A system call's result for the guest.
template <class T>
Or<T> from_system(platform::SystemResult<T> result) {
  if (!result.has_value()) return fail(from_system(result.error()));
  if constexpr (std::is_void_v<T>)
    return {};
  else
    return std::move(result).value();
}

}  // namespace cloche::wasi
