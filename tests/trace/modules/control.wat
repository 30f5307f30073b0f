;; run: run 2
(module
  (type $pair (func (result i32 i32)))
  (func (export "run") (param $n i32) (result i32 i32)
    (block $outer (type $pair)
      (loop $again
        (if (i32.eqz (local.get $n)) (then (br $outer (i32.const 10) (i32.const 20))) (else (nop)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (block $a (block $b (br_table $b $a $again (i32.add (local.get $n) (i32.const 1))))
          (br $again))
        (drop (block $v (result i32) (br_if $v (i32.const 8) (local.get $n))))
        (br $again))
      (unreachable))))
