;; Trap: indirect call type mismatch. Validation knows what type a call_indirect expects, but only at run time is
;; it known which function lies in the slot; so each such call compares the two types.
;;
;;   cloche run examples/trap-indirect-call-type-mismatch.wat --invoke call_slot 1
(module
  (table funcref (elem $returns_i32 $returns_i64))
  (func $returns_i32 (result i32) (i32.const 1))
  (func $returns_i64 (result i64) (i64.const 1))
  (func (export "call_slot") (param $i i32) (result i32)
    (call_indirect (result i32) (local.get $i))))
