;; The two memories of a WebAssembly program.
;;
;;   value stack    holds operands and locals in typed slots. Instructions pop their operands from it and push
;;                  their results. The program cannot take the address of a slot.
;;   linear memory  holds bytes, addressed by an integer, every access checked against the memory's size.
;;
;;   cloche run examples/stack-heap.wat --invoke compute        prints 19
(module
  ;; One page of linear memory: 64 KiB, all bytes zero at first. Exported, so that a host can look at it.
  (memory (export "memory") 1)

  (func (export "compute") (result i32)
    (local $sum i32)      ;; a typed slot in this call's frame; locals start at zero
                          ;; value stack, top on the right:
    i32.const 12          ;; [12]
    i32.const 7           ;; [12 7]
    i32.add               ;; [19]        pops two i32, pushes their sum
    local.set $sum        ;; []          moves it into the local

    i32.const 0           ;; [0]         the address: byte offset 0
    local.get $sum        ;; [0 19]      the value
    i32.store             ;; []          bytes 0..3 of memory are now 13 00 00 00 (19 = 0x13, little-endian)

    i32.const 0           ;; [0]
    i32.load              ;; [19]        reads the four bytes back
  ))                      ;; what is left on the stack at `end` is the result
