#include "text/instr_printer.hpp"

#include <algorithm>

#include "text/printer_core.hpp"

namespace cloche::text {

using wasm::Op;

namespace {

// Nobody gets text in pieces.
const TextSink no_sink;

bool opens(const binary::Instr& instr) { return opens_block(instr.op); }

bool divides(const binary::Instr& instr) {
  return instr.op == Op::else_ || instr.op == Op::catch_ || instr.op == Op::catch_all;
}

}  // namespace

InstrPrinter::InstrPrinter(const wasm::Module& module)
    : printer_(std::make_unique<Printer>(module, PrintOptions{.depth_comments = false}, no_sink)) {
  printer_->prepare_names();
}

InstrPrinter::~InstrPrinter() = default;

void InstrPrinter::begin(uint32_t func) {
  printer_->begin_blocks(func);
  constexpr size_t most_named_locals = 50'000;
  printer_->locals_ =
      printer_->make_ids(most_named_locals, binary::find_names(printer_->names_.locals, func));
}

bool InstrPrinter::closes(const binary::Instr& instr) const {
  return (instr.op == Op::end || instr.op == Op::delegate) && !printer_->labels_.empty();
}

void InstrPrinter::skip(const binary::Instr& instr) {
  if (opens(instr))
    printer_->push_label(printer_->next_label(instr.op));
  else if (closes(instr))
    printer_->pop_label();
}

std::string InstrPrinter::print(const binary::InstrReader& reader, const binary::Instr& instr) {
  Printer& printer = *printer_;
  if (closes(instr)) printer.pop_label();
  const Printer::Label label = opens(instr) ? printer.next_label(instr.op) : Printer::Label{};
  size_t depth = printer.labels_.size();
  if (divides(instr) && depth > 0) --depth;
  std::string out(2 * std::min<size_t>(depth, 20), ' ');
  printer.put_instr(out, reader, instr, label.id);
  if (opens(instr)) printer.push_label(label);
  return out;
}

}  // namespace cloche::text
