;; A 64-bit memory: its addresses, and its size in pages, are i64.
;;
;;   cloche run examples/memory64.wat --invoke compute           prints 19
;;   cloche run examples/memory64.wat --invoke grow 3            prints 1 and 4
;;   cloche run examples/memory64.wat --invoke load 0x100000000  traps: out of bounds memory access
(module
  (memory (export "memory") i64 1 16)       ;; one page now, 16 at most

  (func (export "compute") (result i32)
    (i32.store (i64.const 0) (i32.add (i32.const 12) (i32.const 7)))   ;; the address is an i64, the value an i32
    (i32.load (i64.const 0)))

  ;; The size before and after, in pages of 64 KiB.
  (func (export "grow") (param $pages i64) (result i64 i64)
    (memory.grow (local.get $pages))
    (memory.size))

  ;; 2^32 is an address like any other here. It must not wrap to 0.
  (func (export "load") (param $address i64) (result i32)
    (i32.load (local.get $address))))
