// Memory instructions that are more than one access (spec: Execution / Instructions / Memory Instructions).
// Bounds are checked before the first byte moves.
#include <cstring>

#include "runtime/linear_memory.hpp"
#include "runtime/parking.hpp"
#include "runtime/runtime_calls.hpp"

namespace cloche::runtime::calls {

using wasm::TrapCode;

uint64_t memory_grow(abi::Instance* instance, uint32_t mem, uint64_t delta_pages) {
  return LinearMemory::of(instance->mems[mem])->grow(delta_pages);
}

TrapCode memory_init(abi::Instance* instance, uint32_t data, uint32_t mem, uint64_t to, uint64_t from,
                     uint64_t size) {
  const abi::DataSegment& segment = instance->datas[data];
  abi::Memory& memory = *instance->mems[mem];
  if (!in_range(from, size, segment.size) || !in_range(to, size, memory.size()))
    return TrapCode::out_of_bounds_memory_access;
  if (size != 0) memcpy(memory.base + to, segment.bytes + from, size);
  return TrapCode::none;
}

TrapCode memory_copy(abi::Instance* instance, uint32_t to_mem, uint32_t from_mem, uint64_t to, uint64_t from,
                     uint64_t size) {
  abi::Memory& target = *instance->mems[to_mem];
  abi::Memory& source = *instance->mems[from_mem];
  if (!in_range(from, size, source.size()) || !in_range(to, size, target.size()))
    return TrapCode::out_of_bounds_memory_access;
  memmove(target.base + to, source.base + from, size);
  return TrapCode::none;
}

TrapCode memory_fill(abi::Instance* instance, uint32_t mem, uint64_t to, uint8_t value, uint64_t size) {
  abi::Memory& memory = *instance->mems[mem];
  if (!in_range(to, size, memory.size())) return TrapCode::out_of_bounds_memory_access;
  memset(memory.base + to, value, size);
  return TrapCode::none;
}

void data_drop(abi::Instance* instance, uint32_t data) { instance->datas[data] = {}; }

uint32_t atomic_wait32(abi::Memory* memory, uint64_t address, uint32_t expected, int64_t timeout_ns) {
  return static_cast<uint32_t>(park32(*memory, address, expected, timeout_ns));
}

uint32_t atomic_wait64(abi::Memory* memory, uint64_t address, uint64_t expected, int64_t timeout_ns) {
  return static_cast<uint32_t>(park64(*memory, address, expected, timeout_ns));
}

uint32_t atomic_notify(abi::Memory* memory, uint64_t address, uint32_t count) {
  return unpark(*memory, address, count);
}

}  // namespace cloche::runtime::calls
