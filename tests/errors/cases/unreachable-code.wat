(module
  (func (result i32)
    (return (i32.const 1))
    (i64.const 2)))
