// Names for the instructions that sequences are made of.
#pragma once

#include "interp/numeric_rows.hpp"
#include "interp/quicken/layout.hpp"

namespace cloche::interp {

/// The symbols of every instruction that sequences are made of, named like the rows of opcodes.def.
namespace symbols {

inline constexpr Symbol local_get{wasm::Op::local_get, 1};
inline constexpr Symbol local_set{wasm::Op::local_set, 1};
inline constexpr Symbol local_tee{wasm::Op::local_tee, 1};
inline constexpr Symbol global_get{wasm::Op::global_get, 1};
inline constexpr Symbol global_set{wasm::Op::global_set, 1};
inline constexpr Symbol f32_const{wasm::Op::f32_const, 0};
inline constexpr Symbol f64_const{wasm::Op::f64_const, 0};
inline constexpr Symbol select{wasm::Op::select, 0};
inline constexpr Symbol drop{wasm::Op::drop, 0};
inline constexpr Symbol nop{wasm::Op::nop, 0};
inline constexpr Symbol block{wasm::Op::block, 1};
inline constexpr Symbol loop{wasm::Op::loop, 1};
inline constexpr Symbol br{wasm::Op::br, 1};
inline constexpr Symbol br_if{wasm::Op::br_if, 1};
inline constexpr Symbol if_{wasm::Op::if_, 1};
inline constexpr Symbol br_table{wasm::Op::br_table, 0};
inline constexpr Symbol return_{wasm::Op::return_, 0};
inline constexpr Symbol call_indirect_2{wasm::Op::call_indirect, 2};
inline constexpr Symbol call_indirect_6{wasm::Op::call_indirect, 6};
inline constexpr Symbol call_indirect_10{wasm::Op::call_indirect, 10};
inline constexpr Symbol call_1{wasm::Op::call, 1};
inline constexpr Symbol call_2{wasm::Op::call, 2};
inline constexpr Symbol call_5{wasm::Op::call, 5};

// NAME_n: the immediate takes n bytes; the rows of numeric.h have none.
#undef CLOCHE_ROW_numeric
#define CLOCHE_ROW_numeric(name) inline constexpr Symbol name{wasm::Op::name, 0};
#undef CLOCHE_ROW_load
#define CLOCHE_ROW_load(name)                          \
  inline constexpr Symbol name##_1{wasm::Op::name, 1}; \
  inline constexpr Symbol name##_2{wasm::Op::name, 2}; \
  inline constexpr Symbol name##_3{wasm::Op::name, 3}; \
  inline constexpr Symbol name##_4{wasm::Op::name, 4}; \
  inline constexpr Symbol name##_5{wasm::Op::name, 5};
#undef CLOCHE_ROW_store
#define CLOCHE_ROW_store CLOCHE_ROW_load
#define OP CLOCHE_ROW
#include "wasm/opcodes.def"
#undef OP
CLOCHE_ROW_load(i32_const)
    CLOCHE_ROW_load(i64_const) inline constexpr Symbol i64_const_6{wasm::Op::i64_const, 6};
inline constexpr Symbol i64_const_7{wasm::Op::i64_const, 7};
inline constexpr Symbol i64_const_8{wasm::Op::i64_const, 8};
inline constexpr Symbol i64_const_9{wasm::Op::i64_const, 9};
inline constexpr Symbol i64_const_10{wasm::Op::i64_const, 10};

}  // namespace symbols

}  // namespace cloche::interp
