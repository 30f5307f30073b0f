(module
  (func (result funcref)
    (ref.null $nothing)))
