(module
  (memory 1)
  (func (param $value i64)
    (i64.store (local.get $value) (i32.const 8))))
