// A function explained without running it: a row for each instruction in the order of execution, with the
// operand stack that it leaves as expressions, what it touches, and where it stands in the source.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "debug/function_map.hpp"
#include "debug/source_spans.hpp"
#include "symbols/symbols.hpp"

namespace cloche::debug {

/// One instruction.
struct ExplainedRow {
  uint32_t step = 0;    // from 1
  uint32_t offset = 0;  // of the opcode, in the module
  uint32_t depth = 0;   // blocks that are open around it
  std::string text;
  bool reached = false;              // whether anything leads here
  bool goes_on = false;              // whether the next instruction may follow; only then there is a stack
  std::vector<std::string> stack;    // after it, bottom to top; of a high one the upper part
  uint32_t hidden = 0;               // operands below those
  std::vector<std::string> touches;  // empty: the value stack only
  std::vector<std::string> notes;    // of blocks and branches, and what short names stand for
  std::string source;                // "6:5-8:23" of text, "file.c:12:5" by DWARF; empty when unknown
  std::string source_text;           // of text: what stands there, shortened
};

class Explanation {
 public:
  /// Explains a defined function. All arguments must outlive it; `spans` is null for modules without text.
  Explanation(const validate::ValidatedModule& module, const symbols::Symbols& symbols, const Labels& labels,
              const SourceSpans* spans, uint32_t defined_index);

  uint32_t func_index() const { return map_.func_index(); }
  /// "$calc" or the index.
  std::string name() const { return labels_.func(func_index()); }
  /// "(param $a i32) (param $b i32) (result i32)", locals behind it.
  std::string signature() const;
  /// Where the function begins in the source; empty when unknown.
  std::string place() const;
  /// What the function leaves as its results; nothing when its end is never reached.
  std::optional<std::vector<std::string>> results() const;

  /// Every instruction but the final `end`, made one at a time. Linear in the size of the body.
  void each(const std::function<void(const ExplainedRow&)>& take) const;

 private:
  friend class RowMaker;
  std::vector<std::string> symbols_of(uint32_t top, uint32_t most) const;

  const wasm::Module& module_;
  const symbols::Symbols& symbols_;
  const Labels& labels_;
  const SourceSpans* spans_;
  uint32_t defined_index_;
  FunctionMap map_;
};

/// "[a, b]", "[… 30 more, a, b]".
std::string stack_text(const std::vector<std::string>& stack, uint32_t hidden);

}  // namespace cloche::debug
