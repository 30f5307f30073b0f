(module
  (func (param $i i32) (result i32)
    (block $a (result i32)
      (block $b
        (br_table $a $b (i32.const 1) (local.get $i)))
      (i32.const 2))))
