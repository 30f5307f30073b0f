;; Trap: null exception reference. `throw_ref` throws a caught exception again; null was never one.
;;
;;   cloche run examples/trap-null-exception-reference.wat --invoke run
(module
  (func (export "run")
    (throw_ref (ref.null exn))))
