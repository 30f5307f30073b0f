;; Writes 16 bytes to standard output, a million times, by fd_write alone.
;; small_writes.c makes the same system calls.
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\10\00\00\00" "\10\00\00\00")  ;; an iovec: 16 bytes at 16
  (data (i32.const 16) "fifteen letters\n")

  (func (export "_start")
    (local $left i32)
    (local.set $left (i32.const 1000000))
    (loop $more
      (if (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))
        (then (call $proc_exit (i32.const 1))))
      (if (i32.ne (i32.load (i32.const 8)) (i32.const 16)) (then (call $proc_exit (i32.const 2))))
      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (br_if $more (local.get $left)))))
