#include "cli/missing_import.hpp"

#include <algorithm>

#include "base/spelling.hpp"
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

/// "; did you mean fd_write?", when a function of preview 1 is near.
std::string nearest_function(std::string_view name) {
  base::Spelling spelling(name);
  for (const std::string_view candidate : Wasi::function_names()) spelling.offer(candidate);
  return spelling.nearest().empty() ? "" : "; did you mean " + spelling.nearest() + "?";
}

std::string preload_advice(std::string_view module) {
  const bool is_plain =
      std::all_of(module.begin(), module.end(), [](char c) { return c > ' ' && c < '\x7f' && c != '='; });
  const std::string name = is_plain && !module.empty() ? std::string(module) : "NAME";
  return "--preload " + name + "=FILE would link a module that exports it";
}

std::string advice(const ImportInfo& import) {
  if (import.module == preview1) {
    const std::string kind = import.kind == ExternKind::func ? "function" : "item";
    return "WASI preview 1 has no such " + kind + nearest_function(import.name);
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
