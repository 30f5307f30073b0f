(module
  (func (result i32)
    i32.const 4
    drop
    i32.const 1
    i32.add))
