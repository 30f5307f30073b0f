(module
  (memory 1)
  (data (i32.const 0) "\u{d800}")
  (data (i32.const 0) "\x41")
  (data (i32.const 0) "\xg"))
