;; Trap: unreachable. The instruction that always traps; compilers put it where no control flow may arrive.
;; A trap ends the whole computation: no instruction of the guest runs after it, and none can catch it.
;;
;;   cloche run examples/trap-unreachable.wat --invoke run
(module
  (func (export "run") (result i32)
    unreachable))         ;; after it the stack is polymorphic: no i32 is needed for the result
