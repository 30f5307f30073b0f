;; Folded instructions: the text format may write operands inside the instruction that takes them.
;;
;;   cloche run examples/calc.wat --invoke calc 12 7             prints 38
(module
  (func (export "calc") (param $a i32) (param $b i32) (result i32)
    ;; Parentheses are spelling only. The binary format has no nesting of expressions: this is
    ;;   local.get $a   local.get $b   i32.add   i32.const 2   i32.mul
    ;; the operands from left to right, then the instruction. i32 arithmetic wraps modulo 2^32.
    (i32.mul
      (i32.add (local.get $a) (local.get $b))
      (i32.const 2))))
