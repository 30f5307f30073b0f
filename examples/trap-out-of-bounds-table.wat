;; Trap: out of bounds table access. A table is a vector of references; its index is checked like an address.
;;
;;   cloche run examples/trap-out-of-bounds-table.wat --invoke is_null 3
(module
  (table $t 3 funcref)
  (func (export "is_null") (param $i i32) (result i32)
    (ref.is_null (table.get $t (local.get $i))))
  (func (export "fill") (param $i i32) (param $len i32)
    (table.fill $t (local.get $i) (ref.null func) (local.get $len))))
