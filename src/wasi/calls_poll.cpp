// poll_oneoff: waits for the first of several events, clocks and descriptors alike.
#include <algorithm>
#include <unordered_map>

#include "platform/clock.hpp"
#include "platform/descriptor_io.hpp"
#include "platform/readiness.hpp"
#include "wasi/functions.hpp"

namespace cloche::wasi::functions {
namespace {

constexpr uint16_t abstime = 1;
constexpr uint16_t hangup = 1;

/// A subscription taken apart. What cannot be waited for has its error, which is an event at once.
struct Watch {
  Subscription subscription;
  Errno error = Errno::success;
  uint64_t deadline_ns = 0;  // clocks: on the host's monotonic clock, or in virtual time
  DescriptorPtr descriptor;  // descriptors
  size_t item = 0;           // its place among what the system is asked
  bool is_always_ready = false;

  bool is_clock() const { return subscription.type == static_cast<uint8_t>(EventType::clock); }
  bool is_read() const { return subscription.type == static_cast<uint8_t>(EventType::fd_read); }
};

uint64_t saturating_add(uint64_t a, uint64_t b) { return a > ~uint64_t{0} - b ? ~uint64_t{0} : a + b; }

/// All that one call waits for.
class Poll {
 public:
  explicit Poll(Call& call) : call_(call) {}

  void add(const Subscription& subscription) {
    Watch& watch = watches_.emplace_back();
    watch.subscription = subscription;
    watch.error = watch.is_clock() ? add_clock(watch) : add_descriptor(watch);
    is_immediate_ = is_immediate_ || watch.error != Errno::success || watch.is_always_ready;
  }
  /// Waits until there is an event.
  Done wait();
  /// Writes the events that are there now and returns how many.
  Size store_events(std::span<uint8_t> out) const;

 private:
  Errno add_clock(Watch& watch);
  Errno add_descriptor(Watch& watch);
  size_t item_of(int fd);
  std::optional<uint64_t> earliest_ns() const;
  uint64_t now_ns() const;
  bool is_due(const Watch& watch) const;
  Event event_of(const Watch& watch) const;

  Call& call_;
  std::vector<Watch> watches_;
  std::vector<platform::Readiness> items_;
  std::unordered_map<int, size_t> places_;
  bool is_immediate_ = false;
  uint64_t time_ns_ = 0;  // when the waiting was over
};

/// Timeouts are told on the monotonic clock; a point in real time is turned into one.
Errno Poll::add_clock(Watch& watch) {
  using platform::ClockId;
  const uint32_t id = watch.subscription.clock_or_fd;
  if (id > static_cast<uint32_t>(ClockId::thread_cpu)) return Errno::inval;
  if (id > static_cast<uint32_t>(ClockId::monotonic)) return Errno::notsup;
  uint64_t timeout_ns = watch.subscription.timeout;
  if ((watch.subscription.flags & abstime) != 0) {
    const uint64_t now = call_.process().clocks().now_ns(static_cast<ClockId>(id));
    timeout_ns = timeout_ns > now ? timeout_ns - now : 0;
  }
  watch.deadline_ns = saturating_add(now_ns(), timeout_ns);
  return Errno::success;
}

Errno Poll::add_descriptor(Watch& watch) {
  if (watch.subscription.type > static_cast<uint8_t>(EventType::fd_write)) return Errno::inval;
  auto descriptor = call_.process().descriptors().get(watch.subscription.clock_or_fd);
  if (!descriptor) return descriptor.error();
  watch.descriptor = *std::move(descriptor);
  // Accepting a connection is what reading is to a socket that listens.
  const Rights wanted = watch.is_read() ? right::fd_read : right::fd_write;
  const bool may_accept = watch.is_read() && watch.descriptor->has(right::sock_accept);
  if (!watch.descriptor->has(right::poll_fd_readwrite)) return Errno::notcapable;
  if (!watch.descriptor->has(wanted) && !may_accept) return Errno::notcapable;
  watch.is_always_ready = watch.descriptor->type == FileType::regular_file;
  watch.item = item_of(watch.descriptor->fd);
  platform::Readiness& item = items_[watch.item];
  (watch.is_read() ? item.wants_read : item.wants_write) = true;
  return Errno::success;
}

/// A descriptor is asked once, however many subscriptions name it: the system bounds how many it takes.
size_t Poll::item_of(int fd) {
  const auto [place, is_new] = places_.emplace(fd, items_.size());
  if (is_new) items_.emplace_back().fd = fd;
  return place->second;
}

uint64_t Poll::now_ns() const {
  Clocks& clocks = call_.process().clocks();
  return clocks.is_virtual() ? clocks.now_ns(platform::ClockId::monotonic) : platform::monotonic_ns();
}

std::optional<uint64_t> Poll::earliest_ns() const {
  std::optional<uint64_t> earliest;
  for (const Watch& watch : watches_)
    if (watch.is_clock() && watch.error == Errno::success)
      earliest = std::min(earliest.value_or(~uint64_t{0}), watch.deadline_ns);
  return earliest;
}

Done Poll::wait() {
  const std::optional<uint64_t> deadline_ns = earliest_ns();
  const bool is_virtual = call_.process().clocks().is_virtual();
  const auto timeout = [&]() -> std::optional<uint64_t> {
    if (is_immediate_ || (is_virtual && deadline_ns)) return 0;
    if (!deadline_ns) return std::nullopt;
    const uint64_t now = now_ns();
    return *deadline_ns > now ? *deadline_ns - now : 0;
  };
  // Asked anew after every interruption, for what is left of the time.
  const size_t ready = TRY(call_.wait([&] { return platform::wait_until_ready(items_, timeout()); }));
  time_ns_ = now_ns();
  if (is_virtual && deadline_ns && !is_immediate_ && ready == 0 && *deadline_ns > time_ns_) {
    call_.process().clocks().advance(*deadline_ns - time_ns_);
    time_ns_ = *deadline_ns;
  }
  return {};
}

bool Poll::is_due(const Watch& watch) const {
  if (watch.error != Errno::success || watch.is_always_ready) return true;
  if (watch.is_clock()) return watch.deadline_ns <= time_ns_;
  const platform::Readiness& item = items_[watch.item];
  return (watch.is_read() ? item.can_read : item.can_write) || item.hung_up || item.is_broken;
}

Event Poll::event_of(const Watch& watch) const {
  Event event;
  event.userdata = watch.subscription.userdata;
  event.error = static_cast<uint16_t>(watch.error);
  event.type = watch.subscription.type;
  if (watch.is_clock() || watch.error != Errno::success) return event;
  const platform::Readiness& item = items_[watch.item];
  if (watch.is_read() && !watch.is_always_ready) event.nbytes = platform::bytes_waiting(watch.descriptor->fd);
  if (watch.is_read() && watch.is_always_ready) {
    const auto status = platform::descriptor_status(watch.descriptor->fd);
    const auto at = platform::seek(watch.descriptor->fd, 0, platform::Whence::current);
    if (status && at && status->size_bytes > *at) event.nbytes = status->size_bytes - *at;
  }
  if (!watch.is_always_ready && item.hung_up) event.flags = hangup;
  // Nothing to read and nobody there to write into: a descriptor that the host has closed, or a broken
  // connection.
  const bool is_usable = watch.is_read() ? item.can_read : item.can_write;
  if (!watch.is_always_ready && item.is_broken && !is_usable && !item.hung_up)
    event.error = static_cast<uint16_t>(Errno::badf);
  return event;
}

Size Poll::store_events(std::span<uint8_t> out) const {
  Size count = 0;
  for (const Watch& watch : watches_) {
    if (!is_due(watch)) continue;
    const Event event = event_of(watch);
    memcpy(out.data() + size_t{count} * sizeof event, &event, sizeof event);
    ++count;
  }
  return count;
}

}  // namespace

Done poll_oneoff(Call& call, Ptr in, Ptr out, Size count, Out<Size> stored) {
  if (count == 0 || count > limits::subscriptions) return fail(Errno::inval);
  const GuestMemory memory = TRY(call.memory());
  const std::span<const uint8_t> subscriptions = TRY(memory.bytes(in, count, sizeof(Subscription)));
  const std::span<uint8_t> events = TRY(memory.bytes(out, count, sizeof(Event)));
  Poll poll(call);
  for (Size i = 0; i < count; ++i)
    poll.add(GuestMemory::copy_out<Subscription>(subscriptions.data() + size_t{i} * sizeof(Subscription)));
  TRY(poll.wait());
  stored.set(poll.store_events(events));
  return {};
}

}  // namespace cloche::wasi::functions
