(module
  (func (result i32)
    (i32.const 1)
    (local $x i32)
    (local.set $x)))
