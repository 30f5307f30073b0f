// Instructions of one body as text, one at a time: for listings that show a part of a body only.
#pragma once

#include <memory>
#include <string>

#include "binary/instr_reader.hpp"
#include "wasm/module.hpp"

namespace cloche::text {

class Printer;

/// Prints the instructions of bodies in order, with the names of the name section. Borrows the module.
class InstrPrinter {
 public:
  explicit InstrPrinter(const wasm::Module& module);
  ~InstrPrinter();
  InstrPrinter(const InstrPrinter&) = delete;
  InstrPrinter& operator=(const InstrPrinter&) = delete;

  /// Begins the body of a function, or with an index that no function has a constant expression.
  void begin(uint32_t func);
  /// Takes note of an instruction that is not printed: it may open or close a block.
  void skip(const binary::Instr& instr);
  /// The instruction, indented by two spaces for each block that is open, and nothing more than 40 of them.
  std::string print(const binary::InstrReader& reader, const binary::Instr& instr);

 private:
  bool closes(const binary::Instr& instr) const;

  std::unique_ptr<Printer> printer_;
};

}  // namespace cloche::text
