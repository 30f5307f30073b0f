;; Trap: null structure reference. Reading or writing a field through null.
;;
;;   cloche run examples/trap-null-structure-reference.wat --invoke run
(module
  (type $point (struct (field $x i32) (field $y i32)))
  (func (export "run") (result i32)
    (struct.get $point $y (ref.null $point))))
