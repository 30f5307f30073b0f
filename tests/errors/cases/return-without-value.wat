(module
  (func (param $x i32) (result i32)
    (if (i32.eqz (local.get $x)) (then (return)))
    (local.get $x)))
