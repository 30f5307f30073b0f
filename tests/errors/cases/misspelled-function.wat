(module
  (func $increment (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
  (func (export "f") (result i32) (call $incremnt (i32.const 1))))
