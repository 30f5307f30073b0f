#include "runtime/store.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "interp/execute.hpp"
#include "interp/probes.hpp"
#include "platform/threads.hpp"
#include "runtime/host_func.hpp"
#include "runtime/instantiation.hpp"
#include "runtime/native_scope.hpp"
#include "runtime/runtime_calls.hpp"
#include "wasm/limits.hpp"

namespace cloche::runtime {
namespace {

using wasm::ErrorCode;
using wasm::fail;
using wasm::TrapCode;

/// What a nested call from a host function must find on the native stack: the interpreter, the collector and
/// a host function of usual size.
constexpr size_t min_native_stack_bytes = 16 << 10;

GcHeap::Options heap_options(const Config& config) {
  return {.limit_bytes = config.gc_heap_limit_bytes, .stress = config.gc_stress};
}

uint32_t slots_of(const wasm::ResultType& types) {
  uint32_t slots = 0;
  for (const wasm::ValType type : types) slots += type.slots();
  return slots;
}

/// The top of the hierarchy that a canonical heap type belongs to.
wasm::AbsHeap hierarchy(const validate::TypeRegistry& types, wasm::HeapType heap) {
  using wasm::AbsHeap;
  if (heap.is_concrete())
    return types.type(heap.index().value).comp.kind == wasm::CompKind::func ? AbsHeap::func : AbsHeap::any;
  return validate::top_of(heap.abstract());
}

}  // namespace

Store::Store(std::shared_ptr<Engine> engine)
    : engine_(std::move(engine)),
      roots_(new RootSet(this)),
      heap_(heap_options(engine_->config()), scan_roots, this) {
  context_.calls = &runtime_calls;
  context_.store = this;
  context_.quicken = engine_->config().quicken;
  context_.deterministic = engine_->config().deterministic;
  context_.native_depth_limit = engine_->config().max_native_depth;
}

Store::~Store() {
  probes_.reset();  // while the instances are there
  roots_->close();
  for (const abi::Table& table : tables_) free(table.elems);
}

wasm::Result<std::unique_ptr<Store>> Store::create(std::shared_ptr<Engine> engine) {
  std::unique_ptr<Store> store(new Store(std::move(engine)));
  if (!store->map_stacks()) return fail(ErrorCode::out_of_memory, wasm::no_offset, "the stacks of a store");
  return store;
}

/// Reserves both stacks with an inaccessible page at either end. Pages that are not used cost nothing.
bool Store::map_stacks() {
  const Config& config = engine_->config();
  const auto map = [](platform::Reservation& range, uint64_t bytes) {
    const size_t page = platform::page_size();
    if (bytes > uint64_t{1} << 40) return false;
    const size_t size = std::max(platform::round_to_pages(bytes), page);
    range = platform::Reservation::reserve(size + 2 * page);
    return range && range.commit(page, size);
  };
  const uint64_t frame_bytes = (uint64_t{config.max_frames} + 1) * sizeof(abi::Frame);
  if (!map(value_stack_, config.value_stack_bytes) || !map(frame_stack_, frame_bytes)) return false;
  const size_t page = platform::page_size();
  context_.stack_base = reinterpret_cast<abi::Slot*>(value_stack_.data() + page);
  context_.stack_limit = reinterpret_cast<abi::Slot*>(value_stack_.data() + value_stack_.size() - page);
  context_.sp = context_.stack_base;
  // One unused record below the first frame, so that `frame` may point below frames_base.
  context_.frames_base = reinterpret_cast<abi::Frame*>(frame_stack_.data() + page) + 1;
  context_.frames_limit = context_.frames_base + config.max_frames;
  context_.frame = context_.frames_base - 1;
  return true;
}

void Store::scan_roots(void* self, Marker& marker) {
  Store& store = *static_cast<Store*>(self);
  const abi::Context& context = store.context_;
  marker.mark_conservatively(context.stack_base, context.sp);
  marker.mark(context.trap.exception);
  store.roots_->for_each([&](abi::Ref ref) { marker.mark(ref); });
  for (const abi::Global& global : store.globals_)
    if (global.type.is_ref()) marker.mark(global.value[0]);
  const validate::TypeRegistry& types = store.engine_->types();
  for (const abi::Table& table : store.tables_) {
    if (hierarchy(types, table.type.heap()) == wasm::AbsHeap::func)
      continue;  // functions are no heap objects
    for (uint64_t i = 0; i < table.size; ++i) marker.mark(table.elems[i]);
  }
  for (const auto& instance : store.instances_)
    for (const abi::ElemSegment& segment : instance->elems_)
      for (uint32_t i = 0; i < segment.size; ++i) marker.mark(segment.refs[i]);
}

interp::Probes& Store::probes() {
  if (!probes_) probes_ = std::make_unique<interp::Probes>(&context_);
  return *probes_;
}

void Store::interrupt() {
  context_.interrupt.store(true, std::memory_order_seq_cst);
  sleeper_.wake();
}

TrapCode Store::take_interrupt() {
  context_.interrupt.store(false, std::memory_order_relaxed);
  return TrapCode::interrupted;
}

void Store::collect() {
  const NativeScope scope(heap_, context_);
  heap_.collect();
}

Outcome<Instance*> Store::instantiate(std::shared_ptr<Module> module, std::span<const Extern> imports) {
  const NativeScope scope(heap_, context_);
  return Instantiation(*this, std::move(module), imports).run();
}

/// A nested entry that the native stack has no room for. The frames' trace is left to the caller's.
base::Unexpected<Failure> Store::exhausted() {
  context_.trap.code = TrapCode::call_stack_exhausted;
  context_.trap.backtrace.clear();
  context_.trap.detail.clear();
  return {Failure(take_trap(TrapCode::call_stack_exhausted))};
}

Outcome<void> Store::call_slots(Func func, abi::Slot* slots) {
  const NativeScope scope(heap_, context_);
  if (context_.native_depth == 0)
    context_.trap.exception = abi::null_ref;
  else if (platform::native_stack_left() < min_native_stack_bytes)
    return exhausted();
  const TrapCode code = interp::call(&context_, func.object, slots);
  if (code != TrapCode::none) return base::Unexpected{Failure(take_trap(code))};
  return {};
}

Outcome<std::vector<Value>> Store::call(Func func, std::span<const Value> args) {
  if (func.store != this) return fail(ErrorCode::foreign_object, wasm::no_offset, "function");
  const wasm::FuncType& type = func.type();
  TRY(check_values(type.params, args, "argument"));
  std::vector<abi::Slot> slots(std::max(func.object->param_slots, func.object->result_slots));
  write_values(args, slots.data());
  TRY(call_slots(func, slots.data()));
  return read_values(type.results, slots.data());
}

wasm::Result<void> Store::check_values(const wasm::ResultType& types, std::span<const Value> values,
                                       std::string_view what) {
  if (values.size() != types.size())
    return fail(ErrorCode::signature_mismatch, wasm::no_offset,
                "expected " + std::to_string(types.size()) + " " + std::string(what) +
                    (types.size() == 1 ? "" : "s") + ", found " + std::to_string(values.size()));
  for (size_t i = 0; i < types.size(); ++i) {
    const std::string place = std::string(what) + " " + std::to_string(i + 1);
    if (is_foreign(values[i])) return fail(ErrorCode::foreign_object, wasm::no_offset, place);
    if (!matches(values[i], types[i]))
      return fail(ErrorCode::signature_mismatch, wasm::no_offset,
                  place + ": expected " + to_string(types[i]) + ", found " + to_string(values[i].type()));
  }
  return {};
}

void Store::write_values(std::span<const Value> values, abi::Slot* slots) {
  for (const Value& value : values) {
    value.to_slots(slots);
    slots += value.type().slots();
  }
}

std::vector<Value> Store::read_values(const wasm::ResultType& types, const abi::Slot* slots) {
  std::vector<Value> values;
  values.reserve(types.size());
  for (const wasm::ValType type : types) {
    values.push_back(Value::from_slots(*roots_, type, slots));
    slots += type.slots();
  }
  return values;
}

bool Store::matches(const Value& value, wasm::ValType type) {
  if (!type.is_ref()) return value.type() == type;
  if (!value.is_ref() || is_foreign(value)) return false;
  const validate::TypeRegistry& types = engine_->types();
  if (hierarchy(types, value.type().heap()) != hierarchy(types, type.heap())) return false;
  return value.is_null() ? type.is_nullable() : calls::ref_matches(value.as_ref(), type.heap());
}

bool Store::is_foreign(const Value& value) const {
  const bool is_pointer = value.is_ref() && !value.is_null() && !abi::is_i31(value.as_ref());
  return is_pointer && value.store() != this;
}

abi::FuncObject Store::func_object(uint32_t canonical_type) {
  const wasm::FuncType& type = engine_->types().type(canonical_type).comp.func;
  abi::FuncObject object;
  object.rtt = engine_->rtts().get(canonical_type);
  object.canonical_type = canonical_type;
  object.param_slots = slots_of(type.params);
  object.result_slots = slots_of(type.results);
  return object;
}

Func Store::make_func(const wasm::FuncType& type, HostSlots body) {
  HostFunc& func = *host_funcs_.emplace_back(std::make_unique<HostFunc>());
  func.store = this;
  func.body = std::move(body);
  func.object = func_object(engine_->types().canonicalize(type));
  func.object.kind = abi::FuncKind::host;
  func.object.host = HostFunc::call;
  func.object.host_data = &func;
  return {this, &func.object};
}

Func Store::make_func_values(const wasm::FuncType& type, HostValues body) {
  return make_func(type, [type, body = std::move(body)](HostCall& call, abi::Slot* slots) {
    const std::vector<Value> args = call.store.read_values(type.params, slots);
    std::vector<Value> results;
    if (const TrapCode code = body(call, args, results); code != TrapCode::none) return code;
    if (const auto checked = call.store.check_values(type.results, results, "result"); !checked) {
      call.detail = checked.error().message();
      return TrapCode::host_error;
    }
    write_values(results, slots);
    return TrapCode::none;
  });
}

wasm::Result<Memory> Store::make_memory(const wasm::MemType& type) {
  const Config& config = engine_->config();
  auto memory = LinearMemory::create(
      type, {.guard_pages = engine_->guard_pages(), .max_bytes = config.max_memory_bytes});
  if (!memory)
    return fail(ErrorCode::out_of_memory, wasm::no_offset,
                "a memory of " + std::to_string(type.limits.min) + " pages");
  memories_.push_back(std::move(memory));
  return Memory{this, memories_.back()->abi()};
}

wasm::Result<Memory> Store::adopt_shared(const Memory& memory) {
  if (!memory.object->shared)
    return fail(ErrorCode::bad_argument, wasm::no_offset, "the memory is not shared");
  const auto owner = LinearMemory::of(memory.object)->shared_from_this();
  if (std::find(memories_.begin(), memories_.end(), owner) == memories_.end()) memories_.push_back(owner);
  return Memory{this, memory.object};
}

wasm::Result<Table> Store::make_table(const wasm::TableType& type, const Value& init) {
  if (is_foreign(init)) return fail(ErrorCode::foreign_object, wasm::no_offset, "initial element");
  if (!matches(init, type.elem)) return fail(ErrorCode::type_mismatch, wasm::no_offset, "initial element");
  abi::Table* const table = new_table(type);
  if (grow_table(*table, init.as_ref(), type.limits.min) != 0) {
    tables_.pop_back();
    return fail(ErrorCode::out_of_memory, wasm::no_offset,
                "a table of " + std::to_string(type.limits.min) + " elements");
  }
  return Table{this, table};
}

abi::Table* Store::new_table(const wasm::TableType& type) {
  abi::Table& table = tables_.emplace_back();
  table.type = type.elem;
  table.max = type.limits.max.value_or(~uint64_t{0});
  table.is_64 = type.limits.is_64;
  table.owner = this;
  return &table;
}

abi::Global* Store::new_global(wasm::ValType type, bool is_mutable) {
  abi::Global& global = globals_.emplace_back();
  global.type = type;
  global.mutable_ = is_mutable;
  return &global;
}

wasm::Result<Global> Store::make_global(const wasm::GlobalType& type, const Value& init) {
  if (is_foreign(init)) return fail(ErrorCode::foreign_object, wasm::no_offset, "initial value");
  if (!matches(init, type.type))
    return fail(ErrorCode::type_mismatch, wasm::no_offset,
                "expected " + to_string(type.type) + ", found " + to_string(init.type()));
  abi::Global* const global = new_global(type.type, type.mutable_);
  init.to_slots(global->value);
  return Global{this, global};
}

Tag Store::make_tag(const wasm::FuncType& type) {
  return {this, new_tag(engine_->types().canonicalize(type))};
}

abi::Tag* Store::new_tag(uint32_t canonical_type) {
  abi::Tag& tag = tags_.emplace_back();
  tag.canonical_type = canonical_type;
  tag.param_slots = slots_of(engine_->types().type(canonical_type).comp.func.params);
  return &tag;
}

Value Store::get(const Global& global) {
  return Value::from_slots(*roots_, global.object->type, global.object->value);
}

wasm::Result<void> Store::set(const Global& global, const Value& value) {
  if (global.store != this || is_foreign(value)) return fail(ErrorCode::foreign_object);
  if (!global.object->mutable_) return fail(ErrorCode::immutable_global);
  if (!matches(value, global.object->type))
    return fail(ErrorCode::type_mismatch, wasm::no_offset,
                "expected " + to_string(global.object->type) + ", found " + to_string(value.type()));
  value.to_slots(global.object->value);
  return {};
}

wasm::Result<Value> Store::get(const Table& table, uint64_t index) {
  if (index >= table.object->size)
    return fail(ErrorCode::bad_argument, wasm::no_offset,
                "index " + std::to_string(index) + " in a table of " + std::to_string(table.object->size));
  return Value::ref(*roots_, table.object->type, table.object->elems[index]);
}

wasm::Result<void> Store::set(const Table& table, uint64_t index, const Value& value) {
  if (table.store != this || is_foreign(value)) return fail(ErrorCode::foreign_object);
  if (index >= table.object->size)
    return fail(ErrorCode::bad_argument, wasm::no_offset,
                "index " + std::to_string(index) + " in a table of " + std::to_string(table.object->size));
  if (!matches(value, table.object->type))
    return fail(ErrorCode::type_mismatch, wasm::no_offset,
                "expected " + to_string(table.object->type) + ", found " + to_string(value.type()));
  table.object->elems[index] = value.as_ref();
  return {};
}

std::optional<uint64_t> Store::grow(const Table& table, uint64_t delta, const Value& init) {
  if (table.store != this || !matches(init, table.object->type)) return std::nullopt;
  const uint64_t old_size = grow_table(*table.object, init.as_ref(), delta);
  return old_size == ~uint64_t{0} ? std::nullopt : std::optional(old_size);
}

std::optional<uint64_t> Store::grow(const Memory& memory, uint64_t delta_pages) {
  const uint64_t old_pages = LinearMemory::of(memory.object)->grow(delta_pages);
  return old_pages == ~uint64_t{0} ? std::nullopt : std::optional(old_pages);
}

std::optional<Value> Store::make_extern(uint64_t payload) {
  const NativeScope scope(heap_, context_);
  abi::ExternObject* const object = heap_.new_extern(payload);
  if (!object) return std::nullopt;
  return Value::ref(*roots_, wasm::ValType::ref(wasm::AbsHeap::extern_, false), abi::to_ref(object));
}

std::optional<uint64_t> Store::extern_payload(const Value& value) {
  if (!value.is_ref() || value.is_null() || abi::is_i31(value.as_ref())) return std::nullopt;
  const abi::GcObject* const object = abi::as_object(value.as_ref());
  if (object->rtt->kind != abi::GcKind::extern_) return std::nullopt;
  return static_cast<const abi::ExternObject*>(object)->payload;
}

Value Store::func_ref(const Func& func) {
  const wasm::HeapType heap{wasm::TypeIdx(func.object->canonical_type)};
  return Value::ref(*func.store->roots_, wasm::ValType::ref(heap, false), abi::to_ref(func.object));
}

std::optional<Func> Store::as_func(const Value& value) {
  if (!value.is_ref() || value.is_null() || abi::is_i31(value.as_ref()) || is_foreign(value))
    return std::nullopt;
  abi::GcObject* const object = abi::as_object(value.as_ref());
  if (object->rtt->kind != abi::GcKind::func) return std::nullopt;
  return Func{this, static_cast<abi::FuncObject*>(object)};
}

TrapCode Store::throw_exception(const Tag& tag, std::span<const Value> args) {
  const NativeScope scope(heap_, context_);
  if (tag.store != this || !check_values(tag.type().params, args, "argument")) return TrapCode::host_error;
  std::vector<abi::Slot> slots(tag.object->param_slots);
  write_values(args, slots.data());
  abi::ExceptionObject* const exception = calls::exception_new(&context_, tag.object, slots.data());
  if (!exception) return TrapCode::out_of_memory;
  context_.trap.exception = abi::to_ref(exception);
  return TrapCode::uncaught_exception;
}

/// The context's trap as a value. The context keeps it as well: a host function may pass it on.
Trap Store::take_trap(TrapCode code) {
  Trap trap;
  trap.code = code;
  const abi::TrapState& state = context_.trap;
  trap.detail = state.detail;
  if (code == TrapCode::host_error) trap.exit_status = std::exchange(exit_status_, std::nullopt);
  trap.frames_omitted = state.frames_omitted;
  for (const abi::FrameInfo& info : state.backtrace) {
    TraceFrame frame;
    frame.is_host = info.func->kind == abi::FuncKind::host;
    frame.module_offset = info.module_offset;
    if (!frame.is_host) {
      const auto* const instance = static_cast<const Instance*>(info.func->instance->owner);
      frame.function_index = info.func->func_index;
      frame.module = instance->module_ptr();
      frame.function = instance->module().func_name(wasm::FuncIdx(info.func->func_index));
    }
    trap.trace.push_back(std::move(frame));
  }
  if (code == TrapCode::uncaught_exception && state.exception != abi::null_ref)
    trap.exception = Root(*roots_, state.exception);
  return trap;
}

}  // namespace cloche::runtime
