(module
  (func $half (param $x f64) (result f64) (f64.mul (local.get $x) (f64.const 0.5)))
  (func (export "f") (result f64)
    (call $half (i32.const 3))))
