;; Names as compilers give them, a function that calls itself, and a trap at the end.
(module
  (func $"math::fact(int)" (param $n i32) (result i32)
    (if (result i32) (i32.le_s (local.get $n) (i32.const 1))
      (then (i32.const 1))
      (else
        (i32.mul (local.get $n)
          (call $"math::fact(int)" (i32.sub (local.get $n) (i32.const 1)))))))

  (func $__original_main (result i32)
    (local $found i32)
    (local.set $found (call $"math::fact(int)" (i32.const 4)))
    (i32.div_s (local.get $found) (i32.const 0)))

  ;; As object files and --no-demangle leave it: math::square(int).
  (func $_ZN4math6squareEi (param $n i32) (result i32)
    (i32.mul (local.get $n) (local.get $n)))

  (func (export "run") (result i32)
    (drop (call $_ZN4math6squareEi (i32.const 3)))
    (call $__original_main)))
