;; run: run 3
(module
  (type $unary (func (param i32) (result i32)))
  (table $t 2 funcref)
  (elem (i32.const 0) $twice $down)
  (func $twice (param $x i32) (result i32) (i32.mul (local.get $x) (i32.const 2)))
  (func $down (param $x i32) (result i32)
    (if (result i32) (local.get $x)
      (then (return_call $down (i32.sub (local.get $x) (i32.const 1))))
      (else (return (local.get $x)))))
  (func $both (param $x i32) (result i32 i32) (local.get $x) (call $twice (local.get $x)))
  (elem declare func $twice)
  (func (export "run") (param $n i32) (result i32)
    (call $both (local.get $n))
    i32.add
    (call_indirect (type $unary) (local.get $n) (i32.const 0))
    i32.add
    (call_ref $unary (local.get $n) (ref.func $twice))
    i32.add
    (return_call_indirect (type $unary) (i32.const 1) (i32.const 1))))
