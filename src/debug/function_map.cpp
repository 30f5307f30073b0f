#include "debug/function_map.hpp"

#include "base/assert.hpp"
#include "debug/instruction_text.hpp"
#include "debug/symbolic.hpp"
#include "validate/function_pass.hpp"

namespace cloche::debug {

/// An expression longer than this gets a name.
constexpr size_t longest_symbol = 48;

/// Notes for each live instruction the stack it finds and the one it leaves.
struct MapSink : validate::SinkBase<MapSink, uint32_t> {
  static constexpr bool slots = true;

  MapSink(FunctionMap& to, const Labels& names) : map(to), labels(names) { map.operands_.resize(1); }

  void function(const validate::FunctionState& s) {
    state = &s;
    map.locals_.assign(s.locals.begin(), s.locals.end());
    const auto results = s.type->results();
    map.results_.assign(results.begin(), results.end());
    uint32_t slot = 0;
    for (const wasm::ValType type : map.locals_) {
      map.local_slots_.push_back(slot);
      slot += type.slots();
    }
  }

  void plain(const Instr& i, Operands in, Operands out) {
    begin(i, in);
    push_results(i, in, out);
  }
  void nop(const Instr& i) { begin(i, {}); }
  void unreachable(const Instr& i) { begin(i, {}); }

  void block(const Instr& i, Block&, Operands params) { begin(i, params); }
  void try_(const Instr& i, Block&, Operands params) { begin(i, params); }
  void try_table(const Instr& i, Block&, Operands params, std::span<const Catch>) { begin(i, params); }
  void loop(const Instr& i, Block&, Operands params) {
    Step& step = begin(i, params);
    // What the first round enters with need not be what later ones do.
    rename(i, params, "loop");
    step.after = stack_top();
  }
  void if_(const Instr& i, Block&, Operands condition, Operands params) {
    // The condition lies above the parameters, which stay.
    Step& step = begin(i, params);
    step.top = push(condition[0], i);
    ++step.height;
    step.height_slots += 1;
    drop_to(state->height + params.size());
    step.after = stack_top();
  }
  void else_(const Instr& i, Block&, bool, Operands results, Operands params) {
    next_arm(i, results, params);
  }
  void catch_(const Instr& i, Block&, bool, Operands results, Operands params) {
    rename_fresh(i, params, i.op == wasm::Op::catch_ ? labels.tag(i.index) : "catch");
    next_arm(i, results, params);
  }
  void delegate(const Instr& i, Block& b, bool falls, Operands results, Branch, Operands out) {
    end(i, b, falls, results, true, out);
  }
  void end(const Instr& i, Block& b, bool falls, Operands results, bool goes_on, Operands out) {
    Step& step = begin(i, results, falls);
    drop_to(state->height);
    using validate::FrameKind;
    // Only one way leads here: the values are what they were. (Branches to a loop go to its head.)
    const bool same = falls && (b.kind == FrameKind::loop || (!b.branched && b.kind != FrameKind::if_));
    for (uint32_t k = 0; k < out.size(); ++k) {
      out[k] = same ? retyped(results[k], out.type(k))
                    : make(i, {}, out.type(k), {joined_name(b, k, out.size()), binds_always});
      stack.push_back(out[k]);
    }
    step.after = goes_on ? stack_top() : 0;
  }

  void br(const Instr& i, Branch to, Operands carried) { branch(begin(i, carried), to); }
  void br_if(const Instr& i, Branch to, Operands condition, Operands carried) {
    Step& step = begin(i, carried);
    step.after = stack_top();
    step.top = push(condition[0], i);
    ++step.height;
    step.height_slots += 1;
    drop_to(state->height + carried.size());
    branch(step, to);
  }
  void br_table(const Instr& i, std::span<const Branch> targets, Operands index, Operands carried) {
    Step& step = begin(i, carried);
    step.top = push(index[0], i);
    ++step.height;
    step.height_slots += 1;
    branch(step, targets.back());
  }
  void return_(const Instr& i, Operands results) { begin(i, results); }
  void br_on(const Instr& i, Branch to, Operands in, Operands out) {
    Step& step = begin(i, in);
    drop_to(state->height + in.size() - 1);
    for (uint32_t k = 0; k < out.size(); ++k) {
      out[k] = retyped(in[in.size() - 1], out.type(k));
      stack.push_back(out[k]);
    }
    step.after = stack_top();
    branch(step, to);
  }

  void call(const Instr& i, Operands in, Operands out) { plain(i, in, out); }
  void call_indirect(const Instr& i, Operands in, Operands out) { plain(i, in, out); }
  void call_ref(const Instr& i, Operands in, Operands out) { plain(i, in, out); }
  void return_call(const Instr& i, Operands in) { begin(i, in); }
  void return_call_indirect(const Instr& i, Operands in) { begin(i, in); }
  void return_call_ref(const Instr& i, Operands in) { begin(i, in); }
  void throw_(const Instr& i, Operands in) { begin(i, in); }
  void throw_ref(const Instr& i, Operands in) { begin(i, in); }
  void rethrow(const Instr& i, Branch) { begin(i, {}); }

 private:
  Step& step_of(const Instr& i) { return map.steps_[map.by_offset_[i.offset - state->code_offset]]; }
  uint32_t slots_up_to(uint32_t operand) const { return map.operands_[operand].slots_end; }
  uint32_t stack_top() const { return stack.empty() ? 0 : stack.back(); }
  void drop_to(uint32_t height) {
    if (stack.size() > height) stack.resize(height);
  }

  /// The stack as the instruction finds it, `in` being on top.
  Step& begin(const Instr& i, Operands in, bool is_there = true) {
    stack.resize(state->height);
    const uint32_t kept = stack_top();
    if (is_there)
      for (uint32_t k = 0; k < in.size(); ++k) stack.push_back(in[k]);
    Step& step = step_of(i);
    step.live = true;
    step.kept = kept;
    step.top = step.after = stack_top();
    step.height = static_cast<uint32_t>(stack.size());
    step.height_slots = slots_up_to(step.top);
    return step;
  }
  void push_results(const Instr& i, Operands in, Operands out) {
    std::vector<uint32_t> taken;
    std::vector<Expression> parts;
    for (uint32_t k = 0; k < in.size(); ++k) {
      taken.push_back(in[k]);
      parts.push_back({map.operands_[in[k]].symbol, map.operands_[in[k]].binding});
    }
    drop_to(state->height);
    for (uint32_t k = 0; k < out.size(); ++k) {
      Expression text = symbolic(labels, map.func_index_, i, parts, k, out.size());
      out[k] = make(i, taken, out.type(k), std::move(text));
      stack.push_back(out[k]);
    }
    step_of(i).after = stack_top();
  }
  uint32_t make(const Instr& i, std::span<const uint32_t> taken, wasm::ValType type, Expression text) {
    Operand made;
    made.below = stack_top();
    made.origin = map.by_offset_[i.offset - state->code_offset];
    made.first_input = static_cast<uint32_t>(map.inputs_.size());
    made.input_count = static_cast<uint32_t>(taken.size());
    map.inputs_.insert(map.inputs_.end(), taken.begin(), taken.end());
    made.type = type;
    made.slots_end = slots_up_to(made.below) + type.slots();
    made.binding = text.binding;
    made.symbol = std::move(text.text);
    if (made.symbol.size() > longest_symbol) {
      made.definition = std::move(made.symbol);
      made.symbol = "t" + std::to_string(++temporaries);
      made.binding = binds_always;
    }
    map.operands_.push_back(std::move(made));
    return static_cast<uint32_t>(map.operands_.size() - 1);
  }
  /// The same value, on the stack as it is now.
  uint32_t retyped(uint32_t operand, wasm::ValType type) {
    Operand same = map.operands_[operand];
    same.below = stack_top();
    same.type = type;
    same.slots_end = slots_up_to(same.below) + type.slots();
    map.operands_.push_back(std::move(same));
    return static_cast<uint32_t>(map.operands_.size() - 1);
  }
  uint32_t push(uint32_t operand, const Instr&) {
    stack.push_back(operand);
    return operand;
  }
  void rename(const Instr& i, Operands values, std::string_view word) {
    if (values.size() == 0) return;
    ++joins;
    rename_fresh(i, values, std::string(word) + std::to_string(joins));
  }
  /// Gives the operands on top of the stack names of their own.
  void rename_fresh(const Instr& i, Operands values, const std::string& word) {
    stack.resize(state->height);
    for (uint32_t k = 0; k < values.size(); ++k) {
      const std::string name = values.size() == 1 ? word : word + "." + std::to_string(k);
      values[k] = make(i, {}, values.type(k), {name, binds_always});
      stack.push_back(values[k]);
    }
  }
  void next_arm(const Instr& i, Operands results, Operands params) {
    begin(i, results);
    Step& step = step_of(i);
    stack.resize(state->height);
    for (uint32_t k = 0; k < params.size(); ++k) stack.push_back(params[k]);
    step.after = stack_top();
  }
  void branch(Step& step, const Branch& to) {
    step.branch_keeps = to.arity();
    step.branch_height = to.frame->height;
  }
  std::string joined_name(const Block& b, uint32_t k, uint32_t count) {
    if (k == 0) ++joins;
    const bool is_if = b.kind == validate::FrameKind::if_ || b.kind == validate::FrameKind::else_;
    std::string name = (is_if                                 ? "if"
                        : b.kind == validate::FrameKind::func ? "result"
                                                              : "block") +
                       std::to_string(joins);
    return count == 1 ? name : name + "." + std::to_string(k);
  }

  FunctionMap& map;
  const Labels& labels;
  const validate::FunctionState* state = nullptr;
  std::vector<uint32_t> stack;
  uint32_t temporaries = 0;
  uint32_t joins = 0;
};

FunctionMap::FunctionMap(const validate::ValidatedModule& module, const Labels& labels,
                         uint32_t defined_index)
    : func_index_(module.module().imported_funcs + defined_index) {
  read_steps(labels, module.module(), defined_index);
  MapSink sink(*this, labels);
  validate::FunctionPass<MapSink> pass(module.types(), sink);
  [[maybe_unused]] const auto valid = pass.run(defined_index);
  ASSERT(valid);
}

/// Places, texts and nesting of all instructions, also of those that nothing reaches.
void FunctionMap::read_steps(const Labels& labels, const wasm::Module& module, uint32_t defined_index) {
  const wasm::Code& code = module.codes[defined_index];
  const uint32_t end = code.body.offset + code.body.size;
  binary::InstrReader reader(module, {code.expr_offset, end - code.expr_offset});
  by_offset_.resize(end - code.expr_offset);
  std::vector<std::string_view> open = {std::string_view()};
  uint32_t next_label = 0;
  while (!reader.at_end()) {
    const auto instr = reader.next();
    ASSERT(instr);
    using wasm::Op;
    const Op op = instr->op;
    const bool opens =
        op == Op::block || op == Op::loop || op == Op::if_ || op == Op::try_ || op == Op::try_table;
    const bool closes = op == Op::end || op == Op::delegate;
    if (closes && !open.empty()) open.pop_back();
    Surroundings around{func_index_, open, {}};
    if (opens) around.own_label = labels.label_name(func_index_, next_label++);
    Step step;
    step.offset = instr->offset - code.expr_offset;
    step.size = instr->size;
    step.op = op;
    const bool between = op == Op::else_ || op == Op::catch_ || op == Op::catch_all;
    step.depth = static_cast<uint32_t>(open.size()) - (open.empty() ? 0 : 1) - (between ? 1 : 0);
    if (closes) step.depth = static_cast<uint32_t>(open.empty() ? 0 : open.size() - 1);
    step.text = instruction_text(labels, reader, *instr, around);
    by_offset_[step.offset] = static_cast<uint32_t>(steps_.size());
    steps_.push_back(std::move(step));
    if (opens) open.push_back(around.own_label);
  }
}

std::vector<uint32_t> FunctionMap::stack(uint32_t top) const {
  std::vector<uint32_t> stack;
  for (; top != 0; top = operands_[top].below) stack.push_back(top);
  return {stack.rbegin(), stack.rend()};
}

}  // namespace cloche::debug
