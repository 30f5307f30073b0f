;; Trap: uninitialized element. An indirect call of a table slot that is null. (C: calling a null function pointer;
;; linkers leave slot 0 empty for exactly this.)
;;
;;   cloche run examples/trap-uninitialized-element.wat --invoke call_slot 0
(module
  (table $t 2 funcref)
  (elem (table $t) (i32.const 1) func $one)         ;; slot 0 keeps its null
  (func $one (result i32) (i32.const 1))
  (func (export "call_slot") (param $i i32) (result i32)
    (call_indirect $t (result i32) (local.get $i))))
