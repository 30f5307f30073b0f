(module
  (func (export "f") (param $x i32) (result i32)
    (local.set $x (i32.const 1))))
