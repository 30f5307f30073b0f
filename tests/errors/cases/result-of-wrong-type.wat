(module
  (func (export "f") (param $x i64) (result i32)
    (i64.add (local.get $x) (i64.const 1))))
