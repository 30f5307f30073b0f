;; cloche wat2wasm
(module
  (func (export "clamp") (param $x i32) (result i32)
    (block $hi (result i32)
      (br_if $hi (i32.lt_s (local.get $x) (i32.const 100))
                 (local.get $x))
      (i32.const 100)))
  (func (local.get y)
    (i32.load offset=-4 (i32.const 0))
    (drop))
  (func second (nop))
  (export "g" (func 9)))
