(module
  (func (param $a externref) (param $c i32) (result externref)
    (select (local.get $a) (ref.null extern) (local.get $c))))
