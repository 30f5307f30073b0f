// Threads for guests.
#pragma once

#include <functional>

namespace cloche::platform {

/// Runs `body` in a thread of its own that nobody joins. It takes no signals that are sent to the process
/// (SIGINT and the like go to the threads of the host). False when the system refuses.
bool start_worker(std::function<void()> body);

}  // namespace cloche::platform
