#include "interp/side_table.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "validate/function_pass.hpp"

namespace cloche::interp {
namespace {

using abi::BranchEntry;
using abi::Handler;
using abi::HandlerKind;
using wasm::Op;
using wasm::ValType;

/// What has to be known before the table can be written; found out by a first pass, which is nearly always
/// right.
struct Shape {
  bool typed_slots = false;
  uint32_t exception_slots = 0;  // legacy tries nested at most
  friend bool operator==(const Shape&, const Shape&) = default;
};

constexpr uint32_t none = ~uint32_t{0};

/// What the sink remembers of an open block.
struct Open {
  uint32_t begin = 0;                // offset behind the opening instruction
  uint32_t end = none;               // of the protected range of a try
  uint32_t stp = 0;                  // entries before the block's first instruction
  uint32_t waiting = none;           // first entry that jumps behind this block
  uint32_t waiting_handler = none;   // first handler that goes on behind it
  uint32_t waiting_delegate = none;  // first delegate that goes on with its handlers
  uint32_t else_entry = none;        // of an if that has not come to its else
  uint32_t exception_slot = none;    // of a legacy try
  uint32_t clauses = 0;              // the last ones in clauses_
  bool is_try = false;               // legacy
};

/// Collects entries. While a target is not known, an entry's pc_delta holds the offset its jump is relative
/// to and its stp_delta the next entry that waits for the same block; handlers wait in target_pc and
/// delegate_to. The pass keeps for each block its place in open_.
class SideTableSink : public validate::SinkBase<SideTableSink, validate::Nothing, uint32_t> {
 public:
  static constexpr bool slots = true;

  SideTableSink(abi::PreparedCode& code, const Shape& shape) : code_(code), shape_(shape) {}

  /// What turned out to be the shape.
  Shape found() const { return {vectors_, most_tries_}; }

  void function(const validate::FunctionState& state) {
    begin_ = state.code_offset;
    open_.assign(1, Open{});
    uint32_t count = 0;
    for (const ValType type : state.locals) {
      if (shape_.typed_slots) local_slots_.push_back(count);
      count += type.slots();
    }
    vectors_ = count != state.locals.size();
    base_ = count + shape_.exception_slots;
    code_.local_slots = base_;
  }
  void finish(uint32_t max_height_slots, bool vectors) {
    code_.max_slots = base_ + max_height_slots;
    vectors_ |= vectors;
  }

  // ---- instructions that have an entry when slots are typed
  void local_get(const Instr& i, Operands, Operands out) { typed_local(i, out); }
  void local_set(const Instr& i, Operands in, Operands) { typed_local(i, in); }
  void local_tee(const Instr& i, Operands in, Operands) { typed_local(i, in); }
  void parametric(const Instr&, Operands in, Operands) {
    if (shape_.typed_slots) code_.side_table.push_back({0, 0, in.type(0).slots(), 0});
  }

  // ---- blocks
  void block(const Instr& i, Block& frame, Operands) { enter(i, frame); }
  void loop(const Instr& i, Block& frame, Operands) { enter(i, frame); }
  void if_(const Instr& i, Block& frame, Operands, Operands params) {
    // Skipping the body changes nothing on the stack: the parameters stay.
    enter(i, frame).else_entry = add(i.end, 0, frame.height_slots + slots_of(params));
  }
  void try_(const Instr& i, Block& frame, Operands) {
    Open& block = enter(i, frame);
    block.is_try = true;
    block.exception_slot = base_ - shape_.exception_slots + tries_;
    most_tries_ = std::max(most_tries_, ++tries_);
  }
  void try_table(const Instr& i, Block& frame, Operands, std::span<const Catch> clauses) {
    enter(i, frame).clauses = static_cast<uint32_t>(clauses.size());
    for (const Catch& each : clauses) {
      Clause clause;
      clause.handler.kind = static_cast<HandlerKind>(each.kind);
      clause.handler.tag = each.tag;
      clause.handler.height = base_ + each.target.frame->height_slots;
      clause.target = each.target.frame->label;
      clause.to_loop = each.target.is_loop();
      clauses_.push_back(clause);
    }
  }
  void else_(const Instr& i, Block& frame, bool falls_through, Operands, Operands) {
    if (falls_through) skip_to_end(i, frame);
    resolve(open(frame).else_entry, i.end, count());
    open(frame).else_entry = none;
  }
  void catch_(const Instr& i, Block& frame, bool falls_through, Operands, Operands) {
    if (falls_through) skip_to_end(i, frame);
    Open& block = open(frame);
    if (block.end == none) block.end = i.offset;  // the protected range ends at the first catch
    Clause clause;
    clause.handler.kind = i.op == Op::catch_ ? HandlerKind::catch_ : HandlerKind::catch_all;
    clause.handler.tag = i.op == Op::catch_ ? i.index : 0;
    clause.handler.height = base_ + frame.height_slots;
    clause.handler.exception_slot = block.exception_slot;
    clause.handler.target_pc = relative(i.end);
    clause.handler.target_stp = count();
    clauses_.push_back(clause);
    ++block.clauses;
  }
  void delegate(const Instr& i, Block& frame, bool, Operands, Branch to, Operands) {
    Open& block = open(frame);
    go_on_with_handlers(block);
    Handler handler;
    handler.kind = HandlerKind::delegate;
    handler.begin = relative(block.begin);
    handler.end = relative(i.offset);
    handler.delegate_to = open(*to.frame).waiting_delegate;
    open(*to.frame).waiting_delegate = static_cast<uint32_t>(code_.handlers.size());
    code_.handlers.push_back(handler);
    --tries_;
    arrive(block, i.end);
    open_.pop_back();
  }
  void end(const Instr& i, Block& frame, bool, Operands, bool, Operands) {
    Open& block = open(frame);
    if (frame.kind == validate::FrameKind::func) {
      // A branch to the function's own label goes to its final `end`.
      go_on_with_handlers(block);
      arrive(block, i.offset);
      return;
    }
    if (block.is_try) --tries_;
    if (block.end == none) block.end = i.offset;
    go_on_with_handlers(block);
    add_handlers(block);
    if (block.else_entry != none) resolve(block.else_entry, i.end, count());
    arrive(block, i.end);
    open_.pop_back();
  }

  // ---- branches
  void br(const Instr& i, Branch to, Operands) { add_branch(i.end, to); }
  void br_if(const Instr& i, Branch to, Operands, Operands) { add_branch(i.end, to); }
  void br_on(const Instr& i, Branch to, Operands, Operands) { add_branch(i.end, to); }
  void br_table(const Instr& i, std::span<const Branch> targets, Operands, Operands) {
    for (const Branch& to : targets) add_branch(i.offset, to);
  }
  void rethrow(const Instr&, Branch to) {
    code_.side_table.push_back({0, 0, 0, open(*to.frame).exception_slot});
  }

 private:
  struct Clause {
    Handler handler;
    uint32_t target = none;  // place in open_ of where a try_table's clause goes, none for a legacy catch
    bool to_loop = false;
  };

  uint32_t count() const { return static_cast<uint32_t>(code_.side_table.size()); }
  uint32_t relative(uint32_t offset) const { return offset - begin_; }
  static uint32_t slots_of(Operands operands) { return validate::slots_of({operands.types, operands.count}); }

  void typed_local(const Instr& i, Operands operand) {
    if (shape_.typed_slots)
      code_.side_table.push_back({0, 0, operand.type(0).slots(), local_slots_[i.index]});
  }

  Open& open(Block& frame) { return open_[frame.label]; }
  Open& enter(const Instr& i, Block& frame) {
    frame.label = static_cast<uint32_t>(open_.size());
    Open& block = open_.emplace_back();
    block.begin = i.end;
    block.stp = count();
    return block;
  }

  uint32_t add(uint32_t from, uint32_t keep, uint32_t height) {
    code_.side_table.push_back(
        {static_cast<int32_t>(from), static_cast<int32_t>(none), keep, base_ + height});
    return count() - 1;
  }

  void add_branch(uint32_t from, Branch to) {
    const uint32_t entry = add(from, to.arity_slots(), to.frame->height_slots);
    if (to.is_loop())
      resolve(entry, open(*to.frame).begin, open(*to.frame).stp);
    else
      wait_for(open(*to.frame), entry);
  }
  /// An arm that falls through jumps over the next one.
  void skip_to_end(const Instr& i, Block& frame) {
    wait_for(open(frame), add(i.end, validate::slots_of(frame.results()), frame.height_slots));
  }

  void wait_for(Open& block, uint32_t entry) {
    code_.side_table[entry].stp_delta = static_cast<int32_t>(block.waiting);
    block.waiting = entry;
  }

  void resolve(uint32_t entry, uint32_t pc, uint32_t stp) {
    BranchEntry& branch = code_.side_table[entry];
    branch.pc_delta = static_cast<int32_t>(pc) - branch.pc_delta;
    branch.stp_delta = static_cast<int32_t>(stp) - static_cast<int32_t>(entry);
  }

  /// Everything that waits for the block's end goes to `pc`.
  void arrive(const Open& block, uint32_t pc) {
    for (uint32_t entry = block.waiting; entry != none;) {
      const uint32_t next = static_cast<uint32_t>(code_.side_table[entry].stp_delta);
      resolve(entry, pc, count());
      entry = next;
    }
    for (uint32_t handler = block.waiting_handler; handler != none;) {
      Handler& each = code_.handlers[handler];
      handler = each.target_pc;
      each.target_pc = relative(pc);
      each.target_stp = count();
    }
  }

  /// Inner tries were left before: appending now keeps the innermost first.
  void add_handlers(const Open& block) {
    const size_t first = clauses_.size() - block.clauses;
    for (size_t k = first; k < clauses_.size(); ++k) {
      Handler handler = clauses_[k].handler;
      handler.begin = relative(block.begin);
      handler.end = relative(block.end);
      if (clauses_[k].target != none) aim(handler, open_[clauses_[k].target], clauses_[k].to_loop);
      code_.handlers.push_back(handler);
    }
    clauses_.resize(first);
  }
  void aim(Handler& handler, Open& target, bool to_loop) {
    if (to_loop) {
      handler.target_pc = relative(target.begin);
      handler.target_stp = target.stp;
    } else {
      handler.target_pc = target.waiting_handler;
      target.waiting_handler = static_cast<uint32_t>(code_.handlers.size());
    }
  }

  /// Delegates to this block go on with the handlers that are appended from now on.
  void go_on_with_handlers(const Open& block) {
    for (uint32_t handler = block.waiting_delegate; handler != none;) {
      Handler& each = code_.handlers[handler];
      handler = each.delegate_to;
      each.delegate_to = static_cast<uint32_t>(code_.handlers.size());
    }
  }

  abi::PreparedCode& code_;
  Shape shape_;
  std::vector<uint32_t> local_slots_;  // of each local, if slots are typed
  uint32_t base_ = 0;                  // slots below the operands: locals and hidden slots
  uint32_t begin_ = 0;                 // offset of the first instruction
  uint32_t tries_ = 0;
  uint32_t most_tries_ = 0;
  bool vectors_ = false;
  std::vector<Open> open_;
  std::vector<Clause> clauses_;
};

/// One try at the table; the result says whether the assumed shape was right.
Shape build(const validate::ValidatedModule& validated, uint32_t defined_index, const Shape& shape,
            abi::PreparedCode& code) {
  code.side_table.clear();
  code.handlers.clear();
  code.typed_slots = shape.typed_slots;
  SideTableSink sink(code, shape);
  validate::FunctionPass<SideTableSink> pass(validated.types(), sink);
  ASSERT(pass.run(defined_index).has_value());
  return sink.found();
}

}  // namespace

void build_side_table(const validate::ValidatedModule& validated, uint32_t defined_index,
                      abi::PreparedCode& code) {
  const wasm::Module& module = validated.module();
  const wasm::Code& body = module.codes[defined_index];
  const uint32_t func_index = module.imported_funcs + defined_index;
  const validate::CanonicalType& type = *validated.types().funcs()[func_index];
  code.begin = module.bytes.data() + body.expr_offset;
  code.end = module.bytes.data() + body.body.offset + body.body.size;
  code.module_offset = body.expr_offset;
  code.func_index = func_index;
  code.param_slots = type.param_slots;
  code.result_slots = type.result_slots;
  const Shape assumed;
  const Shape found = build(validated, defined_index, assumed, code);
  if (found != assumed) build(validated, defined_index, found, code);
  // Calls leave their results where their arguments were, which may need room beyond the frame's own
  // operands.
  code.max_slots = std::max(code.max_slots, code.result_slots);
  code.side_table.shrink_to_fit();
}

}  // namespace cloche::interp
