// FunctionPass: parametric instructions, variables, blocks, branches, calls and exceptions.
#pragma once

#include "validate/function_pass.hpp"

namespace cloche::validate {

// ---- indices

#define CLOCHE_INDEX_CHECK(method, count, error)                     \
  template <class Sink>                                              \
  bool FunctionPass<Sink>::method(uint32_t& index) {                 \
    if (!u32(index)) return false;                                   \
    return index < (count) || fail_unknown(ErrorCode::error, index); \
  }
CLOCHE_INDEX_CHECK(func_index, module_.funcs.size(), unknown_func)
CLOCHE_INDEX_CHECK(table_index, module_.tables.size(), unknown_table)
CLOCHE_INDEX_CHECK(memory_index, module_.mems.size(), unknown_memory)
CLOCHE_INDEX_CHECK(global_index, module_.globals.size(), unknown_global)
CLOCHE_INDEX_CHECK(tag_index, module_.tags.size(), unknown_tag)
CLOCHE_INDEX_CHECK(elem_index, module_.elems.size(), unknown_elem)
CLOCHE_INDEX_CHECK(local_index, locals_.size(), unknown_local)
CLOCHE_INDEX_CHECK(type_index, types_.count(), unknown_type)
#undef CLOCHE_INDEX_CHECK

template <class Sink>
bool FunctionPass<Sink>::data_index(uint32_t& index) {
  if (!u32(index)) return false;
  if (!module_.data_count) return fail(ErrorCode::data_count_required);
  return index < *module_.data_count || fail_unknown(ErrorCode::unknown_data, index);
}

template <class Sink>
bool FunctionPass<Sink>::func_type_index(uint32_t& index) {
  if (!type_index(index)) return false;
  return types_.comp(wasm::TypeIdx(index)).kind == wasm::CompKind::func ||
         fail_type("type " + std::to_string(index) + " is not a function type");
}

// ---- parametric and variables

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::drop>) {
  ValType type;
  if (!pop_any(type)) return false;
  if (live_) sink_.typed_slot_access(Op::drop, 0, type);
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::select>) {
  ValType first;
  ValType second;
  if (!pop(ValType::i32()) || !pop_any(second) || !pop_any(first)) return false;
  if (first.is_ref() || second.is_ref()) return fail_type("select of references needs a type annotation");
  if (first != second && !first.is_bot() && !second.is_bot())
    return fail_type("select has [" + wasm::to_string(first) + " " + wasm::to_string(second) +
                     "], which differ");
  const ValType result = first.is_bot() ? second : first;
  if (live_) sink_.typed_slot_access(Op::select, 0, result);
  push(result);
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::select_t>) {
  uint32_t count;
  if (!u32(count)) return false;
  if (count != 1) return fail(ErrorCode::result_arity, std::to_string(count));
  ValType type;
  if (!val_type(type)) return false;
  const std::array<ValType, 3> wanted = {type, type, ValType::i32()};
  if (!pop_exactly(wanted)) return false;
  if (live_) sink_.typed_slot_access(Op::select_t, 0, type);
  push(type);
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::local_get>) {
  uint32_t index;
  if (!local_index(index)) return false;
  if (unset_locals_ && !initialized_[index]) return fail_unknown(ErrorCode::uninitialized_local, index);
  if (live_) sink_.typed_slot_access(Op::local_get, index, locals_[index]);
  push(locals_[index]);
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::local_set>) {
  uint32_t index;
  if (!local_index(index) || !pop(locals_[index])) return false;
  if (unset_locals_ && !initialized_[index]) {
    initialized_[index] = true;
    init_log_.push_back(index);
  }
  if (live_) sink_.typed_slot_access(Op::local_set, index, locals_[index]);
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::local_tee>) {
  uint32_t index;
  if (!local_index(index) || !pop(locals_[index])) return false;
  if (unset_locals_ && !initialized_[index]) {
    initialized_[index] = true;
    init_log_.push_back(index);
  }
  if (live_) sink_.typed_slot_access(Op::local_tee, index, locals_[index]);
  push(locals_[index]);
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::global_get>) {
  uint32_t index;
  if (!global_index(index)) return false;
  const wasm::GlobalType& type = module_.globals[index].type;
  if (constant_) {
    // Spec: a constant expression reads only immutable globals, and only those before it.
    if (index >= constant_globals_) return fail_unknown(ErrorCode::unknown_global, index);
    if (type.mutable_)
      return fail(ErrorCode::constant_expression_required, "global " + std::to_string(index) + " is mutable");
    if (index >= module_.imported_globals && !features_.has(wasm::Feature::gc))
      return fail_unknown(ErrorCode::unknown_global, index);
  }
  push(type.type);
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::global_set>) {
  uint32_t index;
  if (!global_index(index)) return false;
  const wasm::GlobalType& type = module_.globals[index].type;
  if (!type.mutable_) return fail_unknown(ErrorCode::immutable_global, index);
  return pop(type.type);
}

// ---- blocks

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::unreachable>) {
  set_unreachable();
  return true;
}

/// block, loop, if and the tries: the block's operands become those of a new frame.
template <class Sink>
bool FunctionPass<Sink>::open(Op op) {
  Frame frame;
  frame.op = op;
  if (!block_type(frame)) return false;
  if (op == Op::if_ && !pop(ValType::i32())) return false;
  if (!pop_list(frame.params()) || !push_frame(frame)) return false;
  if (live_)
    sink_.enter(op, static_cast<uint32_t>(frames_.size() - 1), static_cast<uint32_t>(offset()), height_);
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::block>) {
  return open(Op::block);
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::loop>) {
  return open(Op::loop);
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::if_>) {
  return open(Op::if_);
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::else_>) {
  Frame& frame = top();
  if (frame.op != Op::if_) return fail(ErrorCode::end_expected, "else without if");
  const bool falls_through = live_;
  if (!end_part(frame)) return false;
  frame.op = Op::else_;
  frame.unreachable = false;
  live_ = frame.live;
  if (live_)
    sink_.next_part(Op::else_, static_cast<uint32_t>(frames_.size() - 1), static_cast<uint32_t>(op_offset()),
                    static_cast<uint32_t>(offset()), falls_through, target(frame));
  return push_list(frame.params());
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::end>) {
  Frame& frame = top();
  if (!end_part(frame)) return false;
  if (frame.op == Op::if_) {
    // Without an else the operands themselves are the results.
    const Types params = frame.params();
    const Types results = frame.results();
    bool same = params.size() == results.size();
    for (size_t i = 0; same && i < params.size(); ++i) same = matches(params[i], results[i]);
    if (!same)
      return fail_type("if without else requires " + list(results) + " but its operands are " + list(params));
  }
  live_ = frame.live;
  if (live_)
    sink_.leave(static_cast<uint32_t>(frames_.size() - 1), static_cast<uint32_t>(op_offset()),
                static_cast<uint32_t>(offset()));
  const Frame ended = frame;
  frames_.pop_back();
  if (frames_.empty()) return true;
  base_ = stack_.data() + top().height;
  return push_list(ended.results());
}

// ---- branches

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::br>) {
  uint32_t depth;
  Frame* frame = nullptr;
  if (!u32(depth) || !label(depth, frame) || !pop_list(frame->label())) return false;
  if (live_) sink_.branch(Op::br, static_cast<uint32_t>(offset()), target(*frame));
  set_unreachable();
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::br_if>) {
  uint32_t depth;
  Frame* frame = nullptr;
  if (!u32(depth) || !pop(ValType::i32()) || !label(depth, frame)) return false;
  const Types types = frame->label();
  if (!types.empty() && (!pop_list(types) || !push_list(types))) return false;
  if (live_) sink_.branch(Op::br_if, static_cast<uint32_t>(offset()), target(*frame));
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::br_table>) {
  uint32_t count;
  if (!u32(count)) return false;
  if (count >= static_cast<size_t>(end_ - pc_))
    return fail_at(ErrorCode::unexpected_end_of_section, offset(),
                   std::to_string(count) + " labels do not fit");
  if (!pop(ValType::i32())) return false;
  const uint8_t* const first = pc_;
  uint32_t depth = 0;
  for (uint32_t i = 0; i <= count; ++i)
    if (!u32(depth)) return false;
  const uint8_t* const after = pc_;
  Frame* default_frame;
  if (!label(depth, default_frame)) return false;
  const size_t arity = default_frame->label().size();
  pc_ = first;
  uint32_t last = ~uint32_t{0};
  for (uint32_t i = 0; i <= count; ++i) {
    Frame* frame;
    if (!u32(depth) || !label(depth, frame)) return false;
    // Tables repeat their labels; one that was just checked needs no second look.
    if (depth != last) {
      if (frame->label().size() != arity)
        return fail_type("br_table's labels carry " + list(default_frame->label()) + " and " +
                         list(frame->label()));
      if (!check_top(frame->label())) return false;
      last = depth;
    }
    if (live_) sink_.table_branch(static_cast<uint32_t>(op_offset()), target(*frame));
  }
  pc_ = after;
  set_unreachable();
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::return_>) {
  if (!pop_list(frames_.front().results())) return false;
  set_unreachable();
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::br_on_null>) {
  uint32_t depth;
  Frame* frame = nullptr;
  ValType type;
  if (!u32(depth) || !label(depth, frame) || !pop_ref(type)) return false;
  const Types types = frame->label();
  if (!pop_list(types)) return false;
  if (live_) {
    sink_.branch(Op::br_on_null, static_cast<uint32_t>(offset()), target(*frame));
  }
  if (!push_list(types)) return false;
  push(type.is_bot() ? type : type.as_non_null());
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::br_on_non_null>) {
  uint32_t depth;
  Frame* frame = nullptr;
  ValType type;
  if (!u32(depth) || !label(depth, frame)) return false;
  const Types types = frame->label();
  if (types.empty() || !types.back().is_ref())
    return fail_type("br_on_non_null's label must take a reference, it takes " + list(types));
  if (!pop_ref(type)) return false;
  if (!type.is_bot() && !matches(type.as_non_null(), types.back()))
    return fail_type("instruction requires [" + wasm::to_string(types.back()) + "] but stack has [" +
                     wasm::to_string(type) + "]");
  const Types rest = types.first(types.size() - 1);
  if (!pop_list(rest)) return false;
  if (live_) sink_.branch(Op::br_on_non_null, static_cast<uint32_t>(offset()), target(*frame));
  return push_list(rest);
}

/// Flags: bit 0, the operand may be null; bit 1, the target type is nullable.
template <class Sink>
bool FunctionPass<Sink>::cast_immediates(uint32_t& depth, ValType& from, ValType& to) {
  const size_t start = offset();
  if (!skip(1)) return false;
  const uint8_t flags = pc_[-1];
  if (flags > 3) return fail_at(ErrorCode::malformed_cast_flags, start, std::to_string(flags));
  wasm::HeapType from_heap;
  wasm::HeapType to_heap;
  if (!u32(depth) || !heap_type(from_heap) || !heap_type(to_heap)) return false;
  from = ValType::ref(from_heap, (flags & 1) != 0);
  to = ValType::ref(to_heap, (flags & 2) != 0);
  if (!matches(to, from))
    return fail_type(wasm::to_string(to) + " is not a subtype of " + wasm::to_string(from));
  return true;
}

/// `taken` is what the label gets as its last value, `rest` what stays when the branch is not taken.
template <class Sink>
bool FunctionPass<Sink>::branch_on_cast(Op op, uint32_t depth, ValType from, ValType taken, ValType rest) {
  Frame* frame = nullptr;
  if (!label(depth, frame)) return false;
  const Types types = frame->label();
  if (types.empty() || !matches(taken, types.back()))
    return fail_type("the branch carries " + wasm::to_string(taken) + " but its label takes " + list(types));
  const Types below = types.first(types.size() - 1);
  if (!pop(from) || !pop_list(below)) return false;
  if (live_) sink_.branch(op, static_cast<uint32_t>(offset()), target(*frame));
  if (!push_list(below)) return false;
  push(rest);
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::br_on_cast>) {
  uint32_t depth;
  ValType from;
  ValType to;
  if (!cast_immediates(depth, from, to)) return false;
  return branch_on_cast(Op::br_on_cast, depth, from, to, to.is_nullable() ? from.as_non_null() : from);
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::br_on_cast_fail>) {
  uint32_t depth;
  ValType from;
  ValType to;
  if (!cast_immediates(depth, from, to)) return false;
  return branch_on_cast(Op::br_on_cast_fail, depth, from, to.is_nullable() ? from.as_non_null() : from, to);
}

// ---- calls

template <class Sink>
bool FunctionPass<Sink>::invoke(const wasm::FuncType& type) {
  return pop_list(type.params) && push_list(type.results);
}

template <class Sink>
bool FunctionPass<Sink>::tail_invoke(const wasm::FuncType& type) {
  const Types wanted = frames_.front().results();
  bool same = wanted.size() == type.results.size();
  for (size_t i = 0; same && i < wanted.size(); ++i) same = matches(type.results[i], wanted[i]);
  if (!same)
    return fail_type("tail call returns " + list(type.results) + " but the function returns " + list(wanted));
  if (!pop_list(type.params)) return false;
  set_unreachable();
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::indirect_type(uint32_t& type, ValType& address) {
  uint32_t table;
  if (!func_type_index(type) || !table_index(table)) return false;
  if (!matches(module_.tables[table].type.elem, ValType::funcref()))
    return fail_type("instruction requires a table of functions but table " + std::to_string(table) +
                     " holds " + wasm::to_string(module_.tables[table].type.elem));
  address = table_address(table);
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::call>) {
  uint32_t func;
  return func_index(func) && invoke(module_.func_type(wasm::FuncIdx(func)));
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::call_indirect>) {
  uint32_t type;
  ValType address;
  return indirect_type(type, address) && pop(address) && invoke(module_.func_type(wasm::TypeIdx(type)));
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::call_ref>) {
  uint32_t type;
  return func_type_index(type) && pop(concrete(type, true)) && invoke(module_.func_type(wasm::TypeIdx(type)));
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::return_call>) {
  uint32_t func;
  return func_index(func) && tail_invoke(module_.func_type(wasm::FuncIdx(func)));
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::return_call_indirect>) {
  uint32_t type;
  ValType address;
  return indirect_type(type, address) && pop(address) && tail_invoke(module_.func_type(wasm::TypeIdx(type)));
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::return_call_ref>) {
  uint32_t type;
  return func_type_index(type) && pop(concrete(type, true)) &&
         tail_invoke(module_.func_type(wasm::TypeIdx(type)));
}

// ---- exceptions

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::throw_>) {
  uint32_t tag;
  if (!tag_index(tag) || !pop_list(module_.func_type(module_.tags[tag].type.type).params)) return false;
  set_unreachable();
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::throw_ref>) {
  if (!pop(ValType::exnref())) return false;
  set_unreachable();
  return true;
}

/// A clause's label takes what the clause provides; labels count from outside the try_table.
template <class Sink>
bool FunctionPass<Sink>::check_clause(const binary::Catch& clause, Frame*& frame) {
  using Kind = binary::Catch::Kind;
  std::vector<ValType> values;
  if (clause.kind == Kind::catch_ || clause.kind == Kind::catch_ref) {
    if (clause.tag >= module_.tags.size()) return fail_unknown(ErrorCode::unknown_tag, clause.tag);
    values = module_.func_type(module_.tags[clause.tag].type.type).params;
  }
  if (clause.kind == Kind::catch_ref || clause.kind == Kind::catch_all_ref)
    values.push_back(ValType::ref(wasm::AbsHeap::exn, false));
  if (!label(clause.label, frame)) return false;
  const Types wanted = frame->label();
  bool same = wanted.size() == values.size();
  for (size_t i = 0; same && i < values.size(); ++i) same = matches(values[i], wanted[i]);
  return same || fail_type("the clause provides " + list(values) + " but its label takes " + list(wanted));
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::try_table>) {
  Frame frame;
  frame.op = Op::try_table;
  uint32_t count;
  if (!block_type(frame)) return false;
  const size_t count_offset = offset();
  if (!u32(count)) return false;
  if (count > static_cast<size_t>(end_ - pc_)) return fail_at(ErrorCode::length_out_of_bounds, count_offset);
  if (count > wasm::limits::catches)
    return fail_at(
        ErrorCode::limit_exceeded, count_offset,
        "catch clauses: " + std::to_string(count) + ", at most " + std::to_string(wasm::limits::catches));
  if (!pop_list(frame.params())) return false;
  std::vector<std::pair<binary::Catch, BranchTarget>> clauses;
  for (uint32_t i = 0; i < count; ++i) {
    binary::Catch clause;
    Frame* label_frame;
    if (!read(clause, [](binary::Reader& reader) { return binary::read_catch(reader); })) return false;
    if (!check_clause(clause, label_frame)) return false;
    if (live_) clauses.emplace_back(clause, target(*label_frame));
  }
  if (!push_frame(frame)) return false;
  if (live_) {
    sink_.enter(Op::try_table, static_cast<uint32_t>(frames_.size() - 1), static_cast<uint32_t>(offset()),
                height_);
    for (const auto& [clause, where] : clauses)
      sink_.clause(static_cast<uint8_t>(clause.kind), clause.tag, where);
  }
  return true;
}

// ---- legacy exceptions (proposal exception-handling, legacy form)

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::try_>) {
  return open(Op::try_);
}

/// The body of a try or of a catch ends, a catch begins.
template <class Sink>
bool FunctionPass<Sink>::legacy_part(Op op) {
  Frame& frame = top();
  if (frame.op != Op::try_ && frame.op != Op::catch_)
    return fail(ErrorCode::end_expected, "catch without try");
  const bool falls_through = live_;
  if (!end_part(frame)) return false;
  frame.op = op;
  frame.unreachable = false;
  live_ = frame.live;
  if (live_)
    sink_.next_part(op, static_cast<uint32_t>(frames_.size() - 1), static_cast<uint32_t>(op_offset()),
                    static_cast<uint32_t>(offset()), falls_through, target(frame));
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::catch_>) {
  uint32_t tag;
  if (!tag_index(tag) || !legacy_part(Op::catch_)) return false;
  if (live_)
    sink_.legacy_catch(static_cast<uint32_t>(frames_.size() - 1), 0, tag, static_cast<uint32_t>(op_offset()),
                       static_cast<uint32_t>(offset()), height_);
  return push_list(module_.func_type(module_.tags[tag].type.type).params);
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::catch_all>) {
  if (!legacy_part(Op::catch_all)) return false;
  if (live_)
    sink_.legacy_catch(static_cast<uint32_t>(frames_.size() - 1), 2, 0, static_cast<uint32_t>(op_offset()),
                       static_cast<uint32_t>(offset()), height_);
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::delegate>) {
  uint32_t depth;
  Frame& frame = top();
  if (frame.op != Op::try_) return fail(ErrorCode::end_expected, "delegate without try");
  if (!u32(depth) || !end_part(frame)) return false;
  // The label counts from outside the try.
  if (depth + 1 >= frames_.size()) return fail_unknown(ErrorCode::unknown_label, depth);
  const uint32_t outer = static_cast<uint32_t>(frames_.size() - 2 - depth);
  live_ = frame.live;
  if (live_)
    sink_.delegate(static_cast<uint32_t>(frames_.size() - 1), outer, static_cast<uint32_t>(op_offset()),
                   static_cast<uint32_t>(offset()));
  const Frame ended = frame;
  frames_.pop_back();
  base_ = stack_.data() + top().height;
  return push_list(ended.results());
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::rethrow>) {
  uint32_t depth;
  Frame* frame = nullptr;
  if (!u32(depth) || !label(depth, frame)) return false;
  if (frame->op != Op::catch_ && frame->op != Op::catch_all)
    return fail(ErrorCode::rethrow_label, std::to_string(depth));
  if (live_) sink_.rethrow(static_cast<uint32_t>(frame - frames_.data()));
  set_unreachable();
  return true;
}

}  // namespace cloche::validate
