// cloche debug FILE: runs a module as `cloche run` does, and stops it, looks at it, and goes back in it. This
// process talks to the person; the program runs in another one, see debug/session.
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>

#include "api/access.hpp"
#include "cli/line_editor.hpp"
#include "cli/watching.hpp"
#include "debug/session/timeline.hpp"
#include "debug/session/words.hpp"
#include "diagnostics/printable.hpp"
#include "platform/clock.hpp"
#include "platform/files.hpp"
#include "platform/stop_signal.hpp"

namespace cloche::cli {
namespace {

using debug::RunKind;
using debug::take_line;
using debug::take_word;

/// Text of the program, line by line, so that nothing in it can move the cursor.
void print(std::string_view text) {
  while (!text.empty()) std::printf("%s\n", diagnostics::printable(take_line(text)).c_str());
}

/// A natural number; nothing for other words. No word is `otherwise`.
std::optional<uint64_t> number(std::string_view word, uint64_t otherwise) {
  return word.empty() ? otherwise : debug::to_number(word);
}

/// What Ctrl-C needs to know, in its handler.
struct {
  const debug::SessionShared* shared = nullptr;
  std::atomic<int> head{0};     // the process that makes the program's calls; 0 when it is gone
  std::atomic<int> ignored{0};  // how often it was pressed since the program was told to go on
  std::atomic<uint64_t> first_ignored_ns{0};
} session;

/// Counts, so that the program stops at its next instruction, and only then wakes a host function that waits.
/// When that does not help (the program waits for a thread that never comes), the third one ends the session;
/// but not before the program had the time to stop.
void interrupt_program() {
  constexpr int enough = 3;
  constexpr uint64_t patience_ns = 1'000'000'000;
  const uint64_t now = platform::monotonic_ns();
  if (++session.ignored == 1) session.first_ignored_ns = now;
  if (session.ignored >= enough && now - session.first_ignored_ns >= patience_ns)
    _exit(platform::exit_code(platform::StopReason::interrupted));
  session.shared->interrupts.count();
  if (const int head = session.head; head != 0) kill(head, SIGINT);
}

class Prompt {
 public:
  explicit Prompt(debug::Timeline& timeline) : timeline_(timeline) {}

  /// Does what a line says; false when the session is over.
  bool obey(std::string_view line);
  /// Where the program stands, after it has moved.
  void report();

 private:
  struct Verb {
    std::string_view name, short_name, arguments, purpose;
    void (Prompt::*run)(std::string_view rest);
  };
  static const Verb verbs[];

  void moved(const debug::Stop&) { report(); }
  template <class Move>
  void repeat(std::string_view rest, Move move);

  void go_on(std::string_view) { moved(timeline_.run(RunKind::on)); }
  void step_instruction(std::string_view rest) {
    if (const auto count = number(rest, 1); count && *count != 0)
      return moved(timeline_.run(RunKind::on, *count));
    print("how many?");
  }
  void over_instruction(std::string_view rest) {
    repeat(rest, [&] { return timeline_.run(RunKind::over); });
  }
  void step_line(std::string_view rest) {
    repeat(rest, [&] { return timeline_.run(RunKind::line); });
  }
  void over_line(std::string_view rest) {
    repeat(rest, [&] { return timeline_.run(RunKind::line_over); });
  }
  void out(std::string_view) { moved(timeline_.run(RunKind::out)); }
  void back(std::string_view rest) {
    const auto count = number(rest, 1);
    if (!count) return print("how many?");
    const uint64_t now = timeline_.now().step;
    moved(timeline_.go_to(*count > now ? 0 : now - *count));
  }
  void run_back(std::string_view) { moved(timeline_.run_back()); }
  void go_to(std::string_view rest) {
    if (const auto step = number(rest, 0)) return moved(timeline_.go_to(*step));
    print("to which step?");
  }

  void add_break(std::string_view rest) { print(timeline_.add_point(std::string(rest))); }
  void add_watch(std::string_view rest) { print(timeline_.add_point("watch " + std::string(rest))); }
  void remove(std::string_view rest) {
    const auto id = number(rest, 0);
    print(id && timeline_.remove_point(static_cast<uint32_t>(*id)) ? "gone" : "there is no such point");
  }
  void points(std::string_view) { print(timeline_.list_points()); }

  void show(const char* word, std::string_view rest) {
    print(timeline_.show(std::string(word) + " " + std::string(rest)));
  }
  void where(std::string_view rest) { show("where", rest); }
  void frames(std::string_view rest) { show("frames", rest); }
  void frame(std::string_view rest) { show("frame", rest); }
  void locals(std::string_view rest) { show("locals", rest); }
  void stack(std::string_view rest) { show("stack", rest); }
  void globals(std::string_view rest) { show("globals", rest); }
  void memory(std::string_view rest) { show("memory", rest); }
  void find(std::string_view rest) { show("find", rest); }
  void evaluate(std::string_view rest) { show("print", rest); }
  void list(std::string_view rest) { show("list", rest); }
  void digest(std::string_view rest) { show("digest", rest); }
  void change(const char* word, std::string_view rest) {
    const std::string answer = timeline_.change(std::string(word) + " " + std::string(rest));
    print(answer.empty() ? "changed, from here on" : answer);
  }
  void write(std::string_view rest) { change("write", rest); }
  void set(std::string_view rest) { change("set", rest); }
  void help(std::string_view);

  debug::Timeline& timeline_;
};

const Prompt::Verb Prompt::verbs[] = {
    {"continue", "c", "", "Go on to the next point", &Prompt::go_on},
    {"step", "s", "[N]", "To another source line, into calls", &Prompt::step_line},
    {"next", "n", "[N]", "To another source line, over calls", &Prompt::over_line},
    {"stepi", "si", "[N]", "One instruction, or N", &Prompt::step_instruction},
    {"nexti", "ni", "[N]", "One instruction, over calls", &Prompt::over_instruction},
    {"out", "finish", "", "To where this function was called", &Prompt::out},
    {"back", "bk", "[N]", "One instruction back, or N", &Prompt::back},
    {"reverse-continue", "rc", "", "Back to the last point, or to the beginning", &Prompt::run_back},
    {"goto", "", "STEP", "To a step, forwards or backwards; 0 is the beginning", &Prompt::go_to},
    {"break", "b", "PLACE [if EXPR]", "Stop at FUNC, FUNC+OFFSET, 0xOFFSET, FILE:LINE or :LINE",
     &Prompt::add_break},
    {"watch", "w", "EXPR", "Stop when a value changes: watch $x, watch i32[0x400]", &Prompt::add_watch},
    {"delete", "d", "N", "Remove a point", &Prompt::remove},
    {"points", "", "", "List the points", &Prompt::points},
    {"where", "", "", "Where the program stands", &Prompt::where},
    {"frames", "bt", "", "The activations, innermost first", &Prompt::frames},
    {"frame", "f", "N", "Look at another activation", &Prompt::frame},
    {"locals", "", "", "Locals of the activation", &Prompt::locals},
    {"stack", "", "", "Its value stack, bottom to top", &Prompt::stack},
    {"globals", "", "", "Globals of its module", &Prompt::globals},
    {"memory", "x", "[@MEM] ADDR [N [TYPE [big]]]", "Memory as u8 u16 u32 u64 i8 … f64, little-endian or big",
     &Prompt::memory},
    {"find", "", "[@MEM] HEX|TEXT", "Look for bytes in memory; \"TEXT\" in quotes is never HEX",
     &Prompt::find},
    {"write", "", "[@MEM] ADDR HEX", "Change memory, at the furthest moment only", &Prompt::write},
    {"set", "", "NAME EXPR", "Change a local or global, at the furthest moment only", &Prompt::set},
    {"print", "p", "EXPR", "Compute: $x+1, i32[$p+4], u8@$mem[1024]", &Prompt::evaluate},
    {"list", "l", "", "The source around the place", &Prompt::list},
    {"digest", "", "", "A number that stands for the whole state", &Prompt::digest},
    {"help", "h", "", "This", &Prompt::help},
};

void Prompt::help(std::string_view) {
  for (const Verb& verb : verbs) {
    std::string words(verb.name);
    if (!verb.short_name.empty()) words += ", " + std::string(verb.short_name);
    if (!verb.arguments.empty()) words += " " + std::string(verb.arguments);
    std::printf("  %-38s %.*s\n", words.c_str(), static_cast<int>(verb.purpose.size()), verb.purpose.data());
  }
  std::printf("  %-38s %s\n", "quit, q", "End the session");
}

template <class Move>
void Prompt::repeat(std::string_view rest, Move move) {
  const auto count = number(rest, 1);
  if (!count) return print("how many?");
  for (uint64_t i = 0; i < *count && !timeline_.now().ended; ++i) {
    const std::string why = move().why;
    // A point on the way ends the rest.
    if (why.starts_with("breakpoint") || why.starts_with("watch") || why.starts_with("trap") ||
        timeline_.now().is_interrupted())
      break;
  }
  report();
}

void Prompt::report() {
  const debug::Stop& now = timeline_.now();
  if (now.ended) return print("the program has ended after " + std::to_string(now.step) + " steps");
  if (now.why != "step\n" && now.why != "line\n") print(now.why);
  print("step " + std::to_string(now.step) + ": " + timeline_.show("where"));
}

bool Prompt::obey(std::string_view line) {
  const std::string_view word = take_word(line);
  while (line.ends_with(' ') || line.ends_with('\r')) line.remove_suffix(1);
  if (word.empty() || word.starts_with('#')) return true;
  if (word == "quit" || word == "q") return false;
  for (const Verb& verb : verbs) {
    if (word != verb.name && (verb.short_name.empty() || word != verb.short_name)) continue;
    (this->*verb.run)(line);
    return true;
  }
  print("there is no command '" + std::string(word) + "'; help lists them");
  return true;
}

/// The file of --commands, which this process reads; taken out of the line, which goes on to the program's
/// side.
std::optional<std::string> take_commands(std::vector<std::string>& line) {
  for (size_t i = 0; i < line.size() && line[i] != "--"; ++i) {
    constexpr std::string_view option = "--commands";
    if (line[i] == option && i + 1 < line.size()) {
      std::string file = line[i + 1];
      line.erase(line.begin() + static_cast<ptrdiff_t>(i), line.begin() + static_cast<ptrdiff_t>(i) + 2);
      return file;
    }
    if (line[i].starts_with(std::string(option) + "=")) {
      std::string file = line[i].substr(option.size() + 1);
      line.erase(line.begin() + static_cast<ptrdiff_t>(i));
      return file;
    }
  }
  return std::nullopt;
}

/// The program's side: runs it, and does as it is told.
void run_program(const std::vector<std::string>& line, platform::Channel channel,
                 const debug::SessionShared& shared) {
  platform::end_with_parent();
  platform::expect_no_children();
  const std::vector<int> kept = {channel.descriptor(), shared.record.descriptor()};
  debug::SessionLimits limits;
  run_as({.name = "debug",
          .purpose = "Runs as `cloche run` does, in a debugger: breakpoints, watches, stepping by "
                     "instruction and by line,\n"
                     "forwards and backwards. `help` at its prompt lists the commands.",
          .add_options =
              [&kept, &limits](Options& options, WatchRequest& watch) {
                watch.descriptors = kept;
                options.number(
                    "--record-limit",
                    "Bytes of recorded host calls; when there are more, the older half is forgotten",
                    limits.record_bytes);
                options.value("--commands", "FILE", "Take the commands from a file, and end behind the last",
                              [](const std::string&) { return std::optional<std::string>(); });
              },
          .also = [&channel, &shared, &limits](Store& store) -> std::shared_ptr<void> {
            return std::make_shared<debug::Debuggee>(detail::ApiAccess::of(store), std::move(channel), shared,
                                                     limits);
          }},
         line);
}

/// For every new wish.
void forget_interrupts(debug::Timeline& timeline) {
  timeline.forget_interrupts();
  session.ignored = 0;
}

void converse(debug::Timeline& timeline, const std::optional<std::string>& commands) {
  Prompt prompt(timeline);
  prompt.report();
  if (commands) {
    std::string_view left = *commands;
    while (!left.empty()) {
      const std::string_view line = take_line(left);
      print("> " + std::string(line));
      std::fflush(stdout);
      forget_interrupts(timeline);
      if (!prompt.obey(line)) return;
      std::fflush(stdout);
      // Nobody is there to say how to go on.
      if (timeline.is_interrupted())
        finish(static_cast<ExitCode>(platform::exit_code(platform::StopReason::interrupted)));
    }
    return;
  }
  LineEditor editor([&timeline] { forget_interrupts(timeline); });
  std::string last;
  while (auto line = editor.read("(cloche) ")) {
    // An empty line says the last one again.
    if (line->empty()) line = last;
    if (!prompt.obey(*line)) return;
    last = *line;
    std::fflush(stdout);
  }
}

}  // namespace

void debug_verb(const std::vector<std::string>& words) {
  if constexpr (!interp::Probes::available) die(exit_failure, "this build has no probes (CLOCHE_PROBES=OFF)");
  std::vector<std::string> line = words;
  std::optional<std::string> commands;
  if (const auto file = take_commands(line)) {
    const auto contents = platform::read_file(*file, 1 << 20);
    if (!contents) die(exit_failure, "cannot read " + *file + ": " + contents.error());
    commands.emplace(reinterpret_cast<const char*>(contents->bytes.data()), contents->bytes.size());
  }
  auto ends = platform::make_channel();
  const auto shared = debug::SessionShared::create();
  if (!ends || !shared) die(exit_failure, "the system has no more descriptors");
  int head = 0;
  const auto forked = platform::fork_process(&head);
  if (forked == platform::Forked::failed) die(exit_failure, "the system starts no more processes");
  if (forked == platform::Forked::child) {
    ends->first.close();
    return run_program(line, std::move(ends->second), *shared);
  }
  ends->second.close();
  int status = 0;
  session.shared = &*shared;
  session.head = head;
  platform::on_interrupt(interrupt_program);
  debug::Timeline timeline(std::move(ends->first), *shared, [&status] {
    session.head = 0;
    while (wait(&status) < 0 && errno == EINTR) {
    }
  });
  if (timeline.start()) return converse(timeline, commands);
  // It ended before it began: help, an error, a module without code.
  if (WIFEXITED(status)) finish(static_cast<ExitCode>(WEXITSTATUS(status)));
  finish(exit_failure);
}

}  // namespace cloche::cli
