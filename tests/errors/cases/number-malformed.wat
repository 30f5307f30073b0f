(module
  (func (result i32 i32)
    (i32.const 0x)
    (i32.const 1e3)))
