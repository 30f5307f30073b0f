// Building the dispatch tables.
#include "interp/table.hpp"

#include <array>
#include <atomic>
#include <cstring>
#include <memory>
#include <mutex>

#include "base/assert.hpp"
#include "interp/access.hpp"
#include "interp/decode.hpp"
#include "interp/quicken/registry.hpp"
#include "interp/trap.hpp"

namespace cloche::interp {
namespace {

/// Validated code never gets here.
Handler no_instruction(State&) { UNREACHABLE("no such instruction"); }

/// An opcode number that takes more than one byte. The instruction's handler takes its immediates to begin
/// two bytes after pc, so pc moves to where that is so, which is inside the instruction still.
template <uint8_t Prefix>
Handler long_opcode(State& s) {
  const uint8_t* at = s.pc + 1;
  const uint32_t code = read_index(at);
  s.pc = at - 2;
  return s.table[long_entry(Prefix, code)];
}

Handler to_original(State& s) {
  const PreparedCode& code = *s.context->frame->code;
  s.pc = code.begin + code_offset(code, s.pc);
  return nullptr;
}

void install_superinstructions(Handler* table, Variant variant) {
  // Superinstructions keep NaNs as they come, and assume that locals are slots.
  const bool usable = !variant.deterministic && !variant.typed_slots && !variant.single;
  const bool with_memory = guarded_access && variant.guarded;
  Registry::get().install(table, usable, with_memory, leave_quickened);
}

struct Table {
  Handler* handlers = nullptr;
  std::unique_ptr<const TableBuilder> builder;
};

struct Tables {
  std::mutex mutex;
  std::array<Table, variant_count> by_variant{};
  ByteSet rows;  // filled in every table there is
  bool quickening = false;
  /// What `rows` was when the mutex was last released: a set that only grows, read without it.
  std::array<std::atomic<uint64_t>, 4> published{};
};
Tables& tables() {
  static Tables all;
  return all;
}

void add_everything(TableBuilder& builder, bool pairs) {
  add_control(builder);
  add_branches(builder);
  add_calls(builder);
  add_exceptions(builder);
  add_variables(builder);
  add_constants(builder);
  add_loads(builder);
  add_stores(builder);
  add_vector_memory(builder);
  add_bulk(builder);
  add_tables(builder);
  add_references(builder);
  add_structs(builder);
  add_arrays(builder);
  add_atomics(builder);
  add_numeric_i32(builder);
  add_numeric_i64(builder);
  add_numeric_float(builder);
  add_numeric_convert(builder);
  add_vector_integer(builder);
  add_vector_wide(builder);
  add_vector_float(builder);
  add_vector_lanes(builder);
  if (!pairs) return;
  add_integer_pairs(builder);
  add_long_pairs(builder);
  add_float_pairs(builder);
  add_compare_pairs(builder);
}

}  // namespace

TableBuilder::TableBuilder(Variant variant) : variant_(variant) {
  for (auto& handlers : by_class_)
    for (Handler& handler : handlers) handler = step<no_instruction>;
  for (auto& handlers : long_)
    for (Handler& handler : handlers) handler = step<no_instruction>;
  by_class_[2][0xFB] = step<long_opcode<0xFB>>;
  by_class_[2][0xFC] = step<long_opcode<0xFC>>;
  by_class_[2][0xFD] = step<long_opcode<0xFD>>;
  by_class_[2][0xFE] = step<long_opcode<0xFE>>;
}

void TableBuilder::any(wasm::Op op, Handler handler) {
  const wasm::OpInfo& info = wasm::op_info(op);
  if (info.prefix == 0) {
    for (auto& handlers : by_class_) handlers[info.code] = handler;
    return;
  }
  long_[info.prefix - 0xFB][info.code] = handler;
  if (info.code < 0x80) exact_.push_back({static_cast<uint16_t>(info.prefix | info.code << 8), handler});
}

void TableBuilder::below_80(wasm::Op op, Handler handler) {
  by_class_[0][wasm::op_info(op).code] = handler;
  by_class_[1][wasm::op_info(op).code] = handler;
}

void TableBuilder::below_40(wasm::Op op, Handler handler) { by_class_[0][wasm::op_info(op).code] = handler; }

void TableBuilder::exact(wasm::Op op, uint8_t next, Handler handler) {
  exact_.push_back({static_cast<uint16_t>(wasm::op_info(op).code | next << 8), handler});
}

void TableBuilder::build(Handler* table, const ByteSet& rows) const {
  for (unsigned next = 0; next < 256; ++next) {
    if (!rows.has(next)) continue;
    const unsigned byte_class = next < 0x40 ? 0 : next < 0x80 ? 1 : 2;
    std::memcpy(table + next * 256, by_class_[byte_class], sizeof by_class_[0]);
  }
  for (uint8_t prefix = 0xFB; prefix <= 0xFE; ++prefix)
    if (rows.has(prefix)) std::memcpy(table + long_entry(prefix, 0), long_[prefix - 0xFB], sizeof long_[0]);
  for (const Exact& entry : exact_)
    if (rows.has(entry.word >> 8)) table[entry.word] = entry.handler;
}

namespace {

std::unique_ptr<const TableBuilder> make_builder(Variant variant) {
  auto builder = std::make_unique<TableBuilder>(variant);
  add_everything(*builder, !variant.single);
  return builder;
}

/// Fills rows in every table. The mutex is held.
void fill_rows(Tables& all, ByteSet wanted) {
  ByteSet missing;
  for (unsigned i = 0; i < 4; ++i) missing.word(i) = wanted.word(i) & ~all.rows.word(i);
  for (Table& table : all.by_variant)
    if (table.handlers) table.builder->build(table.handlers, missing);
  for (unsigned i = 0; i < 4; ++i) {
    all.rows.word(i) |= missing.word(i);
    all.published[i].store(all.rows.word(i), std::memory_order_release);
  }
}

bool are_filled(const Tables& all, ByteSet wanted) {
  for (unsigned i = 0; i < 4; ++i)
    if ((wanted.word(i) & ~all.published[i].load(std::memory_order_acquire)) != 0) return false;
  return true;
}

}  // namespace

Handler* dispatch_table(Variant variant) {
  Tables& all = tables();
  const std::lock_guard lock(all.mutex);
  Table& table = all.by_variant[variant.index()];
  if (!table.handlers) {
    table.builder = make_builder(variant);
    // For the life of the process: code anywhere may be running on it. Rows that are not filled take no
    // memory.
    table.handlers = new (std::nothrow) Handler[table_entries];
    ASSERT(table.handlers != nullptr);
    table.builder->build(table.handlers, all.rows);
    if (all.quickening) install_superinstructions(table.handlers, variant);
  }
  return table.handlers;
}

void need_rows(const uint8_t* begin, const uint8_t* end) {
  Tables& all = tables();
  if (are_filled(all, ByteSet::all())) return;
  ByteSet wanted;
  for (const uint8_t* at = begin; at <= end; ++at) wanted.add(*at);
  if (are_filled(all, wanted)) return;
  const std::lock_guard lock(all.mutex);
  fill_rows(all, wanted);
}

void enable_quickening() {
  Tables& all = tables();
  const std::lock_guard lock(all.mutex);
  if (all.quickening) return;
  all.quickening = true;
  fill_rows(all, ByteSet::all());  // superinstructions have any second byte
  for (unsigned index = 0; index < variant_count; ++index)
    if (all.by_variant[index].handlers)
      install_superinstructions(all.by_variant[index].handlers, Variant::at(index));
}

void need_all_rows() {
  Tables& all = tables();
  const std::lock_guard lock(all.mutex);
  fill_rows(all, ByteSet::all());
}

CLOCHE_DEFINE_HANDLER(leave_quickened, step, to_original)

Variant variant_of(const Context* context, const Instance* instance, bool typed_slots) {
  const bool has_memory = instance->module && !instance->module->mems.empty();
  Variant variant;
  variant.guarded = !has_memory || (instance->mems[0]->guarded && !instance->mems[0]->is_64);
  variant.typed_slots = typed_slots;
  variant.deterministic = context->deterministic;
  return variant;
}

void ensure_dispatch(Context* context, Instance* instance) {
  if (instance->dispatch[0]) return;
  for (const bool typed : {false, true})
    instance->dispatch[typed] = dispatch_table(variant_of(context, instance, typed));
  instance->next = context->instances;
  context->instances = instance;
  if (context->watcher) context->watcher->instance_ready(instance);
}

}  // namespace cloche::interp
