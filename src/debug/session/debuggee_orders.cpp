// What a stopped program does as it is told: the messages of the other side.
#include "debug/session/debuggee.hpp"
#include "debug/session/words.hpp"
#include "platform/stop_signal.hpp"

namespace cloche::debug {
namespace {

/// Takes "@MEM" off a line, if it begins so: the memory's index or name; else nothing.
std::string_view take_memory(std::string_view& line) {
  return line.starts_with('@') ? take_word(line).substr(1) : std::string_view();
}

/// What `find` looks for: bytes in hexadecimal, or text, in quotes where it looks like such bytes.
std::string needle(std::string_view words) {
  if (words.size() >= 2 && words.front() == '"' && words.back() == '"')
    return std::string(words.substr(1, words.size() - 2));
  return from_hex(words).value_or(std::string(words));
}

}  // namespace

/// Tells the other side where the program stands, and does as it says until the program is to go on.
void Debuggee::serve(const abi::Site& site, const std::string& why) {
  inspector_.stop_at(site);
  announce(site, why);
  for (;;) {
    const auto message = channel_.receive();
    // Nobody is left who could say how to go on.
    if (!message || *message == "vanish") platform::vanish();
    if (handle(site, *message)) return;
  }
}

void Debuggee::announce(const abi::Site& site, const std::string& why) {
  const bool was_interrupted = wants_stop();
  seen_ = shared_.interrupts.value();
  platform::repeat_interrupts(false);
  if (is_woken_.exchange(false)) store_.take_interrupt();  // it may have come too late for a host function
  if (order_ == Order::scan) {
    const std::string found = last_found_ ? std::to_string(*last_found_) : "none";
    channel_.send("scanned " + (was_interrupted ? "interrupted" : found) + "\n" + last_reason_);
    order_ = Order::run;
    return;
  }
  channel_.send("stopped " + std::to_string(stood_at_) + " " +
                std::to_string(site.frame - site.context->frames_base) + " " + std::to_string(line_of(site)) +
                " " + std::to_string(site.frame->func->func_index) + "\n" + why);
}

/// Sets out: from here on, points and watches compare with how things are now.
void Debuggee::start(const abi::Site& site, std::string_view word, std::string_view line) {
  seen_ = take_number(line, uint32_t{0});
  order_ = word == "scan" ? Order::scan : word == "go" ? Order::go : Order::run;
  kind_ = order_ == Order::run ? static_cast<RunKind>(take_number(line, 0)) : RunKind::on;
  until_ = take_number(line, ~uint64_t{0});
  scans_end_ = line.starts_with("with-end");
  from_ = stood_at_;
  from_depth_ = take_number(line, static_cast<uint32_t>(site.frame - site.context->frames_base));
  from_line_ = take_number(line, line_of(site));
  last_found_.reset();
  // A scan asks also for the place where it begins.
  last_reason_.clear();
  if (order_ == Order::scan && !points_.empty() && step_ < until_) found(points_.check(site));
  points_.settle(site);
  is_free_ = order_ == Order::go || (order_ == Order::run && kind_ == RunKind::on && points_.empty());
}

bool Debuggee::handle(const abi::Site& site, const std::string& message) {
  std::string_view rest(message);
  std::string_view line = take_line(rest);
  const std::string_view word = take_word(line);
  if (word == "run" || word == "go" || word == "scan") {
    start(site, word, line);
    return true;
  }
  if (word == "points") {
    channel_.send("done\n" + set_points(rest));
  } else if (word == "changes") {
    changes_.set(rest);
    changes_.make_due(stood_at_, *site.context);
    channel_.send("done\n");
  } else if (word == "show") {
    channel_.send("text\n" + show(line));
  } else if (word == "write" || word == "set") {
    channel_.send("changed\n" + change(word, line));
  } else {
    channel_.send("done\nnot understood\n");
  }
  return false;
}

std::string Debuggee::set_points(std::string_view lines) {
  points_.clear();
  std::string answer;
  while (!lines.empty()) {
    std::string_view line = take_line(lines);
    const auto id = take_number<uint32_t>(line, 0);
    const bool again = take_word(line) == "again";
    Points::Scope scope;
    scope.depth = take_number<uint32_t>(line, Points::Scope::any);
    scope.func = take_number<uint32_t>(line, 0);
    const auto added = points_.add(id, line, *main_, scope, again);
    answer += (added ? *added : "error: " + added.error()) + "\n";
  }
  return answer;
}

std::string Debuggee::show(std::string_view command) {
  const std::string_view word = take_word(command);
  if (word == "where") return inspector_.where();
  if (word == "frames") return inspector_.backtrace();
  if (word == "locals") return inspector_.locals();
  if (word == "stack") return inspector_.stack();
  if (word == "globals") return inspector_.globals();
  if (word == "digest") return inspector_.digest();
  if (word == "list") return inspector_.list();
  if (word == "frame") {
    const auto frame = to_number<size_t>(command);
    if (!frame) return "which frame?\n";
    return inspector_.choose(*frame) ? inspector_.where()
                                     : "there is no frame " + std::to_string(*frame) + "\n";
  }
  if (word == "find") {
    const std::string_view memory = take_memory(command);
    return inspector_.find(memory, needle(command));
  }
  if (word == "print") {
    const auto value = evaluate(command, inspector_.world());
    return (value ? value->to_string() : "error: " + value.error()) + "\n";
  }
  if (word == "memory") {
    const std::string_view memory = take_memory(command);
    const auto address = evaluate(take_word(command), inspector_.world());
    if (!address) return "error: " + address.error() + "\n";
    const uint64_t count = take_number(command, uint64_t{64});
    const std::string_view type = take_word(command);
    return inspector_.memory(memory, static_cast<uint64_t>(address->whole), count, type.empty() ? "u8" : type,
                             take_word(command) == "big");
  }
  return "not understood\n";
}

/// Changes something by hand; gives the change's line, or what is wrong.
std::string Debuggee::change(std::string_view word, std::string_view line) {
  base::Expected<Change, std::string> change = base::Unexpected{
      std::string(word == "set" ? "set NAME EXPR" : "write [@MEM] ADDRESS BYTES, in hexadecimal")};
  if (word == "set") {
    const std::string_view name = take_word(line);
    const auto value = evaluate(line, inspector_.world());
    if (!value && !line.empty()) change = base::Unexpected{value.error()};
    if (value) change = inspector_.change_variable(name, *value);
  } else {
    const std::string_view memory = take_memory(line);
    const std::string_view expression = take_word(line);
    const auto address = evaluate(expression, inspector_.world());
    const auto bytes = from_hex(line);
    if (!address && !expression.empty()) change = base::Unexpected{address.error()};
    if (address && bytes && !bytes->empty())
      change = inspector_.change_memory(memory, static_cast<uint64_t>(address->whole), *bytes);
  }
  if (!change) return "error: " + change.error();
  return changes_.add(*std::move(change), stood_at_, store_.context());
}

}  // namespace cloche::debug
