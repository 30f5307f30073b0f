(module
  (type $node (struct (field $value i32) (field $next (ref null $node))))
  (func (export "sum_list") (param $n i32) (result i32)
    (local $list (ref null $node)) (local $sum i32)
    (loop $build
      (if (i32.gt_s (local.get $n) (i32.const 0))
        (then
          (local.set $list (struct.new $node (local.get $n) (local.get $list)))
          (local.set $n (i32.sub (local.get $n) (i32.const 1)))
          (br $build))))
    (block $end
      (loop $walk
        (br_if $end (ref.is_null (local.get $list)))
        (local.set $sum (i32.add (local.get $sum) (struct.get $node $value (local.get $list))))
        (local.set $list (struct.get $node $next (local.get $list)))
        (br $walk)))
    (local.get $sum))
  (type $squares (array (mut i64)))
  (func (export "sum_array") (param $n i32) (result i64)
    (local $a (ref null $squares)) (local $i i32) (local $sum i64)
    (local.set $a (array.new_default $squares (local.get $n)))
    (block $filled
      (loop $fill
        (br_if $filled (i32.ge_u (local.get $i) (array.len (local.get $a))))
        (array.set $squares (local.get $a) (local.get $i)
          (i64.mul (i64.extend_i32_u (local.get $i)) (i64.extend_i32_u (local.get $i))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $fill)))
    (block $done
      (loop $add
        (br_if $done (i32.eqz (local.get $i)))
        (local.set $i (i32.sub (local.get $i) (i32.const 1)))
        (local.set $sum (i64.add (local.get $sum) (array.get $squares (local.get $a) (local.get $i))))
        (br $add)))
    (local.get $sum))
  (type $shape (sub (struct (field $width i32))))
  (type $square (sub final $shape (struct (field $width i32) (field $is_square i32))))
  (type $rectangle (sub final $shape (struct (field $width i32) (field $height i32) (field $tag i64))))
  (func $area_of (param $s (ref $shape)) (result i32)
    (local $r (ref null $rectangle))
    (if (result i32) (ref.test (ref $rectangle) (local.get $s))
      (then
        (local.set $r (ref.cast (ref $rectangle) (local.get $s)))
        (i32.mul (struct.get $rectangle $width (local.get $r))
                 (struct.get $rectangle $height (local.get $r))))
      (else
        (i32.mul (struct.get $shape $width (local.get $s))
                 (struct.get $shape $width (local.get $s))))))
  (func (export "area") (result i32 i32)
    (call $area_of (struct.new $rectangle (i32.const 3) (i32.const 4) (i64.const 0)))
    (call $area_of (struct.new $square (i32.const 3) (i32.const 1)))))
