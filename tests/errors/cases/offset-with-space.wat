(module
  (memory 1)
  (func (result i32)
    (i32.load offset = 8 (i32.const 0))))
