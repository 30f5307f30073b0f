#include "cli/missing_import.hpp"

#include <algorithm>
#include <numeric>

#include "diagnostics/printable.hpp"

namespace cloche::cli {
namespace {

using diagnostics::printable;

constexpr std::string_view preview1 = "wasi_snapshot_preview1";
constexpr size_t max_listed = 10;

/// Modules that compilers import from, and who provides them.
struct KnownModule {
  std::string_view name;
  std::string_view advice;
};
constexpr KnownModule known_modules[] = {
    {"wasi_unstable",
     "that is preview 0 of WASI, from before 2020; rebuild with a toolchain that targets "
     "wasi_snapshot_preview1"},
    {"gojs", "Go's port to browsers; build with GOOS=wasip1 GOARCH=wasm"},
    {"go", "Go's port to browsers; build with GOOS=wasip1 GOARCH=wasm"},
    {"wbg", "wasm-bindgen's glue, which is JavaScript; build for the target wasm32-wasip1"},
    {"__wbindgen_placeholder__",
     "wasm-bindgen's glue, which is JavaScript; build for the target wasm32-wasip1"},
    {"a", "looks like Emscripten's glue, which is JavaScript; link with -sSTANDALONE_WASM"},
    {"spectest", "the specification's test host; run scripts with `cloche wast`"},
    {"wasi_ephemeral_nn", "a proposal that Cloche does not provide"},
};

/// How many characters must be changed, added or taken away to make one word of the other.
size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = row[0]++;
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t above = row[j + 1];
      row[j + 1] = std::min({above + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row.back();
}

/// The function of preview 1 that a name is nearest to, when it is near.
std::optional<std::string_view> nearest_function(std::string_view name) {
  constexpr size_t near = 3;
  constexpr size_t longest = 64;
  if (name.size() > longest) return std::nullopt;
  std::optional<std::string_view> nearest;
  size_t best = near + 1;
  for (const std::string_view candidate : Wasi::function_names()) {
    const size_t distance = edit_distance(name, candidate);
    if (distance >= best) continue;
    best = distance;
    nearest = candidate;
  }
  return nearest;
}

std::string preload_advice(std::string_view module) {
  const bool is_plain =
      std::all_of(module.begin(), module.end(), [](char c) { return c > ' ' && c < '\x7f' && c != '='; });
  const std::string name = is_plain && !module.empty() ? std::string(module) : "NAME";
  return "--preload " + name + "=FILE would link a module that exports it";
}

std::string advice(const ImportInfo& import) {
  if (import.module == preview1) {
    const auto nearest = nearest_function(import.name);
    const std::string mean = nearest ? "; did you mean " + std::string(*nearest) + "?" : "";
    return "WASI preview 1 has no such " +
           std::string(import.kind == ExternKind::func ? "function" : "item") + mean;
  }
  if (import.module == "wasi") return "wasi-threads has only thread-spawn";
  for (const KnownModule& known : known_modules)
    if (import.module == known.name) return std::string(known.advice);
  if (import.module.starts_with("wasi:"))
    return "that is a component's import (WASI 0.2 or later); Cloche runs core modules of WASI preview 1";
  if (import.module.starts_with("wasm:")) return "a builtin of JavaScript hosts";
  if (import.name.starts_with("emscripten_") || import.name.starts_with("__syscall_"))
    return "Emscripten's glue provides it; link with -sSTANDALONE_WASM";
  return preload_advice(import.module);
}

std::string describe(const ImportInfo& import) {
  constexpr std::string_view kinds[] = {"func", "table", "memory", "global", "tag"};
  return "\"" + printable(import.module) + "\" \"" + printable(import.name) + "\", " +
         std::string(kinds[static_cast<int>(import.kind)]) + " " + import.type;
}

}  // namespace

std::string describe_missing(const Module& module, const Linker& linker) {
  std::vector<ImportInfo> missing = module.imports();
  std::erase_if(missing, [&](const ImportInfo& import) { return linker.has(import.module, import.name); });
  if (missing.empty()) return {};
  if (missing.size() == 1) return "unknown import: " + describe(missing[0]) + "\n  " + advice(missing[0]);
  std::string text = "unknown imports:";
  for (size_t i = 0; i < std::min(missing.size(), max_listed); ++i)
    text += "\n  " + describe(missing[i]) + "\n    " + advice(missing[i]);
  if (missing.size() > max_listed)
    text += "\n  … and " + std::to_string(missing.size() - max_listed) + " more";
  return text;
}

}  // namespace cloche::cli
