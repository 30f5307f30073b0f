#include "debug/trace.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "debug/value_text.hpp"
#include "interp/decode.hpp"
#include "runtime/instance.hpp"
#include "symbols/func_pattern.hpp"

namespace cloche::debug {
namespace {

using wasm::Family;
using wasm::Op;

constexpr size_t flush_bytes = 64 << 10;

const runtime::Instance& owner(const abi::FuncObject& func) {
  return *static_cast<const runtime::Instance*>(func.instance->owner);
}

bool is_branch(Op op) {
  const wasm::OpInfo& info = wasm::op_info(op);
  using wasm::Imm;
  return info.immediate == Imm::label_table || info.immediate == Imm::cast ||
         (info.immediate == Imm::label && op != Op::rethrow && op != Op::delegate);
}

bool is_call(Op op) {
  return op == Op::call || op == Op::call_indirect || op == Op::call_ref || op == Op::return_call ||
         op == Op::return_call_indirect || op == Op::return_call_ref;
}
bool is_tail_call(Op op) {
  return op == Op::return_call || op == Op::return_call_indirect || op == Op::return_call_ref;
}

std::string callee_name(const abi::FuncObject& func) {
  return func.kind == abi::FuncKind::wasm ? func_text(func) : "function";
}

}  // namespace

std::string_view trace_class_name(TraceClass kind) {
  constexpr std::string_view names[] = {"control", "call",     "local",   "global", "memory",
                                        "table",   "constant", "numeric", "vector", "reference"};
  return names[static_cast<size_t>(kind)];
}

TraceClass trace_class(Op op) {
  const wasm::OpInfo& info = wasm::op_info(op);
  if (is_call(op)) return TraceClass::call;
  switch (info.family) {
    case Family::control:
    case Family::parametric:
      return TraceClass::control;
    case Family::variable:
      return info.immediate == wasm::Imm::global ? TraceClass::global : TraceClass::local;
    case Family::table:
      return TraceClass::table;
    case Family::const_:
      return TraceClass::constant;
    case Family::reference:
    case Family::aggregate:
      return TraceClass::reference;
    case Family::numeric:
      return info.prefix == 0xFD ? TraceClass::vector : TraceClass::numeric;
    case Family::lane:
    case Family::shuffle:
      return TraceClass::vector;
    default:
      return TraceClass::memory;
  }
}

TracedFunction::TracedFunction(const abi::FuncObject& function, const Labels& names)
    : labels(names),
      map(owner(function).module().validated(), names, function.code->defined_index),
      name(names.func(function.func_index)),
      code_offset(names.module().codes[function.code->defined_index].expr_offset),
      local_slots(0),
      prepared(map.steps().size()) {}

Tracer::Tracer(runtime::Store& store, TraceOptions options, Output output)
    : store_(store),
      options_(std::move(options)),
      output_(std::move(output)),
      writer_(make_row_writer(options_.format)) {
  if (options_.last) ring_.resize(static_cast<size_t>(std::min<uint64_t>(*options_.last, 10'000'000)));
  if (!options_.last) writer_->begin(buffer_);
  store.probes().attach(*this, interp::all_ops());
}

Tracer::~Tracer() = default;

TracedFunction& Tracer::function_of(const abi::FuncObject& func) {
  if (func.code == latest_code_) return *latest_;
  std::unique_ptr<TracedFunction>& found = functions_[func.code];
  if (!found) {
    const wasm::Module& module = owner(func).module().decoded();
    std::unique_ptr<Labels>& labels = labels_[&module];
    if (!labels) labels = std::make_unique<Labels>(module);
    found = std::make_unique<TracedFunction>(func, *labels);
    found->local_slots = func.code->prepared.load(std::memory_order_acquire)->local_slots;
    found->is_chosen = is_chosen(*found);
    met_chosen_ |= found->is_chosen;
  }
  latest_code_ = func.code;
  latest_ = found.get();
  return *found;
}

bool Tracer::is_chosen(const TracedFunction& func) const {
  if (options_.funcs.empty()) return true;
  const uint32_t index = func.map.func_index();
  const std::string_view name = func.labels.func_name(index);
  return std::any_of(options_.funcs.begin(), options_.funcs.end(),
                     [&](std::string_view pattern) { return symbols::func_matches(pattern, name, index); });
}

/// Whether the filters let an instruction through. Its operands are on the stack.
bool Tracer::passes(const abi::Site& site, const Step& step) const {
  if (!latest_->is_chosen || !options_.classes.test(static_cast<size_t>(trace_class(step.op)))) return false;
  if (site.frame - site.context->frames_base > static_cast<ptrdiff_t>(options_.max_depth)) return false;
  const uint64_t offset = uint64_t{latest_->code_offset} + step.offset;
  if (options_.offsets && (offset < options_.offsets->begin || offset >= options_.offsets->end)) return false;
  if (!options_.memory) return true;
  const interp::Effects effects = interp::effects_of(site);
  const auto touches = [&](const interp::Access& access) {
    return access.mem == 0 && !access.overflows && access.address < options_.memory->end &&
           access.bytes > options_.memory->begin - std::min(options_.memory->begin, access.address);
  };
  return (effects.reads && touches(effects.read)) || (effects.writes && touches(effects.write));
}

wasm::TrapCode Tracer::before(const abi::Site& site) {
  if (pending_) finish_row(&site);
  if (finished_) return wasm::TrapCode::none;
  ++steps_;
  begin_row(site);
  return wasm::TrapCode::none;
}

void Tracer::begin_row(const abi::Site& site) {
  const TracedFunction& func = function_of(*site.frame->func);
  const uint32_t index = func.map.index_at(site.offset);
  const Step& step = func.map.steps()[index];
  if (!passes(site, step)) return;
  pending_ = true;
  row_.step = steps_;
  row_.depth = static_cast<uint32_t>(site.frame - site.context->frames_base);
  row_.func = &func;
  row_.index = index;
  row_.effect.kind = Effect::Kind::none;
  row_.outcome.clear();
  row_code_ = site.frame->func->code;
  row_locals_ = site.locals;
  row_instance_ = site.instance;
  note_before(site, step);
}

/// What must be looked at before the instruction changes it.
void Tracer::note_before(const abi::Site& site, const Step& step) {
  Effect& effect = row_.effect;
  const uint8_t* at = site.pc + 1;
  switch (step.op) {
    case Op::local_set:
    case Op::local_tee: {
      effect.kind = Effect::Kind::local;
      effect.index = interp::read_index(at);
      effect.type = row_.func->map.locals()[effect.index];
      std::copy_n(site.locals + row_.func->map.local_slot(effect.index), effect.type.slots(),
                  effect.old_value.begin());
      return;
    }
    case Op::global_set:
      effect.kind = Effect::Kind::global;
      effect.index = interp::read_index(at);
      effect.type = site.instance->globals[effect.index]->type;
      std::copy_n(site.instance->globals[effect.index]->value, 2, effect.old_value.begin());
      return;
    case Op::memory_grow: {
      effect.kind = Effect::Kind::grow;
      effect.index = interp::read_index(at);
      const abi::Memory& memory = *site.instance->mems[effect.index];
      effect.bytes = memory.size() >> memory.page_size_log2;
      return;
    }
    case Op::return_:
      effect.kind = Effect::Kind::returned;
      break;
    case Op::end:
      if (site.pc + 1 == site.frame->code->end) effect.kind = Effect::Kind::returned;
      break;
    default:
      break;
  }
  if (effect.kind == Effect::Kind::returned) return take_stack(step.top);
  if (is_call(step.op)) return note_call(site, step);
  if (step.op == Op::if_) {
    effect.kind = Effect::Kind::condition;
    effect.taken = static_cast<uint32_t>(site.sp[-1]) != 0;
    return;
  }
  if (is_branch(step.op)) {
    effect.kind = Effect::Kind::branch;
    return;
  }
  const wasm::OpInfo& info = wasm::op_info(step.op);
  if (info.traps != wasm::Traps::memory && info.traps != wasm::Traps::atomic) return;
  const interp::Effects touched = interp::effects_of(site);
  if (!touched.writes) return;
  const abi::Memory& memory = *site.instance->mems[touched.write.mem];
  const uint64_t size = memory.size();
  if (touched.write.overflows || touched.write.bytes > size ||
      touched.write.address > size - touched.write.bytes)
    return;
  effect.kind = Effect::Kind::memory;
  effect.index = touched.write.mem;
  effect.address = touched.write.address;
  effect.bytes = touched.write.bytes;
  std::memcpy(effect.old_bytes.data(), memory.base + effect.address, std::min<uint64_t>(effect.bytes, 16));
}

void Tracer::note_call(const abi::Site& site, const Step& step) {
  Effect& effect = row_.effect;
  const FunctionMap& map = row_.func->map;
  const abi::Slot* operands = site.locals + row_.func->local_slots;
  const uint8_t* at = site.pc + 1;
  const uint32_t first = interp::read_index(at);
  const abi::FuncObject* callee = nullptr;
  bool extra = true;  // the table index or the reference above the arguments
  if (step.op == Op::call || step.op == Op::return_call) {
    callee = site.instance->funcs[first];
    extra = false;
  } else if (step.op == Op::call_ref || step.op == Op::return_call_ref) {
    callee = reinterpret_cast<const abi::FuncObject*>(site.sp[-1]);
  } else {
    const abi::Table& table = *site.instance->tables[interp::read_index(at)];
    const uint64_t index = table.is_64 ? site.sp[-1] : static_cast<uint32_t>(site.sp[-1]);
    if (index < table.size) callee = reinterpret_cast<const abi::FuncObject*>(table.elems[index]);
  }
  if (!callee) return;
  effect.kind = is_tail_call(step.op)                 ? Effect::Kind::tail_call
                : callee->kind == abi::FuncKind::host ? Effect::Kind::host_call
                                                      : Effect::Kind::call;
  effect.callee = extra ? callee_name(*callee) : row_.func->labels.func(first);
  effect.values.clear();
  std::vector<uint32_t> taken;
  for (uint32_t each = step.top; each != step.kept; each = map.operand(each).below) taken.push_back(each);
  if (extra && !taken.empty()) taken.erase(taken.begin());
  for (auto each = taken.rbegin(); each != taken.rend(); ++each) {
    const Operand& operand = map.operand(*each);
    effect.values.push_back(value_text(operand.type, operands + operand.slots_end - operand.type.slots()));
  }
}

/// The operands of the row's activation from the bottom up to `top`.
void Tracer::take_stack(uint32_t top) {
  row_.top = top;
  const abi::Slot* operands = row_locals_ + row_.func->local_slots;
  row_.stack.assign(operands, operands + row_.func->map.operand(top).slots_end);
}

/// `next` is where execution goes on, or null when it ended.
void Tracer::finish_row(const abi::Site* next) {
  pending_ = false;
  const Step& step = row_.func->map.steps()[row_.index];
  const bool same = next && next->locals == row_locals_ && next->frame->func->code == row_code_ &&
                    next->frame - next->context->frames_base == static_cast<ptrdiff_t>(row_.depth);
  if (row_.effect.kind == Effect::Kind::returned) {
    // Taken before it left.
  } else if (same && row_.effect.kind != Effect::Kind::tail_call) {
    take_stack(row_.func->map.at(next->offset).top);
  } else {
    take_stack(row_.effect.kind == Effect::Kind::tail_call ? 0 : step.kept);
  }
  note_after(same ? next : nullptr);
  emit();
}

void Tracer::note_after(const abi::Site* next) {
  Effect& effect = row_.effect;
  const Step& step = row_.func->map.steps()[row_.index];
  switch (effect.kind) {
    case Effect::Kind::local:
      std::copy_n(row_locals_ + row_.func->map.local_slot(effect.index), effect.type.slots(),
                  effect.new_value.begin());
      return;
    case Effect::Kind::global:
      std::copy_n(row_instance_->globals[effect.index]->value, 2, effect.new_value.begin());
      return;
    case Effect::Kind::memory:
      std::memcpy(effect.new_bytes.data(), row_instance_->mems[effect.index]->base + effect.address,
                  std::min<uint64_t>(effect.bytes, 16));
      return;
    case Effect::Kind::grow:
      effect.pages =
          row_instance_->mems[effect.index]->size() >> row_instance_->mems[effect.index]->page_size_log2;
      return;
    case Effect::Kind::branch:
      if (!next) {
        effect.kind = Effect::Kind::none;
        return;
      }
      effect.taken = next->offset != step.offset + step.size;
      effect.to = row_.func->code_offset + next->offset;
      return;
    case Effect::Kind::returned: {
      effect.values.clear();
      const FunctionMap& map = row_.func->map;
      uint32_t each = row_.top;
      for (size_t i = map.results().size(); i-- > 0 && each != 0; each = map.operand(each).below) {
        const Operand& operand = map.operand(each);
        effect.values.insert(
            effect.values.begin(),
            value_text(operand.type, row_.stack.data() + operand.slots_end - operand.type.slots()));
      }
      return;
    }
    default:
      return;
  }
}

void Tracer::trapped(abi::Context* context, const abi::Site* site) {
  if (!pending_) return;
  const Step& step = row_.func->map.steps()[row_.index];
  pending_ = false;
  take_stack(step.top);
  if (row_.effect.kind != Effect::Kind::call && row_.effect.kind != Effect::Kind::host_call)
    row_.effect.kind = Effect::Kind::none;
  row_.outcome = "trap: " + std::string(wasm::trap_text(context->trap.code));
  static_cast<void>(site);
  emit();
}

void Tracer::thrown(const abi::Site&) {
  if (!pending_) return;
  row_.effect.kind = row_.effect.kind == Effect::Kind::host_call ? row_.effect.kind : Effect::Kind::none;
  row_.outcome = "throw";
}

void Tracer::caught(const abi::Site& site) {
  if (!pending_) return;
  pending_ = false;
  const TracedFunction& handler = function_of(*site.frame->func);
  row_.outcome += ", caught in " + handler.name;
  const auto depth = static_cast<uint32_t>(site.frame - site.context->frames_base);
  if (depth != row_.depth) row_.outcome += " at depth " + std::to_string(depth);
  take_stack(row_.func->map.steps()[row_.index].kept);
  emit();
}

void Tracer::left(abi::Context*) {
  if (pending_) finish_row(nullptr);
}

void Tracer::emit() {
  ++rows_;
  if (options_.last) {
    if (!ring_.empty()) std::swap(ring_[(rows_ - 1) % ring_.size()], row_);
  } else {
    write(row_);
  }
  if (options_.first && rows_ == *options_.first) {
    finish();
    store_.probes().detach(*this);
  }
}

void Tracer::write(const Row& row) {
  writer_->row(buffer_, row);
  if (buffer_.size() >= flush_bytes) flush();
}

void Tracer::flush() {
  output_(buffer_);
  buffer_.clear();
}

void Tracer::finish() {
  if (finished_) return;
  finished_ = true;
  uint64_t omitted = 0;
  if (options_.last) {
    writer_->begin(buffer_);
    const uint64_t kept = std::min<uint64_t>(rows_, ring_.size());
    omitted = rows_ - kept;
    for (uint64_t i = rows_ - kept; i < rows_; ++i) write(ring_[i % ring_.size()]);
  }
  writer_->end(buffer_, omitted);
  flush();
}

}  // namespace cloche::debug
