// WASI as something to link against.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "runtime/linker.hpp"
#include "runtime/store.hpp"
#include "wasi/process.hpp"

namespace cloche::wasi {

inline constexpr std::string_view preview1_module = "wasi_snapshot_preview1";
inline constexpr std::string_view threads_module = "wasi";

/// Defines the functions of preview 1 and of wasi-threads in the linker, as functions of the store, and
/// attaches the store to the process. Fails: duplicate_definition; foreign_object, when the linker is another
/// store's.
wasm::Result<void> define(runtime::Linker& linker, runtime::Store& store,
                          const std::shared_ptr<Process>& process);

/// Defines the shared memories that a module of wasi-threads imports and nobody has defined, as large as it
/// asks for. Fails: out_of_memory, limit_exceeded.
wasm::Result<void> define_shared_memories(runtime::Linker& linker, runtime::Store& store,
                                          const runtime::Module& module);

/// Whether a module imports anything of WASI.
bool is_needed_by(const runtime::Module& module);

/// The names of preview 1's functions.
std::span<const std::string_view> function_names();

}  // namespace cloche::wasi
