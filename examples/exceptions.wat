;; Exceptions: `throw` unwinds call frames until a `try_table` catches the tag.
;;
;;   cloche run examples/exceptions.wat --invoke safe_div 7 2    prints 3
;;   cloche run examples/exceptions.wat --invoke safe_div 7 0    prints -1
;;   cloche run examples/exceptions.wat --invoke rethrown        prints 42
(module
  ;; A tag names a kind of exception and the types of the values it carries.
  (tag $bad_operand (param i32))

  (func $div (param $a i32) (param $b i32) (result i32)
    (if (i32.eqz (local.get $b))
      (then (throw $bad_operand (i32.const -1))))       ;; pops its operands; nothing after it runs
    (i32.div_s (local.get $a) (local.get $b)))

  (func (export "safe_div") (param $a i32) (param $b i32) (result i32)
    (block $caught (result i32)
      ;; Each catch clause is a tag and a label: the exception's values are pushed and the branch is taken.
      ;; While nothing is thrown a try_table is only a block.
      (try_table (result i32) (catch $bad_operand $caught)
        (call $div (local.get $a) (local.get $b)))
      (return)))                                        ;; the usual way: the quotient is on the stack

  ;; `catch_all_ref` gives the exception itself, as a reference that can be kept and thrown again.
  (func (export "rethrown") (result i32)
    (block $outer (result i32)
      (try_table (result i32) (catch $bad_operand $outer)
        (block $any (result exnref)
          (try_table (catch_all_ref $any)
            (throw $bad_operand (i32.const 42)))
          (unreachable))
        (throw_ref)))))                                 ;; the same exception with the same 42
