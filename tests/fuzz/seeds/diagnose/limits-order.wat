(module
  (memory 10 2)
  (table 5 1 funcref))
