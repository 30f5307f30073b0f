// Immediates as listings write them.
#pragma once

#include "base/output.hpp"
#include "binary/instr_reader.hpp"
#include "dump/index.hpp"

namespace cloche::dump {

using base::Output;

/// A name as it is shown: control characters, which could drive a terminal, become \xx.
void put_name(Output& out, std::string_view name);
/// " <NAME>", or nothing for an empty name.
void put_tag(Output& out, std::string_view name);
void put_type(Output& out, wasm::ValType type);

/// The value of a float or vector constant.
void put_immediate_value(Output& out, const binary::Instr& instr);

/// Writes the immediates of instructions, each with a space before it.
class ImmediatePrinter {
 public:
  /// With `every_name`, all indices that have a name are followed by it; otherwise those that wabt's listing
  /// names.
  ImmediatePrinter(Output& out, const Index& index, bool every_name)
      : out_(out), index_(index), every_name_(every_name) {}

  /// The function whose locals are meant from now on.
  void enter(uint32_t func) { locals_ = index_.names.locals.of(func); }

  /// `reader` has just read the instruction.
  void put(const binary::Instr& instr, const binary::InstrReader& reader);
  /// The index of an instruction with one index.
  void put_index(wasm::Op op, uint32_t value);
  void put_mem_arg(const binary::MemArg& arg);
  void put_block(wasm::BlockType type);

 private:
  std::string_view name_of(wasm::Op op, uint32_t value) const;
  void put_call_indirect(const binary::Instr& instr);
  void put_ref_type(wasm::HeapType heap, bool nullable);
  void put_catches(const binary::Instr& instr, const binary::InstrReader& reader);
  void put_two(const binary::Instr& instr);
  void word(uint64_t value) { out_.put(' ', value); }

  Output& out_;
  const Index& index_;
  bool every_name_;
  std::span<const LocalNames::Entry> locals_;
};

}  // namespace cloche::dump
