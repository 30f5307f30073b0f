(module
  (func (export "first") (param $x i32) (result i32)
    (block $out (result i32)
      (br_if $out (local.get $x) (i32.eqz (local.get $x)))
      (i32.const 1))))
