(module
  (type $binary (func (param i32 i32) (result i32)))
  (global $counter (mut i32) (i32.const 0))
  (func (type $binry)
    (global.get $conter)))
