// Processes as checkpoints: a process that forks leaves its whole state behind, to go on from there again.
// What a debugger needs for going back: channels between the processes, and bytes that all of them see.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "platform/descriptor.hpp"

namespace cloche::platform {

/// One end of a connection between two processes. Messages come whole and in order. Move-only.
class Channel {
 public:
  Channel() = default;
  explicit Channel(Descriptor end) : end_(std::move(end)) {}

  bool is_open() const { return end_.get() >= 0; }
  int descriptor() const { return end_.get(); }
  void close() { end_ = Descriptor(); }

  /// False when the other end is gone.
  bool send(std::string_view message) const;
  /// Sends an end of another channel along with a message. It stays open here, too.
  bool send_with(std::string_view message, const Channel& passed) const;
  /// Whether the other end is gone. Does not wait.
  bool is_hung_up() const;
  /// Waits for a message; nothing when the other end is gone. A channel that came with it goes to `passed`.
  std::optional<std::string> receive(Channel* passed = nullptr) const;

 private:
  Descriptor end_;
};

/// Both ends of a new connection; nothing when the system has no descriptors left.
std::optional<std::pair<Channel, Channel>> make_channel();

/// Bytes in memory of their own, shared with every process forked later; they only grow. Move-only.
class SharedBytes {
 public:
  /// Nothing when the system refuses.
  static std::optional<SharedBytes> create();

  int descriptor() const { return file_.get(); }
  uint64_t size() const;
  bool append(std::span<const uint8_t> bytes) const;
  /// Fills `bytes` from `offset` on; false when they are not all there.
  bool read(uint64_t offset, std::span<uint8_t> bytes) const;
  /// Gives the memory of what is before an offset back to the system; it reads as zeros.
  void drop_before(uint64_t offset) const;
  /// Bytes of memory in use, in whole pages.
  uint64_t used_bytes() const;

 private:
  explicit SharedBytes(Descriptor file) : file_(std::move(file)) {}
  Descriptor file_;
};

/// A number in memory that every process forked later shares. Move-only.
class SharedCounter {
 public:
  /// Nothing when the system refuses.
  static std::optional<SharedCounter> create();
  SharedCounter(SharedCounter&& other) noexcept : number_(std::exchange(other.number_, nullptr)) {}
  SharedCounter& operator=(SharedCounter&&) = delete;
  ~SharedCounter();

  // Both async-signal-safe.
  uint32_t value() const { return number_->load(std::memory_order_relaxed); }
  void count() const { number_->fetch_add(1, std::memory_order_relaxed); }

 private:
  explicit SharedCounter(std::atomic<uint32_t>* number) : number_(number) {}
  std::atomic<uint32_t>* number_;
};

enum class Forked : uint8_t { parent, child, failed };
/// Makes a copy of this process, with this thread only. Nobody waits for it: see expect_no_children. The
/// copy's number goes to `child`, where there is one.
Forked fork_process(int* child = nullptr);

/// The system kills this process when its parent ends, whatever it does then.
void end_with_parent();

/// Ends this process at once: nothing is flushed, nobody is told.
[[noreturn]] void vanish();

/// Children that have ended are forgotten at once; a write to a channel whose other end is gone is an error,
/// no signal.
void expect_no_children();

}  // namespace cloche::platform
