(module
  (memory 1)
  (func (param $a i32) (result i32)
    (set_local $a (i32.load8 (get_local $a)))
    (current_memory)
    drop
    (get_local $a)))
