(module
  (func (param $a i32) (result i32)
    (i32.mull (local.get $a) (i32.const 2))))
