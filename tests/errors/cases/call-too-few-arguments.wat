(module
  (func $area (param $width i32) (param $height i32) (result i32)
    (i32.mul (local.get $width) (local.get $height)))
  (func (export "f") (result i32)
    (call $area (i32.const 3))))
