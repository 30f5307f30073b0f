;; Trap: integer divide by zero. Floating-point division gives infinity or NaN instead and never traps.
;;
;;   cloche run examples/trap-integer-divide-by-zero.wat --invoke div 7 0
(module
  (func (export "div") (param $a i32) (param $b i32) (result i32)
    (i32.div_u (local.get $a) (local.get $b)))
  (func (export "rem") (param $a i64) (param $b i64) (result i64)
    (i64.rem_s (local.get $a) (local.get $b)))
  (func (export "fdiv") (param $a f64) (param $b f64) (result f64)
    (f64.div (local.get $a) (local.get $b))))
