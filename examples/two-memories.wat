;; Several memories: a module may have more than one, and each instruction says which it means (none: the first).
;; An address of one is no address of another, so a secret in $vault cannot be reached through $public.
;;
;;   cloche run examples/two-memories.wat --invoke publish 3     prints 99
;;   cloche run examples/two-memories.wat --invoke public 0      prints 0: nothing was published in this run
(module
  (memory $public (export "public memory") 1)
  (memory $vault 1)
  (data (memory $vault) (i32.const 0) "abcdefgh")

  (func $public (export "public") (param $at i32) (result i32)
    (i32.load8_u $public (local.get $at)))

  ;; Copies the first $count bytes of the vault, and reads the last of them from the copy.
  (func (export "publish") (param $count i32) (result i32)
    (memory.copy $public $vault (i32.const 0) (i32.const 0) (local.get $count))
    (call $public (i32.sub (local.get $count) (i32.const 1)))))
