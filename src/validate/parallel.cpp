#include "validate/parallel.hpp"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "validate/validate.hpp"

namespace cloche::validate {
namespace {

/// Functions that a thread takes at once.
constexpr uint32_t chunk_size = 64;
constexpr unsigned most_threads = 64;

/// The bodies of one module, handed out in order. After an error nobody takes bodies behind it, but
/// everything before it is still checked, so that the error that counts is the first.
class Bodies {
 public:
  explicit Bodies(const ModuleTypes& types)
      : types_(types), count_(static_cast<uint32_t>(types.module().codes.size())), first_bad_(count_) {}

  void check_some() {
    NoSink no_sink;
    ValidatorPass pass(types_, no_sink);
    for (;;) {
      const uint32_t begin = next_.fetch_add(chunk_size);
      if (begin >= count_ || begin > first_bad_.load()) return;
      const uint32_t end = std::min(count_, begin + chunk_size);
      for (uint32_t i = begin; i < end; ++i) {
        auto result = validate_function(types_, i, pass);
        if (result) continue;
        keep(i, std::move(result.error()));
        break;
      }
    }
  }

  /// After all threads have ended.
  wasm::Result<void> result() {
    if (first_bad_ == count_) return {};
    return base::Unexpected{std::move(error_)};
  }

 private:
  void keep(uint32_t index, wasm::Error error) {
    const std::lock_guard lock(mutex_);
    if (index >= first_bad_) return;
    first_bad_ = index;
    error_ = std::move(error);
  }

  const ModuleTypes& types_;
  const uint32_t count_;
  std::atomic<uint32_t> next_{0};  // cannot wrap around: functions are at most a million
  std::atomic<uint32_t> first_bad_;
  std::mutex mutex_;
  wasm::Error error_{};
};

void* run_bodies(void* bodies) {
  static_cast<Bodies*>(bodies)->check_some();
  return nullptr;
}

}  // namespace

unsigned useful_threads(const wasm::Module& module) {
  constexpr uint64_t worth_a_thread = 1 << 20;
  uint64_t bytes = 0;
  for (const wasm::Code& code : module.codes) bytes += code.body.size;
  // Half of the processors: often two of them are one core's, and this work fills a core. On two, as
  // measured, a second thread saves no time and costs a tenth more of the processors'.
  const uint64_t cores = std::max(1u, std::thread::hardware_concurrency() / 2);
  return static_cast<unsigned>(std::clamp<uint64_t>(bytes / worth_a_thread, 1, cores));
}

wasm::Result<void> check_module(std::shared_ptr<const wasm::Module> module, TypeRegistry& registry,
                                unsigned threads) {
  const ModuleTypes types = TRY(ModuleTypes::build(std::move(module), registry));
  TRY(validate_definitions(types));
  Bodies bodies(types);
  // Not std::thread: where the host refuses one, that throws, which code without exceptions cannot catch.
  std::vector<pthread_t> others;
  for (unsigned i = 1; i < std::min(threads, most_threads); ++i) {
    pthread_t thread;
    if (pthread_create(&thread, nullptr, run_bodies, &bodies) != 0) break;
    others.push_back(thread);
  }
  bodies.check_some();
  for (const pthread_t thread : others) pthread_join(thread, nullptr);
  return bodies.result();
}

}  // namespace cloche::validate
