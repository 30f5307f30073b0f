;; Trap: out of bounds memory access. Every byte of an access must lie inside the memory; the effective address
;; (operand plus the constant offset) is computed without wrapping.
;;
;;   cloche run examples/trap-out-of-bounds-memory.wat --invoke load 65533
(module
  (memory 1)                                        ;; bytes 0 to 65535
  (data $bytes "abc")                               ;; a passive segment: copied only by memory.init
  (func (export "load") (param $address i32) (result i32)
    (i32.load (local.get $address)))                ;; four bytes: 65532 is the last good address
  (func (export "load_far") (param $address i32) (result i32)
    (i32.load8_u offset=0xffffffff (local.get $address)))   ;; 1 + 0xffffffff is 2^32, not 0
  (func (export "fill") (param $address i32) (param $len i32)
    (memory.fill (local.get $address) (i32.const 255) (local.get $len)))   ;; checked first: all bytes or none
  (func (export "init") (param $len i32)
    (memory.init $bytes (i32.const 0) (i32.const 0) (local.get $len))))    ;; the segment is checked as well
