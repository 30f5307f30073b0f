// The .wast script format (spec: interpreter/README.md / Scripts, and the threads proposal's commands) as a
// list of commands. Modules stay source ranges here and are assembled when their command runs.
#pragma once

#include <array>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/parser.hpp"
#include "wasm/types.hpp"

namespace cloche::text {

enum class ModuleForm : uint8_t { text, binary, quote };

/// A module of a script. Text modules are ranges of the script's source; the others carry their decoded
/// strings.
struct ScriptModule {
  ModuleForm form = ModuleForm::text;
  std::string_view id;         // without "$"; empty when it has none
  bool is_definition = false;  // defined, but not instantiated
  SourceRange range;           // of the parentheses
  std::string contents;        // binary: the bytes; quote: the text
};

enum class LaneShape : uint8_t { i8x16, i16x8, i32x4, i64x2, f32x4, f64x2 };
unsigned lane_bits(LaneShape shape);

/// An argument: a constant or a host reference.
struct ScriptConst {
  enum class Kind : uint8_t { number, vector, ref_null, ref_extern, ref_host } kind = Kind::number;
  wasm::ValType type;                  // number
  uint64_t bits = 0;                   // number, as bits; or which host reference
  std::array<uint8_t, 16> bytes{};     // vector, little-endian
  LaneShape shape = LaneShape::i8x16;  // vector: how it was written
  wasm::HeapType heap;                 // ref_null
};

/// What a number or lane must be: exactly the bits, or a NaN of a kind.
enum class NumberPattern : uint8_t { bits, nan_canonical, nan_arithmetic };

/// What a result must look like.
struct ResultPattern {
  enum class Kind : uint8_t {
    number,      // `type`, `pattern`, `bits`
    vector,      // `shape`, `lane_patterns`, `bytes`
    ref_null,    // of the type `heap` if `has_heap`
    ref,         // not null; of the type `heap` if `has_heap`
    ref_extern,  // a host reference of number `bits` if `has_number`, seen as externref
    ref_host,    // host reference `bits`, seen as anyref
    either,      // one of `alternatives`, none of which is an either
  } kind = Kind::number;
  wasm::ValType type;
  NumberPattern pattern = NumberPattern::bits;
  LaneShape shape = LaneShape::i8x16;
  bool has_heap = false;
  bool has_number = false;
  uint64_t bits = 0;
  wasm::HeapType heap;
  std::array<uint8_t, 16> bytes{};
  std::array<NumberPattern, 4> lane_patterns{};  // float shapes only
  std::vector<ResultPattern> alternatives;
};

/// `(invoke $module "name" const*)` or `(get $module "name")`.
struct Action {
  enum class Kind : uint8_t { none, invoke, get } kind = Kind::none;
  uint32_t offset = 0;
  std::string_view module;  // id, or empty for the latest module
  std::string_view name;
  std::vector<ScriptConst> args;
};

enum class CommandKind : uint8_t {
  module,             // module
  instance,           // id (of the new instance, may be empty), other (of the module, empty for the latest)
  register_,          // name, other (instance id, empty for the latest)
  action,             // action
  assert_return,      // action, results
  assert_exception,   // action
  assert_exhaustion,  // action; failure
  assert_trap,        // action, or module, or (neither) id and other as for instance; failure
  assert_unlinkable,  // module, or id and other; failure
  assert_malformed,   // module; failure
  assert_invalid,     // module; failure
  assert_malformed_custom,  // module; failure
  assert_invalid_custom,    // module; failure
  thread,                   // id, shared, commands
  wait,                     // id of a thread
};

/// One command. Members that the kind does not name are empty.
struct Command {
  CommandKind kind = CommandKind::action;
  uint32_t offset = 0;  // of its opening parenthesis
  uint32_t line = 0;    // where the command comes from no source at hand; otherwise 0
  Action action;
  std::unique_ptr<ScriptModule> module;
  std::vector<ResultPattern> results;
  std::string_view failure;  // how the error message must begin
  std::string_view id;
  std::string_view other;
  std::string_view name;
  std::vector<std::string_view> shared;  // ids of modules that a thread may use
  std::vector<Command> commands;
};

/// A parsed script. Views point into the source or into `strings`.
struct Script {
  std::vector<Command> commands;
  std::deque<std::string> strings;
};

/// Parses a script; a bare list of module fields is a script of one module. Modules in text form are only
/// delimited. The source must outlive the result. Fails with the errors of the text format; "unknown
/// operator" or "unexpected token" at a command nobody knows.
wasm::Result<Script> parse_script(std::string_view source);

/// The bytes of a script's module. Offsets in errors and in the map count in the script's source for modules
/// in text form, and in the module's contents for quoted ones. Bytes of a binary module come back as they
/// are.
wasm::Result<Assembled> assemble(const ScriptModule& module, std::string_view source,
                                 wasm::FeatureSet features, AssembleOptions options = {});

std::string_view command_name(CommandKind kind);

}  // namespace cloche::text
