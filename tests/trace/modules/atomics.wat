;; run: run 8
(module
  (memory 1 1 shared)
  (func (export "run") (param $p i32) (result i32)
    (i32.atomic.store (local.get $p) (i32.const 5))
    (drop (i32.atomic.rmw.add (local.get $p) (i32.const 3)))
    (drop (i64.atomic.rmw8.cmpxchg_u (local.get $p) (i64.const 8) (i64.const 1)))
    (atomic.fence)
    (drop (memory.atomic.notify (local.get $p) (i32.const 1)))
    (i32.atomic.load (local.get $p))))
