(module
  (func $a)
  (func $b)
  (start $a)
  (start $b))
