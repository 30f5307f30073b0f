;; Trap: call stack exhausted. Call frames live on a stack of the engine's own, out of the guest's reach. When it
;; is full, the call traps and the host goes on; nothing is overwritten.
;;
;;   cloche run examples/trap-call-stack-exhausted.wat --invoke forever
(module
  (func $forever (export "forever") (result i32)
    (i32.add (call $forever) (i32.const 1)))        ;; not a tail call: every frame is still needed
  (func $depth (export "depth") (param $n i32) (result i32)
    (if (i32.eqz (local.get $n)) (then (return (i32.const 0))))
    (i32.add (call $depth (i32.sub (local.get $n) (i32.const 1))) (i32.const 1))))
