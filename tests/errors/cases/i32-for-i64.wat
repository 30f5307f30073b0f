(module
  (func (param $a i32) (result i64)
    (i64.mul (local.get $a) (i64.const 3))))
