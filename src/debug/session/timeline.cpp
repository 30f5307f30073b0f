#include "debug/session/timeline.hpp"

#include "debug/session/words.hpp"

namespace cloche::debug {
namespace {

/// The words of a line.
std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (!line.empty()) words.push_back(take_word(line));
  return words;
}

uint64_t number(std::string_view word) { return to_number(word).value_or(0); }

/// What follows the first line.
std::string_view behind_line(std::string_view text) {
  return text.substr(std::min(text.find('\n') + 1, text.size()));
}

constexpr std::string_view reached = "step\n";  // the reason of a stop at the wanted step

}  // namespace

bool Timeline::start() {
  set_now(receive_stop(head_.channel));
  return !now_.ended;
}

/// Waits until a process stops. Meanwhile the head may leave checkpoints.
Stop Timeline::receive_stop(platform::Channel& channel) {
  for (;;) {
    platform::Channel passed;
    const auto message = channel.receive(&passed);
    if (!message) {
      channel.close();
      Stop stop;
      stop.ended = true;
      stop.step = left_step_;
      return stop;
    }
    const auto words = words_of(std::string_view(*message).substr(0, message->find('\n')));
    if (words.size() == 2 && words[0] == "checkpoint")
      checkpoints_.push_back({std::move(passed), number(words[1])});
    if (words.size() == 2 && words[0] == "forget") forget_before(number(words[1]));
    if (words.size() == 3 && words[0] == "left") {
      left_step_ = number(words[1]);
      last_step_ = number(words[2]);
    }
    if (words.size() == 5 && words[0] == "stopped")
      return {false,
              number(words[1]),
              static_cast<uint32_t>(number(words[2])),
              static_cast<uint32_t>(number(words[3])),
              static_cast<uint32_t>(number(words[4])),
              std::string(behind_line(*message))};
    if (words.size() == 2 && words[0] == "scanned") {
      Stop stop;
      stop.ended = words[1] == "none";
      stop.step = number(words[1]);
      stop.why = words[1] == "interrupted" ? "interrupted\n" : std::string(behind_line(*message));
      return stop;
    }
  }
}

/// The record of what is before a step is gone.
void Timeline::forget_before(uint64_t step) {
  first_step_ = step;
  for (const Moment& each : checkpoints_)
    if (each.step < step) each.channel.send("vanish");
  std::erase_if(checkpoints_, [step](const Moment& each) { return each.step < step; });
}

Stop Timeline::ask(platform::Channel& channel, const std::string& message) {
  channel.send(message);
  return receive_stop(channel);
}

std::string Timeline::ask_text(const std::string& message) {
  if (now_.ended) return "the program has ended\n";
  live().send(message);
  const auto answer = live().receive();
  return answer ? std::string(behind_line(*answer)) : "the program is gone\n";
}

void Timeline::send_points(platform::Channel& channel, bool none) {
  std::string message = "points";
  if (!none)
    for (const Point& point : points_)
      message += "\n" + std::to_string(point.id) + " again " + point.scope + " " + point.what;
  channel.send(message);
  channel.receive();
}

void Timeline::send_changes(platform::Channel& channel) {
  if (changes_.empty()) return;
  std::string message = "changes";
  for (const std::string& line : changes_) message += "\n" + line;
  channel.send(message);
  channel.receive();
}

void Timeline::leave_replay() {
  if (!replay_) return;
  replay_->channel.send("vanish");
  replay_.reset();
}

void Timeline::set_now(Stop stop) {
  now_ = std::move(stop);
  if (replay_) {
    replay_->step = now_.step;
    return;
  }
  head_.step = now_.step;
  if (now_.ended && !head_ended_) wait_for_head_();
  head_ended_ |= now_.ended;
  head_stop_ = now_;
}

Stop Timeline::over() const {
  Stop stop;
  stop.ended = true;
  stop.step = head_.step;
  return stop;
}

/// The last step at which a process can stand.
uint64_t Timeline::furthest() const { return head_ended_ ? last_step_ : head_.step; }

std::optional<size_t> Timeline::checkpoint_before(uint64_t step, bool strictly) const {
  for (size_t i = checkpoints_.size(); i > 0; --i)
    if (checkpoints_[i - 1].step < step || (!strictly && checkpoints_[i - 1].step == step)) return i - 1;
  return std::nullopt;
}

/// A copy of the checkpoint becomes the process that is looked at.
bool Timeline::wake(size_t checkpoint) {
  leave_replay();
  auto ends = platform::make_channel();
  if (!ends || !checkpoints_[checkpoint].channel.send_with("activate", ends->second)) return false;
  ends->second.close();
  replay_.emplace(Moment{std::move(ends->first), checkpoints_[checkpoint].step});
  Stop stop = receive_stop(replay_->channel);
  if (stop.ended) {
    replay_.reset();
    return false;
  }
  send_changes(replay_->channel);
  now_ = std::move(stop);
  return true;
}

/// Stays where it is, and says why.
const Stop& Timeline::out_of_reach(uint64_t step) {
  now_.why = "step " + std::to_string(step) + " is out of reach: ";
  now_.why += step < first_step_ ? "the record of host calls has grown too long, and begins at step " +
                                       std::to_string(first_step_) + " now\n"
                                 : "there is no checkpoint to go back to\n";
  return now_;
}

const Stop& Timeline::run(RunKind kind, std::optional<uint64_t> steps) {
  if (now_.ended) return now_;
  const uint64_t until = steps ? now_.step + *steps : ~uint64_t{0};
  const auto run_until = [&](uint64_t limit) {
    return order("run") + std::to_string(static_cast<unsigned>(kind)) + " " + std::to_string(limit) + " " +
           std::to_string(now_.depth) + " " + std::to_string(now_.line);
  };
  if (replay_) {
    const Stop before = now_;
    send_points(replay_->channel, false);
    if (now_.step < furthest()) {
      Stop stop = ask(replay_->channel, run_until(std::min(until, furthest())));
      const bool caught_up = stop.step >= furthest() && stop.why == reached && until > furthest();
      if (!caught_up) {
        set_now(std::move(stop));
        return now_;
      }
    }
    leave_replay();
    if (head_ended_) {
      now_ = over();
      return now_;
    }
    now_.step = head_.step;  // the head goes on with the same order; where it began stays
    now_.depth = before.depth;
    now_.line = before.line;
  }
  send_points(head_.channel, false);
  set_now(ask(head_.channel, run_until(until)));
  return now_;
}

const Stop& Timeline::go_to(uint64_t step) {
  step = std::min(step, head_ended_ ? furthest() : step);
  if (!head_ended_ && step >= head_.step) {
    leave_replay();
    now_ = head_stop_;
    if (step == head_.step) return now_;
    send_points(head_.channel, true);
    set_now(ask(head_.channel, order("run") + "0 " + std::to_string(step)));
    return now_;
  }
  const auto checkpoint = checkpoint_before(step, false);
  const bool is_near =
      replay_ && replay_->step <= step && (!checkpoint || checkpoints_[*checkpoint].step <= replay_->step);
  if (!is_near && (!checkpoint || !wake(*checkpoint))) return out_of_reach(step);
  if (replay_->step == step) return now_;
  set_now(ask(replay_->channel, order("go") + std::to_string(step)));
  return now_;
}

const Stop& Timeline::run_back() {
  const Stop before = now_;
  uint64_t until = std::min(now_.step, furthest());
  bool with_end = now_.ended;  // the last step is before the end
  while (const auto checkpoint = checkpoint_before(until, true)) {
    if (!wake(*checkpoint)) break;
    send_points(replay_->channel, false);
    const Stop found =
        ask(replay_->channel, order("scan") + std::to_string(until) + (with_end ? " with-end" : ""));
    replay_->step = until;  // where the scan has left it
    if (found.is_interrupted()) {
      leave_replay();
      now_ = before;
      forget_interrupts();
      if (!now_.ended) go_to(before.step);
      now_.why = "interrupted\n";
      return now_;
    }
    if (!found.ended) {
      go_to(found.step);
      now_.why = found.why;
      return now_;
    }
    until = checkpoints_[*checkpoint].step;
    with_end = true;
  }
  go_to(first_step_);
  now_.why = first_step_ == 0 ? "the program begins\n" : "the record of host calls begins\n";
  return now_;
}

std::string Timeline::add_point(const std::string& what) {
  if (now_.ended) return "error: the program has ended; go back first\n";
  const std::string scope = std::to_string(now_.depth) + " " + std::to_string(now_.func);
  const std::string answer =
      ask_text("points\n" + std::to_string(last_id_ + 1) + " new " + scope + " " + what);
  if (answer.starts_with("error")) return answer;
  const bool has_locals = answer.starts_with("l ");
  points_.push_back({++last_id_, what, has_locals ? scope : std::to_string(Points::Scope::any) + " 0"});
  return std::to_string(last_id_) + ": " + what + (what.starts_with("watch ") ? " —" : " at") +
         answer.substr(1);
}

bool Timeline::remove_point(uint32_t id) {
  return std::erase_if(points_, [id](const Point& point) { return point.id == id; }) != 0;
}

std::string Timeline::list_points() const {
  std::string text;
  for (const Point& point : points_) text += std::to_string(point.id) + ": " + point.what + "\n";
  return text.empty() ? "none\n" : text;
}

std::string Timeline::show(const std::string& command) { return ask_text("show " + command); }

std::string Timeline::change(const std::string& command) {
  if (now_.ended) return "error: the program has ended";
  if (replay_ && now_.step == head_.step && !head_ended_) go_to(head_.step);
  if (replay_)
    return "error: what comes next has happened already; only at step " + std::to_string(head_.step) +
           ", the furthest, can something be changed";
  std::string answer = ask_text(command);
  if (answer.starts_with("error")) return answer;
  changes_.push_back(std::move(answer));
  return {};
}

}  // namespace cloche::debug
