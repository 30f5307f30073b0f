;; Trap: invalid conversion to integer. A NaN is no number, so it has no integer part.
;;
;;   cloche run examples/trap-invalid-conversion.wat --invoke truncate nan
(module
  (func (export "truncate") (param $x f32) (result i32)
    (i32.trunc_f32_s (local.get $x)))
  (func (export "saturate") (param $x f32) (result i32)
    (i32.trunc_sat_f32_s (local.get $x))))          ;; NaN becomes 0 instead
