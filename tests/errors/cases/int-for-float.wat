(module
  (func (param $n i32) (result f64)
    (f64.div (local.get $n) (f64.const 2))))
