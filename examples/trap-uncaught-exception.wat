;; Uncaught exception: no try_table on the call stack takes the tag, so the exception reaches the host, and
;; `cloche run` ends as it does for a trap.
;;
;;   cloche run examples/trap-uncaught-exception.wat --invoke run
(module
  (tag $expected)
  (tag $surprise (param i32))
  (func (export "run")
    (block $caught
      (try_table (catch $expected $caught)          ;; waits for another tag
        (throw $surprise (i32.const 42))))))
