;; cloche validate --feature -simd --feature -tail-call
(module
  (func $f (result v128)
    (v128.const i32x4 1 2 3 4))
  (func (result v128)
    (return_call $f)))
