(module
  (func $a (result i32) (i64.const 1))
  (func $b (param i32) (result i32) (local.get 0))
  (func $c (i32.const 1))
  (func $d (result i32) (call $b (f32.const 1))))
