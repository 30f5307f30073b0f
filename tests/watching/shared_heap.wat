;; A heap in a memory that threads share.
(module
  (memory 1 1 shared)
  (func $malloc (param $size i32) (result i32) (i32.const 0x400))
  (func $free (param $block i32))
  (func (export "run")
    (drop (call $malloc (i32.const 16)))
    (i32.store8 (i32.const 0x410) (i32.const 1))
    (call $free (i32.const 0x408))))
