// One executed instruction as the tracer saw it, and how rows are written.
#pragma once

#include <array>
#include <string>
#include <unordered_map>
#include <vector>

#include "abi/context.hpp"
#include "debug/function_map.hpp"

namespace cloche::debug {

/// A function as the tracer needs it, made when it is first entered.
struct TracedFunction {
  TracedFunction(const abi::FuncObject& function, const Labels& labels);

  const Labels& labels;
  FunctionMap map;
  std::string name;       // as the text format has it
  uint32_t code_offset;   // of the first instruction, in the module
  uint32_t local_slots;   // where operands begin, from the base of the activation
  bool is_chosen = true;  // by the filter of functions
  /// What a writer prepared for each instruction; empty until it did.
  mutable std::vector<std::string> prepared;
};

/// What an instruction did besides changing the stack.
struct Effect {
  enum class Kind : uint8_t {
    none,
    local,
    global,
    memory,
    call,
    tail_call,
    host_call,
    returned,
    branch,
    condition,
    grow
  };
  Kind kind = Kind::none;
  uint32_t index = 0;  // local, global, memory
  wasm::ValType type;  // local, global
  std::array<abi::Slot, 2> old_value{}, new_value{};
  uint64_t address = 0;                              // memory
  uint64_t bytes = 0;                                // memory: how many were stored; grow: pages before
  uint64_t pages = 0;                                // grow: pages after
  std::array<uint8_t, 16> old_bytes{}, new_bytes{};  // memory: the first of them
  bool taken = false;                                // branch
  uint32_t to = 0;                                   // branch: offset in the module
  std::string callee;                                // calls
  std::vector<std::string> values;                   // calls: arguments; returned: results
};

struct Row {
  uint64_t step = 0;   // from 1
  uint32_t depth = 0;  // activations below this one
  const TracedFunction* func = nullptr;
  uint32_t index = 0;  // of the instruction in func->map
  /// The stack afterwards, in slots from the bottom; its symbols and types are those of `top` in
  /// `stack_func`.
  std::vector<abi::Slot> stack;
  uint32_t top = 0;
  Effect effect;
  std::string outcome;  // trap, exception; empty when there was none
};

/// Writes rows in one format.
class RowWriter {
 public:
  virtual ~RowWriter() = default;
  virtual void begin(std::string& /*out*/) {}
  virtual void row(std::string& out, const Row& row) = 0;
  /// `omitted` rows were not written.
  virtual void end(std::string& /*out*/, uint64_t /*omitted*/) {}
};

enum class TraceFormat : uint8_t { text, markdown, json };
std::unique_ptr<RowWriter> make_row_writer(TraceFormat format);
std::unique_ptr<RowWriter> make_json_writer();

/// The effect and the outcome in words: "$x: 3 -> 5", "[0x10] 00000000 -> 07000000", "call $f(1, 2)".
void put_effect(std::string& out, const Row& row);

}  // namespace cloche::debug
