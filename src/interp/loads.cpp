// Scalar loads.
#include "interp/access.hpp"
#include "interp/access_rows.hpp"
#include "interp/table.hpp"
#include "interp/trap.hpp"

namespace cloche::interp {
namespace {

/// Any memory, any encoding of the immediate, bounds compared.
template <class M, class R>
Handler load_any(State& s) {
  const uint8_t* at = s.pc + 1;
  const MemArg arg = read_mem_arg(at);
  const abi::Memory* memory = s.instance->mems[arg.mem];
  const uint8_t* source =
      checked_address(memory, read_address(&s.sp[-1], memory->is_64), arg.offset, sizeof(M));
  if (!source) [[unlikely]]
    return trap(s, TrapCode::out_of_bounds_memory_access);
  s.sp[-1] = widen<M, R>(read_raw<M>(source));
  s.pc = at;
  return nullptr;
}

/// Memory 0 on guard pages, alignment and offset of one byte each.
template <class M, class R>
CLOCHE_INLINE Handler load_guarded(State& s) {
  const uint8_t offset = s.pc[2];
  if (offset & 0x80) [[unlikely]]
    return step<load_any<M, R>>;
  uint64_t value;
  if (!guarded_load<M, R>(s.mem + u32(s.sp[-1]) + offset, value)) [[unlikely]]
    return trap(s, TrapCode::out_of_bounds_memory_access);
  s.sp[-1] = value;
  s.pc += 3;
  return nullptr;
}

template <class M, class R>
void add_load(TableBuilder& builder, wasm::Op op) {
  builder.any(op, step<load_any<M, R>>);
  if constexpr (guarded_access)
    if (builder.variant().guarded) builder.below_40(op, step<load_guarded<M, R>>);
}

}  // namespace

void add_loads(TableBuilder& builder) {
#define ROW(name, memory, stack) add_load<memory, stack>(builder, wasm::Op::name);
  CLOCHE_LOAD_ROWS(ROW)
#undef ROW
}

}  // namespace cloche::interp
