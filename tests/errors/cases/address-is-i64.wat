(module
  (memory 1)
  (func (param $p i64) (result i32)
    (i32.load (local.get $p))))
