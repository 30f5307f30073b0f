;; The shadow stack: how compilers keep variables that need an address.
;;
;; A WebAssembly local has no address. When a C program takes the address of a variable, as in
;;
;;     void increment(int *p) { *p += 1; }
;;     int  next(int n)       { int x = n; increment(&x); return x; }
;;
;; the compiler puts x into linear memory, on a stack of its own that grows downwards. A mutable global is its
;; stack pointer. To the engine this "shadow stack" is bytes like any other: nothing checks it but the program.
;;
;;   cloche run examples/frame.wat --invoke next 41              prints 42
;;   cloche run examples/frame.wat --invoke balanced             prints 1
(module
  (memory (export "memory") 1)
  (global $__stack_pointer (mut i32) (i32.const 65536))   ;; starts at the end of the page

  (func $increment (param $p i32)
    (i32.store (local.get $p) (i32.add (i32.load (local.get $p)) (i32.const 1))))

  (func $next (export "next") (param $n i32) (result i32)
    (local $fp i32)
    ;; Prologue: reserve a frame of 16 bytes (the tool conventions keep the pointer 16-byte aligned).
    (global.set $__stack_pointer
      (local.tee $fp (i32.sub (global.get $__stack_pointer) (i32.const 16))))

    (i32.store offset=12 (local.get $fp) (local.get $n))          ;; x = n, and x lives at fp + 12
    (call $increment (i32.add (local.get $fp) (i32.const 12)))    ;; increment(&x)
    (i32.load offset=12 (local.get $fp))                          ;; [x]   the result waits on the value stack

    ;; Epilogue: give the frame back. What was in it stays in memory, unowned, until somebody overwrites it.
    (global.set $__stack_pointer (i32.add (local.get $fp) (i32.const 16))))

  ;; 1 if a call leaves the stack pointer where it found it.
  (func (export "balanced") (result i32)
    (local $before i32)
    (local.set $before (global.get $__stack_pointer))
    (drop (call $next (i32.const 0)))
    (i32.eq (local.get $before) (global.get $__stack_pointer))))
