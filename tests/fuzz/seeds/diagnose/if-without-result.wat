(module
  (func (param $x i32) (result i32)
    (if (local.get $x)
      (then (i32.const 1))
      (else (i32.const 2)))))
