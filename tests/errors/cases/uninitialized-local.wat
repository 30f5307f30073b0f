(module
  (type $s (struct (field i32)))
  (func (result i32)
    (local $o (ref $s))
    (struct.get $s 0 (local.get $o))))
