;; A program: it has arguments and streams as every process has, through the functions of WASI, the system interface that
;; compilers build for. It writes its arguments, each on a line of its own, and it could do nothing else if it wanted to:
;; files, variables and sockets are there only when they are granted (cloche run --help).
;;
;;   cloche run examples/echo.wat one two              prints one and two
(module
  ;; Each returns 0, or the number of an error. Sizes and addresses go through memory.
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))

  ;; WASI finds the program's memory by this name.
  (memory (export "memory") 1)
  (data (i32.const 24) "\n")

  ;; 0: how many arguments; 4: how many bytes they have. 8: two pieces for fd_write, each an address and a size.
  ;; 24: the end of a line; 28: how much was written. 1024: addresses of the arguments; 4096: their bytes.
  (func $write_line (param $string i32)
    (i32.store (i32.const 8) (local.get $string))
    (i32.store (i32.const 12) (call $length (local.get $string)))
    (i32.store (i32.const 16) (i32.const 24))
    (i32.store (i32.const 20) (i32.const 1))
    ;; Descriptor 1 is standard output. Both pieces go out in one system call.
    (if (call $fd_write (i32.const 1) (i32.const 8) (i32.const 2) (i32.const 28))
      (then (unreachable))))

  ;; The bytes before the zero that ends a string.
  (func $length (param $string i32) (result i32)
    (local $at i32)
    (local.set $at (local.get $string))
    (loop $next
      (if (i32.load8_u (local.get $at))
        (then
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br $next))))
    (i32.sub (local.get $at) (local.get $string)))

  ;; A program begins here and ends when this returns, or when it calls proc_exit.
  (func (export "_start")
    (local $argument i32)
    (if (call $args_sizes_get (i32.const 0) (i32.const 4)) (then (unreachable)))
    (if (call $args_get (i32.const 1024) (i32.const 4096)) (then (unreachable)))
    (local.set $argument (i32.const 1))  ;; the first is the program's own name
    (loop $next
      (if (i32.lt_u (local.get $argument) (i32.load (i32.const 0)))
        (then
          (call $write_line
            (i32.load (i32.add (i32.const 1024) (i32.mul (local.get $argument) (i32.const 4)))))
          (local.set $argument (i32.add (local.get $argument) (i32.const 1)))
          (br $next))))))
