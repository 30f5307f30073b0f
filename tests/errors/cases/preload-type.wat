;; cloche run --preload lib=lib.wat
(module
  (import "lib" "add" (func $add (param i32 i64) (result i32)))
  (func (export "f") (result i32) (call $add (i32.const 1) (i64.const 2))))
