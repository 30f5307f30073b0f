;; cloche run --invoke incremnt
(module
  (func (export "increment") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
  (func (export "decrement") (param i32) (result i32) (i32.sub (local.get 0) (i32.const 1))))
