// From the public settings to the runtime's.
#pragma once

#include "cloche/config.hpp"
#include "runtime/config.hpp"

namespace cloche::detail {

/// The runtime's form of the settings. Commands use it for what the public API does not offer.
runtime::Config runtime_config(const Config& config);

}  // namespace cloche::detail
