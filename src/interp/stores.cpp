// Scalar stores.
#include "interp/access.hpp"
#include "interp/access_rows.hpp"
#include "interp/table.hpp"
#include "interp/trap.hpp"

namespace cloche::interp {
namespace {

/// Any memory, any encoding of the immediate, bounds compared.
template <class M>
Handler store_any(State& s) {
  const uint8_t* at = s.pc + 1;
  const MemArg arg = read_mem_arg(at);
  const abi::Memory* memory = s.instance->mems[arg.mem];
  uint8_t* target = checked_address(memory, read_address(&s.sp[-2], memory->is_64), arg.offset, sizeof(M));
  if (!target) [[unlikely]]
    return trap(s, TrapCode::out_of_bounds_memory_access);
  const auto value = static_cast<M>(s.sp[-1]);
  std::memcpy(target, &value, sizeof value);
  s.sp -= 2;
  s.pc = at;
  return nullptr;
}

/// Memory 0 on guard pages, alignment and offset of one byte each.
template <class M>
CLOCHE_INLINE Handler store_guarded(State& s) {
  const uint8_t offset = s.pc[2];
  if (offset & 0x80) [[unlikely]]
    return step<store_any<M>>;
  if (!guarded_store<M>(s.mem + u32(s.sp[-2]) + offset, s.sp[-1])) [[unlikely]]
    return trap(s, TrapCode::out_of_bounds_memory_access);
  s.sp -= 2;
  s.pc += 3;
  return nullptr;
}

template <class M>
void add_store(TableBuilder& builder, wasm::Op op) {
  builder.any(op, step<store_any<M>>);
  if constexpr (guarded_access)
    if (builder.variant().guarded) builder.below_40(op, step<store_guarded<M>>);
}

}  // namespace

void add_stores(TableBuilder& builder) {
#define ROW(name, memory, stack) add_store<memory>(builder, wasm::Op::name);
  CLOCHE_STORE_ROWS(ROW)
#undef ROW
}

}  // namespace cloche::interp
