;; Trap: integer overflow. Adding and multiplying wrap; only two things overflow: the one signed quotient that has
;; no representation, and a float truncated to an integer type that cannot hold it.
;;
;;   cloche run examples/trap-integer-overflow.wat --invoke div -2147483648 -1
(module
  (func (export "div") (param $a i32) (param $b i32) (result i32)
    (i32.div_s (local.get $a) (local.get $b)))      ;; -2^31 / -1 would be 2^31
  (func (export "rem") (param $a i32) (param $b i32) (result i32)
    (i32.rem_s (local.get $a) (local.get $b)))      ;; the remainder of the same operands is 0, without a trap
  (func (export "truncate") (param $x f64) (result i32)
    (i32.trunc_f64_s (local.get $x)))               ;; traps for 3e9
  (func (export "saturate") (param $x f64) (result i32)
    (i32.trunc_sat_f64_s (local.get $x))))          ;; gives the nearest integer that there is
