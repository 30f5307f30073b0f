;; Strings are bytes in linear memory; a string argument is an address and a length.
;;
;;   cloche run examples/sum-bytes.wat --invoke sum_bytes 16 4   prints 440: 'w' 119 + 'a' 97 + 's' 115 + 'm' 109
(module
  (memory (export "memory") 1)

  ;; An active data segment: instantiation copies it to offset 16. So the word "wasm" lies in bytes 16 to 19.
  (data (i32.const 16) "wasm")

  (func (export "sum_bytes") (param $ptr i32) (param $len i32) (result i32)
    (local $end i32) (local $sum i32)
    (local.set $end (i32.add (local.get $ptr) (local.get $len)))
    (block $done
      (loop $next
        (br_if $done (i32.eq (local.get $ptr) (local.get $end)))     ;; out of the block: forwards
        (local.set $sum (i32.add (local.get $sum)
                                 (i32.load8_u (local.get $ptr))))    ;; one byte, zero-extended to i32
        (local.set $ptr (i32.add (local.get $ptr) (i32.const 1)))
        (br $next)))                                                 ;; to a loop's label: backwards
    (local.get $sum)))
