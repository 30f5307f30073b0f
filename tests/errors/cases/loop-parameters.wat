(module
  (func (param $n i32) (result i32)
    (i32.const 0)
    (loop $again (param i32) (result i32)
      (i32.add (i32.const 1))
      (drop)
      (br_if $again (local.get $n))
      (i32.const 1))))
