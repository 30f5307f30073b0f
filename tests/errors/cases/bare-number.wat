(module
  (func (param $i i32) (result i32)
    (i32.add (local.get $i) 1)))
