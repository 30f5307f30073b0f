(module
  (func (param $a i32, $b i32)))
