// Engine and Module: what is shared between stores.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cloche/config.hpp"
#include "cloche/error.hpp"
#include "cloche/value.hpp"

namespace cloche {

namespace detail {
struct EngineState;
struct ModuleState;
struct ApiAccess;
}  // namespace detail

/// The kinds of things modules import and export.
enum class ExternKind : uint8_t { func, table, memory, global, tag };

/// One import as a module declares it.
struct ImportInfo {
  std::string module;
  std::string name;
  ExternKind kind = ExternKind::func;
  /// Functions: "[i32] -> [i32]"; tables: "10 20 funcref"; memories: "1 2"; globals: "i32", "(mut i32)";
  /// tags: "[i32]".
  std::string type;
};

/// One export as a module declares it.
struct ExportInfo {
  std::string name;
  ExternKind kind = ExternKind::func;
  std::string type;  ///< As ImportInfo::type.
};

/// Settings and the types shared by all modules and stores made from it. Copies share one engine. Safe to use
/// from several threads at once.
class Engine {
 public:
  /// Fails with ErrorKind::resource when the host refuses what the engine needs at start.
  static Result<Engine> create(const Config& config = {});

 private:
  friend struct detail::ApiAccess;
  Engine() = default;
  std::shared_ptr<detail::EngineState> state_;
};

/// A validated module, immutable. Copies share one. May be instantiated in any store of its engine, from any
/// thread.
class Module {
 public:
  /// Decodes and validates binary bytes, which are copied. Fails: malformed, invalid, limit.
  static Result<Module> from_binary(const Engine& engine, std::span<const uint8_t> bytes);
  /// Assembles text and validates it. Errors carry line and column. Fails: malformed, invalid, limit.
  static Result<Module> from_text(const Engine& engine, std::string_view text);
  /// Reads a file: binary when it begins with the magic bytes or is named *.wasm, text otherwise. Fails: also
  /// io.
  static Result<Module> from_file(const Engine& engine, const std::string& path);

  /// What the module imports, in its order.
  std::vector<ImportInfo> imports() const;
  /// What the module exports, in its order.
  std::vector<ExportInfo> exports() const;
  /// The module's name from the name section, or empty.
  std::string name() const;
  /// Number of functions, imported ones included.
  uint32_t func_count() const;
  /// How many of them are imported; they come first in the index space.
  uint32_t imported_func_count() const;

 private:
  friend struct detail::ApiAccess;
  Module() = default;
  std::shared_ptr<detail::ModuleState> state_;
};

}  // namespace cloche
