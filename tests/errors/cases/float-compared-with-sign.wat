(module
  (func (param $a f64) (result i32)
    (i32.lt_s (local.get $a) (local.get $a))))
