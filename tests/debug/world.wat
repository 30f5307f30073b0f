;; Meets a world that is never the same: the clock, random numbers, its input, and a file that it reads in pieces. Adds all
;; of it up and prints a line; check_debug.py goes back and forth in it.
(module
  (import "wasi_snapshot_preview1" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_open"
    (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (global $sum (mut i32) (i32.const 0))
  (data (i32.const 256) "summed up\n")
  (data (i32.const 272) "notes.txt")

  (func $add_bytes (param $from i32) (param $count i32)
    (local $i i32)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $i) (local.get $count)))
        (global.set $sum
          (i32.add
            (i32.mul (global.get $sum) (i32.const 31))
            (i32.load8_u (i32.add (local.get $from) (local.get $i)))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $next))))

  ;; Four bytes of a file at 64; how many there were.
  (func $read_some (param $file i32) (result i32)
    (i32.store (i32.const 16) (i32.const 64))
    (i32.store (i32.const 20) (i32.const 4))
    (drop (call $read (local.get $file) (i32.const 16) (i32.const 1) (i32.const 24)))
    (i32.load (i32.const 24)))

  (func $add_file (param $file i32)
    (local $got i32)
    (block $end
      (loop $more
        (local.set $got (call $read_some (local.get $file)))
        (br_if $end (i32.eqz (local.get $got)))
        (call $add_bytes (i32.const 64) (local.get $got))
        (br $more))))

  ;; The file notes.txt of the first directory that was granted.
  (func $open_notes (result i32)
    (if (call $open (i32.const 3) (i32.const 0) (i32.const 272) (i32.const 9) (i32.const 0)
          (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 28))
      (then (unreachable)))
    (i32.load (i32.const 28)))

  (func (export "_start")
    (drop (call $clock (i32.const 1) (i64.const 0) (i32.const 128)))
    (call $add_bytes (i32.const 128) (i32.const 8))
    (drop (call $random (i32.const 136) (i32.const 8)))
    (call $add_bytes (i32.const 136) (i32.const 8))
    (call $add_file (i32.const 0))
    (call $add_file (call $open_notes))
    (i32.store (i32.const 32) (i32.const 256))
    (i32.store (i32.const 36) (i32.const 10))
    (drop (call $write (i32.const 1) (i32.const 32) (i32.const 1) (i32.const 40)))))
