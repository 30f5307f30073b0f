;; Trap: out of bounds array access. A garbage-collected array knows its length and checks every index against it.
;;
;;   cloche run examples/trap-out-of-bounds-array.wat --invoke get 3
(module
  (type $numbers (array i32))
  (func (export "get") (param $i i32) (result i32)
    (array.get $numbers
      (array.new_fixed $numbers 3 (i32.const 10) (i32.const 20) (i32.const 30))
      (local.get $i))))
