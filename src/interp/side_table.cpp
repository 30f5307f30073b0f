#include "interp/side_table.hpp"

#include "base/assert.hpp"
#include "validate/function_pass.hpp"

namespace cloche::interp {
namespace {

using abi::BranchEntry;
using abi::Handler;
using validate::BranchTarget;
using wasm::Op;
using wasm::ValType;

constexpr uint32_t none = ~uint32_t{0};

/// What has to be known before the table can be written; found out by a first pass, which is nearly always
/// right.
struct Shape {
  bool typed_slots = false;
  uint32_t exception_slots = 0;  // legacy tries nested at most
};

/// Collects entries. While a target is not known, an entry's pc_delta holds the offset its jump is relative
/// to and its stp_delta the next entry that waits for the same frame.
class SideTableSink : public validate::NoSink {
 public:
  static constexpr bool wants_slots = true;

  SideTableSink(abi::PreparedCode& code, const Shape& shape, std::vector<uint32_t> local_slots, uint32_t base)
      : code_(code), shape_(shape), local_slots_(std::move(local_slots)), base_(base) {}

  uint32_t exception_slots() const { return most_tries_; }

  void typed_slot_access(Op op, uint32_t local, ValType type) {
    if (!shape_.typed_slots) return;
    const bool is_local = op == Op::local_get || op == Op::local_set || op == Op::local_tee;
    code_.side_table.push_back({0, 0, type.slots(), is_local ? local_slots_[local] : 0});
  }

  void enter(Op op, uint32_t frame, uint32_t next, uint32_t height_slots) {
    if (frames_.size() <= frame) frames_.resize(frame + 1);
    frames_[frame] = Frame{};
    frames_[frame].begin = next;
    frames_[frame].stp = count();
    frames_[frame].op = op;
    // Skipping the body changes nothing on the stack: the parameters stay.
    if (op == Op::if_) frames_[frame].else_entry = add(next, 0, height_slots);
    if (op == Op::try_) {
      frames_[frame].exception_slot = base_ - shape_.exception_slots + tries_;
      most_tries_ = std::max(most_tries_, ++tries_);
    }
  }

  void next_part(Op op, uint32_t frame, uint32_t offset, uint32_t next, bool falls_through,
                 BranchTarget target) {
    Frame& at = frames_[frame];
    // A body that falls through jumps over the next part to behind the `end`.
    if (falls_through) wait_for(frame, add(next, target.keep_slots, target.height_slots));
    if (op == Op::else_) {
      resolve(at.else_entry, next, count());
      at.else_entry = none;
    } else if (at.op == Op::try_ && at.end == none) {
      at.end = offset;  // the protected range ends at the first catch
    }
  }

  void branch(Op, uint32_t next, BranchTarget target) { add_branch(next, target); }
  void table_branch(uint32_t offset, BranchTarget target) { add_branch(offset, target); }

  /// For try_table: called after enter.
  void clause(uint8_t kind, uint32_t tag, BranchTarget target) {
    static_assert(static_cast<int>(abi::HandlerKind::catch_all_ref) == 3);
    // The frame just entered is the innermost: the clause's label lies outside of it.
    Clause clause;
    clause.handler.kind = static_cast<abi::HandlerKind>(kind);
    clause.handler.tag = tag;
    clause.handler.height = base_ + target.height_slots;
    clause.target = target;
    clauses_.push_back(clause);
    ++frames_.back().clauses;
  }

  void legacy_catch(uint32_t frame, uint8_t kind, uint32_t tag, uint32_t, uint32_t next,
                    uint32_t height_slots) {
    Clause clause;
    clause.handler.kind = static_cast<abi::HandlerKind>(kind);
    clause.handler.tag = tag;
    clause.handler.height = base_ + height_slots;
    clause.handler.exception_slot = frames_[frame].exception_slot;
    clause.handler.target_pc = next;
    clause.handler.target_stp = count();
    clause.known = true;
    legacy_clauses_.push_back({frame, clause});
  }

  void delegate(uint32_t frame, uint32_t outer, uint32_t offset, uint32_t next) {
    resolve_delegates(frame);
    Handler handler;
    handler.kind = abi::HandlerKind::delegate;
    handler.begin = relative(frames_[frame].begin);
    handler.end = relative(offset);
    code_.handlers.push_back(handler);
    if (frames_.size() <= outer) frames_.resize(outer + 1);
    delegates_.push_back({outer, static_cast<uint32_t>(code_.handlers.size() - 1)});
    --tries_;
    finish(frame, next);
  }

  void rethrow(uint32_t frame) { code_.side_table.push_back({0, 0, 0, frames_[frame].exception_slot}); }

  void leave(uint32_t frame, uint32_t offset, uint32_t next) {
    if (frame == 0) {
      // A branch to the function's own label goes to its final `end`.
      resolve_delegates(0);
      finish(0, offset);
      return;
    }
    Frame& at = frames_[frame];
    if (at.op == Op::try_) {
      --tries_;
      if (at.end == none) at.end = offset;
    }
    if (at.op == Op::try_table) at.end = offset;
    resolve_delegates(frame);
    add_handlers(frame);
    if (at.else_entry != none) resolve(at.else_entry, next, count());
    finish(frame, next);
  }

  /// Makes room for the function's own frame.
  void start(uint32_t begin) {
    frames_.assign(1, Frame{});
    begin_ = begin;
  }

 private:
  struct Frame {
    Op op = Op::block;
    uint32_t begin = 0;       // offset behind the opening instruction
    uint32_t end = none;      // of the protected range of a try
    uint32_t stp = 0;         // entries before the frame's first instruction
    uint32_t waiting = none;  // first entry that jumps behind this frame
    uint32_t waiting_handler = none;
    uint32_t else_entry = none;  // of an if that has not come to its else
    uint32_t exception_slot = none;
    uint32_t clauses = 0;  // of a try_table, the last ones in clauses_
  };
  struct Clause {
    Handler handler;
    BranchTarget target;
    bool known = false;  // target_pc and target_stp are set
  };
  struct LegacyClause {
    uint32_t frame;
    Clause clause;
  };
  struct Delegate {
    uint32_t outer;
    uint32_t handler;
  };

  uint32_t count() const { return static_cast<uint32_t>(code_.side_table.size()); }
  uint32_t relative(uint32_t offset) const { return offset - begin_; }

  uint32_t add(uint32_t from, uint32_t keep, uint32_t height) {
    code_.side_table.push_back(
        {static_cast<int32_t>(from), static_cast<int32_t>(none), keep, base_ + height});
    return count() - 1;
  }

  void add_branch(uint32_t from, BranchTarget target) {
    const uint32_t entry = add(from, target.keep_slots, target.height_slots);
    if (target.to_loop)
      resolve(entry, frames_[target.frame].begin, frames_[target.frame].stp);
    else
      wait_for(target.frame, entry);
  }

  void wait_for(uint32_t frame, uint32_t entry) {
    code_.side_table[entry].stp_delta = static_cast<int32_t>(frames_[frame].waiting);
    frames_[frame].waiting = entry;
  }

  void resolve(uint32_t entry, uint32_t pc, uint32_t stp) {
    BranchEntry& branch = code_.side_table[entry];
    branch.pc_delta = static_cast<int32_t>(pc) - branch.pc_delta;
    branch.stp_delta = static_cast<int32_t>(stp) - static_cast<int32_t>(entry);
  }

  /// Everything that waits for the frame goes to `pc`.
  void finish(uint32_t frame, uint32_t pc) {
    Frame& at = frames_[frame];
    for (uint32_t entry = at.waiting; entry != none;) {
      const uint32_t next = static_cast<uint32_t>(code_.side_table[entry].stp_delta);
      resolve(entry, pc, count());
      entry = next;
    }
    for (uint32_t handler = at.waiting_handler; handler != none;) {
      Handler& each = code_.handlers[handler];
      const uint32_t next = each.target_pc;
      each.target_pc = relative(pc);
      each.target_stp = count();
      handler = next;
    }
    at.waiting = at.waiting_handler = none;
    frames_.resize(std::max<size_t>(frame, 1));
  }

  /// Inner tries were left before: appending now keeps the innermost first.
  void add_handlers(uint32_t frame) {
    const Frame at = frames_[frame];
    const auto put = [&](Clause clause) {
      clause.handler.begin = relative(at.begin);
      clause.handler.end = relative(at.end);
      if (clause.known) {
        clause.handler.target_pc = relative(clause.handler.target_pc);
      } else if (clause.target.to_loop) {
        clause.handler.target_pc = relative(frames_[clause.target.frame].begin);
        clause.handler.target_stp = frames_[clause.target.frame].stp;
      } else {
        clause.handler.target_pc = frames_[clause.target.frame].waiting_handler;
        frames_[clause.target.frame].waiting_handler = static_cast<uint32_t>(code_.handlers.size());
      }
      code_.handlers.push_back(clause.handler);
    };
    for (size_t i = clauses_.size() - at.clauses; i < clauses_.size(); ++i) put(clauses_[i]);
    clauses_.resize(clauses_.size() - at.clauses);
    size_t first = legacy_clauses_.size();
    while (first > 0 && legacy_clauses_[first - 1].frame == frame) --first;
    for (size_t i = first; i < legacy_clauses_.size(); ++i) put(legacy_clauses_[i].clause);
    legacy_clauses_.resize(first);
  }

  /// A delegate to this frame goes on with the handlers that are appended from now on.
  void resolve_delegates(uint32_t frame) {
    while (!delegates_.empty() && delegates_.back().outer == frame) {
      code_.handlers[delegates_.back().handler].delegate_to = static_cast<uint32_t>(code_.handlers.size());
      delegates_.pop_back();
    }
    // Delegates to outer frames may lie in between; they are few.
    std::erase_if(delegates_, [&](const Delegate& each) {
      if (each.outer != frame) return false;
      code_.handlers[each.handler].delegate_to = static_cast<uint32_t>(code_.handlers.size());
      return true;
    });
  }

  abi::PreparedCode& code_;
  Shape shape_;
  std::vector<uint32_t> local_slots_;
  uint32_t base_;       // slots below the operands: locals and hidden slots
  uint32_t begin_ = 0;  // offset of the first instruction
  uint32_t tries_ = 0;
  uint32_t most_tries_ = 0;
  std::vector<Frame> frames_;
  std::vector<Clause> clauses_;
  std::vector<LegacyClause> legacy_clauses_;
  std::vector<Delegate> delegates_;
};

uint32_t slots_of(const wasm::ResultType& types) {
  uint32_t slots = 0;
  for (const ValType type : types) slots += type.slots();
  return slots;
}

struct Locals {
  std::vector<uint32_t> slots;  // of each local, filled only when a v128 is among what is typed
  uint32_t count = 0;           // slots in all
};

/// Slots of parameters and declared locals; the module is valid, so nothing here fails.
Locals lay_out_locals(const wasm::Module& module, uint32_t defined_index) {
  const wasm::FuncType& type = module.func_type(module.funcs[module.imported_funcs + defined_index].type);
  const wasm::Code& code = module.codes[defined_index];
  Locals locals;
  const auto add = [&](uint32_t count, ValType local) {
    for (uint32_t i = 0; i < count; ++i) {
      locals.slots.push_back(locals.count);
      locals.count += local.slots();
    }
  };
  for (const ValType param : type.params) add(1, param);
  binary::Reader reader(module.bytes.span(), code.body.offset, code.expr_offset);
  const uint32_t groups = *reader.u32();
  for (uint32_t i = 0; i < groups; ++i) {
    const uint32_t count = *reader.u32();
    add(count, *binary::read_val_type(reader, module.features));
  }
  return locals;
}

/// One try at the table; the result says whether the assumed shape was right.
Shape build(const validate::ValidatedModule& validated, uint32_t defined_index, const Shape& shape,
            const Locals& locals, abi::PreparedCode& code) {
  code.side_table.clear();
  code.handlers.clear();
  code.local_slots = locals.count + shape.exception_slots;
  code.typed_slots = shape.typed_slots;
  SideTableSink sink(code, shape, locals.slots, code.local_slots);
  sink.start(validated.module().codes[defined_index].expr_offset);
  const validate::Context context = validated.context();
  validate::FunctionPass<SideTableSink> pass(context, sink);
  ASSERT(pass.function(defined_index).has_value());
  code.max_slots = code.local_slots + pass.max_height_slots();
  return {pass.saw_v128(), sink.exception_slots()};
}

}  // namespace

void build_side_table(const validate::ValidatedModule& validated, uint32_t defined_index,
                      abi::PreparedCode& code) {
  const wasm::Module& module = validated.module();
  const wasm::Code& body = module.codes[defined_index];
  const wasm::FuncType& type = module.func_type(module.funcs[module.imported_funcs + defined_index].type);
  code.begin = module.bytes.data() + body.expr_offset;
  code.end = module.bytes.data() + body.body.offset + body.body.size;
  code.module_offset = body.expr_offset;
  code.func_index = module.imported_funcs + defined_index;
  code.param_slots = slots_of(type.params);
  code.result_slots = slots_of(type.results);
  const Locals locals = lay_out_locals(module, defined_index);
  Shape shape;
  const Shape found = build(validated, defined_index, shape, locals, code);
  if (found.typed_slots != shape.typed_slots || found.exception_slots != shape.exception_slots)
    build(validated, defined_index, found, locals, code);
  // Calls leave their results where their arguments were, which may need room beyond the frame's own
  // operands.
  code.max_slots = std::max(code.max_slots, code.result_slots);
  code.side_table.shrink_to_fit();
}

}  // namespace cloche::interp
