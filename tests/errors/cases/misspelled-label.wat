(module
  (func
    (loop $again
      (br $agian))))
