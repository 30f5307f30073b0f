#include "cli/io.hpp"

#include <unistd.h>

#include <cstdio>

#include "cli/cli.hpp"
#include "diagnostics/printable.hpp"
#include "platform/mapped_file.hpp"

namespace cloche::cli {
namespace {

[[noreturn]] void die_over(const std::string& file, const std::string& problem) {
  std::fprintf(stderr, "%s: %s %s\n", diagnostics::printable(file).c_str(), error_label("error:").c_str(),
               problem.c_str());
  finish(exit_failure);
}

}  // namespace

std::string input_name(const std::string& file) { return file == "-" ? "<stdin>" : file; }

platform::FileBytes read_input(const std::string& file, uint64_t limit_bytes) {
  auto bytes =
      file == "-" ? platform::read_standard_input(limit_bytes) : platform::read_file(file, limit_bytes);
  if (!bytes) die_over(input_name(file), "cannot read the file: " + bytes.error());
  return std::move(*bytes);
}

platform::FileBytes read_source(const std::string& file, uint64_t limit_bytes) {
  if (file == "-") return read_input(file, limit_bytes);
  auto bytes = platform::map_file(file, limit_bytes);
  if (!bytes) die_over(file, "cannot read the file: " + bytes.error());
  return std::move(*bytes);
}

void check_source_file(const std::string& name) {
  if (platform::lost_mapped_bytes()) die_over(name, "cannot read the file: it became shorter meanwhile");
}

void write_output(const std::string& file, std::span<const uint8_t> bytes, Contents contents) {
  if (file != "-") {
    if (const auto written = platform::write_file(file, bytes); !written)
      die_over(file, "cannot write the file: " + written.error());
    return;
  }
  if (contents == Contents::binary && isatty(STDOUT_FILENO))
    die(exit_failure, "standard output is a terminal; name a file with -o, or pipe the module somewhere");
  std::fflush(stdout);
  if (const auto written = platform::write_all(STDOUT_FILENO, bytes); !written)
    die_over("<stdout>", "cannot write: " + written.error());
}

void rewrite_file(const std::string& file, std::span<const uint8_t> bytes) {
  if (const auto written = platform::replace_file(file, bytes); !written)
    die_over(file, "cannot write the file: " + written.error());
}

}  // namespace cloche::cli
