(module
  (type $point (struct (field i32)))
  (func (param $x externref) (result (ref $point))
    (ref.cast (ref $point) (local.get $x))))
