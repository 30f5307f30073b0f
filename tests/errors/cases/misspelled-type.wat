(module
  (func (param $a int) (result i23)
    (local.get $a)))
