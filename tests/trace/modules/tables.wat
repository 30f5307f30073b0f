;; run: run
(module
  (table $t 2 4 funcref)
  (table $copy 4 funcref)
  (elem $e func $f $f)
  (func $f)
  (func (export "run") (result i32)
    (table.init $t $e (i32.const 0) (i32.const 0) (i32.const 1))
    (elem.drop $e)
    (table.set $t (i32.const 1) (ref.func $f))
    (drop (table.grow $t (ref.null func) (i32.const 1)))
    (table.copy $copy $t (i32.const 1) (i32.const 0) (i32.const 2))
    (table.fill $copy (i32.const 0) (ref.null func) (i32.const 1))
    (i32.add (ref.is_null (table.get $copy (i32.const 0))) (table.size $t))))
