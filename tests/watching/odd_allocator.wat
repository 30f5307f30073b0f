;; Allocators as no program has them, for the heap checker.
(module
  (memory 1)
  (tag $full)
  (global $next (mut i32) (i32.const 0))
  (func $malloc (param $size i32) (result i32) (global.get $next))
  (func $memalign (param $alignment i32) (param $size i32) (result i32)
    (if (i32.eqz (local.get $alignment)) (then (throw $full)))
    (i32.const 0x2000))
  (func $aligned_alloc (param $alignment i32) (param $size i32) (result i32)
    (return_call $place (local.get $alignment) (local.get $size)))
  (func $place (param i32 i32) (result i32) (i32.add (i32.const 0x2fe0) (local.get 1)))
  (func $malloc_usable_size (param i32) (result i32) (i32.const 32))

  (func (export "beyond") (param $at i32)
    (global.set $next (local.get $at))
    (drop (call $malloc (i32.const 16))))

  ;; The second block lies over the first one's second half.
  (func (export "overlap")
    (global.set $next (i32.const 0x400))
    (drop (call $malloc (i32.const 64)))
    (i32.store (i32.const 0x430) (i32.const 1))
    (global.set $next (i32.const 0x400))
    (drop (call $malloc (i32.const 12)))
    (i32.store (i32.const 0x408) (i32.const 1))
    (i64.store (i32.const 0x408) (i64.const 1)))

  (func (export "throwing")
    (drop (call $memalign (i32.const 8) (i32.const 16)))
    (block $caught
      (try_table (catch_all $caught) (drop (call $memalign (i32.const 0) (i32.const 16)))))
    (drop (i32.load8_u (i32.const 0x2010)))
    (drop (call $memalign (i32.const 8) (i32.const 32))))

  ;; What the allocator jumps to gives the result in its place.
  (func (export "tail") (param $size i32)
    (drop (call $aligned_alloc (i32.const 8) (local.get $size)))
    (i32.store8 (i32.const 0x301f) (i32.const 1))
    (i32.store8 (i32.const 0x3020) (i32.const 1)))

  (func (export "usable")
    (local $block i32)
    (local.set $block (call $memalign (i32.const 8) (i32.const 16)))
    (drop (call $malloc_usable_size (local.get $block)))
    (drop (i32.load8_u offset=31 (local.get $block)))
    (drop (i32.load8_u offset=32 (local.get $block)))))
