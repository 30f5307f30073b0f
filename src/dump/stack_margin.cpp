#include "dump/stack_margin.hpp"

#include <algorithm>

namespace cloche::dump {
namespace {

using wasm::ValType;

/// Keeps the types on the operand stack and shows them after every instruction that can be reached.
template <class Show>
class StackSink : public validate::SinkBase<StackSink<Show>> {
 public:
  using Base = validate::SinkBase<StackSink<Show>>;
  using typename Base::Block;
  using typename Base::Branch;
  using typename Base::Catch;
  using typename Base::Instr;
  using typename Base::Operands;

  explicit StackSink(Show show) : show_(std::move(show)) {}

  void plain(const Instr& i, Operands in, Operands out) { replace(i, in, out); }
  void nop(const Instr& i) { show_(i.offset, stack_); }
  void unreachable(const Instr& i) { leave(i); }

  void block(const Instr& i, Block&, Operands) { show_(i.offset, stack_); }
  void loop(const Instr& i, Block&, Operands) { show_(i.offset, stack_); }
  void if_(const Instr& i, Block&, Operands condition, Operands) { pop(i, condition); }
  void try_table(const Instr& i, Block&, Operands, std::span<const Catch>) { show_(i.offset, stack_); }
  void try_(const Instr& i, Block&, Operands) { show_(i.offset, stack_); }
  void else_(const Instr& i, Block& block, bool, Operands, Operands params) { restart(i, block, params); }
  void catch_(const Instr& i, Block& block, bool, Operands, Operands params) { restart(i, block, params); }
  void delegate(const Instr& i, Block& block, bool, Operands, Branch, Operands out) {
    restart(i, block, out);
  }
  void end(const Instr& i, Block& block, bool, Operands, bool goes_on, Operands out) {
    if (goes_on) restart(i, block, out);
  }

  void br(const Instr& i, Branch, Operands) { leave(i); }
  void br_if(const Instr& i, Branch, Operands condition, Operands) { pop(i, condition); }
  void br_table(const Instr& i, std::span<const Branch>, Operands, Operands) { leave(i); }
  void return_(const Instr& i, Operands) { leave(i); }
  void br_on(const Instr& i, Branch, Operands, Operands out) {
    if (!stack_.empty()) stack_.pop_back();
    push(out);
    show_(i.offset, stack_);
  }

  void call(const Instr& i, Operands in, Operands out) { replace(i, in, out); }
  void call_indirect(const Instr& i, Operands in, Operands out) { replace(i, in, out); }
  void call_ref(const Instr& i, Operands in, Operands out) { replace(i, in, out); }
  void return_call(const Instr& i, Operands) { leave(i); }
  void return_call_indirect(const Instr& i, Operands) { leave(i); }
  void return_call_ref(const Instr& i, Operands) { leave(i); }
  void throw_(const Instr& i, Operands) { leave(i); }
  void throw_ref(const Instr& i, Operands) { leave(i); }
  void rethrow(const Instr& i, Branch) { leave(i); }

 private:
  void push(Operands out) {
    for (uint32_t k = 0; k < out.size(); ++k) stack_.push_back(out.type(k));
  }
  void drop(size_t count) { stack_.resize(stack_.size() - std::min(count, stack_.size())); }
  void pop(const Instr& i, Operands in) {
    drop(in.size());
    show_(i.offset, stack_);
  }
  void replace(const Instr& i, Operands in, Operands out) {
    drop(in.size());
    push(out);
    show_(i.offset, stack_);
  }
  /// The block's operands are gone, and these stand in their place.
  void restart(const Instr& i, Block& block, Operands operands) {
    drop(stack_.size() - std::min<size_t>(block.height, stack_.size()));
    push(operands);
    show_(i.offset, stack_);
  }
  /// Control does not go on behind the instruction.
  void leave(const Instr&) {}

  std::vector<ValType> stack_;
  Show show_;
};

std::string stack_text(const validate::ModuleTypes& types, const std::vector<ValType>& stack) {
  // Deep stacks are shown from their top: what an instruction works on is there.
  constexpr size_t shown = 12;
  std::string text = stack.size() > shown ? "[… " : "[";
  for (size_t i = stack.size() - std::min(stack.size(), shown); i < stack.size(); ++i) {
    if (text.back() != '[' && text.back() != ' ') text += ' ';
    text += types.to_string(stack[i]);
  }
  return text + "]";
}

}  // namespace

void StackMargin::enter(uint32_t func) {
  entries_.clear();
  last_place_.clear();
  const wasm::Module& module = module_.module();
  if (!options_.stack || func < module.imported_funcs || func >= module.funcs.size()) return;
  const auto show = [&](uint32_t offset, const std::vector<ValType>& stack) {
    entries_.push_back({offset, stack_text(module_.types(), stack)});
  };
  StackSink sink(show);
  validate::FunctionPass<decltype(sink)> pass(module_.types(), sink);
  (void)pass.run(func - module.imported_funcs);  // the module is valid
}

void StackMargin::annotate(Output& out, uint32_t offset, uint32_t column) {
  constexpr uint32_t margin_column = 72;
  out.spaces(column < margin_column ? margin_column - column : 1);
  out.put(';');
  if (options_.stack) {
    const auto at = std::lower_bound(entries_.begin(), entries_.end(), offset,
                                     [](const Entry& entry, uint32_t place) { return entry.offset < place; });
    const bool goes_on = at != entries_.end() && at->offset == offset;
    out.put(' ', goes_on ? std::string_view(at->types) : std::string_view("-"));
  }
  if (options_.source) put_source(out, offset);
}

void StackMargin::put_source(Output& out, uint32_t offset) {
  const auto location = symbols_.locate(offset);
  if (!location || !location->place.known()) return;
  std::string text = location->place.to_string();
  if (text == last_place_) return;
  out.put(' ');
  put_name(out, text);
  last_place_ = std::move(text);
}

}  // namespace cloche::dump
