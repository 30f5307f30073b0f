(module
  (func (param $i i64) (result i64)
    (i64.mul $i (i64.const 2))))
