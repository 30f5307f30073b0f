(module
  (func (export "clamp") (param $n i32) (result i32)
    (block $done (result i32)
      i32.const 100
      local.get $n
      i32.const 100
      i32.gt_s
      br_if $done
      drop
      local.get $n
    )))
