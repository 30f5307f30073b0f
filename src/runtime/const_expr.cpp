#include "runtime/const_expr.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/assert.hpp"
#include "base/leb128.hpp"
#include "runtime/runtime_calls.hpp"
#include "wasm/opcode.hpp"

namespace cloche::runtime {
namespace {

using wasm::Op;
using wasm::TrapCode;

/// An expression being evaluated. The stack grows upwards from the context's sp.
struct Evaluation {
  abi::Context& context;
  abi::Instance& instance;
  const uint8_t* at;
  const uint8_t* end;
  abi::Slot* sp;
  bool done = false;

  template <class T>
  T read() {
    const auto leb = base::read_leb<T>(at, end);
    at = leb.next;
    return leb.value;
  }
  template <class T>
  T read_raw() {
    T value;
    memcpy(&value, at, sizeof value);
    at += sizeof value;
    return value;
  }
  void push(abi::Slot slot) { *sp++ = slot; }
  abi::Slot pop() { return *--sp; }
  /// Makes the operands visible to the collector before an allocation.
  void publish() { context.sp = sp; }
};

using Step = TrapCode (*)(Evaluation&);

constexpr TrapCode ok = TrapCode::none;

TrapCode end_(Evaluation& e) {
  e.done = true;
  return ok;
}

TrapCode i32_const(Evaluation& e) {
  e.push(static_cast<uint32_t>(e.read<int32_t>()));
  return ok;
}
TrapCode i64_const(Evaluation& e) {
  e.push(static_cast<uint64_t>(e.read<int64_t>()));
  return ok;
}
template <class T>
TrapCode raw_const(Evaluation& e) {
  e.push(e.read_raw<T>());
  return ok;
}
TrapCode v128_const(Evaluation& e) {
  e.push(e.read_raw<uint64_t>());
  e.push(e.read_raw<uint64_t>());
  return ok;
}

TrapCode global_get(Evaluation& e) {
  const abi::Global& global = *e.instance.globals[e.read<uint32_t>()];
  for (uint32_t i = 0; i < global.type.slots(); ++i) e.push(global.value[i]);
  return ok;
}

TrapCode ref_null(Evaluation& e) {
  e.read<int64_t>();  // the heap type, a 33-bit number
  e.push(abi::null_ref);
  return ok;
}
TrapCode ref_func(Evaluation& e) {
  e.push(abi::to_ref(e.instance.funcs[e.read<uint32_t>()]));
  return ok;
}
TrapCode ref_i31(Evaluation& e) {
  e.push(abi::make_i31(static_cast<uint32_t>(e.pop())));
  return ok;
}
TrapCode convert(Evaluation&) { return ok; }  // any and extern references are the same bits

enum class Arithmetic { add, sub, mul };
template <class T, Arithmetic Kind>
TrapCode arithmetic(Evaluation& e) {
  const T b = static_cast<T>(e.pop());
  const T a = static_cast<T>(e.pop());
  if constexpr (Kind == Arithmetic::add)
    e.push(static_cast<T>(a + b));
  else if constexpr (Kind == Arithmetic::sub)
    e.push(static_cast<T>(a - b));
  else
    e.push(static_cast<T>(a * b));
  return ok;
}

TrapCode struct_new_default(Evaluation& e) {
  const abi::Rtt* const rtt = e.instance.rtts[e.read<uint32_t>()];
  e.publish();
  abi::StructObject* const object = e.context.calls->struct_new(&e.context, rtt);
  if (!object) return TrapCode::out_of_memory;
  e.push(abi::to_ref(object));
  return ok;
}

/// Stores a value in its storage form; numbers are the low bytes of their slots.
void store_field(uint8_t* at, wasm::StorageType type, const abi::Slot* slots) {
  memcpy(at, slots, type.size_bytes());
}

TrapCode struct_new(Evaluation& e) {
  if (const TrapCode code = struct_new_default(e); code != ok) return code;
  abi::GcObject* const object = abi::as_object(e.pop());
  const abi::Rtt& rtt = *object->rtt;
  for (uint32_t i = rtt.field_count; i-- > 0;) {
    e.sp -= rtt.field_types[i].unpacked().slots();
    store_field(abi::field_at(object, rtt.field_offsets[i]), rtt.field_types[i], e.sp);
  }
  e.push(abi::to_ref(object));
  return ok;
}

/// Allocates an array and leaves the operands where they are.
abi::ArrayObject* allocate_array(Evaluation& e, const abi::Rtt* rtt, uint32_t length) {
  e.publish();
  return e.context.calls->array_new(&e.context, rtt, length);
}

TrapCode array_new_default(Evaluation& e) {
  const abi::Rtt* const rtt = e.instance.rtts[e.read<uint32_t>()];
  abi::ArrayObject* const array = allocate_array(e, rtt, static_cast<uint32_t>(e.pop()));
  if (!array) return TrapCode::out_of_memory;
  e.push(abi::to_ref(array));
  return ok;
}

/// Fills `size` bytes with copies of one element; what is filled is copied behind itself.
void fill(uint8_t* begin, const abi::Slot* element, uint64_t elem_bytes, uint64_t size) {
  if (size == 0) return;
  memcpy(begin, element, elem_bytes);
  for (uint64_t done = elem_bytes; done < size; done *= 2)
    memcpy(begin + done, begin, std::min(done, size - done));
}

TrapCode array_new(Evaluation& e) {
  const abi::Rtt* const rtt = e.instance.rtts[e.read<uint32_t>()];
  const auto length = static_cast<uint32_t>(e.pop());
  abi::ArrayObject* const array = allocate_array(e, rtt, length);
  if (!array) return TrapCode::out_of_memory;
  e.sp -= rtt->field_types[0].unpacked().slots();
  fill(abi::elements(array), e.sp, rtt->elem_bytes, uint64_t{length} * rtt->elem_bytes);
  e.push(abi::to_ref(array));
  return ok;
}

TrapCode array_new_fixed(Evaluation& e) {
  const abi::Rtt* const rtt = e.instance.rtts[e.read<uint32_t>()];
  const auto length = e.read<uint32_t>();
  abi::ArrayObject* const array = allocate_array(e, rtt, length);
  if (!array) return TrapCode::out_of_memory;
  for (uint64_t i = length; i-- > 0;) {
    e.sp -= rtt->field_types[0].unpacked().slots();
    store_field(abi::elements(array) + i * rtt->elem_bytes, rtt->field_types[0], e.sp);
  }
  e.push(abi::to_ref(array));
  return ok;
}

/// What each constant instruction does; null for instructions that are not constant.
constexpr auto steps = [] {
  std::array<Step, wasm::op_count> table{};
  const auto set = [&](Op op, Step step) { table[static_cast<size_t>(op)] = step; };
  set(Op::end, end_);
  set(Op::i32_const, i32_const);
  set(Op::i64_const, i64_const);
  set(Op::f32_const, raw_const<uint32_t>);
  set(Op::f64_const, raw_const<uint64_t>);
  set(Op::v128_const, v128_const);
  set(Op::global_get, global_get);
  set(Op::ref_null, ref_null);
  set(Op::ref_func, ref_func);
  set(Op::ref_i31, ref_i31);
  set(Op::any_convert_extern, convert);
  set(Op::extern_convert_any, convert);
  set(Op::i32_add, arithmetic<uint32_t, Arithmetic::add>);
  set(Op::i32_sub, arithmetic<uint32_t, Arithmetic::sub>);
  set(Op::i32_mul, arithmetic<uint32_t, Arithmetic::mul>);
  set(Op::i64_add, arithmetic<uint64_t, Arithmetic::add>);
  set(Op::i64_sub, arithmetic<uint64_t, Arithmetic::sub>);
  set(Op::i64_mul, arithmetic<uint64_t, Arithmetic::mul>);
  set(Op::struct_new, struct_new);
  set(Op::struct_new_default, struct_new_default);
  set(Op::array_new, array_new);
  set(Op::array_new_default, array_new_default);
  set(Op::array_new_fixed, array_new_fixed);
  return table;
}();

Op read_op(Evaluation& e) {
  const uint8_t byte = *e.at++;
  return wasm::is_prefix(byte) ? wasm::find_op(byte, e.read<uint32_t>()) : wasm::find_op(0, byte);
}

TrapCode run(Evaluation& e) {
  while (!e.done) {
    if (e.context.stack_limit - e.sp < 2) return TrapCode::call_stack_exhausted;
    const Op op = read_op(e);
    const Step step = op == Op::count_ ? nullptr : steps[static_cast<size_t>(op)];
    ASSERT(step);  // validation let only constant instructions through
    if (const TrapCode code = step(e); code != ok) return code;
  }
  return ok;
}

}  // namespace

TrapCode evaluate_const(abi::Context& context, abi::Instance& instance, std::span<const uint8_t> expr,
                        abi::Slot* result, size_t* used) {
  abi::Slot* const base = context.sp;
  Evaluation e{context, instance, expr.data(), expr.data() + expr.size(), base};
  const TrapCode code = run(e);
  if (code == ok) memcpy(result, base, static_cast<size_t>(e.sp - base) * sizeof(abi::Slot));
  context.sp = base;
  if (used) *used = static_cast<size_t>(e.at - expr.data());
  return code;
}

}  // namespace cloche::runtime
