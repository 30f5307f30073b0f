;; Laid out as a linker does: a null page, data, the shadow stack, a heap. The names are those that linkers leave.
(module
  (memory (export "memory") 2 4)
  (global $__stack_pointer (mut i32) (i32.const 66576))
  (global (export "__heap_base") i32 (i32.const 66576))
  (data $.rodata (i32.const 1024) "constants")
  (data $".d\1bata" (i32.const 1040) "abcd")

  ;; Takes a frame of 64 bytes, writes the first and the last byte of it, one byte of data and one of the heap.
  (func (export "work") (param $grow i32)
    (local $frame i32)
    (global.set $__stack_pointer (local.tee $frame (i32.sub (global.get $__stack_pointer) (i32.const 64))))
    (i32.store8 (local.get $frame) (i32.const 1))
    (i32.store8 offset=63 (local.get $frame) (i32.const 2))
    (i32.store8 (i32.const 1041) (i32.const 3))
    (i32.store8 (i32.const 70000) (i32.const 4))
    (drop (memory.grow (local.get $grow)))
    (global.set $__stack_pointer (i32.add (local.get $frame) (i32.const 64))))

  ;; Goes below the stack's end, then traps.
  (func (export "overflow")
    (global.set $__stack_pointer (i32.sub (global.get $__stack_pointer) (i32.const 65600)))
    unreachable))
