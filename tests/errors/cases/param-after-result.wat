(module
  (func (result i32) (param $x i32)
    (local.get $x)))
