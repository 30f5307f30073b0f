// Ending a command from outside: Ctrl-C, a request to terminate, a timeout. All arrive as signals in the main
// thread, where they also interrupt the system call it waits in, so that no thread has to stand watch.
#pragma once

#include <cstdint>
#include <optional>

namespace cloche::platform {

enum class StopReason : uint8_t { none, interrupted, terminated, timed_out };

/// Calls `stop` in a signal handler when one of the reasons is there, and again every 10 ms until the process
/// ends: the first time may have been just too early. After 2 s, or at a second Ctrl-C, the process ends at
/// once with the reason's exit code. What is ignored (a job in the background) stays so. Called once, by the
/// main thread.
void stop_on_signals(void (*stop)(), std::optional<uint64_t> timeout_ns);

/// From now on Ctrl-C calls this in a signal handler, and nothing else; system calls that wait return EINTR.
/// Where it is ignored it stays so.
void on_interrupt(void (*call)());

/// Makes on_interrupt's function be called again every 10 ms, or no more: for a function that wants to end a
/// system call and may have come just before it. Not in processes forked later. Async-signal-safe.
void repeat_interrupts(bool on);

/// The first reason there was.
StopReason stop_reason();

/// What a process that was ended for the reason reports: 130, 143, 124; 0 for none.
int exit_code(StopReason reason);

}  // namespace cloche::platform
