;; One function for each family of instructions; check_explain.py compares what is said of them with golden/.
(module
  (type $pair (struct (field $left (mut i32)) (field $right (mut i64))))
  (type $bytes (array (mut i8)))
  (type $binary (func (param i32 i32) (result i32)))
  (import "env" "log" (func $log (param i32)))
  (tag $oops (param i32 i32))
  (memory $main 1)
  (memory $other 1)
  (table $funcs 4 funcref)
  (global $count (mut i32) (i32.const 0))
  (elem $segment (i32.const 0) $add)
  (data $text "some bytes")

  (func $add (type $binary) (i32.add (local.get 0) (local.get 1)))
  (func $two (result i32 i64) (i32.const 1) (i64.const 2))

  ;; numbers
  (func $numbers (param $a i32) (param $b i32) (param $x f64) (result f64)
    (i32.sub (local.get $a) (i32.sub (local.get $b) (i32.const 1)))
    (i32.mul (i32.clz (local.get $a)) (i32.shr_u (local.get $b) (i32.const 3)))
    i32.xor
    f64.convert_i32_u
    (f64.min (local.get $x) (f64.const -1.5))
    f64.div)

  ;; variables: what was read before a write stays what it was
  (func $variables (param $a i32) (result i32)
    local.get $a
    (local.set $a (i32.const 5))
    (local.tee $a (i32.add (local.get $a) (global.get $count)))
    i32.add
    (global.set $count (local.get $a)))

  ;; memories
  (func $memories (param $p i32) (result i32)
    (i32.store8 offset=3 (local.get $p) (i32.load16_s $other offset=8 (local.get $p)))
    (memory.copy $main $other (local.get $p) (i32.const 16) (i32.const 4))
    (memory.fill (local.get $p) (i32.const 0) (i32.const 8))
    (memory.init $main $text (local.get $p) (i32.const 0) (i32.const 4))
    (data.drop $text)
    (drop (memory.grow (i32.const 1)))
    (memory.size))

  ;; tables
  (func $tables (param $i i32) (result i32)
    (table.set (local.get $i) (ref.func $add))
    (drop (table.get (local.get $i)))
    (table.init $segment (i32.const 0) (i32.const 0) (i32.const 1))
    (table.size))

  ;; calls
  (func $calls (param $i i32) (param $f (ref $binary)) (result i32)
    (call $log (local.get $i))
    (call $two)
    drop
    (call_indirect (type $binary) (i32.const 1) (i32.const 2) (local.get $i))
    (call_ref $binary (i32.const 3) (i32.const 4) (local.get $f))
    i32.add
    i32.add)
  (func $tail (param $i i32) (result i32)
    (return_call $add (local.get $i) (i32.const 1)))

  ;; branches with values
  (func $branches (param $a i32) (result i32)
    (block $outer (result i32)
      (i32.const 7)
      (block $inner (param i32) (result i32 i32)
        (br_if $outer (i32.const 10) (local.get $a))
        (br_table $inner $inner (i32.const 11) (i32.const 12) (local.get $a)))
      (i32.add))
    (loop $again (param i32) (result i32)
      (i32.const 1)
      (i32.sub)
      (br_if $again (local.get $a)))
    (if (result i32) (local.get $a)
      (then (i32.const 1))
      (else (return (i32.const 2))))
    (i32.add)
    (br 0)
    (i32.const 99))

  ;; garbage-collected objects
  (func $objects (param $n i32) (result i32)
    (local $p (ref null $pair))
    (local.set $p (struct.new $pair (local.get $n) (i64.const 2)))
    (struct.set $pair $left (local.get $p) (i32.const 3))
    (array.get_u $bytes (array.new $bytes (i32.const 1) (local.get $n)) (i32.const 0))
    (block $null (result)
      (drop (br_on_null $null (local.get $p))))
    (i31.get_s (ref.cast (ref i31) (ref.i31 (local.get $n))))
    i32.add)

  ;; exceptions
  (func $exceptions (param $n i32) (result i32)
    (block $handler (result i32 i32)
      (try_table (catch $oops $handler)
        (throw $oops (local.get $n) (i32.const 1)))
      unreachable)
    i32.sub)

  ;; vectors
  (func $vectors (param $v v128) (param $p i32) (result i32)
    (v128.store (local.get $p) (i32x4.add (local.get $v) (v128.const i32x4 1 2 3 4)))
    (v128.load8_lane 3 (local.get $p) (local.get $v))
    (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $v))
    (i16x8.extract_lane_s 2))

  ;; atomic accesses
  (func $atomics (param $p i32) (result i32)
    (i32.atomic.rmw.add offset=4 (local.get $p) (i32.const 1))
    (drop (i32.atomic.rmw.cmpxchg (local.get $p) (i32.const 0) (i32.const 1)))
    (memory.atomic.notify (local.get $p) (i32.const 1))
    i32.add)

  ;; an expression that gets a name of its own
  (func $long (param $the_first_operand i32) (param $the_second_operand i32) (result i32)
    (i32.mul
      (i32.add (local.get $the_first_operand) (local.get $the_second_operand))
      (i32.sub (local.get $the_first_operand) (local.get $the_second_operand)))
    (i32.const 1)
    (i32.add)))
