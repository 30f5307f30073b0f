;; Names that mean something to Markdown, HTML and terminals.
(module
  (func $"<b>|`\1b[31m&" (export "x") (param $"a|b" i32) (param $"<i>" i32) (result i32)
    (i32.or (local.get $"a|b") (local.get $"<i>"))))
