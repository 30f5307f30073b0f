(module
  (func (param $count i32) (result i32)
    (local $total i32)
    (i32.add (local.get $cuont) (local.get $totl))))
