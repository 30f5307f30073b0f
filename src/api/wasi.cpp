#include "cloche/wasi.hpp"

#include <algorithm>
#include <utility>

#include "api/access.hpp"
#include "api/error.hpp"
#include "base/utf8.hpp"
#include "platform/descriptor_io.hpp"
#include "platform/sockets.hpp"
#include "wasi/define.hpp"

namespace cloche {

namespace detail {

/// Grants until the process is made by the first add_to; from then on the process.
struct WasiState {
  wasi::Settings settings;
  struct Stream {
    bool is_inherited = false;
    platform::Descriptor file;
  };
  Stream streams[3];
  std::vector<wasi::DescriptorPtr> directories;
  std::vector<wasi::DescriptorPtr> listeners;
  std::shared_ptr<wasi::Process> process;

  ~WasiState() {
    if (process) process->end_threads(nullptr);
  }
};

}  // namespace detail

namespace {

using detail::ApiAccess;
using detail::usage_error;
using detail::WasiState;

Unexpected<Error> refused(std::string what, platform::Errno error) {
  return Unexpected{Error(ErrorKind::io, std::move(what) + ": " + error.text())};
}

/// Fails: usage, once the world is made.
Result<void> check_open(const WasiState& state) {
  if (state.process) return Unexpected{usage_error("grants are made before Wasi::add_to")};
  return {};
}

uint64_t total_bytes(const std::vector<std::string>& strings) {
  uint64_t bytes = 0;
  for (const std::string& string : strings) bytes += string.size() + 1;
  return bytes;
}

Result<void> check_strings(const std::vector<std::string>& strings, std::string_view what) {
  for (const std::string& string : strings)
    if (string.find('\0') != std::string::npos)
      return Unexpected{usage_error("a NUL in the " + std::string(what))};
  if (total_bytes(strings) <= wasi::limits::args_bytes) return {};
  return Unexpected{Error(ErrorKind::limit, "the " + std::string(what) + " is longer than " +
                                                std::to_string(wasi::limits::args_bytes) + " bytes")};
}

/// A stream that is not granted: it is there, since programs expect the numbers, and neither gives nor takes
/// anything.
wasi::DescriptorPtr absent_stream() {
  return std::make_shared<wasi::Descriptor>(platform::Descriptor(), wasi::FileType::unknown,
                                            wasi::right::none, wasi::right::none);
}

wasi::DescriptorPtr make_stream(WasiState& state, int number) {
  WasiState::Stream& stream = state.streams[number];
  if (stream.is_inherited) return wasi::make_stream(number, state.settings.terminal);
  if (stream.file) return wasi::make_stream(std::move(stream.file), state.settings.terminal);
  return absent_stream();
}

/// The world with all that was granted.
std::shared_ptr<wasi::Process> make_process(WasiState& state) {
  auto process = std::make_shared<wasi::Process>(state.settings);
  const auto add = [&](wasi::DescriptorPtr descriptor) {
    return process->descriptors().add(std::move(descriptor)).has_value();
  };
  bool fits = true;
  for (int number = 0; number < 3; ++number) fits = add(make_stream(state, number)) && fits;
  for (wasi::DescriptorPtr& directory : state.directories) fits = add(std::move(directory)) && fits;
  for (wasi::DescriptorPtr& listener : state.listeners) fits = add(std::move(listener)) && fits;
  return fits ? process : nullptr;
}

Result<void> open_stream(WasiState& state, int number, const std::string& path) {
  if (auto open = check_open(state); !open) return open;
  auto file = platform::open_host_file(path.c_str(), number != 0);
  if (!file) return refused("cannot open " + path, file.error());
  state.streams[number] = {false, *std::move(file)};
  return {};
}

Result<void> linked(const wasm::Result<void>& result) {
  if (!result) return Unexpected{detail::operation_error(result.error())};
  return {};
}

Result<uint32_t> public_ending(const wasi::Ending& ending) {
  if (!ending) return Unexpected{detail::public_error(ending.error())};
  return *ending;
}

/// The exported function of that name, when it takes and gives nothing. Fails: usage.
Result<runtime::Func> plain_function(const runtime::Instance& instance, std::string_view name) {
  const auto item = instance.find(name);
  const runtime::Func* const func = item ? item->func() : nullptr;
  if (func == nullptr) return Unexpected{usage_error("the module exports no function " + std::string(name))};
  if (!func->type().params.empty() || !func->type().results.empty())
    return Unexpected{usage_error(std::string(name) + " has parameters or results")};
  return *func;
}

}  // namespace

Wasi::Wasi() : state_(std::make_unique<WasiState>()) {}
Wasi::Wasi(Wasi&&) noexcept = default;
Wasi& Wasi::operator=(Wasi&&) noexcept = default;
Wasi::~Wasi() = default;

Result<void> Wasi::args(std::vector<std::string> args) {
  if (auto open = check_open(*state_); !open) return open;
  if (auto checked = check_strings(args, "arguments"); !checked) return checked;
  state_->settings.args = std::move(args);
  return {};
}

Result<void> Wasi::env(std::string_view name, std::string_view value) {
  if (auto open = check_open(*state_); !open) return open;
  if (name.empty() || name.find('=') != std::string_view::npos)
    return Unexpected{usage_error("'" + std::string(name) + "' is no name of a variable")};
  const std::string start = std::string(name) + "=";
  std::vector<std::string> env = state_->settings.env;
  std::erase_if(env, [&](const std::string& each) { return each.starts_with(start); });
  env.push_back(start + std::string(value));
  if (auto checked = check_strings(env, "environment"); !checked) return checked;
  state_->settings.env = std::move(env);
  return {};
}

Result<void> Wasi::dir(const std::string& host, std::string_view guest, DirAccess access) {
  if (auto open = check_open(*state_); !open) return open;
  if (guest.empty() || !base::is_valid_utf8(guest) || guest.find('\0') != std::string_view::npos)
    return Unexpected{usage_error("'" + std::string(guest) + "' is no name for a directory")};
  auto directory = platform::open_host_directory(host);
  if (!directory) return refused("cannot open the directory " + host, directory.error());
  state_->directories.push_back(
      wasi::make_preopen(*std::move(directory), std::string(guest), access == DirAccess::read_only));
  return {};
}

Result<void> Wasi::listen(const std::string& address, uint16_t port) {
  if (auto open = check_open(*state_); !open) return open;
  auto socket = platform::listen_on(address, port);
  if (!socket)
    return refused("cannot listen on " + address + ", port " + std::to_string(port), socket.error());
  state_->listeners.push_back(wasi::make_listener(*std::move(socket)));
  return {};
}

void Wasi::inherit_stdin() { state_->streams[0] = {true, platform::Descriptor()}; }
void Wasi::inherit_stdout() { state_->streams[1] = {true, platform::Descriptor()}; }
void Wasi::inherit_stderr() { state_->streams[2] = {true, platform::Descriptor()}; }
void Wasi::inherit_streams() {
  inherit_stdin();
  inherit_stdout();
  inherit_stderr();
}

Result<void> Wasi::stdin_file(const std::string& path) { return open_stream(*state_, 0, path); }
Result<void> Wasi::stdout_file(const std::string& path) { return open_stream(*state_, 1, path); }
Result<void> Wasi::stderr_file(const std::string& path) { return open_stream(*state_, 2, path); }

void Wasi::terminal_output(TerminalOutput policy) {
  state_->settings.terminal = static_cast<wasi::TerminalPolicy>(policy);
}
void Wasi::clock_resolution_ns(uint64_t resolution) { state_->settings.clock_resolution_ns = resolution; }
void Wasi::deterministic(uint64_t seed) { state_->settings.deterministic_seed = seed; }
void Wasi::without_openat2() { state_->settings.resolver = platform::Resolver::step_by_step; }
void Wasi::max_descriptors(uint32_t count) { state_->settings.max_descriptors = count; }
void Wasi::max_threads(uint32_t count) { state_->settings.max_threads = count; }

Result<void> Wasi::add_to(Linker& linker) {
  if (!state_->process) state_->process = make_process(*state_);
  if (!state_->process)
    return Unexpected{Error(ErrorKind::limit, "more is granted than descriptors are allowed")};
  detail::LinkerState& into = ApiAccess::of(linker);
  return linked(wasi::define(into.linker, *into.store, state_->process));
}

Result<void> Wasi::add_memories_to(Linker& linker, const Module& module) {
  detail::LinkerState& into = ApiAccess::of(linker);
  return linked(wasi::define_shared_memories(into.linker, *into.store, *ApiAccess::of(module)));
}

bool Wasi::is_needed_by(const Module& module) { return wasi::is_needed_by(*ApiAccess::of(module)); }

std::vector<std::string_view> Wasi::function_names() {
  const auto names = wasi::function_names();
  return {names.begin(), names.end()};
}

std::optional<Result<uint32_t>> Wasi::ending() const {
  const auto ending = state_->process ? state_->process->ending() : std::nullopt;
  if (!ending) return std::nullopt;
  return public_ending(*ending);
}

Result<uint32_t> Wasi::run(const Instance& instance) {
  if (!state_->process) return Unexpected{usage_error("Wasi::add_to comes before Wasi::run")};
  const auto entry = plain_function(ApiAccess::of(instance), "_start");
  if (!entry) return Unexpected{entry.error()};
  return public_ending(state_->process->run(*entry->store, *entry));
}

Result<void> Wasi::initialize(const Instance& instance) {
  runtime::Instance& reactor = ApiAccess::of(instance);
  if (!reactor.find("_initialize")) return {};
  const auto entry = plain_function(reactor, "_initialize");
  if (!entry) return Unexpected{entry.error()};
  abi::Slot none[1] = {};
  const auto called = reactor.store()->call_slots(*entry, none);
  if (!called) return Unexpected{detail::public_error(called.error())};
  return {};
}

void Wasi::end_threads() {
  if (state_->process) state_->process->end_threads(nullptr);
}

std::vector<int> Wasi::host_descriptors() const {
  if (state_->process) return state_->process->descriptors().host_descriptors();
  std::vector<int> numbers;
  const auto add = [&numbers](const platform::Descriptor& descriptor) {
    if (descriptor) numbers.push_back(descriptor.get());
  };
  for (const WasiState::Stream& each : state_->streams) add(each.file);
  for (const wasi::DescriptorPtr& each : state_->directories) add(each->descriptor);
  for (const wasi::DescriptorPtr& each : state_->listeners) add(each->descriptor);
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

}  // namespace cloche
