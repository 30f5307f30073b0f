// What every numeric instruction computes, once: one pure function per row of opcodes.def whose family is
// numeric, lane or shuffle, named like the row and typed by its signature (spec: Execution / Numerics).
// Interpreter, constant folding and tests call these; compiled code is held to them.
//
// Instructions that may trap return Trapping<T>. The operands of lane instructions end with the lane, those
// of i8x16.shuffle with its sixteen lanes; both are in range because the module was validated.
//
// Floating point assumes the default environment (round to nearest, no flush to zero) and a target that
// computes in the operands' own precision, such as SSE2 and AArch64. Which of the NaNs that the spec allows
// comes out is up to the host; canonicalize() makes it one, for the deterministic profile. Operands must be
// values that only running brings: compilers take x * 1.0 for x, and f32_demote_f64(f64_promote_f32(x)) too,
// signalling NaNs included. So neither call these on literals, nor let a promotion flow into a demotion
// within one function.
#pragma once

#include "wasm/numeric_convert.h"
#include "wasm/numeric_float.h"
#include "wasm/numeric_int.h"
#include "wasm/numeric_relaxed.h"
#include "wasm/numeric_simd_float.h"
#include "wasm/numeric_simd_int.h"
#include "wasm/numeric_wide.h"
