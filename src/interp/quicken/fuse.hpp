// Superinstructions: a sequence of instructions as one body, composed from what its rows mean.
//
// The operand stack of the sequence is known while compiling: values that the sequence pushes and pops itself
// stay in registers, and only what is left at its end is written to the stack. `Stack<Depth, Popped>` is its
// shape between two instructions: Depth values in registers, above the real stack less Popped slots.
//
// Each instruction knows its offset from the sequence's begin, so a trap or a call leaves pc at the
// instruction that is to blame, as unquickened code would.
#pragma once

#include "interp/access.hpp"
#include "interp/access_rows.hpp"
#include "interp/frames.hpp"
#include "interp/quicken/layout.hpp"
#include "interp/quicken/numeric_function.hpp"

namespace cloche::interp {

template <unsigned Depth, unsigned Popped>
struct Stack {
  static constexpr unsigned depth = Depth;
  using Pop =
      std::conditional_t<(Depth > 0), Stack<(Depth > 0 ? Depth - 1 : 0), Popped>, Stack<0, Popped + 1>>;
  using Push = Stack<Depth + 1, Popped>;

  CLOCHE_INLINE static Slot top(const State& s, const Slot* values) {
    if constexpr (Depth > 0)
      return values[Depth - 1];
    else
      return s.sp[-1 - static_cast<int>(Popped)];
  }
  /// Writes what is in registers to the real stack.
  CLOCHE_INLINE static void flush(State& s, const Slot* values) {
    Slot* base = s.sp - Popped;
    for (unsigned i = 0; i < Depth; ++i) base[i] = values[i];
    s.sp = base + Depth;
  }
};

template <class T>
CLOCHE_INLINE T from_slot(Slot slot) {
  if constexpr (std::is_same_v<T, float>)
    return std::bit_cast<float>(static_cast<uint32_t>(slot));
  else if constexpr (std::is_same_v<T, double>)
    return std::bit_cast<double>(slot);
  else
    return static_cast<T>(slot);
}
template <class T>
CLOCHE_INLINE Slot to_slot(T value) {
  if constexpr (std::is_same_v<T, float>)
    return std::bit_cast<uint32_t>(value);
  else if constexpr (std::is_same_v<T, double>)
    return std::bit_cast<uint64_t>(value);
  else
    return value;
}

template <unsigned Width>
CLOCHE_INLINE uint32_t unsigned_operand(const uint8_t* at) {
  static_assert(Width >= 1 && Width <= 4);
  if constexpr (Width == 1)
    return *at;
  else if constexpr (Width == 2)
    return read_raw<uint16_t>(at);
  else if constexpr (Width == 3)
    return read_raw<uint32_t>(at) & 0xFFFFFF;
  else
    return read_raw<uint32_t>(at);
}
template <unsigned Width>
CLOCHE_INLINE int64_t signed_operand(const uint8_t* at) {
  if constexpr (Width == 1)
    return read_raw<int8_t>(at);
  else if constexpr (Width == 2)
    return read_raw<int16_t>(at);
  else if constexpr (Width == 3)
    return static_cast<int32_t>(read_raw<uint32_t>(at) << 8) >> 8;
  else if constexpr (Width == 4)
    return read_raw<int32_t>(at);
  else
    return static_cast<int64_t>(read_raw<uint64_t>(at) << (64 - 8 * Width)) >> (64 - 8 * Width);
}

/// Where an instruction's operand stands: packed behind the superinstruction's code, or where the original
/// code has it (then it is one byte, of LEB128).
enum class Operands : uint8_t { packed, in_place };

/// Where things stand in a sequence: each instruction, from the sequence's begin, and its operand.
template <Operands Where, Symbol... Sequence>
struct Offsets {
  static constexpr std::array<Symbol, sizeof...(Sequence)> symbols = {Sequence...};
  static consteval uint32_t origin(size_t index) {
    uint32_t sum = 0;
    for (size_t i = 0; i < index; ++i) sum += original_bytes(symbols[i]);
    return sum;
  }
  static consteval uint32_t operand(size_t index) {
    if (Where == Operands::in_place) {
      const bool has_alignment = wasm::op_info(symbols[index].op).immediate == wasm::Imm::mem_arg;
      return origin(index) + (has_alignment ? 2 : 1);
    }
    uint32_t sum = code_bytes;
    for (size_t i = 0; i < index; ++i) sum += operand_bytes(symbols[i]);
    return sum;
  }
  static constexpr uint32_t length = origin(sizeof...(Sequence));
};

/// What an instruction is to a sequence.
enum class Part : uint8_t {
  local_get,
  local_set,
  local_tee,
  global_get,
  global_set,
  constant,
  numeric,
  load,
  store,
  select,
  drop,
  nothing,
  br,
  br_if,
  if_,
  br_table,
  call,
  call_indirect,
  return_,
  none,
};

constexpr Part part_of(wasm::Op op) {
  using wasm::Op;
  switch (op) {
    case Op::local_get:
      return Part::local_get;
    case Op::local_set:
      return Part::local_set;
    case Op::local_tee:
      return Part::local_tee;
    case Op::global_get:
      return Part::global_get;
    case Op::global_set:
      return Part::global_set;
    case Op::select:
      return Part::select;
    case Op::drop:
      return Part::drop;
    case Op::br:
      return Part::br;
    case Op::br_if:
      return Part::br_if;
    case Op::if_:
      return Part::if_;
    case Op::br_table:
      return Part::br_table;
    case Op::call:
      return Part::call;
    case Op::call_indirect:
      return Part::call_indirect;
    case Op::return_:
      return Part::return_;
    case Op::nop:
    case Op::block:
    case Op::loop:
      return Part::nothing;
    default:
      break;
  }
  const wasm::OpInfo& info = wasm::op_info(op);
  if (info.prefix != 0) return Part::none;
  switch (info.family) {
    case wasm::Family::numeric:
      return Part::numeric;
    case wasm::Family::const_:
      return Part::constant;
    case wasm::Family::load:
      return Part::load;
    case wasm::Family::store:
      return Part::store;
    default:
      return Part::none;
  }
}

template <Operands Where, Symbol... Sequence>
struct Fused {
  using Layout = Offsets<Where, Sequence...>;
  static constexpr size_t count = sizeof...(Sequence);

  CLOCHE_INLINE static Handler body(State& s) {
    Slot values[count + 1];
    return go<0, Stack<0, 0>>(s, values);
  }

 private:
  template <size_t Index, class Shape>
  CLOCHE_INLINE static Handler go(State& s, Slot* values) {
    if constexpr (Index == count) {
      Shape::flush(s, values);
      s.pc += Layout::length;
      return nullptr;
    } else {
      return instruction<Index, Shape, part_of(Layout::symbols[Index].op)>(s, values);
    }
  }

  template <size_t Index, class Shape>
  CLOCHE_INLINE static Handler push(State& s, Slot* values, Slot value) {
    values[Shape::depth] = value;
    return go<Index + 1, typename Shape::Push>(s, values);
  }

  template <size_t Index>
  CLOCHE_INLINE static uint32_t index_operand(const State& s) {
    return unsigned_operand<operand_bytes(Layout::symbols[Index])>(s.pc + Layout::operand(Index));
  }

  /// The operands that the instruction found are on the real stack then, for those who look at the trap.
  template <size_t Index, class Shape>
  CLOCHE_INLINE static Handler trap_here(State& s, const Slot* values, TrapCode code) {
    Shape::flush(s, values);
    s.pc += Layout::origin(Index);
    return trap(s, code);
  }

  template <size_t Index, class Shape, Part Kind>
  CLOCHE_INLINE static Handler instruction(State& s, Slot* values) {
    constexpr wasm::Op op = Layout::symbols[Index].op;
    using Pop = typename Shape::Pop;
    if constexpr (Kind == Part::local_get) {
      return push<Index, Shape>(s, values, s.locals[index_operand<Index>(s)]);
    } else if constexpr (Kind == Part::local_set) {
      s.locals[index_operand<Index>(s)] = Shape::top(s, values);
      return go<Index + 1, Pop>(s, values);
    } else if constexpr (Kind == Part::local_tee) {
      // The value may still be on the real stack; it stays where it is.
      s.locals[index_operand<Index>(s)] = Shape::top(s, values);
      return go<Index + 1, Shape>(s, values);
    } else if constexpr (Kind == Part::global_get) {
      return push<Index, Shape>(s, values, s.instance->globals[index_operand<Index>(s)]->value[0]);
    } else if constexpr (Kind == Part::global_set) {
      s.instance->globals[index_operand<Index>(s)]->value[0] = Shape::top(s, values);
      return go<Index + 1, Pop>(s, values);
    } else if constexpr (Kind == Part::constant) {
      return push<Index, Shape>(s, values, constant<Index>(s));
    } else if constexpr (Kind == Part::numeric) {
      return compute<Index, Shape>(s, values, NumericFunction<op>::value);
    } else if constexpr (Kind == Part::load) {
      return load<Index, Shape>(s, values);
    } else if constexpr (Kind == Part::store) {
      return store<Index, Shape>(s, values);
    } else if constexpr (Kind == Part::select) {
      using Second = Pop;
      using First = typename Second::Pop;
      const bool first = u32(Shape::top(s, values)) != 0;
      const Slot b = Second::top(s, values);
      const Slot a = First::top(s, values);
      return push<Index, typename First::Pop>(s, values, first ? a : b);
    } else if constexpr (Kind == Part::drop) {
      return go<Index + 1, Pop>(s, values);
    } else if constexpr (Kind == Part::nothing) {
      return go<Index + 1, Shape>(s, values);
    } else {
      static_assert(Index + 1 == count, "control flow ends a sequence");
      return leave<Index, Shape, Kind>(s, values);
    }
  }

  template <size_t Index>
  CLOCHE_INLINE static Slot constant(const State& s) {
    constexpr Symbol symbol = Layout::symbols[Index];
    const uint8_t* at = s.pc + Layout::operand(Index);
    if constexpr (Where == Operands::in_place)
      return symbol.op == wasm::Op::i32_const ? static_cast<uint32_t>(short_sleb(*at))
                                              : static_cast<uint64_t>(short_sleb(*at));
    else if constexpr (symbol.op == wasm::Op::i32_const)
      return static_cast<uint32_t>(signed_operand<operand_bytes(symbol)>(at));
    else if constexpr (symbol.op == wasm::Op::i64_const)
      return static_cast<uint64_t>(signed_operand<operand_bytes(symbol)>(at));
    else if constexpr (symbol.op == wasm::Op::f32_const)
      return read_raw<uint32_t>(at);
    else
      return read_raw<uint64_t>(at);
  }

  /// `Before` is the stack that the instruction found, `After` without its operands.
  template <size_t Index, class Before, class After, class R>
  CLOCHE_INLINE static Handler push_result(State& s, Slot* values, R result) {
    if constexpr (NumericResult<R>::traps) {
      if (result.trap != TrapCode::none) [[unlikely]]
        return trap_here<Index, Before>(s, values, result.trap);
      return push<Index, After>(s, values, to_slot(result.value));
    } else {
      return push<Index, After>(s, values, to_slot(result));
    }
  }
  template <size_t Index, class Shape, class R, class A>
  CLOCHE_INLINE static Handler compute(State& s, Slot* values, R (*)(A)) {
    const A a = from_slot<A>(Shape::top(s, values));
    return push_result<Index, Shape, typename Shape::Pop>(
        s, values, NumericFunction<Layout::symbols[Index].op>::value(a));
  }
  template <size_t Index, class Shape, class R, class A, class B>
  CLOCHE_INLINE static Handler compute(State& s, Slot* values, R (*)(A, B)) {
    using Left = typename Shape::Pop;
    const B b = from_slot<B>(Shape::top(s, values));
    const A a = from_slot<A>(Left::top(s, values));
    return push_result<Index, Shape, typename Left::Pop>(
        s, values, NumericFunction<Layout::symbols[Index].op>::value(a, b));
  }

  template <size_t Index, class Shape>
  CLOCHE_INLINE static Handler load(State& s, Slot* values) {
    using Types = AccessTypes<Layout::symbols[Index].op>;
    uint64_t value;
    if (!guarded_load<typename Types::Memory, typename Types::Stack>(
            s.mem + u32(Shape::top(s, values)) + index_operand<Index>(s), value)) [[unlikely]]
      return trap_here<Index, Shape>(s, values, TrapCode::out_of_bounds_memory_access);
    return push<Index, typename Shape::Pop>(s, values, value);
  }

  template <size_t Index, class Shape>
  CLOCHE_INLINE static Handler store(State& s, Slot* values) {
    using Types = AccessTypes<Layout::symbols[Index].op>;
    using Address = typename Shape::Pop;
    if (!guarded_store<typename Types::Memory>(s.mem + u32(Address::top(s, values)) + index_operand<Index>(s),
                                               Shape::top(s, values))) [[unlikely]]
      return trap_here<Index, Shape>(s, values, TrapCode::out_of_bounds_memory_access);
    return go<Index + 1, typename Address::Pop>(s, values);
  }

  /// Control flow: everything before it is on the real stack when it happens.
  template <size_t Index, class Shape, Part Kind>
  CLOCHE_INLINE static Handler leave(State& s, Slot* values) {
    const uint8_t* here = s.pc + Layout::origin(Index);
    const uint8_t* after = s.pc + Layout::length;
    if constexpr (Kind == Part::br_if) {
      const bool taken = u32(Shape::top(s, values)) != 0;
      Shape::Pop::flush(s, values);
      if (taken) return take_branch(s, after);
      s.stp += 1;
      s.pc = after;
      return nullptr;
    } else if constexpr (Kind == Part::if_) {
      const bool condition = u32(Shape::top(s, values)) != 0;
      Shape::Pop::flush(s, values);
      if (condition) {
        s.stp += 1;
        s.pc = after;
      } else {
        s.pc = after + s.stp->pc_delta;
        s.stp += s.stp->stp_delta;
      }
      return nullptr;
    } else if constexpr (Kind == Part::br) {
      Shape::flush(s, values);
      return take_branch(s, after);
    } else if constexpr (Kind == Part::br_table) {
      const uint32_t index = u32(Shape::top(s, values));
      Shape::Pop::flush(s, values);
      const uint8_t* at = here + 1;
      const uint32_t labels = read_index(at);
      s.stp += index < labels ? index : labels;
      return take_branch(s, here);
    } else if constexpr (Kind == Part::call) {
      FuncObject* callee = s.instance->funcs[index_operand<Index>(s)];
      Shape::flush(s, values);
      s.pc = here;
      return call_function(s, callee, after, s.stp);
    } else if constexpr (Kind == Part::call_indirect) {
      const uint32_t type = index_operand<Index>(s);
      Shape::flush(s, values);
      s.pc = here;
      return call_found(s, type, 0, after);
    } else {
      static_assert(Kind == Part::return_);
      Shape::flush(s, values);
      return return_from_function(s);
    }
  }
};

}  // namespace cloche::interp
