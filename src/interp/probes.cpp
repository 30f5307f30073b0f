#include "interp/probes.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/assert.hpp"
#include "interp/decode.hpp"
#include "interp/prepare.hpp"
#include "interp/quicken/registry.hpp"
#include "interp/trap.hpp"

namespace cloche::interp {
namespace {

using wasm::Op;

#if !CLOCHE_NO_PROBES

/// What every probed opcode leads to. The context's watcher is its Probes whenever such a table is in use.
Handler show(State& s) {
  Context* context = s.context;
  const Frame* frame = context->frame;
  const PreparedCode& code = *frame->code;
  const uint32_t offset = code_offset(code, s.pc);
  s.pc = code.begin + offset;  // also out of a quickened copy
  context->sp = s.sp;
  auto* probes = static_cast<Probes*>(context->watcher);
  const abi::Site site{context, context->frame, s.instance, s.pc, offset, s.locals, s.sp};
  if (const TrapCode code_of_trap = probes->before(site); code_of_trap != TrapCode::none) [[unlikely]]
    return trap(s, code_of_trap);
  s.table = static_cast<const Handler*>(frame->dispatch);
  const Handler* handlers =
      probes->active() ? reinterpret_cast<const Handler*>(s.table[single_table_entry]) : s.table;
  return handlers[dispatch_word(s.pc)];
}

#endif

OpSet set_of(std::initializer_list<Op> ops) {
  OpSet set;
  for (const Op op : ops) set.set(static_cast<size_t>(op));
  return set;
}

bool overlaps(const abi::Site& site, const Access& access, const void* memory, uint64_t begin, uint64_t end) {
  if (site.instance->mems[access.mem] != memory || access.overflows || access.bytes == 0) return false;
  return access.address < end && begin - std::min(begin, access.address) < access.bytes;
}

}  // namespace

#if !CLOCHE_NO_PROBES
CLOCHE_DEFINE_HANDLER(ask_probes, step, show)
#endif

OpSet memory_ops() {
  using wasm::Family;
  return ops_where([](const wasm::OpInfo& info) {
    return info.traps == wasm::Traps::memory || info.traps == wasm::Traps::atomic ||
           info.traps == wasm::Traps::atomic_wait;
  });
}

Monitor::~Monitor() {
  if (probes_) probes_->detach(*this);
}

Probes::Probes(Context* context) : context_(context) {
  ASSERT(context->watcher == nullptr);
  context->watcher = this;
}

Probes::~Probes() {
  for (Probe& probe : probes_) {
    if (probe.monitor) probe.monitor->probes_ = nullptr;
    probe.monitor = nullptr;
  }
  changed();
  context_->watcher = nullptr;
}

Probes::Id Probes::add(Monitor& monitor, Probe probe) {
  monitor.probes_ = this;
  probe.monitor = &monitor;
  probe.id = ++last_id_;
  probes_.push_back(probe);
  changed();
  return probe.id;
}

Probes::Id Probes::attach(Monitor& monitor, const OpSet& ops) { return add(monitor, {.ops = ops}); }

Probes::Id Probes::attach_accesses(Monitor& monitor, const OpSet& ops, const ProbeFilter& filter) {
  return add(monitor, {.ops = ops, .filter = &filter});
}

Probes::Id Probes::attach_at(Monitor& monitor, const abi::FuncCode* func, uint32_t offset) {
  const PreparedCode* code = prepare(context_, *const_cast<abi::FuncCode*>(func));
  if (!code) return add(monitor, {});
  ASSERT(offset < static_cast<uint32_t>(code->end - code->begin));
  return add(monitor, {.ops = set_of({op_at(code->begin + offset)}),
                       .where = Where::instruction,
                       .object = func,
                       .begin = offset,
                       .place = code->begin + offset});
}

Probes::Id Probes::attach_entry(Monitor& monitor, const abi::FuncCode* func) {
  if (func) return attach_at(monitor, func, 0);
  return add(monitor, {.ops = all_ops(), .where = Where::entry});
}

namespace {

OpSet exit_ops() {
  return set_of({Op::end, Op::return_, Op::return_call, Op::return_call_indirect, Op::return_call_ref});
}

}  // namespace

Probes::Id Probes::attach_exit(Monitor& monitor, const abi::FuncCode* func) {
  return add(monitor, {.ops = exit_ops(), .where = Where::exit, .object = func});
}

Probes::Id Probes::attach_exits(Monitor& monitor, const ProbeFilter& filter) {
  return add(monitor, {.ops = exit_ops(), .where = Where::exit, .filter = &filter});
}

Probes::Id Probes::attach_memory(Monitor& monitor, const abi::Memory* memory, uint64_t begin, uint64_t end,
                                 bool reads) {
  return add(monitor, {.ops = memory_ops(),
                       .where = Where::memory,
                       .reads = reads,
                       .object = memory,
                       .begin = begin,
                       .end = end});
}

Probes::Id Probes::attach_global(Monitor& monitor, const abi::Global* global) {
  return add(monitor, {.ops = set_of({Op::global_set}), .where = Where::global, .object = global});
}

void Probes::detach(Id id) {
  for (Probe& probe : probes_)
    if (probe.id == id) probe.monitor = nullptr;
  changed();
}

void Probes::detach(Monitor& monitor) {
  for (Probe& probe : probes_)
    if (probe.monitor == &monitor) probe.monitor = nullptr;
  monitor.probes_ = nullptr;
  changed();
}

bool Probes::concerns(const Probe& probe, const abi::Site& site, Op op) {
  const abi::FuncCode* func = site.frame->func->code;
  switch (probe.where) {
    case Where::everywhere:
      return true;
    case Where::instruction:
      return site.offset == probe.begin && func == probe.object;
    case Where::entry:
      return site.offset == 0;
    case Where::exit:
      if (probe.filter && probe.filter->frame != site.frame) return false;
      return (!probe.object || func == probe.object) &&
             (op != Op::end || site.pc + 1 == site.frame->code->end);
    case Where::global: {
      const uint8_t* at = site.pc + 1;
      return site.instance->globals[read_index(at)] == probe.object;
    }
    case Where::memory: {
      const Effects effects = effects_of(site);
      return (effects.writes && overlaps(site, effects.write, probe.object, probe.begin, probe.end)) ||
             (probe.reads && effects.reads &&
              overlaps(site, effects.read, probe.object, probe.begin, probe.end));
    }
  }
  return false;
}

TrapCode Probes::before(const abi::Site& site) {
  const Op op = op_at(site.pc);
  const auto row = static_cast<size_t>(op);
  TrapCode code = TrapCode::none;
  ++busy_;
  // By number: a monitor may attach more, which begin with the next instruction.
  for (size_t i = 0, count = probes_.size(); i < count && code == TrapCode::none; ++i)
    if (probes_[i].monitor && probes_[i].ops.test(row) && concerns(probes_[i], site, op))
      code = probes_[i].monitor->before(site);
  --busy_;
  sweep();
  return code;
}

void Probes::sweep() {
  if (busy_ != 0 || !has_detached_) return;
  std::erase_if(probes_, [](const Probe& probe) { return probe.monitor == nullptr; });
  has_detached_ = false;
}

void Probes::add_to_gates(const Probe& probe) {
  for (size_t i = 0; i < wasm::op_count; ++i) {
    if (!probe.ops.test(i)) continue;
    const auto op = static_cast<Op>(i);
    if (probe.place)
      gates_.add_place(op, probe.place);
    else if (probe.filter && probe.where == Where::exit)
      gates_.add_exits(op, *probe.filter);
    else if (probe.filter)
      gates_.add_accesses(op, *probe.filter);
    else
      gates_.add(op);
  }
}

/// After probes came or went.
void Probes::changed() {
  OpSet ops;
  const Gates before = std::exchange(gates_, Gates());
  for (const Probe& probe : probes_) {
    if (probe.monitor)
      ops |= probe.ops, add_to_gates(probe);
    else
      has_detached_ = true;
  }
  sweep();
  if (ops == ops_ && gates_.has_same_kinds(before)) return;
  ops_ = ops;
  for (unsigned index = 0; index < variant_count; ++index)
    if (Handler* table = tables_[index].get()) fill(table, dispatch_table(Variant::at(index)));
  for (Instance* instance = context_->instances; instance; instance = instance->next) set_tables(instance);
  move_frames();
}

void Probes::set_tables(Instance* instance) {
  for (const bool typed : {false, true})
    instance->dispatch[typed] =
        active() ? table_for(instance, typed) : dispatch_table(variant_of(context_, instance, typed));
}

void Probes::move_frames() {
  for (Frame* frame = context_->frames_base; frame <= context_->frame; ++frame)
    if (frame->code) frame->dispatch = frame->func->instance->dispatch[frame->code->typed_slots];
}

const Handler* Probes::table_for(const Instance* instance, bool typed_slots) {
  Variant variant = variant_of(context_, instance, typed_slots);
  variant.single = true;
  std::unique_ptr<Handler[]>& table = tables_[variant.index()];
  if (!table) {
    table.reset(new (std::nothrow) Handler[table_entries + 1]);
    ASSERT(table != nullptr);
    need_all_rows();
    fill(table.get(), dispatch_table(variant));
  }
  return table.get();
}

/// A copy of `single` but for the opcodes that are probed.
void Probes::fill(Handler* table, const Handler* single) const {
  std::memcpy(table, single, table_entries * sizeof(Handler));
  table[single_table_entry] = reinterpret_cast<Handler>(const_cast<Handler*>(single));
  for (unsigned byte = 0; byte < 256; ++byte) {
    const Handler handler = is_free_opcode(byte) ? static_cast<Handler>(leave_quickened)
                                                 : gates_.handler(static_cast<uint8_t>(byte));
    if (!handler) continue;
    for (unsigned next = 0; next < 256; ++next) table[next << 8 | byte] = handler;
  }
}

/// Calls every monitor once, however many probes it has.
template <class Call>
void Probes::tell(Call call) {
  ++busy_;
  for (size_t i = 0, count = probes_.size(); i < count; ++i) {
    Monitor* monitor = probes_[i].monitor;
    const auto is_same = [&](const Probe& probe) { return probe.monitor == monitor; };
    if (!monitor || std::any_of(probes_.begin(), probes_.begin() + static_cast<ptrdiff_t>(i), is_same))
      continue;
    call(*monitor);
  }
  --busy_;
  sweep();
}

void Probes::instance_ready(Instance* instance) {
  if (active()) set_tables(instance);
  tell([&](Monitor& monitor) { monitor.instance_ready(instance); });
}
void Probes::trapped(Context* context, const abi::Site* site) {
  tell([&](Monitor& monitor) { monitor.trapped(context, site); });
}
void Probes::thrown(const abi::Site& site) {
  tell([&](Monitor& monitor) { monitor.thrown(site); });
}
void Probes::caught(const abi::Site& site) {
  tell([&](Monitor& monitor) { monitor.caught(site); });
}
void Probes::entered(Context* context) {
  tell([&](Monitor& monitor) { monitor.entered(context); });
}
void Probes::left(Context* context) {
  tell([&](Monitor& monitor) { monitor.left(context); });
}

}  // namespace cloche::interp
