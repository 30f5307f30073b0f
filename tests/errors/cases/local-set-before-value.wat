(module
  (func (result i32)
    (local $x i32)
    local.set $x
    i32.const 5
    local.get $x))
