;; Trap: cast failure. `ref.cast` says what a reference points to; the object itself knows better.
;; `ref.test` asks without a trap.
;;
;;   cloche run examples/trap-cast-failure.wat --invoke run
(module
  (type $point (struct (field i32 i32)))
  (func $make (result anyref) (ref.i31 (i32.const 7)))        ;; a small integer, as a reference
  (func (export "run") (result i32)
    (struct.get $point 0 (ref.cast (ref $point) (call $make))))
  (func (export "test") (result i32)
    (ref.test (ref $point) (call $make))))
