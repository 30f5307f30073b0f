(module
  (func (result v128) (v128.const i8x16 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 256))
  (func (result v128) (v128.const 0x12345678))
  (func (param v128 v128) (result v128)
    (i8x16.shuffle 0 1 2 3 (local.get 0) (local.get 1)))
  (func (param v128 v128) (result v128)
    (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 32 (local.get 0) (local.get 1))))
