// Connects the process's fault handler with the executing tiers: a fault of a guest access becomes a trap.
#pragma once

namespace cloche::runtime {

/// Installs the handler (once per process). False when the host refuses; memories then need explicit checks.
bool install_guard_page_traps();

}  // namespace cloche::runtime
