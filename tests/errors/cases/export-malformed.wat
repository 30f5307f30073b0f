(module
  (func $f)
  (export "f" $f))
