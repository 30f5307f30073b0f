;; Trap: null i31 reference. An i31 is an integer of 31 bits inside a reference; null holds none.
;;
;;   cloche run examples/trap-null-i31-reference.wat --invoke run
(module
  (func (export "round_trip") (param $n i32) (result i32)
    (i31.get_s (ref.i31 (local.get $n))))           ;; the top bit is lost
  (func (export "run") (result i32)
    (i31.get_s (ref.null i31))))
