#include "cli/wabt/interp_wasi.hpp"

#include <optional>

#include "api/access.hpp"
#include "cli/cli.hpp"
#include "cli/wabt/tracer.hpp"
#include "cloche/wasi.hpp"
#include "diagnostics/printable.hpp"
#include "platform/descriptor_io.hpp"

namespace cloche::cli {
namespace {

void require(const Result<void>& granted) {
  if (!granted) die(exit_failure, diagnostics::printable(granted.error().message()));
}

void grant(Wasi& wasi, const WasiRequest& request) {
  platform::ignore_write_signals();
  require(wasi.args(request.args));
  for (const auto& [name, value] : request.env) require(wasi.env(name, value));
  wasi.inherit_streams();
  for (const std::string& dir : request.dirs) require(wasi.dir(dir, dir));
}

[[noreturn]] void fail(const Input& input, const Error& error) {
  if (error.kind() == ErrorKind::exit) finish(static_cast<ExitCode>(error.exit_status()));
  if (error.kind() == ErrorKind::trap)
    print_trap(*error.trap());
  else
    print_error(input.name, error);
  finish(exit_failure);
}

}  // namespace

void run_wasi(const Input& input, const Config& config, const WasiRequest& request) {
  const Engine engine = make_engine(config);
  const auto module = Module::from_binary(engine, input.file.bytes);
  if (!module) fail(input, module.error());
  Store store(engine);
  std::optional<Tracer> tracer;
  if (request.trace) tracer.emplace(detail::ApiAccess::of(store));
  Linker linker(store);
  Wasi wasi;
  grant(wasi, request);
  require(wasi.add_to(linker));
  const auto instance = linker.instantiate(*module);
  if (!instance) fail(input, instance.error());
  const auto status = wasi.run(*instance);
  if (!status) fail(input, status.error());
  finish(static_cast<ExitCode>(*status));
}

}  // namespace cloche::cli
