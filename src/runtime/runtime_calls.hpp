// The table of calls that executing tiers make into the runtime; its functions stand in calls_*.cpp by
// subject.
#pragma once

#include <cstdint>

#include "abi/context.hpp"

namespace cloche::runtime {

/// The one table; every context points to it.
extern const abi::RuntimeCalls runtime_calls;

/// True when [at, at + size) lies in [0, limit); cannot overflow.
constexpr bool in_range(uint64_t at, uint64_t size, uint64_t limit) {
  return size <= limit && at <= limit - size;
}

/// Grows a table by `delta` elements of `value`. The old size, or ~0 when a limit or the host refuses.
uint64_t grow_table(abi::Table& table, abi::Ref value, uint64_t delta);

/// The functions of the table, for it and for instantiation; abi/context.hpp says what each does.
namespace calls {
uint64_t memory_grow(abi::Instance* instance, uint32_t mem, uint64_t delta_pages);
wasm::TrapCode memory_init(abi::Instance* instance, uint32_t data, uint32_t mem, uint64_t to, uint64_t from,
                           uint64_t size);
wasm::TrapCode memory_copy(abi::Instance* instance, uint32_t to_mem, uint32_t from_mem, uint64_t to,
                           uint64_t from, uint64_t size);
wasm::TrapCode memory_fill(abi::Instance* instance, uint32_t mem, uint64_t to, uint8_t value, uint64_t size);
void data_drop(abi::Instance* instance, uint32_t data);

uint64_t table_grow(abi::Instance* instance, uint32_t table, abi::Ref value, uint64_t delta);
wasm::TrapCode table_init(abi::Instance* instance, uint32_t elem, uint32_t table, uint64_t to, uint64_t from,
                          uint64_t size);
wasm::TrapCode table_copy(abi::Instance* instance, uint32_t to_table, uint32_t from_table, uint64_t to,
                          uint64_t from, uint64_t size);
wasm::TrapCode table_fill(abi::Instance* instance, uint32_t table, uint64_t to, abi::Ref value,
                          uint64_t size);
void elem_drop(abi::Instance* instance, uint32_t elem);

abi::StructObject* struct_new(abi::Context* context, const abi::Rtt* rtt);
abi::ArrayObject* array_new(abi::Context* context, const abi::Rtt* rtt, uint32_t length);
wasm::TrapCode array_new_data(abi::Context* context, abi::Instance* instance, uint32_t type, uint32_t data,
                              uint32_t from, uint32_t length, abi::Ref* result);
wasm::TrapCode array_new_elem(abi::Context* context, abi::Instance* instance, uint32_t type, uint32_t elem,
                              uint32_t from, uint32_t length, abi::Ref* result);
wasm::TrapCode array_init_data(abi::Instance* instance, abi::ArrayObject* array, uint32_t to, uint32_t data,
                               uint32_t from, uint32_t length);
wasm::TrapCode array_init_elem(abi::Instance* instance, abi::ArrayObject* array, uint32_t to, uint32_t elem,
                               uint32_t from, uint32_t length);
abi::ExceptionObject* exception_new(abi::Context* context, abi::Tag* tag, const abi::Slot* slots);
bool ref_matches(abi::Ref ref, wasm::HeapType type);

uint32_t atomic_wait32(abi::Memory* memory, uint64_t address, uint32_t expected, int64_t timeout_ns);
uint32_t atomic_wait64(abi::Memory* memory, uint64_t address, uint64_t expected, int64_t timeout_ns);
uint32_t atomic_notify(abi::Memory* memory, uint64_t address, uint32_t count);
}  // namespace calls

}  // namespace cloche::runtime
