(module
  (memory (export "memory") 1)
  (data (i32.const 0) "\01\02\03\04\05\06\07\08\09\0a\0b\0c\0d\0e\0f\10\11\12\13\14")
  (func $sum_lanes (param $v v128) (result i32)
    (i32.add
      (i32.add (i32x4.extract_lane 0 (local.get $v)) (i32x4.extract_lane 1 (local.get $v)))
      (i32.add (i32x4.extract_lane 2 (local.get $v)) (i32x4.extract_lane 3 (local.get $v)))))
  (func (export "dot") (result i32)
    (call $sum_lanes
      (i32x4.mul (v128.const i32x4 1 2 3 4)
                 (v128.const i32x4 5 6 7 8))))
  (func (export "sum_bytes") (param $ptr i32) (param $len i32) (result i32)
    (local $sums v128) (local $rest i32)
    (block $tail
      (loop $by_16
        (br_if $tail (i32.lt_u (local.get $len) (i32.const 16)))
        (local.set $sums
          (i32x4.add (local.get $sums)
            (i32x4.extadd_pairwise_i16x8_u
              (i16x8.extadd_pairwise_i8x16_u (v128.load (local.get $ptr))))))
        (local.set $ptr (i32.add (local.get $ptr) (i32.const 16)))
        (local.set $len (i32.sub (local.get $len) (i32.const 16)))
        (br $by_16)))
    (block $done
      (loop $by_1
        (br_if $done (i32.eqz (local.get $len)))
        (local.set $rest (i32.add (local.get $rest) (i32.load8_u (local.get $ptr))))
        (local.set $ptr (i32.add (local.get $ptr) (i32.const 1)))
        (local.set $len (i32.sub (local.get $len) (i32.const 1)))
        (br $by_1)))
    (i32.add (call $sum_lanes (local.get $sums)) (local.get $rest)))
  (func (export "max_lane") (param i32 i32 i32 i32) (result i32)
    (local $v v128)
    (local.set $v (i32x4.splat (local.get 0)))
    (local.set $v (i32x4.replace_lane 1 (local.get $v) (local.get 1)))
    (local.set $v (i32x4.replace_lane 2 (local.get $v) (local.get 2)))
    (local.set $v (i32x4.replace_lane 3 (local.get $v) (local.get 3)))
    (local.set $v (i32x4.max_s (local.get $v)
      (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $v) (local.get $v))))
    (local.set $v (i32x4.max_s (local.get $v)
      (i8x16.shuffle 4 5 6 7 0 1 2 3 12 13 14 15 8 9 10 11 (local.get $v) (local.get $v))))
    (i32x4.extract_lane 0 (local.get $v))))
