(module
  (memory 1)
  (func (export "f")
    (memory.copy (i32.const 0) (i32.const 16))))
