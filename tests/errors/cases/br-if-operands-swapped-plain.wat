(module
  (func (export "clamp") (param $x i32) (result i32)
    block $hi (result i32)
      local.get $x
      i32.const 100
      i32.lt_s
      local.get $x
      br_if $hi
      i32.const 100
    end))
