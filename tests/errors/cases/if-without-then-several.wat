(module
  (import "env" "print" (func $print (param i32)))
  (func (export "main")
    (local $i i32)
    (loop $again
      (if (i32.lt_s (local.get $i) (i32.const 10))
        (call $print (local.get $i))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $again)))))
