// New times of a file in the form that utimensat wants.
#pragma once

#include <ctime>

#include <array>

#include "platform/file_status.hpp"

namespace cloche::platform {

using SystemTimes = std::array<timespec, 2>;
SystemTimes system_times(FileTime accessed, FileTime modified);

}  // namespace cloche::platform
