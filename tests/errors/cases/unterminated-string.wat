(module
  (memory 1)
  (data (i32.const 0) "hello
  world")
  (func (export "f") (result i32) (i32.cosnt 1)))
