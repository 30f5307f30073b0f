(module
  (func
    block $outer
    end $inner))
