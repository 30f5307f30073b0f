// Threads: sequentially consistent accesses, wait and notify.
#include <atomic>

#include "interp/access.hpp"
#include "interp/table.hpp"
#include "interp/trap.hpp"

namespace cloche::interp {
namespace {

struct Place {
  uint8_t* at = nullptr;
  uint64_t address = 0;  // within the memory
  abi::Memory* memory = nullptr;
  TrapCode trap = TrapCode::none;
};

/// Where an atomic access of `bytes` bytes goes. Alignment is looked at before bounds, as the reference
/// interpreter does.
Place locate(const State& s, const uint8_t*& at, const Slot* operand, uint64_t bytes) {
  const MemArg arg = read_mem_arg(at);
  Place place;
  place.memory = s.instance->mems[arg.mem];
  const uint64_t address = read_address(operand, place.memory->is_64);
  place.address = address + arg.offset;
  if (place.address % bytes != 0) {
    place.trap = TrapCode::unaligned_atomic;
    return place;
  }
  place.at = checked_address(place.memory, address, arg.offset, bytes);
  if (!place.at) place.trap = TrapCode::out_of_bounds_memory_access;
  return place;
}

template <class M>
std::atomic_ref<M> atomic_at(const Place& place) {
  return std::atomic_ref<M>(*reinterpret_cast<M*>(place.at));
}

template <class M>
Handler atomic_load(State& s) {
  const uint8_t* at = s.pc + 2;
  const Place place = locate(s, at, s.sp - 1, sizeof(M));
  if (!place.at) return trap(s, place.trap);
  s.sp[-1] = atomic_at<M>(place).load();
  s.pc = at;
  return nullptr;
}

template <class M>
Handler atomic_store(State& s) {
  const uint8_t* at = s.pc + 2;
  const Place place = locate(s, at, s.sp - 2, sizeof(M));
  if (!place.at) return trap(s, place.trap);
  atomic_at<M>(place).store(static_cast<M>(s.sp[-1]));
  s.sp -= 2;
  s.pc = at;
  return nullptr;
}

enum class Rmw : uint8_t { add, sub, and_, or_, xor_, xchg };

template <Rmw Operation, class M>
M modify(std::atomic_ref<M> cell, M operand) {
  switch (Operation) {
    case Rmw::add:
      return cell.fetch_add(operand);
    case Rmw::sub:
      return cell.fetch_sub(operand);
    case Rmw::and_:
      return cell.fetch_and(operand);
    case Rmw::or_:
      return cell.fetch_or(operand);
    case Rmw::xor_:
      return cell.fetch_xor(operand);
    case Rmw::xchg:
      return cell.exchange(operand);
  }
}

template <Rmw Operation, class M>
Handler atomic_rmw(State& s) {
  const uint8_t* at = s.pc + 2;
  const Place place = locate(s, at, s.sp - 2, sizeof(M));
  if (!place.at) return trap(s, place.trap);
  s.sp[-2] = modify<Operation, M>(atomic_at<M>(place), static_cast<M>(s.sp[-1]));
  s.sp -= 1;
  s.pc = at;
  return nullptr;
}

/// Of the expected value, like of the replacement, only the bits that the access covers count.
template <class M>
Handler atomic_cmpxchg(State& s) {
  const uint8_t* at = s.pc + 2;
  const Place place = locate(s, at, s.sp - 3, sizeof(M));
  if (!place.at) return trap(s, place.trap);
  auto found = static_cast<M>(s.sp[-2]);
  atomic_at<M>(place).compare_exchange_strong(found, static_cast<M>(s.sp[-1]));
  s.sp[-3] = found;
  s.sp -= 2;
  s.pc = at;
  return nullptr;
}

template <class M, auto Wait>
Handler atomic_wait(State& s) {
  const uint8_t* at = s.pc + 2;
  const Place place = locate(s, at, s.sp - 3, sizeof(M));
  if (!place.at) return trap(s, place.trap);
  if (!place.memory->shared) return trap(s, TrapCode::expected_shared_memory);
  s.context->sp = s.sp;
  s.sp[-3] = (s.context->calls->*Wait)(place.memory, place.address, static_cast<M>(s.sp[-2]),
                                       static_cast<int64_t>(s.sp[-1]));
  s.sp -= 2;
  s.pc = at;
  return nullptr;
}

Handler atomic_notify(State& s) {
  const uint8_t* at = s.pc + 2;
  const Place place = locate(s, at, s.sp - 2, 4);
  if (!place.at) return trap(s, place.trap);
  s.sp[-2] = s.context->calls->atomic_notify(place.memory, place.address, u32(s.sp[-1]));
  s.sp -= 1;
  s.pc = at;
  return nullptr;
}

Handler atomic_fence(State& s) {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  s.pc += 3;
  return nullptr;
}

/// The rows of an operation in the order of the table: two full widths, then the narrow ones.
template <Rmw Operation>
void add_rmw(TableBuilder& builder, wasm::Op first) {
  const auto op = [first](unsigned i) { return static_cast<wasm::Op>(static_cast<unsigned>(first) + i); };
  builder.any(op(0), step<atomic_rmw<Operation, uint32_t>>);
  builder.any(op(1), step<atomic_rmw<Operation, uint64_t>>);
  builder.any(op(2), step<atomic_rmw<Operation, uint8_t>>);
  builder.any(op(3), step<atomic_rmw<Operation, uint16_t>>);
  builder.any(op(4), step<atomic_rmw<Operation, uint8_t>>);
  builder.any(op(5), step<atomic_rmw<Operation, uint16_t>>);
  builder.any(op(6), step<atomic_rmw<Operation, uint32_t>>);
}

}  // namespace

void add_atomics(TableBuilder& builder) {
  using abi::RuntimeCalls;
  using wasm::Op;
  builder.any(Op::memory_atomic_notify, step<atomic_notify>);
  builder.any(Op::memory_atomic_wait32, step<atomic_wait<uint32_t, &RuntimeCalls::atomic_wait32>>);
  builder.any(Op::memory_atomic_wait64, step<atomic_wait<uint64_t, &RuntimeCalls::atomic_wait64>>);
  builder.any(Op::atomic_fence, step<atomic_fence>);
  for (const Op op : {Op::i32_atomic_load, Op::i64_atomic_load32_u})
    builder.any(op, step<atomic_load<uint32_t>>);
  for (const Op op : {Op::i32_atomic_load8_u, Op::i64_atomic_load8_u})
    builder.any(op, step<atomic_load<uint8_t>>);
  for (const Op op : {Op::i32_atomic_load16_u, Op::i64_atomic_load16_u})
    builder.any(op, step<atomic_load<uint16_t>>);
  builder.any(Op::i64_atomic_load, step<atomic_load<uint64_t>>);
  for (const Op op : {Op::i32_atomic_store, Op::i64_atomic_store32})
    builder.any(op, step<atomic_store<uint32_t>>);
  for (const Op op : {Op::i32_atomic_store8, Op::i64_atomic_store8})
    builder.any(op, step<atomic_store<uint8_t>>);
  for (const Op op : {Op::i32_atomic_store16, Op::i64_atomic_store16})
    builder.any(op, step<atomic_store<uint16_t>>);
  builder.any(Op::i64_atomic_store, step<atomic_store<uint64_t>>);
  add_rmw<Rmw::add>(builder, Op::i32_atomic_rmw_add);
  add_rmw<Rmw::sub>(builder, Op::i32_atomic_rmw_sub);
  add_rmw<Rmw::and_>(builder, Op::i32_atomic_rmw_and);
  add_rmw<Rmw::or_>(builder, Op::i32_atomic_rmw_or);
  add_rmw<Rmw::xor_>(builder, Op::i32_atomic_rmw_xor);
  add_rmw<Rmw::xchg>(builder, Op::i32_atomic_rmw_xchg);
  builder.any(Op::i32_atomic_rmw_cmpxchg, step<atomic_cmpxchg<uint32_t>>);
  builder.any(Op::i64_atomic_rmw_cmpxchg, step<atomic_cmpxchg<uint64_t>>);
  builder.any(Op::i32_atomic_rmw8_cmpxchg_u, step<atomic_cmpxchg<uint8_t>>);
  builder.any(Op::i32_atomic_rmw16_cmpxchg_u, step<atomic_cmpxchg<uint16_t>>);
  builder.any(Op::i64_atomic_rmw8_cmpxchg_u, step<atomic_cmpxchg<uint8_t>>);
  builder.any(Op::i64_atomic_rmw16_cmpxchg_u, step<atomic_cmpxchg<uint16_t>>);
  builder.any(Op::i64_atomic_rmw32_cmpxchg_u, step<atomic_cmpxchg<uint32_t>>);
}

}  // namespace cloche::interp
