;; Trap: expected shared memory. Waiting needs somebody who can notify; nobody else can reach an unshared memory.
;;
;;   cloche run examples/trap-expected-shared-memory.wat --invoke wait
(module
  (memory 1 1)
  (func (export "notify") (result i32)
    (memory.atomic.notify (i32.const 0) (i32.const 1)))            ;; no trap: nobody was waiting, so 0
  (func (export "wait") (result i32)
    (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 0))))
