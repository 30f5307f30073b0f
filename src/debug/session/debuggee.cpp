#include "debug/session/debuggee.hpp"

#include <algorithm>

#include "debug/session/words.hpp"
#include "interp/trap.hpp"
#include "platform/stop_signal.hpp"
#include "runtime/instance.hpp"

namespace cloche::debug {
namespace {

/// Steps between two looks whether the other side is still there.
constexpr uint64_t look_interval = uint64_t{1} << 16;

/// Whose program runs in this process.
std::atomic<Debuggee*> running{nullptr};

uint32_t depth_of(const abi::Site& site) {
  return static_cast<uint32_t>(site.frame - site.context->frames_base);
}

/// A program that ends itself leaves like one that traps, but there is nothing to say.
bool ends_itself(const abi::TrapState& trap) {
  return trap.code == wasm::TrapCode::host_error && trap.detail.empty();
}

bool makes_threads(const wasm::Module& module) {
  return std::any_of(module.imports.begin(), module.imports.end(),
                     [](const wasm::Import& import) { return import.name == "thread-spawn"; });
}

}  // namespace

Debuggee::Debuggee(runtime::Store& store, platform::Channel channel, const SessionShared& shared,
                   const SessionLimits& limits)
    : store_(store),
      channel_(std::move(channel)),
      shared_(shared),
      limits_(limits),
      log_(shared.record, [this] { return stop_in_host_call(); }),
      points_(inspector_),
      interval_(limits.first_interval) {
  store_.set_gate(&log_);
  store_.probes().attach(*this, interp::all_ops());
  running = this;
  platform::on_interrupt(wake_host_call);
}

Debuggee::~Debuggee() { running = nullptr; }

/// In a signal handler, behind each interrupt that the other side has counted. A host function may wait here,
/// or be just about to wait: so this comes again until the stop is announced.
void Debuggee::wake_host_call() {
  Debuggee* const self = running;
  const bool is_due = self != nullptr && self->wants_stop();
  platform::repeat_interrupts(is_due);
  if (!is_due || !self->log_.is_calling()) return;
  self->is_woken_ = true;
  self->store_.interrupt();
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
  if (!begun_ || woken_) {
    if (step_ != 0) return "step\n";
    return makes_threads(*site.instance->module)
               ? "the program begins; the threads it makes are not followed, and going back does not know "
                 "them\n"
               : "the program begins\n";
  }
  if (wants_stop()) return "interrupted\n";
  std::string why;
  // A scan is asked at its end whether that counts.
  if (step_ != from_ && (order_ == Order::run || (order_ == Order::scan && step_ < until_))) {
    if (!points_.empty()) why = points_.check(site);
    if (why.empty() && order_ == Order::run) why = why_kind_stops(site);
  }
  return why.empty() && step_ >= until_ ? "step\n" : why;
}

std::string Debuggee::why_kind_stops(const abi::Site& site) {
  const uint32_t depth = depth_of(site);
  switch (kind_) {
    case RunKind::on:
      return {};
    case RunKind::over:
      return depth <= from_depth_ ? "step\n" : "";
    case RunKind::out:
      return depth < from_depth_ ? "returned\n" : "";
    case RunKind::line:
    case RunKind::line_over: {
      if (kind_ == RunKind::line_over && depth > from_depth_) return {};
      const uint32_t line = line_of(site);
      return line != 0 && (line != from_line_ || depth != from_depth_) ? "line\n" : "";
    }
  }
  return {};
}

bool Debuggee::is_record_too_long() const {
  return log_.at() - record_from_ > limits_.record_bytes || log_.has_failed();
}

/// Whether this step may be any other than the last one.
bool Debuggee::is_anything_due() const {
  return wants_stop() || step_ % look_interval == 0 || changes_.is_waiting() ||
         (is_head_ && (step_ >= next_checkpoint_ || is_record_too_long()));
}

/// A scan has come by a point, if there is a reason.
void Debuggee::found(std::string reason) {
  if (reason.empty()) return;
  last_found_ = step_;
  last_reason_ = std::move(reason);
}

wasm::TrapCode Debuggee::before(const abi::Site& site) {
  if (over_) return wasm::TrapCode::none;
  // Nearly every step, when it only goes on.
  if (is_free_ && step_ < until_ && !is_anything_due()) {
    ++step_;
    return wasm::TrapCode::none;
  }
  if (main_ == nullptr) main_ = &symbols_of(site);
  if (is_head_ && step_ >= next_checkpoint_) leave_checkpoint();
  if (is_head_ && is_record_too_long()) forget_older();
  if (changes_.is_waiting()) changes_.make_due(step_, *site.context);
  // Nobody is left who could stop it.
  if (step_ % look_interval == 0 && channel_.is_hung_up()) platform::vanish();
  if (std::string why = why_stop(site); !why.empty()) {
    begun_ = true;
    woken_ = false;
    if (order_ == Order::scan && step_ < until_ && !wants_stop()) {
      found(std::move(why));
    } else {
      if (order_ == Order::scan && scans_end_ && step_ >= until_) found(points_.check(site));
      stood_at_ = step_;
      serve(site, why);
    }
  }
  ++step_;
  return wasm::TrapCode::none;
}

void Debuggee::trapped(abi::Context* context, const abi::Site* site) {
  if (over_ || site == nullptr || !begun_) return;
  over_ = true;
  if (ends_itself(context->trap)) return;
  trap_step_ = step_;
  if (changes_.is_waiting()) changes_.make_due(step_, *context);
  if (order_ == Order::run || step_ >= until_ || wants_stop()) {
    stood_at_ = step_;
    serve(*site, "trap: " + std::string(wasm::trap_text(context->trap.code)) + "\n");
  }
  ++step_;
}

void Debuggee::left(abi::Context*) {
  if (!is_head_) return;
  const uint64_t last = step_ == 0 ? 0 : step_ - 1;
  const uint64_t steps = trap_step_ == last ? last : step_;  // a trap is no instruction
  channel_.send("left " + std::to_string(steps) + " " + std::to_string(last));
}

/// The host function that runs now has been interrupted, perhaps by the person, who is then told where the
/// program waits. True when it is to be called again.
bool Debuggee::stop_in_host_call() {
  if (!wants_stop() || over_ || !begun_) return false;
  abi::Context& context = store_.context();
  if (context.frame <= context.frames_base) return false;
  // The instruction that calls has been counted, and is not over.
  stood_at_ = step_ - 1;
  abi::Slot* const arguments_end = context.frame->locals + context.frame->func->param_slots;
  serve(interp::site_of(&context, nullptr, arguments_end), "interrupted in a host function\n");
  return true;
}

/// Leaves a copy of this process behind, from which the program can go on from here again.
bool Debuggee::leave_checkpoint() {
  auto ends = platform::make_channel();
  next_checkpoint_ = step_ + interval_;
  interval_ += interval_ / 16;
  if (!ends) return false;
  const auto forked = platform::fork_process();
  if (forked == platform::Forked::child) {
    ends->second.close();
    channel_.close();
    wait_as_checkpoint(ends->first);
    return true;
  }
  ends->first.close();
  if (forked != platform::Forked::parent) return false;
  marks_.push_back({step_, log_.at()});
  channel_.send_with("checkpoint " + std::to_string(step_), ends->second);
  return true;
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
    is_free_ = false;
    woken_ = true;  // so that it stops at once and waits for orders
    order_ = Order::run;
    return;
  }
}

/// Gives up the older half of the record, with the checkpoints that need it. There is always one to go back
/// to: this moment.
void Debuggee::forget_older() {
  const uint64_t wanted = log_.has_failed() ? log_.at() : log_.at() - limits_.record_bytes / 2;
  const auto is_late_enough = [&](const Mark& mark) { return mark.record_at >= wanted; };
  auto first = std::find_if(marks_.begin(), marks_.end(), is_late_enough);
  if (first == marks_.end()) {
    if (!leave_checkpoint()) marks_.push_back({step_, log_.at()});
    if (!is_head_) return;  // woken from there
    first = marks_.end() - 1;
  }
  marks_.erase(marks_.begin(), first);
  record_from_ = marks_[0].record_at;
  shared_.record.drop_before(record_from_);
  log_.forgive_failure();
  channel_.send("forget " + std::to_string(marks_[0].step));
}

}  // namespace cloche::debug
