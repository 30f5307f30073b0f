// Control instructions of FunctionPass: blocks, branches, calls, exceptions (spec: Validation / Instructions
// / Control Instructions, and the legacy exception handling proposal).
#pragma once

#include "binary/decoder.hpp"
#include "validate/pass_class.hpp"

namespace cloche::validate {

#define CLOCHE_ROW(name) \
  template <class Sink>  \
  bool FunctionPass<Sink>::row(Row<wasm::Op::name>)

// ---- Blocks

template <class Sink>
void FunctionPass<Sink>::set_unreachable() {
  sp_ = base_;
  polymorphic_ = true;
  frames_.back().unreachable = true;
  live_ = false;
}

/// The values with which an `else` begins.
template <class Sink>
void FunctionPass<Sink>::save_params(const Block& frame) {
  if constexpr (has_values) {
    if (frame.kind != FrameKind::if_ || !frame.live || frame.params().empty()) return;
    const Operands params = operands(sp_ - frame.params().size(), frame.params().size());
    saved_.insert(saved_.end(), params.values, params.values + params.count);
  }
}
template <class Sink>
void FunctionPass<Sink>::restore_params(const Block& frame) {
  if constexpr (has_values) {
    const size_t count = frame.params().size();
    if (!frame.live || !count) return;
    std::copy_n(saved_.end() - static_cast<ptrdiff_t>(count), count, operands(sp_ - count, count).values);
    saved_.resize(saved_.size() - count);
  }
}
template <class Sink>
void FunctionPass<Sink>::drop_params(const Block& frame) {
  if constexpr (has_values)
    if (frame.kind == FrameKind::if_ && frame.live) saved_.resize(saved_.size() - frame.params().size());
}

template <class Sink>
template <class Show>
bool FunctionPass<Sink>::enter_with(Instr& i, FrameKind kind, const CanonicalType* type, ValType single,
                                    bool condition, Show show_it) {
  const Types params = type ? Types(type->params()) : Types();
  if (!condition) {
    if (!pop_all(params)) return false;
  } else if (params.empty()) {
    if (!pop(ValType::i32())) return false;
  } else {
    need_.assign(params.begin(), params.end());
    need_.push_back(ValType::i32());
    if (!pop_all(need_)) return false;
  }
  Block& frame = frames_.emplace_back();
  frame.kind = kind;
  frame.type = type;
  frame.single = single;
  frame.height = height();
  frame.height_slots = slots_below(frame.height);
  frame.offset = i.offset;
  frame.init_height = static_cast<uint32_t>(inits_.size());
  frame.live = live_;
  base_ = sp_;
  polymorphic_ = false;
  if (!push_all(params, false)) return false;
  save_params(frame);
  tell(i, [&] {
    const Operands tested = operands(sp_, condition ? 1 : 0);
    state_.height = frame.height;
    show_it(frame, tested, operands(sp_ - params.size(), params.size()));
  });
  return true;
}

CLOCHE_ROW(block) {
  Instr i = instr<Op::block>();
  const CanonicalType* type = nullptr;
  ValType single;
  return read_block_type(type, single) &&
         enter_with(i, FrameKind::block, type, single, false,
                    [&](Block& frame, Operands, Operands params) { sink_.block(i, frame, params); });
}

CLOCHE_ROW(loop) {
  Instr i = instr<Op::loop>();
  const CanonicalType* type = nullptr;
  ValType single;
  return read_block_type(type, single) &&
         enter_with(i, FrameKind::loop, type, single, false,
                    [&](Block& frame, Operands, Operands params) { sink_.loop(i, frame, params); });
}

CLOCHE_ROW(if_) {
  Instr i = instr<Op::if_>();
  const CanonicalType* type = nullptr;
  ValType single;
  return read_block_type(type, single) && enter_with(i, FrameKind::if_, type, single, true,
                                                     [&](Block& frame, Operands condition, Operands params) {
                                                       sink_.if_(i, frame, condition, params);
                                                     });
}

CLOCHE_ROW(try_) {
  Instr i = instr<Op::try_>();
  const CanonicalType* type = nullptr;
  ValType single;
  return read_block_type(type, single) &&
         enter_with(i, FrameKind::try_, type, single, false,
                    [&](Block& frame, Operands, Operands params) { sink_.try_(i, frame, params); });
}

/// Pops the block's results, above which nothing may be left.
template <class Sink>
bool FunctionPass<Sink>::check_results(const Block& frame) {
  const ValType* const sp = sp_;
  const Types results = frame.results();
  if (!pop_all(results)) return false;
  return sp_ == base_ || mismatch(results, sp, "block");
}

/// Without `else`, the parameters are the results of the other arm.
template <class Sink>
bool FunctionPass<Sink>::check_one_armed(const Block& frame) {
  if (frame.kind != FrameKind::if_) return true;
  if (types_.registry().matches(frame.params(), frame.results())) return true;
  return fail_here(ErrorCode::type_mismatch, "if without else requires " + types_.to_string(frame.results()) +
                                                 " but has " + types_.to_string(frame.params()));
}

/// Ends an arm and begins the next one, of a kind, with operands of types `params`.
template <class Sink>
template <class Show>
bool FunctionPass<Sink>::next_arm(Instr& i, FrameKind kind, Types params, Show show_it) {
  Block& frame = frames_.back();
  if (!check_results(frame)) return false;
  const bool falls_through = live_;
  const Types results = frame.results();
  Operands ended{results.data(), nullptr, falls_through ? static_cast<uint32_t>(results.size()) : 0};
  if constexpr (has_values) {
    const Operands on_stack = operands(sp_, ended.count);
    scratch_.assign(on_stack.values, on_stack.values + ended.count);
    ended.values = scratch_.data();
  }
  reset_locals(frame.init_height);
  if (falls_through) frame.branched = true;
  frame.kind = kind;
  frame.offset = i.offset;
  frame.unreachable = polymorphic_ = false;
  live_ = frame.live;
  if (!push_all(params, false)) return false;
  if (kind == FrameKind::else_) restore_params(frame);
  tell(i, [&] {
    state_.height = frame.height;
    show_it(frame, falls_through, ended, operands(sp_ - params.size(), params.size()));
  });
  return true;
}

CLOCHE_ROW(else_) {
  Instr i = instr<Op::else_>();
  if (frames_.back().kind != FrameKind::if_)
    return fail_here(ErrorCode::illegal_opcode, "05, else outside of if");
  return next_arm(i, FrameKind::else_, frames_.back().params(),
                  [&](Block& frame, bool falls_through, Operands results, Operands params) {
                    sink_.else_(i, frame, falls_through, results, params);
                  });
}

CLOCHE_ROW(catch_) {
  Instr i = instr<Op::catch_>();
  const FrameKind kind = frames_.back().kind;
  if (kind != FrameKind::try_ && kind != FrameKind::catch_)
    return fail_here(ErrorCode::illegal_opcode, "07, catch outside of try");
  return read_tag(i) && next_arm(i, FrameKind::catch_, i.callee->params(),
                                 [&](Block& frame, bool falls_through, Operands results, Operands params) {
                                   sink_.catch_(i, frame, falls_through, results, params);
                                 });
}

CLOCHE_ROW(catch_all) {
  Instr i = instr<Op::catch_all>();
  const FrameKind kind = frames_.back().kind;
  if (kind != FrameKind::try_ && kind != FrameKind::catch_)
    return fail_here(ErrorCode::illegal_opcode, "19, catch_all outside of try");
  return next_arm(i, FrameKind::catch_all, {},
                  [&](Block& frame, bool falls_through, Operands results, Operands params) {
                    sink_.catch_(i, frame, falls_through, results, params);
                  });
}

/// Ends the innermost block and goes on in the one around it.
template <class Sink>
template <class Show>
bool FunctionPass<Sink>::leave(Instr& i, Show show_it) {
  Block& frame = frames_.back();
  if (!check_one_armed(frame) || !check_results(frame)) return false;
  const bool falls_through = live_;
  const bool joined = frame.kind == FrameKind::loop ? false : frame.branched || frame.kind == FrameKind::if_;
  const bool goes_on = falls_through || (frame.live && joined);
  reset_locals(frame.init_height);
  drop_params(frame);
  // What the frame itself holds must outlast it.
  const CanonicalType* const type = frame.type;
  const ValType single = frame.single;
  const Types results = type ? Types(type->results()) : Types(&single, single.is_bot() ? 0u : 1u);
  if constexpr (Sink::enabled) {
    if (frame.live) {
      i.end = offset_of(pc_);
      state_.height = frame.height;
      const Operands out = fresh(results);
      show_it(frame, falls_through, operands(sp_, falls_through ? results.size() : 0), goes_on, out);
    }
  }
  if (frames_.size() == 1) {
    done_ = true;
    return true;
  }
  frames_.pop_back();
  const Block& around = frames_.back();
  base_ = stack_.get() + around.height;
  polymorphic_ = around.unreachable;
  live_ = goes_on;
  return push_all(results, true);
}

CLOCHE_ROW(end) {
  Instr i = instr<Op::end>();
  const bool good =
      leave(i, [&](Block& frame, bool falls_through, Operands results, bool goes_on, Operands out) {
        sink_.end(i, frame, falls_through, results, goes_on, out);
      });
  if (!good || !done_) return good;
  if (pc_ != end_) {
    done_ = false;
    const auto better =
        code_index_ ? binary::check_body(module_, module_.codes[*code_index_]) : wasm::Result<void>();
    if (!better) fail(better.error());
    fail(ErrorCode::section_size_mismatch, offset_of(pc_), "code behind the end of the function");
  }
  return false;
}

CLOCHE_ROW(delegate) {
  Instr i = instr<Op::delegate>();
  if (frames_.back().kind != FrameKind::try_)
    return fail_here(ErrorCode::illegal_opcode, "18, delegate outside of try");
  if (!read(i.index)) return false;
  // Labels count from around the try.
  if (i.index >= frames_.size() - 1) return unknown(ErrorCode::unknown_label, i.index);
  const Branch to{i.index, &frames_[frames_.size() - 2 - i.index]};
  return leave(i, [&](Block& frame, bool falls_through, Operands results, bool, Operands out) {
    sink_.delegate(i, frame, falls_through, results, to, out);
  });
}

CLOCHE_ROW(nop) {
  Instr i = instr<Op::nop>();
  tell(i, [&] { sink_.nop(i); });
  return true;
}

CLOCHE_ROW(unreachable) {
  Instr i = instr<Op::unreachable>();
  tell(i, [&] { sink_.unreachable(i); });
  set_unreachable();
  return true;
}

// ---- Branches

template <class Sink>
bool FunctionPass<Sink>::read_label(uint32_t& depth) {
  if (!read(depth)) return false;
  return depth < frames_.size() || unknown(ErrorCode::unknown_label, depth);
}

CLOCHE_ROW(br) {
  Instr i = instr<Op::br>();
  if (!read_label(i.index)) return false;
  const Branch branch = target(i.index);
  if (!pop_all(branch.types())) return false;
  mark(branch);
  tell(i, [&] { sink_.br(i, branch, operands(sp_, branch.arity())); });
  set_unreachable();
  return true;
}

CLOCHE_ROW(br_if) {
  Instr i = instr<Op::br_if>();
  if (!read_label(i.index)) return false;
  const Branch branch = target(i.index);
  const Types types = branch.types();
  if (!pop(ValType::i32()) || !pop_all(types)) return false;
  mark(branch);
  if (!push_all(types, false)) return false;
  tell(i, [&] {
    const Operands condition = operands(sp_, 1);
    state_.height = height() - branch.arity();
    sink_.br_if(i, branch, condition, operands(sp_ - types.size(), types.size()));
  });
  return true;
}

/// Each label is checked once in a table, however often it stands there.
template <class Sink>
bool FunctionPass<Sink>::check_label_table(Branch branch, size_t arity) {
  const Types types = branch.types();
  if (branch.frame->checked == table_serial_) return true;
  branch.frame->checked = table_serial_;
  mark(branch);
  if (types.size() != arity)
    return fail_here(ErrorCode::type_mismatch, "labels of br_table carry " + std::to_string(types.size()) +
                                                   " and " + std::to_string(arity) + " operands");
  return peek_all(types);
}

CLOCHE_ROW(br_table) {
  Instr i = instr<Op::br_table>();
  uint32_t count = 0;
  if (!read_length(count)) return false;
  if (count > wasm::limits::br_table_labels)
    return fail_limit("labels of a br_table", count, wasm::limits::br_table_labels);
  if (!pop(ValType::i32())) return false;
  ++table_serial_;
  branches_.clear();
  uint32_t label = 0;
  size_t arity = 0;
  for (uint32_t k = 0; k <= count; ++k) {
    if (!read_label(label)) return false;
    const Branch branch = target(label);
    if (k == 0) arity = branch.types().size();
    if (!check_label_table(branch, arity)) return false;
    if constexpr (Sink::enabled)
      if (live_) branches_.push_back(branch);
  }
  i.index = label;
  if (!pop_all(target(label).types())) return false;
  tell(i, [&] {
    const Operands index = operands(sp_ + arity, 1);
    sink_.br_table(i, std::span<const Branch>(branches_), index, operands(sp_, arity));
  });
  set_unreachable();
  return true;
}

CLOCHE_ROW(return_) {
  Instr i = instr<Op::return_>();
  const Branch branch = target(static_cast<uint32_t>(frames_.size() - 1));
  if (!pop_all(branch.types())) return false;
  tell(i, [&] { sink_.return_(i, operands(sp_, branch.arity())); });
  set_unreachable();
  return true;
}

/// The shared part of br_on_*: the label's operands below the reference are popped and pushed, then `out`.
template <class Sink>
bool FunctionPass<Sink>::br_on(Instr& i, Branch branch, ValType ref, Types carried, Types out) {
  if (!pop_all(carried)) return false;
  mark(branch);
  if (!push_all(carried, false)) return false;
  tell(i, [&] {
    *sp_ = ref;
    state_.height = height() - static_cast<uint32_t>(carried.size());
    sink_.br_on(i, branch, operands(sp_ - carried.size(), carried.size() + 1), fresh(out));
  });
  return push_all(out, true);
}

CLOCHE_ROW(br_on_null) {
  Instr i = instr<Op::br_on_null>();
  ValType ref;
  if (!read_label(i.index) || !pop_ref(ref)) return false;
  const ValType out = ref.as_non_null();
  const Branch branch = target(i.index);
  return br_on(i, branch, ref, branch.types(), {&out, 1});
}

CLOCHE_ROW(br_on_non_null) {
  Instr i = instr<Op::br_on_non_null>();
  ValType ref;
  if (!read_label(i.index) || !pop_ref(ref)) return false;
  const Branch branch = target(i.index);
  const Types types = branch.types();
  if (types.empty() || !types.back().is_ref() || !types_.matches(ref.as_non_null(), types.back()))
    return fail_here(ErrorCode::type_mismatch, "label requires " + types_.to_string(types) +
                                                   " but reference is " +
                                                   types_.to_string(ref.as_non_null()));
  return br_on(i, branch, ref, types.first(types.size() - 1), {});
}

template <class Sink>
bool FunctionPass<Sink>::br_on_cast(Instr& i, bool on_fail) {
  uint8_t flags = 0;
  wasm::HeapType from, to;
  if (!read_byte(flags)) return false;
  if (flags > 3) return fail(ErrorCode::malformed_cast_flags, offset_of(pc_ - 1));
  if (!read_label(i.index) || !read_heap_type(from) || !read_heap_type(to)) return false;
  i.type = ValType::ref(from, (flags & 1) != 0);
  i.type2 = ValType::ref(to, (flags & 2) != 0);
  if (!types_.matches(i.type2, i.type))
    return fail_here(ErrorCode::type_mismatch,
                     "cast from " + types_.to_string(i.type) + " to " + types_.to_string(i.type2));
  if (!pop(i.type)) return false;
  const ValType actual = live_ ? *sp_ : i.type;
  // What is left of the source type when the cast fails (spec: Validation / Conventions / diff).
  const ValType rest = i.type2.is_nullable() ? i.type.as_non_null() : i.type;
  const ValType sent = on_fail ? rest : i.type2;
  const ValType kept = on_fail ? i.type2 : rest;
  const Branch branch = target(i.index);
  const Types types = branch.types();
  if (types.empty() || !types_.matches(sent, types.back()))
    return fail_here(ErrorCode::type_mismatch, "label requires " + types_.to_string(types) +
                                                   " but reference is " + types_.to_string(sent));
  return br_on(i, branch, actual, types.first(types.size() - 1), {&kept, 1});
}

CLOCHE_ROW(br_on_cast) {
  Instr i = instr<Op::br_on_cast>();
  return br_on_cast(i, false);
}
CLOCHE_ROW(br_on_cast_fail) {
  Instr i = instr<Op::br_on_cast_fail>();
  return br_on_cast(i, true);
}

// ---- Calls. `extra` are the operands behind the arguments.

template <class Sink>
template <class Show>
bool FunctionPass<Sink>::ordinary_call(Instr& i, Types extra, Show show_it) {
  const Types params = i.callee->params();
  if (!pop_all(extra) || !pop_all(params)) return false;
  return finish_with(i, params.size() + extra.size(), i.callee->results(), show_it);
}

template <class Sink>
template <class Show>
bool FunctionPass<Sink>::tail_call(Instr& i, Types extra, Show show_it) {
  const Types params = i.callee->params();
  if (!pop_all(extra) || !pop_all(params)) return false;
  const Types results = frames_.front().results();
  if (!types_.registry().matches(Types(i.callee->results()), results))
    return fail_here(ErrorCode::type_mismatch, "function returns " + types_.to_string(results) +
                                                   " but callee returns " +
                                                   types_.to_string(Types(i.callee->results())));
  tell(i, [&] { show_it(operands(sp_, params.size() + extra.size())); });
  set_unreachable();
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::read_indirect(Instr& i, ValType& addr) {
  if (!read_func_type(i.index, i.callee)) return false;
  const uint8_t* const start = pc_;
  if (!read(i.index2)) return false;
  if (!features_.has(wasm::Feature::reference_types) && (i.index2 != 0 || pc_ != start + 1))
    return fail(ErrorCode::zero_byte_expected, offset_of(start));
  if (i.index2 >= module_.tables.size()) return unknown(ErrorCode::unknown_table, i.index2);
  const ValType elem = types_.tables()[i.index2];
  if (!types_.matches(elem, ValType::funcref()))
    return fail_here(ErrorCode::type_mismatch, "table " + std::to_string(i.index2) + " holds " +
                                                   types_.to_string(elem) + ", not functions");
  addr = types_.table_addr(i.index2);
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::read_call_ref(Instr& i, ValType& ref) {
  if (!read_func_type(i.index, i.callee)) return false;
  ref = ValType::ref(heap_type(i.callee->self), true);
  return true;
}

CLOCHE_ROW(call) {
  Instr i = instr<Op::call>();
  if (!read(i.index)) return false;
  if (i.index >= types_.funcs().size()) return unknown(ErrorCode::unknown_func, i.index);
  i.callee = types_.funcs()[i.index];
  return ordinary_call(i, {}, [&](Operands in, Operands out) { sink_.call(i, in, out); });
}

CLOCHE_ROW(call_indirect) {
  Instr i = instr<Op::call_indirect>();
  ValType addr;
  return read_indirect(i, addr) &&
         ordinary_call(i, {&addr, 1}, [&](Operands in, Operands out) { sink_.call_indirect(i, in, out); });
}

CLOCHE_ROW(call_ref) {
  Instr i = instr<Op::call_ref>();
  ValType ref;
  return read_call_ref(i, ref) &&
         ordinary_call(i, {&ref, 1}, [&](Operands in, Operands out) { sink_.call_ref(i, in, out); });
}

CLOCHE_ROW(return_call) {
  Instr i = instr<Op::return_call>();
  if (!read(i.index)) return false;
  if (i.index >= types_.funcs().size()) return unknown(ErrorCode::unknown_func, i.index);
  i.callee = types_.funcs()[i.index];
  return tail_call(i, {}, [&](Operands in) { sink_.return_call(i, in); });
}

CLOCHE_ROW(return_call_indirect) {
  Instr i = instr<Op::return_call_indirect>();
  ValType addr;
  return read_indirect(i, addr) &&
         tail_call(i, {&addr, 1}, [&](Operands in) { sink_.return_call_indirect(i, in); });
}

CLOCHE_ROW(return_call_ref) {
  Instr i = instr<Op::return_call_ref>();
  ValType ref;
  return read_call_ref(i, ref) && tail_call(i, {&ref, 1}, [&](Operands in) { sink_.return_call_ref(i, in); });
}

// ---- Exceptions

template <class Sink>
bool FunctionPass<Sink>::read_tag(Instr& i) {
  if (!read(i.index)) return false;
  if (i.index >= types_.tags().size()) return unknown(ErrorCode::unknown_tag, i.index);
  i.callee = types_.tags()[i.index];
  return true;
}

CLOCHE_ROW(throw_) {
  Instr i = instr<Op::throw_>();
  if (!read_tag(i) || !pop_all(i.callee->params())) return false;
  tell(i, [&] { sink_.throw_(i, operands(sp_, i.callee->params().size())); });
  set_unreachable();
  return true;
}

CLOCHE_ROW(throw_ref) {
  Instr i = instr<Op::throw_ref>();
  if (!pop(ValType::exnref())) return false;
  tell(i, [&] { sink_.throw_ref(i, operands(sp_, 1)); });
  set_unreachable();
  return true;
}

CLOCHE_ROW(rethrow) {
  Instr i = instr<Op::rethrow>();
  if (!read_label(i.index)) return false;
  const Branch branch = target(i.index);
  if (branch.frame->kind != FrameKind::catch_ && branch.frame->kind != FrameKind::catch_all)
    return fail_here(ErrorCode::rethrow_label, std::to_string(i.index));
  tell(i, [&] { sink_.rethrow(i, branch); });
  set_unreachable();
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::read_catch(CatchClause<Label>& clause) {
  uint8_t kind = 0;
  if (!read_byte(kind)) return false;
  if (kind > 3) return fail(ErrorCode::malformed_catch, offset_of(pc_ - 1));
  clause.kind = static_cast<CatchKind>(kind);
  need_.clear();
  if (clause.kind == CatchKind::catch_ || clause.kind == CatchKind::catch_ref) {
    Instr named;
    if (!read_tag(named)) return false;
    clause.tag = named.index;
    need_.assign(named.callee->params().begin(), named.callee->params().end());
  }
  if (clause.kind == CatchKind::catch_ref || clause.kind == CatchKind::catch_all_ref)
    need_.push_back(ValType::ref(wasm::AbsHeap::exn, false));
  uint32_t label = 0;
  if (!read_label(label)) return false;
  clause.target = target(label);
  mark(clause.target);
  if (types_.registry().matches(Types(need_), clause.target.types())) return true;
  return fail_here(ErrorCode::type_mismatch, "label requires " + types_.to_string(clause.target.types()) +
                                                 " but the clause has " + types_.to_string(Types(need_)));
}

CLOCHE_ROW(try_table) {
  Instr i = instr<Op::try_table>();
  const CanonicalType* type = nullptr;
  ValType single;
  uint32_t count = 0;
  if (!read_block_type(type, single) || !read_length(count)) return false;
  if (count > wasm::limits::catches) return fail_limit("catch clauses", count, wasm::limits::catches);
  // Room first: the clauses point to the frames. Doubled, or each of a million nested blocks would move them
  // all.
  if (frames_.size() == frames_.capacity()) frames_.reserve(2 * frames_.size());
  clauses_.resize(count);
  for (CatchClause<Label>& clause : clauses_)
    if (!read_catch(clause)) return false;
  return enter_with(i, FrameKind::try_table, type, single, false,
                    [&](Block& frame, Operands, Operands params) {
                      sink_.try_table(i, frame, params, std::span<const CatchClause<Label>>(clauses_));
                    });
}

#undef CLOCHE_ROW

}  // namespace cloche::validate
