(module
  (func (param $a i32) (result i32)
    (i32.add (local.get $a) (i64.const 1))))
