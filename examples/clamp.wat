;; Structured control: a branch leaves a block and carries the block's result with it.
;;
;;   cloche run examples/clamp.wat --invoke clamp 250            prints 100
(module
  ;; Returns $n, but at most 100.
  (func (export "clamp") (param $n i32) (result i32)
    (block $done (result i32)     ;; a label of type [i32]: whoever branches to it brings one i32
      i32.const 100               ;; [100]         the value that the branch would keep
      local.get $n                ;; [100 n]
      i32.const 100               ;; [100 n 100]
      i32.gt_s                    ;; [100 n>100]   comparisons give 1 or 0
      br_if $done                 ;; [100]         pops the condition; if it is not 0, jumps behind `end`
      drop                        ;; []            not taken: the 100 is still here, and not wanted
      local.get $n                ;; [n]
    )))                           ;; both ways arrive here with exactly one i32; validation proves it
