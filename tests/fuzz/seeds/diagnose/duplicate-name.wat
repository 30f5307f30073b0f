(module
  (func $f (param $x i32) (local $x i32))
  (func $f)
  (global $g i32 (i32.const 0))
  (global $g i32 (i32.const 1)))
