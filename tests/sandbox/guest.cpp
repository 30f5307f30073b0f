#include "guest.hpp"

#include <gtest/gtest.h>

#include <map>

#include "guest_module.hpp"

namespace cloche::sandbox {
namespace {

/// The WebAssembly parameters of a function.
const std::string& parameters_of(std::string_view name) {
  static const std::map<std::string_view, std::string> all = [] {
    std::map<std::string_view, std::string> map;
    for (const GuestFunction& function : guest_functions())
      map[function.name] = guest_parameters(function.shape);
    return map;
  }();
  return all.at(name);
}

}  // namespace

Guest::Guest(Wasi& wasi) : engine_(*Engine::create()), store_(engine_) {
  const auto module = Module::from_text(engine_, guest_module_text());
  if (!module) {
    ADD_FAILURE() << module.error().message();
    return;
  }
  Linker linker(store_);
  if (const auto added = wasi.add_to(linker); !added) ADD_FAILURE() << added.error().message();
  const auto instance = linker.instantiate(*module);
  if (!instance) {
    ADD_FAILURE() << instance.error().message();
    return;
  }
  instance_ = *instance;
  memory_ = *instance->memory("memory");
}

uint32_t Guest::call(std::string_view name, std::span<const uint64_t> arguments) {
  const std::string_view parameters = parameters_of(name);
  EXPECT_EQ(parameters.size(), arguments.size()) << name;
  std::vector<Value> values;
  for (const uint64_t argument : arguments) {
    if (parameters[values.size()] == 'I')
      values.emplace_back(argument);
    else
      values.emplace_back(static_cast<uint32_t>(argument));
  }
  const auto results = instance_->func(name)->call(values);
  if (results) return static_cast<uint32_t>(results->front().i32());
  ADD_FAILURE() << name << ": " << results.error().message();
  return ~0u;
}

uint32_t Guest::reserve(uint32_t size) {
  const uint32_t at = next_free_;
  next_free_ += (size + 15) / 16 * 16;
  EXPECT_LE(next_free_, memory_size());
  return at;
}

uint32_t Guest::put(std::string_view data) {
  const uint32_t at = reserve(static_cast<uint32_t>(data.size()));
  std::copy(data.begin(), data.end(), memory_->view().begin() + at);
  return at;
}

std::string Guest::text(uint32_t at, uint32_t size) const {
  const auto found = memory_->text(at, size);
  EXPECT_TRUE(found);
  return std::string(found.value_or(""));
}

uint32_t Guest::on_path(std::string_view name, uint32_t dir, std::string_view path,
                        std::initializer_list<uint64_t> others) {
  forget();
  std::vector<uint64_t> arguments = {dir, put(path), path.size()};
  arguments.insert(arguments.end(), others);
  return call(name, arguments);
}

uint32_t Guest::open(uint32_t dir, std::string_view path, const Opening& how, uint32_t* fd) {
  forget();
  const uint32_t result = reserve(4);
  const uint32_t error = call("path_open", {dir, how.lookup, put(path), path.size(), how.oflags, how.rights,
                                            how.inheriting, how.fdflags, result});
  *fd = error == err::success ? u32(result) : ~0u;
  return error;
}

uint32_t Guest::try_open(uint32_t dir, std::string_view path, const Opening& how) {
  uint32_t fd = 0;
  const uint32_t error = open(dir, path, how, &fd);
  if (error == err::success) {
    EXPECT_EQ(close(fd), err::success);
  }
  return error;
}

uint32_t Guest::stat(uint32_t dir, std::string_view path, uint32_t lookup) {
  forget();
  return call("path_filestat_get", {dir, lookup, put(path), path.size(), reserve(64)});
}

uint32_t Guest::touch(uint32_t dir, std::string_view path, uint32_t lookup) {
  forget();
  return call("path_filestat_set_times", {dir, lookup, put(path), path.size(), 0, 0, atim_now | mtim_now});
}

uint32_t Guest::link(uint32_t from_dir, uint32_t lookup, std::string_view from, uint32_t to_dir,
                     std::string_view to) {
  forget();
  return call("path_link", {from_dir, lookup, put(from), from.size(), to_dir, put(to), to.size()});
}

uint32_t Guest::rename(uint32_t from_dir, std::string_view from, uint32_t to_dir, std::string_view to) {
  forget();
  return call("path_rename", {from_dir, put(from), from.size(), to_dir, put(to), to.size()});
}

uint32_t Guest::symlink(std::string_view target, uint32_t dir, std::string_view path) {
  forget();
  return call("path_symlink", {put(target), target.size(), dir, put(path), path.size()});
}

uint32_t Guest::readlink(uint32_t dir, std::string_view path, std::string* target) {
  forget();
  const uint32_t used = reserve(4), buffer = reserve(8192);
  const uint32_t error = call("path_readlink", {dir, put(path), path.size(), buffer, 8192, used});
  if (target && error == err::success) *target = text(buffer, u32(used));
  return error;
}

uint32_t Guest::write(uint32_t fd, std::string_view data, uint32_t* written) {
  forget();
  const uint32_t vec[] = {put(data), static_cast<uint32_t>(data.size())};
  const uint32_t vecs = put({reinterpret_cast<const char*>(vec), sizeof vec}), count = reserve(4);
  const uint32_t error = call("fd_write", {fd, vecs, 1, count});
  if (written) *written = error == err::success ? u32(count) : 0;
  return error;
}

uint32_t Guest::read(uint32_t fd, uint32_t size, std::string* data) {
  forget();
  const uint32_t vec[] = {reserve(size), size};
  const uint32_t vecs = put({reinterpret_cast<const char*>(vec), sizeof vec}), count = reserve(4);
  const uint32_t error = call("fd_read", {fd, vecs, 1, count});
  *data = error == err::success ? text(vec[0], u32(count)) : "";
  return error;
}

}  // namespace cloche::sandbox
