;; Trap: null reference. `ref.as_non_null` turns (ref null t) into (ref t); null is what it cannot turn.
;;
;;   cloche run examples/trap-null-reference.wat --invoke run
(module
  (func (export "run")
    (drop (ref.as_non_null (ref.null func)))))
