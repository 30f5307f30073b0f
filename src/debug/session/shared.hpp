// What all processes of a debugging session share.
#pragma once

#include "platform/checkpoint.hpp"

namespace cloche::debug {

struct SessionShared {
  platform::SharedBytes record;        // of host calls, see host_log
  platform::SharedCounter interrupts;  // how often the person has asked the program to stop

  /// Nothing when the system refuses.
  static std::optional<SessionShared> create() {
    auto record = platform::SharedBytes::create();
    auto interrupts = platform::SharedCounter::create();
    if (!record || !interrupts) return std::nullopt;
    return SessionShared{*std::move(record), *std::move(interrupts)};
  }
};

}  // namespace cloche::debug
