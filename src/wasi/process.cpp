#include "wasi/process.hpp"

#include <algorithm>

#include "platform/worker.hpp"

namespace cloche::wasi {
namespace {

/// Thread numbers lie below this and are positive (wasi-threads, Design choice: thread IDs).
constexpr uint32_t thread_number_end = 1u << 29;

}  // namespace

Ending ending_of(const runtime::Outcome<void>& returned) {
  if (returned) return 0u;
  const runtime::Trap* const trap = returned.error().trap();
  if (trap != nullptr && trap->exit_status) return *trap->exit_status;
  return base::Unexpected{returned.error()};
}

bool Process::attach(runtime::Store& store) {
  const std::lock_guard lock(mutex_);
  if (ending_) return false;
  stores_.push_back(&store);
  return true;
}

void Process::detach(runtime::Store& store) {
  const std::lock_guard lock(mutex_);
  std::erase(stores_, &store);
}

Ending Process::run(runtime::Store& store, const runtime::Func& entry) {
  abi::Slot none[1] = {};
  end(ending_of(store.call_slots(entry, none)), &store);
  std::unique_lock lock(mutex_);
  thread_left_.wait(lock, [this] { return threads_.empty(); });
  return *ending_;
}

void Process::end(Ending ending, const runtime::Store* self) {
  const std::lock_guard lock(mutex_);
  if (!ending_) ending_ = std::move(ending);
  for (runtime::Store* const store : stores_)
    if (store != self) store->interrupt();
}

std::optional<Ending> Process::ending() {
  const std::lock_guard lock(mutex_);
  return ending_;
}

void Process::end_threads(const runtime::Store* self) {
  {
    const std::lock_guard lock(mutex_);
    if (threads_.empty()) return;
  }
  end(0u, self);
  std::unique_lock lock(mutex_);
  thread_left_.wait(lock, [this] { return threads_.empty(); });
}

Or<uint32_t> Process::take_thread_number() {
  const std::lock_guard lock(mutex_);
  if (ending_) return fail(Errno::canceled);
  // The program's first thread counts as well.
  if (threads_.size() + 1 >= settings_.max_threads) return fail(Errno::again);
  do {
    last_thread_ = last_thread_ + 1 == thread_number_end ? 1 : last_thread_ + 1;
  } while (std::find(threads_.begin(), threads_.end(), last_thread_) != threads_.end());
  threads_.push_back(last_thread_);
  return last_thread_;
}

Or<uint32_t> Process::start_thread(std::function<void(uint32_t number)> body) {
  const uint32_t number = TRY(take_thread_number());
  descriptors_.share();  // the new thread sees it, since starting it orders what came before
  if (platform::start_worker([body = std::move(body), number] { body(number); })) return number;
  thread_ended(number);
  return fail(Errno::again);
}

void Process::thread_ended(uint32_t number) {
  const std::lock_guard lock(mutex_);
  std::erase(threads_, number);
  thread_left_.notify_all();
}

}  // namespace cloche::wasi
