;; Trap: null function reference. `call_ref` calls through a typed reference: no table and no type check, but the
;; reference may be null unless its type is (ref $t).
;;
;;   cloche run examples/trap-null-function-reference.wat --invoke run
(module
  (type $thunk (func (result i32)))
  (func (export "run") (result i32)
    (call_ref $thunk (ref.null $thunk))))
