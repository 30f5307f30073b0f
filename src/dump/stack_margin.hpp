// Beside each instruction, what it leaves on the operand stack, and where its source stands. Needs a valid
// module.
#pragma once

#include <vector>

#include "dump/disassembler.hpp"
#include "symbols/symbols.hpp"
#include "validate/validate.hpp"

namespace cloche::dump {

struct MarginOptions {
  bool stack = false;
  bool source = false;
};

class StackMargin : public Margin {
 public:
  /// Both must outlive it.
  StackMargin(const validate::ValidatedModule& module, const symbols::Symbols& symbols, MarginOptions options)
      : module_(module), symbols_(symbols), options_(options) {}

  void enter(uint32_t func) override;
  void annotate(Output& out, uint32_t offset, uint32_t column) override;

 private:
  void put_source(Output& out, uint32_t offset);

  /// The operand stack behind the instruction at an offset, the innermost operand last.
  struct Entry {
    uint32_t offset = 0;
    std::string types;
  };
  const validate::ValidatedModule& module_;
  const symbols::Symbols& symbols_;
  MarginOptions options_;
  std::vector<Entry> entries_;  // of the function at hand, by offset
  std::string last_place_;
};

}  // namespace cloche::dump
