(module
  (memory 1)
  (func (param $value f64)
    local.get $value
    i32.const 8
    f64.store))
