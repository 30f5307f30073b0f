// What is known of a function's instructions without running it: their text, and the operand stack before
// each of them with the types of its values, where each value comes from, and what it is as an expression.
// Explainer, tracer and trap texts read it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "debug/labels.hpp"
#include "validate/validate.hpp"

namespace cloche::debug {

/// A value on the operand stack, by its number; 0 stands for none. The values below it are its chain of
/// `below`.
struct Operand {
  uint32_t below = 0;
  uint32_t origin = 0;       // number of the instruction that pushed it
  uint32_t first_input = 0;  // what that instruction took, as a range in FunctionMap::inputs
  uint32_t input_count = 0;
  uint32_t slots_end = 0;  // slots of the value stack from the bottom up to and with this one
  wasm::ValType type;      // canonical
  /// The value as an expression of locals, globals and constants; long ones get a name, t1, t2 and so on.
  std::string symbol;
  std::string definition;  // of such a name
  uint8_t binding = 0;     // how tightly the expression binds; higher needs no parentheses
};

/// An instruction of the body.
struct Step {
  uint32_t offset = 0;  // of the opcode, from the body's first instruction
  uint32_t size = 0;
  wasm::Op op = wasm::Op::nop;
  bool live = false;           // can be reached; only then the stack is known
  uint32_t depth = 0;          // blocks that are open around it
  uint32_t top = 0;            // operand on top of the stack before it
  uint32_t height = 0;         // operands before it
  uint32_t height_slots = 0;   // in slots of the value stack
  uint32_t kept = 0;           // operand on top once its own operands are taken
  uint32_t after = 0;          // operand on top behind it, when it goes on to the next instruction
  uint32_t branch_keeps = 0;   // branches: operands carried to the label
  uint32_t branch_height = 0;  // and the height, in operands, at which they land
  std::string text;            // as the text format has it
};

class FunctionMap {
 public:
  /// The map of a defined function. Linear in the size of its body.
  FunctionMap(const validate::ValidatedModule& module, const Labels& labels, uint32_t defined_index);

  uint32_t func_index() const { return func_index_; }
  /// Parameters and declared locals, canonical.
  const std::vector<wasm::ValType>& locals() const { return locals_; }
  const std::vector<wasm::ValType>& results() const { return results_; }
  const std::vector<Step>& steps() const { return steps_; }
  /// The instruction that begins at an offset from the body's first instruction; there must be one.
  const Step& at(uint32_t offset) const { return steps_[index_at(offset)]; }
  uint32_t index_at(uint32_t offset) const { return by_offset_[offset]; }

  const Operand& operand(uint32_t number) const { return operands_[number]; }
  std::span<const uint32_t> inputs(const Operand& operand) const {
    return {inputs_.data() + operand.first_input, operand.input_count};
  }
  /// The operands from the bottom up to `top`.
  std::vector<uint32_t> stack(uint32_t top) const;
  /// Slot of a local, from the base of the activation.
  uint32_t local_slot(uint32_t local) const { return local_slots_[local]; }

 private:
  friend struct MapSink;
  void read_steps(const Labels& labels, const wasm::Module& module, uint32_t defined_index);

  uint32_t func_index_ = 0;
  std::vector<wasm::ValType> locals_;
  std::vector<wasm::ValType> results_;
  std::vector<uint32_t> local_slots_;
  std::vector<Step> steps_;
  std::vector<uint32_t> by_offset_;
  std::vector<Operand> operands_;
  std::vector<uint32_t> inputs_;
};

}  // namespace cloche::debug
