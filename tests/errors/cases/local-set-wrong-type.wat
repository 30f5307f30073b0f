(module
  (func (param $p i32)
    (local $wide i64)
    (local.set $wide (local.get $p))))
