// Wasi: what a program compiled for WASI preview 1 is given, and how it runs.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cloche/linker.hpp"

namespace cloche {

namespace detail {
struct WasiState;
}

/// What a guest may do beneath a directory. Read-only also means: no file is created, removed, renamed or
/// linked, and no time is set.
enum class DirAccess : uint8_t { read_only, read_write };

/// What a guest may send to a terminal; files and pipes get every byte in any case.
enum class TerminalOutput : uint8_t {
  safe,   ///< Text, colors, cursor movement and erasing. Sequences that set titles or the clipboard, or that
          ///< make the terminal answer, are taken out.
  plain,  ///< Text without any escape sequence.
  raw,    ///< Every byte.
};

/// A WASI program's world: its arguments, environment, files and streams. A new one grants nothing: no
/// argument, no variable, no file, no stream. Grant what the program needs, add it to a linker, instantiate,
/// run:
///
///     cloche::Wasi wasi;
///     wasi.args({"report", "--all"});
///     wasi.inherit_streams();
///     if (auto granted = wasi.dir("./data", "/data", cloche::DirAccess::read_only); !granted) …
///     cloche::Linker linker(store);
///     if (auto added = wasi.add_to(linker); !added) …
///     auto instance = linker.instantiate(module);
///     auto status = wasi.run(*instance);  // the exit status, or the trap
///
/// Grants are made before add_to; later ones are an error of kind usage. Descriptors 0, 1 and 2 are the
/// streams, then come the directories and after them the sockets, each in the order of its grants. Functions
/// on the same Wasi must not run at once; the program's own threads may. The host's SIGPIPE should be
/// ignored, or a program that writes into a pipe that nobody reads ends the host.
class Wasi {
 public:
  Wasi();
  Wasi(Wasi&&) noexcept;
  Wasi& operator=(Wasi&&) noexcept;
  /// Ends the program's threads and waits for them.
  ~Wasi();

  /// The arguments, the program's name first. Fails: usage, for a NUL in one; limit, beyond 16 MiB in all.
  Result<void> args(std::vector<std::string> args);
  /// A variable of the environment; the last value of a name counts. Fails: usage, for a name that is empty
  /// or holds
  /// "=" or a NUL; limit, beyond 16 MiB in all.
  Result<void> env(std::string_view name, std::string_view value);

  /// Grants a directory of the host under the name by which the guest knows it. Nothing outside it can be
  /// reached, whatever links lead there. Fails: io, when it cannot be opened; usage, for a guest name that is
  /// empty or not UTF-8.
  Result<void> dir(const std::string& host, std::string_view guest, DirAccess access = DirAccess::read_write);
  /// Grants a stream socket that listens on a numeric address ("127.0.0.1", "::1") and a port; the guest
  /// accepts connections on it. Fails: io.
  Result<void> listen(const std::string& address, uint16_t port);

  /// The host's own streams. The guest cannot change their state for others: O_NONBLOCK stays its own.
  void inherit_stdin();
  void inherit_stdout();
  void inherit_stderr();
  void inherit_streams();
  /// Files as streams; those for output are created or emptied. Fails: io.
  Result<void> stdin_file(const std::string& path);
  Result<void> stdout_file(const std::string& path);
  Result<void> stderr_file(const std::string& path);

  /// What may reach a terminal; safe by default.
  void terminal_output(TerminalOutput policy);
  /// Clocks tell nothing finer; 1000 (a microsecond) by default.
  void clock_resolution_ns(uint64_t resolution);
  /// Random bytes from this seed, and clocks that begin at 0 and advance by their resolution at every look,
  /// so that every run is the same. Waiting for a time takes none.
  void deterministic(uint64_t seed);
  /// Resolves paths step by step, as on systems without openat2. Slower, and as tight.
  void without_openat2();
  /// How many descriptors may be open (1024 by default), and how many threads run (256), the first one
  /// included.
  void max_descriptors(uint32_t count);
  void max_threads(uint32_t count);

  /// Defines wasi_snapshot_preview1 and, for threads, wasi thread-spawn in the linker. May be called for
  /// several linkers; their instances share one world. Fails: unlinkable, when a name is taken.
  Result<void> add_to(Linker& linker);
  /// Defines the shared memories that the module imports and that are not defined yet, as wasi-threads
  /// expects of a host. Fails: resource, limit.
  Result<void> add_memories_to(Linker& linker, const Module& module);
  /// Whether the module imports any of WASI.
  static bool is_needed_by(const Module& module);
  /// The names of the functions of wasi_snapshot_preview1.
  static std::vector<std::string_view> function_names();

  /// Runs a command: calls `_start`, ends all threads when it has returned, and gives the exit status: what
  /// proc_exit was given in any thread, or 0 when `_start` returned. Fails: trap, with the one that came
  /// first in any thread; usage, when there is no `_start` without parameters and results.
  Result<uint32_t> run(const Instance& instance);
  /// Prepares a reactor: calls `_initialize` if the instance exports it. Afterwards its functions can be
  /// called; a call in which the program ends itself is an error of kind exit. Fails: trap; exit; usage, for
  /// an `_initialize` of another type.
  Result<void> initialize(const Instance& instance);
  /// How the program has ended, if it has: by run, or in one of its threads. A call into a reactor whose
  /// thread has ended the program fails with the trap "interrupted"; this is why.
  std::optional<Result<uint32_t>> ending() const;
  /// Interrupts the program's threads but the caller's and waits until they have left. For reactors that
  /// begin threads.
  void end_threads();

  /// The host's numbers of the descriptors that were granted, in ascending order. For hosts that close all
  /// others.
  std::vector<int> host_descriptors() const;

 private:
  std::unique_ptr<detail::WasiState> state_;
};

}  // namespace cloche
