;; Conversions of relaxed SIMD, which the specification's scripts name and do not run. In range they are exact; out of
;; range and for NaN, two results are allowed (spec: Relaxed Integer Operations): saturation, or the smallest (signed) or
;; the largest (unsigned) integer.
(module
  (func (export "f32_s") (param v128) (result v128) (i32x4.relaxed_trunc_f32x4_s (local.get 0)))
  (func (export "f32_u") (param v128) (result v128) (i32x4.relaxed_trunc_f32x4_u (local.get 0)))
  (func (export "f64_s") (param v128) (result v128) (i32x4.relaxed_trunc_f64x2_s_zero (local.get 0)))
  (func (export "f64_u") (param v128) (result v128) (i32x4.relaxed_trunc_f64x2_u_zero (local.get 0))))

(assert_return (invoke "f32_s" (v128.const f32x4 1.9 -1.9 -2147483648 0x1.fffffep30))
               (v128.const i32x4 1 -1 -2147483648 2147483520))
(assert_return (invoke "f32_u" (v128.const f32x4 1.9 -0.9 0 0x1.fffffep31))
               (v128.const i32x4 1 0 0 4294967040))
(assert_return (invoke "f64_s" (v128.const f64x2 -2147483648.9 2147483647.9))
               (v128.const i32x4 -2147483648 2147483647 0 0))
(assert_return (invoke "f64_u" (v128.const f64x2 -0.9 4294967295.9))
               (v128.const i32x4 0 4294967295 0 0))

(assert_return (invoke "f32_s" (v128.const f32x4 nan nan nan nan))
               (either (v128.const i32x4 0 0 0 0)
                       (v128.const i32x4 0x80000000 0x80000000 0x80000000 0x80000000)))
(assert_return (invoke "f32_s" (v128.const f32x4 inf inf inf inf))
               (either (v128.const i32x4 0x7fffffff 0x7fffffff 0x7fffffff 0x7fffffff)
                       (v128.const i32x4 0x80000000 0x80000000 0x80000000 0x80000000)))
(assert_return (invoke "f32_u" (v128.const f32x4 -5 -5 -5 -5))
               (either (v128.const i32x4 0 0 0 0) (v128.const i32x4 -1 -1 -1 -1)))
(assert_return (invoke "f64_s" (v128.const f64x2 1e300 1e300))
               (either (v128.const i32x4 0x7fffffff 0x7fffffff 0 0) (v128.const i32x4 0x80000000 0x80000000 0 0)))
(assert_return (invoke "f64_u" (v128.const f64x2 nan nan))
               (either (v128.const i32x4 0 0 0 0) (v128.const i32x4 -1 -1 0 0)))
