#include "debug/session/debuggee.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "interp/trap.hpp"
#include "runtime/instance.hpp"

namespace cloche::debug {
namespace {

/// Steps between the first two checkpoints; the distance doubles with every sixteen more.
constexpr uint64_t first_interval = 100'000;

uint32_t depth_of(const abi::Site& site) {
  return static_cast<uint32_t>(site.frame - site.context->frames_base);
}

/// Takes the next word, or what is left of the line.
std::string_view take_word(std::string_view& text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  const size_t end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(end);
  while (text.starts_with(' ')) text.remove_prefix(1);
  return word;
}

uint64_t take_number(std::string_view& text, uint64_t otherwise) {
  std::string_view word = take_word(text);
  const bool hex = word.starts_with("0x");
  if (hex) word.remove_prefix(2);
  uint64_t value = 0;
  const auto [end, status] = std::from_chars(word.data(), word.data() + word.size(), value, hex ? 16 : 10);
  return status == std::errc() && end == word.data() + word.size() ? value : otherwise;
}

std::optional<std::string> from_hex(std::string_view digits) {
  std::string bytes;
  for (size_t i = 0; i + 1 < digits.size(); i += 2) {
    uint8_t byte = 0;
    const auto [end, status] = std::from_chars(digits.data() + i, digits.data() + i + 2, byte, 16);
    if (status != std::errc() || end != digits.data() + i + 2) return std::nullopt;
    bytes += static_cast<char>(byte);
  }
  return digits.size() % 2 == 0 ? std::optional(bytes) : std::nullopt;
}

}  // namespace

Debuggee::Debuggee(runtime::Store& store, platform::Channel channel, const platform::SharedBytes& record)
    : store_(store),
      channel_(std::move(channel)),
      log_(record),
      points_(inspector_),
      interval_(first_interval) {
  store_.set_gate(&log_);
  store_.probes().attach(*this, interp::all_ops());
}

const symbols::Symbols& Debuggee::symbols_of(const abi::Site& site) const {
  return static_cast<const runtime::Instance*>(site.instance->owner)->module().symbols();
}

uint32_t Debuggee::line_of(const abi::Site& site) {
  const auto [at, is_new] = lines_.try_emplace(site.pc);
  if (is_new)
    if (const auto found = symbols_of(site).locate(site.frame->code->module_offset + site.offset))
      at->second = found->place.line;
  return at->second;
}

/// Empty when the program goes on.
std::string Debuggee::why_stop(const abi::Site& site) {
  if (!begun_) {
    const auto& imports = site.instance->module->imports;
    const bool has_threads = std::any_of(imports.begin(), imports.end(), [](const wasm::Import& import) {
      return import.name == "thread-spawn";
    });
    return has_threads ? "the program begins; the threads it makes are not followed, and going back does not "
                         "know them\n"
                       : "the program begins\n";
  }
  if (step_ >= until_) return "step\n";
  if (step_ == from_) return {};
  if (std::string why = points_.empty() ? std::string() : points_.check(site); !why.empty()) return why;
  const uint32_t depth = depth_of(site);
  switch (kind_) {
    case RunKind::on:
      break;
    case RunKind::over:
      if (depth <= from_depth_) return "step\n";
      break;
    case RunKind::out:
      if (depth < from_depth_) return "returned\n";
      break;
    case RunKind::line:
    case RunKind::line_over: {
      if (kind_ == RunKind::line_over && depth > from_depth_) break;
      const uint32_t line = line_of(site);
      if (line != 0 && (line != from_line_ || depth != from_depth_)) return "line\n";
      break;
    }
  }
  return {};
}

wasm::TrapCode Debuggee::before(const abi::Site& site) {
  if (over_) return wasm::TrapCode::none;
  if (main_ == nullptr) main_ = &symbols_of(site);
  if (is_head_ && step_ >= next_checkpoint_) leave_checkpoint();
  if (std::string why = why_stop(site); !why.empty()) {
    begun_ = true;
    if (scanning_ && step_ < until_) {
      last_found_ = step_;
    } else {
      if (scanning_ && scans_end_ && !points_.check(site).empty()) last_found_ = step_;
      serve(site, why);
    }
  }
  ++step_;
  return wasm::TrapCode::none;
}

void Debuggee::trapped(abi::Context* context, const abi::Site* site) {
  if (over_ || site == nullptr || !begun_) return;
  const std::string why = "trap: " + std::string(wasm::trap_text(context->trap.code)) + "\n";
  serve(*site, why);
  over_ = true;
}

void Debuggee::left(abi::Context*) { channel_.send("left " + std::to_string(step_)); }

/// Tells the other side where the program stands, and does as it says until the program is to go on.
void Debuggee::serve(const abi::Site& site, const std::string& why) {
  inspector_.stop_at(site);
  if (scanning_) {
    channel_.send("scanned " + (last_found_ ? std::to_string(*last_found_) : std::string("none")));
    scanning_ = false;
  } else {
    channel_.send("stopped " + std::to_string(step_) + " " + std::to_string(depth_of(site)) + " " +
                  std::to_string(line_of(site)) + " " + std::to_string(site.frame->func->func_index) + "\n" +
                  why);
  }
  for (;;) {
    const auto message = channel_.receive();
    // Nobody is left who could say how to go on.
    if (!message || *message == "vanish") platform::vanish();
    if (handle(site, *message)) return;
  }
}

bool Debuggee::handle(const abi::Site& site, const std::string& message) {
  std::string_view rest(message);
  const size_t end_of_line = std::min(rest.find('\n'), rest.size());
  std::string_view line = rest.substr(0, end_of_line);
  const std::string_view word = take_word(line);
  if (word == "run" || word == "scan") {
    scanning_ = word == "scan";
    last_found_.reset();
    kind_ = static_cast<RunKind>(take_number(line, 0));
    until_ = take_number(line, ~uint64_t{0});
    scans_end_ = scanning_ && line.starts_with("with-end");
    from_ = step_;
    from_depth_ = static_cast<uint32_t>(take_number(line, depth_of(site)));
    from_line_ = static_cast<uint32_t>(take_number(line, line_of(site)));
    // A scan asks also for the place where it begins.
    if (scanning_ && !points_.empty() && step_ < until_ && !points_.check(site).empty()) last_found_ = step_;
    points_.settle(site);
    return true;
  }
  if (word == "points")
    channel_.send("done\n" + set_points(rest.substr(std::min(end_of_line + 1, rest.size()))));
  else if (word == "show")
    channel_.send("text\n" + show(line));
  else if (word == "write")
    channel_.send("done\n" + write(line));
  else
    channel_.send("done\nnot understood\n");
  return false;
}

std::string Debuggee::set_points(std::string_view lines) {
  points_.clear();
  std::string answer;
  while (!lines.empty()) {
    const size_t end = std::min(lines.find('\n'), lines.size());
    std::string_view line = lines.substr(0, end);
    lines.remove_prefix(std::min(end + 1, lines.size()));
    const auto id = static_cast<uint32_t>(take_number(line, 0));
    const bool again = take_word(line) == "again";
    Points::Scope scope;
    scope.depth = static_cast<uint32_t>(take_number(line, Points::Scope::any));
    scope.func = static_cast<uint32_t>(take_number(line, 0));
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
    const uint64_t frame = take_number(command, 0);
    return inspector_.choose(static_cast<size_t>(frame))
               ? inspector_.where()
               : "there is no frame " + std::to_string(frame) + "\n";
  }
  if (word == "find") {
    const auto bytes = from_hex(command);
    return inspector_.find(bytes ? *bytes : std::string(command));
  }
  if (word == "print") {
    const auto value = evaluate(command, inspector_.world());
    return (value ? value->to_string() : "error: " + value.error()) + "\n";
  }
  if (word == "memory") {
    const auto address = evaluate(take_word(command), inspector_.world());
    if (!address) return "error: " + address.error() + "\n";
    const uint64_t count = take_number(command, 64);
    const std::string_view type = take_word(command);
    return inspector_.memory(static_cast<uint64_t>(address->whole), count, type.empty() ? "u8" : type,
                             take_word(command) == "big");
  }
  return "not understood\n";
}

std::string Debuggee::write(std::string_view words) {
  const auto address = evaluate(take_word(words), inspector_.world());
  const auto bytes = from_hex(take_word(words));
  const abi::Memory* const memory = inspector_.memory_0();
  if (!address || !bytes || memory == nullptr)
    return "error: write ADDRESS BYTES, the bytes in hexadecimal\n";
  const auto at = static_cast<uint64_t>(address->whole);
  if (at > memory->size() || bytes->size() > memory->size() - at)
    return "error: the memory ends before that\n";
  memcpy(memory->base + at, bytes->data(), bytes->size());
  next_checkpoint_ = 0;  // none of those before leads to here
  return {};
}

/// Leaves a copy of this process behind, from which the program can go on from here again.
void Debuggee::leave_checkpoint() {
  auto ends = platform::make_channel();
  next_checkpoint_ = step_ + interval_;
  interval_ += interval_ / 16;
  if (!ends) return;
  const auto forked = platform::fork_process();
  if (forked == platform::Forked::child) {
    ends->second.close();
    channel_.close();
    return wait_as_checkpoint(ends->first);
  }
  ends->first.close();
  if (forked == platform::Forked::parent)
    channel_.send_with("checkpoint " + std::to_string(step_), ends->second);
}

/// Returns only in a copy that is to go on.
void Debuggee::wait_as_checkpoint(const platform::Channel& own) {
  for (;;) {
    platform::Channel passed;
    const auto message = own.receive(&passed);
    if (!message || *message == "vanish") platform::vanish();
    if (!passed.is_open() || platform::fork_process() != platform::Forked::child) continue;
    channel_ = std::move(passed);
    is_head_ = false;
    begun_ = false;  // so that it stops at once and waits for orders
    scanning_ = false;
    return;
  }
}

}  // namespace cloche::debug
