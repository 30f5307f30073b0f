(module
  (tag $oops (param i32))
  (func (export "f")
    (throw $oops)))
