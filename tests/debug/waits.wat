;; Says that it works, says so again and again with a dot, and never ends, until memory says that it may: then it asks
;; for a name and greets.
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (global $turns (mut i32) (i32.const 0))
  (data (i32.const 256) "working\n")
  (data (i32.const 264) "name? ")
  (data (i32.const 272) "hello, ")
  (data (i32.const 280) ".")

  (func $print (param $from i32) (param $size i32)
    (i32.store (i32.const 32) (local.get $from))
    (i32.store (i32.const 36) (local.get $size))
    (drop (call $write (i32.const 1) (i32.const 32) (i32.const 1) (i32.const 40))))

  (func (export "_start")
    (call $print (i32.const 256) (i32.const 8))
    (loop $turn
      (global.set $turns (i32.add (global.get $turns) (i32.const 1)))
      (if (i32.eqz (i32.and (global.get $turns) (i32.const 4095)))
        (then (call $print (i32.const 280) (i32.const 1))))
      (br_if $turn (i32.eqz (i32.load8_u (i32.const 0)))))
    (call $print (i32.const 264) (i32.const 6))
    (i32.store (i32.const 48) (i32.const 512))
    (i32.store (i32.const 52) (i32.const 64))
    (drop (call $read (i32.const 0) (i32.const 48) (i32.const 1) (i32.const 40)))
    (i32.store (i32.const 44) (i32.load (i32.const 40)))
    (call $print (i32.const 272) (i32.const 7))
    (call $print (i32.const 512) (i32.load (i32.const 44)))))
