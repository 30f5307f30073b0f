;; run: run i32x4:1,2,3,4
(module
  (memory 1)
  (func (export "run") (param $v v128) (result i32) (local $w v128)
    (local.set $w (i32x4.add (local.get $v) (v128.const i32x4 10 20 30 40)))
    (v128.store offset=16 (i32.const 0) (local.get $w))
    (v128.store32_lane 2 (i32.const 4) (local.get $v))
    (local.set $w (v128.load8_lane 1 (i32.const 16) (local.get $w)))
    (local.set $w (i8x16.shuffle 0 1 2 3 16 17 18 19 8 9 10 11 12 13 14 15 (local.get $v) (local.get $w)))
    (i32.add (i32x4.extract_lane 1 (local.get $w))
      (i8x16.bitmask (i32x4.relaxed_laneselect (local.get $v) (local.get $w) (i32x4.splat (i32.const -1)))))))
