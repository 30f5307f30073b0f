;; Tail calls: `return_call` gives up the caller's frame before it calls. A recursion of any depth then needs one
;; call frame, where `call` would need as many as it is deep.
;;
;;   cloche run examples/tail-calls.wat --invoke sum 1000000      prints 500000500000
;;   cloche run examples/tail-calls.wat --invoke is_even 1000001  prints 0
(module
  ;; 1 + 2 + ... + n, by a loop written as recursion with an accumulator.
  (func (export "sum") (param $n i64) (result i64)
    (return_call $sum_from (local.get $n) (i64.const 0)))

  (func $sum_from (param $n i64) (param $acc i64) (result i64)
    (if (i64.eqz (local.get $n))
      (then (return (local.get $acc))))
    ;; The operands are on the value stack; they become the callee's parameters, and this frame is gone.
    (return_call $sum_from
      (i64.sub (local.get $n) (i64.const 1))
      (i64.add (local.get $acc) (local.get $n))))

  ;; Two functions that call each other. The callee may be any function with the same results.
  (func $is_even (export "is_even") (param $n i32) (result i32)
    (if (i32.eqz (local.get $n)) (then (return (i32.const 1))))
    (return_call $is_odd (i32.sub (local.get $n) (i32.const 1))))

  ;; Through a table: return_call_indirect takes the table index from the top of the stack.
  (type $predicate (func (param i32) (result i32)))
  (table funcref (elem $is_even))
  (func $is_odd (export "is_odd") (param $n i32) (result i32)
    (if (i32.eqz (local.get $n)) (then (return (i32.const 0))))
    (return_call_indirect (type $predicate)
      (i32.sub (local.get $n) (i32.const 1))
      (i32.const 0))))
