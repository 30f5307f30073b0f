(module
  (func (param $x i32) (result i32)
    (if (result i32) (local.get $x)
      (i32.const 1)
      (i32.const 2))))
