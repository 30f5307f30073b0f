;; Trap: null array reference. Even the length of null is unknown.
;;
;;   cloche run examples/trap-null-array-reference.wat --invoke run
(module
  (type $bytes (array (mut i8)))
  (func (export "run") (result i32)
    (array.len (ref.null $bytes))))
