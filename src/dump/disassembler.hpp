// Function bodies as lines: offset, bytes, instruction, indented by the depth of blocks.
#pragma once

#include <span>
#include <string_view>

#include "dump/immediates.hpp"
#include "dump/index.hpp"

namespace cloche::dump {

/// What may be put beside an instruction. Called after each line, before its end; null for nothing.
class Margin {
 public:
  virtual ~Margin() = default;
  /// A body begins.
  virtual void enter(uint32_t func) = 0;
  /// Writes what belongs beside the instruction at `offset`; `column` characters of the line are written.
  virtual void annotate(Output& out, uint32_t offset, uint32_t column) = 0;
};

struct DisassemblyOptions {
  bool relocs = false;       // a line for each relocation behind the instruction it changes
  bool every_name = false;   // see ImmediatePrinter
  bool relocs_lag = false;   // as in wabt's listing, at most one relocation behind each instruction
  uint32_t offset_base = 0;  // subtracted from the offsets that are shown
  Margin* margin = nullptr;
};

/// Writes bodies one by one, in the order of the code section.
class Disassembler {
 public:
  Disassembler(Output& out, const Index& index, const DisassemblyOptions& options);

  /// Writes one function. Fails with what is malformed, after writing everything before it.
  wasm::Result<void> function(uint32_t func, wasm::ByteRange body);

 private:
  wasm::Result<void> locals(uint32_t func);
  wasm::Result<void> instructions();
  wasm::Result<void> instruction();
  wasm::Result<void> rare_instruction(wasm::Op op, size_t start);
  /// Writes the line up to the instruction's name.
  void begin_line(wasm::Op op, uint32_t start, uint32_t end);
  /// Ends it, and writes the bytes that did not fit into it, and relocations.
  void end_line(uint32_t start, uint32_t end);
  void more_bytes(uint32_t start, uint32_t end);
  void put_relocs(uint32_t end);
  char* put_offset_and_bytes(char* to, uint32_t start, uint32_t end) const;

  Output& out_;
  const Index& index_;
  DisassemblyOptions options_;
  ImmediatePrinter immediates_;
  binary::Reader reader_;
  uint32_t code_start_ = 0;
  size_t next_reloc_ = 0;
  uint32_t depth_ = 0;
  uint64_t line_start_ = 0;  // where the line began in the output
};

}  // namespace cloche::dump
