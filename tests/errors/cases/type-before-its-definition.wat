(module
  (type (func (param (ref 2))))
  (type (func))
  (type (func)))
