(module
  (func (export "f") (result i32) (i64.const 1)))
(assert_invalid (module (func (result i32))) "type mismatch")
(module (func (export "g") (result i32) (i32.cosnt 1)))
