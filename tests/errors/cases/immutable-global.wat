(module
  (global $count i32 (i32.const 0))
  (func (export "tick")
    (global.set $count (i32.add (global.get $count) (i32.const 1)))))
