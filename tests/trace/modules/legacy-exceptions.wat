;; run: run 4
(module
  (tag $t (param i32))
  (func (export "run") (param $x i32) (result i32)
    (try (result i32)
      (do (try (result i32)
        (do (throw $t (local.get $x)))
        (catch $t (drop) (rethrow 0))))
      (catch $t (i32.const 2) (i32.mul))
      (catch_all (i32.const 0)))))
