(module
  (table 1 funcref)
  (type $f (func (param f64) (result f64)))
  (func (param $x f64) (result f64)
    (call_indirect (type $f) (i32.const 0) (local.get $x))))
