(module
  (global $count (mut i32) (i32.const 0))
  (func main (param $x i32)
    (global.set count (local.get $x))
    (block done (br done))
    (call main (i32.const one)))
  (memory mem)
  (export "run" (func main)))
