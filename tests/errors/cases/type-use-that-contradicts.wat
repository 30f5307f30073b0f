(module
  (type $t (func (param i32) (result i64)))
  (func (type $t) (param i32 i32) (result i64) (i64.const 0)))
