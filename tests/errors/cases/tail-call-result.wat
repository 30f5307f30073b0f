(module
  (func $long (result i64) (i64.const 1))
  (func (export "f") (result i32)
    (return_call $long)))
