(module
  (func (result i32)
    (block $done (result i32)
      (br $done))))
