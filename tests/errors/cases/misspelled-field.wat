(module
  (fucn $f (result i32) (i32.const 1))
  (func (export "g") (result i32) (call $f)))
