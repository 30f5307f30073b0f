// From a path beneath a directory to an open descriptor, by the kernel or step by step. What beneath.cpp
// stands on.
#pragma once

#include <sys/types.h>

#include <string>

#include "platform/beneath.hpp"
#include "platform/descriptor.hpp"
#include "platform/errno.hpp"

namespace cloche::platform {

/// Opens `path`, which checked_path has let through, beneath `directory`. `flags` and `mode` are open(2)'s;
/// close-on-exec is added. Where resolving leads out: Errno::outside(). Magic links of /proc are not
/// followed.
SystemResult<Descriptor> open_beneath(int directory, const std::string& path, int flags, mode_t mode,
                                      Resolver resolver);

/// The same without the kernel's help: every directory on the way is opened with O_NOFOLLOW, a link met is
/// expanded into what is still to go, at most 40 of them (ELOOP), and `..` leads to the directory we came
/// from.
SystemResult<Descriptor> open_step_by_step(int directory, const std::string& path, int flags, mode_t mode);

}  // namespace cloche::platform
