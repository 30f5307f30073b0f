(module
  (func (param $a i64) (param $b i64) (param $c i32) (result i64)
    (select (local.get $c) (local.get $a) (local.get $b))))
