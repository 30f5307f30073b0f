;; Trap: unaligned atomic. Plain loads and stores may be at any address; an atomic access must be at a multiple of
;; its size, since no machine promises to do it in one step elsewhere.
;;
;;   cloche run examples/trap-unaligned-atomic.wat --invoke add 2
(module
  (memory 1 1 shared)
  (func (export "add") (param $address i32) (result i32)
    (drop (i32.atomic.rmw.add (local.get $address) (i32.const 5)))
    (i32.atomic.load (local.get $address)))
  (func (export "plain") (param $address i32) (result i32)
    (i32.load (local.get $address))))
