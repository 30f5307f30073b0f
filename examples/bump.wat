;; A bump allocator: the smallest heap there is. Linear memory has no heap of its own; every program brings its
;; allocator. This one hands out addresses that only go up, frees nothing singly, and frees everything at once.
;;
;;   cloche run examples/bump.wat --invoke malloc 10             prints 1024
;;   cloche run examples/bump.wat --invoke demo                  prints 1024, 1040, 1056 and 1024
(module
  (memory (export "memory") 1)

  (global $heap_base i32 (i32.const 1024))       ;; bytes below belong to somebody else, and 0 stays "null"
  (global $next (mut i32) (i32.const 1024))      ;; the first free byte, always a multiple of 16

  ;; Returns the address of $size bytes, 16-byte aligned, or 0 when there is no memory left.
  (func $malloc (export "malloc") (param $size i32) (result i32)
    (local $ptr i32) (local $end i64)
    (local.set $ptr (global.get $next))
    ;; end = ptr + size rounded up to 16, in 64 bits: in 32 a large size would wrap to a small sum.
    (local.set $end
      (i64.and
        (i64.add (i64.add (i64.extend_i32_u (local.get $ptr)) (i64.extend_i32_u (local.get $size)))
                 (i64.const 15))
        (i64.const -16)))
    (if (i32.eqz (call $reserve (local.get $end)))
      (then (return (i32.const 0))))
    (global.set $next (i32.wrap_i64 (local.get $end)))
    (local.get $ptr))

  ;; Makes memory at least $end bytes long. Returns 0 if that cannot be done.
  (func $reserve (param $end i64) (result i32)
    (local $have i64)
    (local.set $have (i64.shl (i64.extend_i32_u (memory.size)) (i64.const 16)))   ;; pages of 64 KiB to bytes
    (if (i64.le_u (local.get $end) (local.get $have))
      (then (return (i32.const 1))))
    ;; Leave the last page of the address space alone, so that the next address always fits an i32.
    (if (i64.gt_u (local.get $end) (i64.const 0xffff_0000))
      (then (return (i32.const 0))))
    ;; memory.grow gives the old size in pages, or -1 when it fails. It never moves what is there.
    (i32.ne
      (memory.grow
        (i32.wrap_i64
          (i64.shr_u (i64.add (i64.sub (local.get $end) (local.get $have)) (i64.const 0xffff)) (i64.const 16))))
      (i32.const -1)))

  ;; Does nothing: a bump allocator remembers no sizes. It is here because C programs call it.
  (func $free (export "free") (param $ptr i32))

  ;; Frees everything at once.
  (func $reset (export "reset")
    (global.set $next (global.get $heap_base)))

  ;; Three allocations, then one after a reset: the first address comes back.
  (func (export "demo") (result i32 i32 i32 i32)
    (call $malloc (i32.const 10))
    (call $malloc (i32.const 1))
    (call $malloc (i32.const 100))
    (call $free (i32.const 1024))
    (call $reset)
    (call $malloc (i32.const 4))))
