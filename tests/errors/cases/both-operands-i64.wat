(module
  (func (param $a i64) (param $b i64) (result i64)
    (i32.add (local.get $a) (local.get $b))))
