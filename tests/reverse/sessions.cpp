#include "sessions.hpp"

#include <sys/wait.h>

#include <algorithm>

#include "script/runner.hpp"

namespace cloche::reverse {
namespace {

using text::Command;
using text::CommandKind;

bool is_action(const Command& command) {
  switch (command.kind) {
    case CommandKind::action:
    case CommandKind::assert_return:
    case CommandKind::assert_exception:
    case CommandKind::assert_trap:
      return true;
    default:
      return false;
  }
}

/// What later commands may need.
bool is_setting(const Command& command) {
  return command.kind == CommandKind::module || command.kind == CommandKind::instance ||
         command.kind == CommandKind::register_;
}

std::vector<size_t> action_places(const std::vector<Command>& commands) {
  std::vector<size_t> places;
  for (size_t i = 0; i < commands.size(); ++i)
    if (is_action(commands[i])) places.push_back(i);
  return places;
}

/// The program's process: runs the script, tells nobody what became of it.
void run(const Program& program, uint64_t interval, platform::Channel channel,
         const debug::SessionShared& shared) {
  platform::expect_no_children();
  script::run_script(program.text, program.config, [&](runtime::Store& store) -> std::shared_ptr<void> {
    return std::make_shared<debug::Debuggee>(store, std::move(channel), shared,
                                             debug::SessionLimits{.first_interval = interval});
  });
  platform::vanish();
}

}  // namespace

Program choose(const Source& source, size_t count, std::mt19937_64& random) {
  const auto script = text::parse_script(source.text);
  if (!script) return {};
  const auto& commands = script->commands;
  std::vector<size_t> places = action_places(commands);
  std::shuffle(places.begin(), places.end(), random);
  places.resize(std::min(places.size(), count));
  std::sort(places.begin(), places.end());
  Program program{{}, places.size(), {}};
  program.config.features = source.features;
  program.config.guard_pages = random() % 4 != 0;
  program.config.gc_stress = random() % 3 == 0;
  for (size_t i = 0; !places.empty() && i <= places.back(); ++i) {
    if (!is_setting(commands[i]) && !std::binary_search(places.begin(), places.end(), i)) continue;
    const size_t end = i + 1 < commands.size() ? commands[i + 1].offset : source.text.size();
    program.text += source.text.substr(commands[i].offset, end - commands[i].offset);
  }
  return program;
}

Session::Session(const Program& program, uint64_t checkpoint_interval)
    : shared_(debug::SessionShared::create()) {
  auto ends = platform::make_channel();
  if (!ends || !shared_) return;
  child_ = fork();
  if (child_ == 0) {
    ends->first.close();
    run(program, checkpoint_interval, std::move(ends->second), *shared_);
  }
  ends->second.close();
  timeline_ = std::make_unique<debug::Timeline>(std::move(ends->first), *shared_, [this] { wait(); });
  is_good_ = timeline_->start();
}

Session::~Session() {
  timeline_.reset();  // nobody is left to talk to: the processes end
  wait();
}

void Session::wait() {
  if (child_ > 0) waitpid(child_, nullptr, 0);
  child_ = -1;
}

}  // namespace cloche::reverse
