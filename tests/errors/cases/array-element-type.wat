(module
  (type $bytes (array (mut i8)))
  (func (result (ref $bytes))
    (array.new $bytes (i64.const 0) (i32.const 10))))
