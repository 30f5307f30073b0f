;; run: run 7 2
(module
  (func (export "run") (param $a i32) (param $b i32) (result f64) (local $wide i64) (local $x f32)
    (local.set $wide (i64.extend_i32_s (i32.rem_u (i32.shl (local.get $a) (i32.const 3)) (local.get $b))))
    (local.set $wide (i64.or (local.get $wide) (i64.const -9223372036854775808)))
    (local.set $x (f32.sqrt (f32.convert_i32_u (i32.clz (local.get $b)))))
    (drop (i32.eqz (i64.lt_s (local.get $wide) (i64.const 0))))
    (select (f64.div (f64.promote_f32 (local.get $x)) (f64.const -0x1p-3)) (f64.const nan)
      (f32.ge (local.get $x) (f32.const 1.5)))))
