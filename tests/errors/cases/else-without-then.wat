(module
  (func (param $x i32) (result i32)
    (if (result i32) (local.get $x)
      (else (i32.const 2)))))
