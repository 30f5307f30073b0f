;; Trap: undefined element. An indirect call beyond the end of its table. (C: a function pointer that is not one.)
;;
;;   cloche run examples/trap-undefined-element.wat --invoke call_slot 5
(module
  (table funcref (elem $one $two))                  ;; two slots
  (func $one (result i32) (i32.const 1))
  (func $two (result i32) (i32.const 2))
  (func (export "call_slot") (param $i i32) (result i32)
    (call_indirect (result i32) (local.get $i))))
