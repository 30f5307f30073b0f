;; Two memories, one of them with 64-bit addresses.
(module
  (memory $small 1)
  (memory $large i64 1)
  (global $tries (mut i32) (i32.const 0))
  (global $most i32 (i32.const 3))
  (data (memory $small) (i32.const 16) "small words")
  (data (memory $large) (i64.const 4096) "large words")
  (func $copy (export "copy") (param $from i32) (param $to i64) (result i32)
    (i64.store $large (local.get $to) (i64.load $small (local.get $from)))
    (global.set $tries (i32.add (global.get $tries) (i32.const 1)))
    (i32.load8_u $large (local.get $to))))
