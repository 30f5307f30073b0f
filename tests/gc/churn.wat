;; Allocates 10 GiB in total and keeps 10 MiB alive: a ring of 10,240 cells, each holding an array of 1 KiB that the
;; next round replaces. `churn` returns the sum of a byte of each array that is alive at the end, so that a collector
;; which frees too much gives a wrong answer and one which frees too little runs out of memory.
(module
  (type $bytes (array (mut i8)))
  (type $cell (struct (field $payload (mut (ref null $bytes))) (field $next (mut (ref null $cell)))))
  (global $ring (mut (ref null $cell)) (ref.null $cell))

  ;; A cyclic list of $n cells, so that reachability cannot be told by counting references.
  (func $make_ring (param $n i32)
    (local $first (ref null $cell)) (local $last (ref null $cell))
    (local.set $first (struct.new_default $cell))
    (local.set $last (local.get $first))
    (loop $more
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (if (local.get $n)
        (then
          (local.set $last (struct.new $cell (ref.null $bytes) (local.get $last)))
          (br $more))))
    (struct.set $cell $next (local.get $first) (local.get $last))
    (global.set $ring (local.get $first)))

  ;; Replaces payloads along the ring $rounds times; returns the sum over one last turn of $n cells.
  (func (export "churn") (param $n i32) (param $rounds i64) (result i64)
    (local $at (ref null $cell)) (local $i i32) (local $sum i64)
    (call $make_ring (local.get $n))
    (local.set $at (global.get $ring))
    (loop $again
      (struct.set $cell $payload (local.get $at)
        (array.new $bytes (i32.wrap_i64 (local.get $rounds)) (i32.const 1024)))
      (local.set $at (struct.get $cell $next (local.get $at)))
      (local.set $rounds (i64.sub (local.get $rounds) (i64.const 1)))
      (br_if $again (i64.ne (local.get $rounds) (i64.const 0))))
    (local.set $i (local.get $n))
    (loop $sum_up
      (local.set $sum (i64.add (local.get $sum)
        (i64.extend_i32_u (array.get_u $bytes (struct.get $cell $payload (local.get $at)) (i32.const 1023)))))
      (local.set $at (struct.get $cell $next (local.get $at)))
      (local.set $i (i32.sub (local.get $i) (i32.const 1)))
      (br_if $sum_up (local.get $i)))
    (local.get $sum)))
