// What a program asks about itself and of the machine: arguments, environment, clocks, random bytes, its own
// end.
#include <sched.h>

#include "wasi/functions.hpp"

namespace cloche::wasi::functions {
namespace {

using platform::ClockId;

/// Strings as C has them: an array of pointers at `pointers`, the strings with their NULs one after the other
/// at `text`.
Done store_strings(Call& call, const std::vector<std::string>& strings, Ptr pointers, Ptr text) {
  const GuestMemory memory = TRY(call.memory());
  // Both places are checked whole before anything is written; limits::args_bytes keeps the sums in 32 bits.
  uint32_t total = 0;
  for (const std::string& string : strings) total += static_cast<uint32_t>(string.size()) + 1;
  TRY(memory.bytes(pointers, strings.size(), sizeof(Ptr)));
  TRY(memory.bytes(text, total));
  for (const std::string& string : strings) {
    const auto size = static_cast<uint32_t>(string.size()) + 1;
    TRY(memory.store(pointers, text));
    memcpy(TRY(memory.bytes(text, size)).data(), string.c_str(), size);
    pointers += sizeof(Ptr);
    text += size;
  }
  return {};
}

void set_sizes(const std::vector<std::string>& strings, Out<Size> count, Out<Size> total) {
  Size bytes = 0;
  for (const std::string& string : strings) bytes += static_cast<Size>(string.size()) + 1;
  count.set(static_cast<Size>(strings.size()));
  total.set(bytes);
}

/// Fails: inval.
Or<ClockId> clock_id(uint32_t number) {
  if (number > static_cast<uint32_t>(ClockId::thread_cpu)) return fail(Errno::inval);
  return static_cast<ClockId>(number);
}

/// The signals of WASI by number whose default is not to end the program.
constexpr uint32_t signal_none = 0, signal_chld = 16, signal_cont = 17, signal_stop = 18, signal_ttou = 21,
                   signal_urg = 22, signal_winch = 27, signal_sys = 30;
constexpr uint32_t signal_exit_status = 128;

/// A filled random_get is cut into pieces so that it can be ended.
constexpr size_t random_piece_bytes = 1 << 20;

}  // namespace

Done args_get(Call& call, Ptr argv, Ptr argv_buf) {
  return store_strings(call, call.process().settings().args, argv, argv_buf);
}

Done args_sizes_get(Call& call, Out<Size> count, Out<Size> total) {
  set_sizes(call.process().settings().args, count, total);
  return {};
}

Done environ_get(Call& call, Ptr environ, Ptr environ_buf) {
  return store_strings(call, call.process().settings().env, environ, environ_buf);
}

Done environ_sizes_get(Call& call, Out<Size> count, Out<Size> total) {
  set_sizes(call.process().settings().env, count, total);
  return {};
}

Done clock_res_get(Call& call, uint32_t id, Out<uint64_t> resolution) {
  resolution.set(call.process().clocks().resolution_ns(TRY(clock_id(id))));
  return {};
}

Done clock_time_get(Call& call, uint32_t id, uint64_t, Out<uint64_t> time) {
  time.set(call.process().clocks().now_ns(TRY(clock_id(id))));
  return {};
}

Done random_get(Call& call, Buffer buffer) {
  if (buffer.bytes.size() > limits::random_bytes) return fail(Errno::inval);
  for (std::span<uint8_t> rest = buffer.bytes; !rest.empty();) {
    const size_t size = std::min(rest.size(), random_piece_bytes);
    TRY(call.process().random().fill(rest.first(size)));
    rest = rest.subspan(size);
    TRY(call.keep_going());
  }
  return {};
}

Done sched_yield(Call&) {
  ::sched_yield();
  return {};
}

void proc_exit(Call& call, uint32_t status) { call.exit(status); }

/// No signal reaches the host: those whose default action ends a program end this one, as a shell reports it.
Done proc_raise(Call& call, uint32_t signal) {
  if (signal > signal_sys) return fail(Errno::inval);
  if (signal >= signal_stop && signal <= signal_ttou) return fail(Errno::notsup);
  const bool is_ignored = signal == signal_none || signal == signal_chld || signal == signal_cont ||
                          signal == signal_urg || signal == signal_winch;
  if (!is_ignored) call.exit(signal_exit_status + signal);
  return {};
}

}  // namespace cloche::wasi::functions
