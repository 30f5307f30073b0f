// One trap, looked at from the instruction that trapped: its operands, and what they were applied to.
#pragma once

#include <string>

#include "debug/function_map.hpp"
#include "interp/effects.hpp"
#include "runtime/store.hpp"

namespace cloche::debug {

class TrapScene {
 public:
  TrapScene(runtime::Store& store, const abi::Context& context, const abi::Site& site);

  /// Lines that end with '\n': the instruction with its operands, then what its kind of trap is about.
  std::string describe() const;

 private:
  struct Input {
    const Operand* operand;
    const abi::Slot* slot;
  };
  std::string instruction_line() const;
  std::string memory_lines() const;
  std::string range_line(const interp::Access& access, bool writes) const;
  std::string segment_line() const;
  std::string table_line() const;
  std::string element_lines() const;
  std::string placed_by(uint32_t table, uint64_t index) const;
  std::string cast_line() const;
  std::string array_line() const;
  std::string null_line() const;
  std::string exception_line() const;
  std::string alignment_line() const;

  /// Operand `i`, counted from the deepest; null beyond them.
  const Input* input(size_t i) const { return i < inputs_.size() ? &inputs_[i] : nullptr; }
  uint64_t address_of(const Input& input) const;
  std::string origin(const Operand& operand) const;
  std::string type_of_object(abi::Ref ref) const;
  std::string type_name(uint32_t canonical_type) const;
  std::string signature(uint32_t canonical_type) const;
  uint32_t immediate(unsigned number) const;

  runtime::Store& store_;
  const abi::Context& context_;
  const abi::Site& site_;
  const runtime::Module& module_;
  Labels labels_;
  FunctionMap map_;
  const Step& step_;
  std::vector<Input> inputs_;
};

}  // namespace cloche::debug
