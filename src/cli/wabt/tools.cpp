#include "cli/wabt/tools.hpp"

#include <cstdio>

#include "cli/diagnose.hpp"
#include "diagnostics/printable.hpp"

namespace cloche::cli {
namespace {

/// A feature by wabt's name, and what it is called here; empty where no switch is needed: it is always on, or
/// it says only how text or custom sections are read.
struct FeatureName {
  std::string_view wabt;
  std::string_view here;
};
constexpr FeatureName feature_names[] = {
    {"exceptions", "exceptions"},
    {"mutable-globals", ""},
    {"saturating-float-to-int", "saturating-float-to-int"},
    {"sign-extension", "sign-extension"},
    {"simd", "simd"},
    {"threads", "threads"},
    {"function-references", "typed-references"},
    {"multi-value", "multi-value"},
    {"tail-call", "tail-call"},
    {"bulk-memory", "bulk-memory"},
    {"reference-types", "reference-types"},
    {"annotations", ""},
    {"code-metadata", ""},
    {"gc", "gc"},
    {"memory64", "memory64"},
    {"multi-memory", "multi-memory"},
    {"extended-const", "extended-const"},
    {"relaxed-simd", "relaxed-simd"},
    {"custom-page-sizes", "custom-page-sizes"},
    {"compact-imports", ""},
    {"wide-arithmetic", "wide-arithmetic"},
};

void switch_feature(Config& config, std::string_view name, bool on) {
  if (name.empty()) return;
  config.set_feature(name, on);
  // wabt's switch for exceptions covers both forms that were shipped.
  if (name == "exceptions") config.set_feature("legacy-exceptions", on);
}

}  // namespace

const std::vector<Tool>& tools() {
  static const std::vector<Tool> all = {
#define TOOL(name, function, purpose) {name, function, purpose},
#include "cli/wabt/tools.def"
#undef TOOL
  };
  return all;
}

const Tool* find_tool(std::string_view program) {
  const std::string_view name = program.substr(program.rfind('/') + 1);
  for (const Tool& tool : tools())
    if (tool.name == name) return &tool;
  return nullptr;
}

ToolOptions::ToolOptions(std::string_view name, std::string_view usage, std::string_view purpose)
    : Options(name, usage, purpose, Style::tool) {
  speak_as_wabt();
  flag("--version", "The version", [] {
    std::puts("cloche " CLOCHE_VERSION);
    finish(exit_ok);
  });
}

void add_wabt_feature_options(Options& options, Config& config) {
  static std::vector<std::string> spellings;  // the options view them
  if (spellings.empty())
    for (const FeatureName& name : feature_names)
      for (const std::string_view verb : {"--enable-", "--disable-"})
        spellings.push_back(std::string(verb) + std::string(name.wabt));
  size_t at = 0;
  for (const FeatureName& name : feature_names) {
    for (const bool on : {true, false}) {
      options.flag(spellings[at++], "", [&config, name, on] { switch_feature(config, name.here, on); });
      options.hide_last();
    }
  }
  options.flag("--enable-all", "Every proposal beyond WebAssembly 3.0; 3.0 itself is always on", [&config] {
    for (const FeatureName& name : feature_names) switch_feature(config, name.here, true);
  });
  // Help that messages give names features as Cloche does.
  add_feature_option(options, config);
  options.hide_last();
  std::string names = "--enable-FEATURE and --disable-FEATURE, where FEATURE is one of:";
  for (const FeatureName& name : feature_names) names += " " + std::string(name.wabt);
  options.footer(names);
}

void print_binary_error(const std::string& file, uint64_t offset, std::string_view message,
                        std::string_view level) {
  char place[32] = "";
  if (offset != wasm::no_offset)
    std::snprintf(place, sizeof place, ":%07llx", static_cast<unsigned long long>(offset));
  std::fprintf(stderr, "%s%s: %s %s\n", diagnostics::printable(file).c_str(), place,
               error_label(level).c_str(), diagnostics::printable(message).c_str());
}

bool print_problems(const std::string& file, const std::vector<dump::Problem>& problems) {
  bool good = true;
  for (const dump::Problem& problem : problems) {
    print_binary_error(file, problem.error.offset, problem.error.message(),
                       problem.is_warning ? "warning:" : "error:");
    good &= problem.is_warning;
  }
  return good;
}

void add_verbose_option(Options& options, uint32_t& level) {
  options.flag("-v, --verbose", "Say more; may be repeated", [&level] { ++level; });
}

}  // namespace cloche::cli
