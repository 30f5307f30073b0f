;; Instantiation, in the order in which it happens (spec: Execution / Modules / Instantiation).
;;
;;   1. globals get their initial values, in order; a later one may read an earlier one
;;   2. tables and memories exist, filled with null (or the table's initializer) and zero
;;   3. active element segments are copied into tables
;;   4. active data segments are copied into memories, in order: a later one overwrites an earlier one
;;   5. the start function runs, and finds all of that done
;;
;; Only then is there an instance whose exports can be called.
;;
;;   cloche run examples/phases.wat --invoke seen      prints 40, 42, 7, 88 and 5: what the start function found
;;   cloche run examples/phases.wat --invoke now       prints 99: what it left behind
(module
  (memory 1)
  (table $t 2 funcref)

  ;; 1. Constant expressions: evaluated once, before any function can run.
  (global $base i32 (i32.const 40))
  (global $derived i32 (i32.add (global.get $base) (i32.const 2)))

  ;; 3. Slot 1 of the table becomes $seven; slot 0 stays null.
  (elem (table $t) (i32.const 1) func $seven)

  ;; 4. "ABC" to bytes 8..10, then "X" over byte 9.
  (data (i32.const 8) "ABC")
  (data (i32.const 9) "X")

  ;; 5. No parameters and no results: its work is its effects.
  (start $init)

  (global $saw_base (mut i32) (i32.const 0))
  (global $saw_derived (mut i32) (i32.const 0))
  (global $saw_call (mut i32) (i32.const 0))
  (global $saw_byte (mut i32) (i32.const 0))
  (global $saw_state (mut i32) (i32.const 5))   ;; still its initial value when the start function begins
  (global $state (mut i32) (i32.const 5))

  (func $seven (result i32) (i32.const 7))

  (func $init
    (global.set $saw_base (global.get $base))
    (global.set $saw_derived (global.get $derived))
    (global.set $saw_call (call_indirect $t (result i32) (i32.const 1)))
    (global.set $saw_byte (i32.load8_u (i32.const 9)))
    (global.set $saw_state (global.get $state))
    (global.set $state (i32.const 99)))

  ;; A function may have several results; the last one is on top of the value stack.
  (func (export "seen") (result i32 i32 i32 i32 i32)
    (global.get $saw_base)
    (global.get $saw_derived)
    (global.get $saw_call)
    (global.get $saw_byte)
    (global.get $saw_state))

  (func (export "now") (result i32) (global.get $state)))
