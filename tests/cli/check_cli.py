#!/usr/bin/env python3
"""Runs the command line on small modules and compares stdout, stderr and exit code.

  check_cli.py CLOCHE

A case is (name, arguments, stdin-free expectations): exact stdout, a regular expression that stderr must contain,
and the exit code. Files named in the arguments are written from FILES into a scratch folder first.
"""
import os
import re
import subprocess
import sys
import tempfile

FILES = {
    "types.wat": """(module
      (func (export "i32") (param i32) (result i32) (local.get 0))
      (func (export "i64") (param i64) (result i64) (local.get 0))
      (func (export "f32") (param f32) (result f32) (local.get 0))
      (func (export "f64") (param f64) (result f64) (local.get 0))
      (func (export "v128") (param v128) (result v128) (local.get 0))
      (func (export "two") (param i32 i32) (result i32 i32) (local.get 1) (local.get 0))
      (func (export "null") (result funcref externref) (ref.null func) (ref.null extern))
      (func (export "self") (result funcref) (ref.func 0))
      (func (export "i31") (result i31ref) (ref.i31 (i32.const -7)))
      (func (export "-1") (result i32) (i32.const 41)))""",
    "start.wat": """(module (memory (export "memory") 1) (func (export "_start")) (func (export "other")))""",
    "only.wat": """(module (memory (export "memory") 1) (func $f (export "only") (result i32) (i32.const 5)))""",
    "unnamed.wat": """(func (result i32) (i32.const 6))""",
    "two-unnamed.wat": """(module (func) (func (result i32) (i32.const 7)))""",
    "run": """(func (export "f") (result i32) (i32.const 5))""",
    "verbs.wat": """(module (func (export "run")) (func (export "wast") (result i32) (i32.const 3)))""",
    "refs.wat": """(module (type $s (struct)) (type $a (array i8))
      (func (export "is_null") (param externref) (result i32) (ref.is_null (local.get 0)))
      (func (export "objects") (result anyref anyref) (struct.new $s) (array.new_fixed $a 0)))""",
    "control.wat": """(module (func (export "\\1b[31mred")) (func (export "other")))""",
    "deep.wat": """(module (func $deep (export "deep") (call $deep)))""",
    "empty.wat": """(module)""",
    "trap.wat": """(module (func $inner (unreachable)) (func $outer (export "go") (call $inner)))""",
    "start-trap.wat": """(module (func $s (unreachable)) (start $s))""",
    "syntax.wat": """(module\n  (func (i32.cnst 1)))""",
    "invalid.wat": """(module\n  (func (result i32)\n    (i64.const 1)))""",
    "import.wat": """(module (import "env" "missing" (func (param i32))) (func (export "f")))""",
    "tail.wat": """(module (func (export "f") (return_call 0)))""",
    "atomic.wat": """(module (memory 1 1 shared) (func (export "f") (result i32) (i32.atomic.load (i32.const 0))))""",
    "wide.wat": """(module (func (export "f") (result i64 i64)
      (i64.add128 (i64.const -1) (i64.const 0) (i64.const 1) (i64.const 0))))""",
    "good.wast": """(module (func (export "f") (result i32) (i32.const 1)))
      (assert_return (invoke "f") (i32.const 1))""",
    "bad.wast": """(module (func (export "f") (result i32) (i32.const 1)))
      (assert_return (invoke "f") (i32.const 1))
      (assert_return (invoke "f") (i32.const 2))""",
    "broken-module.wast": """(module (func (result i32) (i32.cnst 1)))\n(assert_invalid (module (func (result i32))) "type")""",
    "unknown.wast": """(module)\n(assert_magic (module))""",
    "broken.wasm": b"\0asm\x01\0\0\0\x01\x05\x01",
    "notwasm.wasm": b"\x7fELF\x01\0\0\0",
}

CASES = [
    ("decimal", ["run", "types.wat", "--invoke", "i32", "12"], "12\n", None, 0),
    ("negative", ["run", "types.wat", "--invoke", "i32", "-1"], "-1\n", None, 0),
    ("negative before --invoke", ["run", "types.wat", "-1", "--invoke", "i32"], "-1\n", None, 0),
    ("options before the file", ["run", "--invoke", "i32", "types.wat", "3"], "3\n", None, 0),
    ("hexadecimal", ["run", "types.wat", "--invoke", "i32", "0x10"], "16\n", None, 0),
    ("unsigned range", ["run", "types.wat", "--invoke", "i32", "4294967295"], "-1\n", None, 0),
    ("i32 out of range", ["run", "types.wat", "--invoke", "i32", "4294967296"], "", "argument 1", 2),
    ("not a number", ["run", "types.wat", "--invoke", "i32", "twelve"], "", "argument 1", 2),
    ("i64", ["run", "types.wat", "--invoke", "i64", "-9223372036854775808"], "-9223372036854775808\n", None, 0),
    ("f32", ["run", "types.wat", "--invoke", "f32", "1.5"], "1.5\n", None, 0),
    ("f32 NaN payload", ["run", "types.wat", "--invoke", "f32", "nan:0x7fc00001"], "nan:0x7fc00001\n", None, 0),
    ("f32 signalling", ["run", "types.wat", "--invoke", "f32", "nan:0x7f800001"], "nan:0x7f800001\n", None, 0),
    ("f64 infinity", ["run", "types.wat", "--invoke", "f64", "-inf"], "-inf\n", None, 0),
    ("f64 tenth", ["run", "types.wat", "--invoke", "f64", "0.1"], "0.1\n", None, 0),
    ("v128", ["run", "types.wat", "--invoke", "v128", "i32x4:1,2,-3,4"], "i32x4:1,2,-3,4\n", None, 0),
    ("several results", ["run", "types.wat", "--invoke", "two", "1", "2"], "2\n1\n", None, 0),
    ("null references", ["run", "types.wat", "--invoke", "null"], "ref.null\nref.null\n", None, 0),
    ("function reference", ["run", "types.wat", "--invoke", "self"], "ref.func\n", None, 0),
    ("i31", ["run", "types.wat", "--invoke", "i31"], "ref.i31 -7\n", None, 0),
    ("a word like a verb", ["run", "types.wat", "--invoke", "f32", "run"], "", "'run' is not an f32", 2),
    ("a file like a verb", ["run", "run"], "5\n", None, 0),
    ("an export like a verb", ["run", "verbs.wat", "--invoke", "wast"], "3\n", None, 0),
    ("a word like a list", ["run", "types.wat", "--invoke", "i32", "[1,2]"], "", r"'\[1,2\]' is not an i32", 2),
    ("a word like a separator", ["run", "types.wat", "--invoke", "i32", "++"], "", r"'\+\+' is not an i32", 2),
    ("an export like a number", ["run", "types.wat", "--invoke", "-1"], "41\n", None, 0),
    ("an empty argument", ["run", "types.wat", "--invoke", "i32", ""], "", "'' is not an i32", 2),
    ("options after arguments", ["run", "types.wat", "-3", "--no-quicken", "--invoke=i32"], "-3\n", None, 0),
    ("-- and an option's name", ["run", "types.wat", "--invoke", "i32", "--", "--help"], "", "'--help' is not an i32", 2),
    ("-- twice", ["run", "types.wat", "--invoke", "i32", "--", "--"], "", "'--' is not an i32", 2),
    ("f32 payload form", ["run", "types.wat", "--invoke", "f32", "nan:0x200000"], "nan:0x7fa00000\n", None, 0),
    ("f64 whole number", ["run", "types.wat", "--invoke", "f64", "100000"], "100000\n", None, 0),
    ("f64 exponent", ["run", "types.wat", "--invoke", "f64", "1e300"], "1e+300\n", None, 0),
    ("negative hexadecimal", ["run", "types.wat", "--invoke", "i64", "-0x10"], "-16\n", None, 0),
    ("negative infinity", ["run", "types.wat", "--invoke", "f32", "-inf"], "-inf\n", None, 0),
    ("v128 bytes", ["run", "types.wat", "--invoke", "v128", "i8x16:-1,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15"],
     "i32x4:50463231,117835012,185207048,252579084\n", None, 0),
    ("null argument", ["run", "refs.wat", "--invoke", "is_null", "null"], "1\n", None, 0),
    ("no other reference", ["run", "refs.wat", "--invoke", "is_null", "1"], "", "externref", 2),
    ("reference results", ["run", "refs.wat", "--invoke", "objects"], "ref.struct\nref.array\n", None, 0),
    ("names that would color a terminal", ["run", "control.wat"], "", r"\\1b\[31mred", 2),
    ("deep recursion", ["run", "deep.wat"], "", r"trap: call stack exhausted\n  at call \$deep\n  \d+ calls are active, as many as --max-frames allows\n  the last \d+ are \$deep, again and again\n  0: \$deep at 0x\w+, deep\.wat:\d+:\d+\n(.|\n)*… \d+ more\n", 134),
    ("fewer frames", ["run", "--max-frames", "10", "deep.wat"], "", "call stack exhausted", 134),
    ("bad option value", ["run", "--max-frames", "many", "deep.wat"], "", "max-frames", 2),
    ("function by a wrong index", ["run", "two-unnamed.wat", "--invoke", "9"], "", "no function has index 9", 2),
    ("a folder", ["run", "."], "", r"^\.: error: cannot read the file: Is a directory", 1),
    ("-- ends options", ["run", "types.wat", "--invoke", "i32", "--", "-5"], "-5\n", None, 0),
    ("too few arguments", ["run", "types.wat", "--invoke", "two", "1"], "", "takes 2 arguments", 2),
    ("unknown export", ["run", "types.wat", "--invoke", "nope"], "", "nope.*(.|\n)*i32", 2),
    ("nothing chosen", ["run", "types.wat"], "", "--invoke", 2),
    ("_start", ["run", "start.wat"], "", None, 0),
    ("only export", ["run", "only.wat"], "5\n", None, 0),
    ("only function", ["run", "unnamed.wat"], "6\n", None, 0),
    ("two functions, none exported", ["run", "two-unnamed.wat"], "", "index", 2),
    ("by index", ["run", "two-unnamed.wat", "--invoke", "1"], "7\n", None, 0),
    ("empty module", ["run", "empty.wat"], "", None, 0),
    ("trap", ["run", "trap.wat"], "", r"trap: unreachable\n  0: \$inner at 0x[0-9a-f]+, trap\.wat:\d+:\d+\n  1: \$outer at 0x[0-9a-f]+, trap\.wat:\d+:\d+\n", 134),
    ("trap at start", ["run", "start-trap.wat"], "", "trap: unreachable", 134),
    ("syntax error", ["run", "syntax.wat"], "",
     r"syntax\.wat:2:10: error: unknown operator i32\.cnst\n    2 \|   \(func \(i32\.cnst 1\)\)\)\n      \|          \^+\n", 1),
    ("type error", ["run", "invalid.wat"], "", r"invalid\.wat:\d+:\d+: error: type mismatch", 1),
    ("messages as JSON", ["validate", "--message-format=json", "invalid.wat"], "",
     r'^\{"file":"invalid\.wat","kind":"invalid","code":"type_mismatch".*\}\n$', 1),
    ("message formats are two", ["validate", "--message-format", "xml", "invalid.wat"], "", "neither human nor json", 2),
    ("several threads say the same", ["validate", "--jobs", "4", "invalid.wat"], "", r"invalid\.wat:3:\d+: error: type", 1),
    ("errors are counted", ["validate", "--max-errors", "1", "syntax.wat", "invalid.wat"], "", r"syntax.wat(.|\n)*invalid.wat", 1),
    ("a misspelled verb", ["vlidate", "x"], "", r"did you mean 'validate'", 2),
    ("a misspelled option", ["validate", "--max-eror", "1", "x"], "", r"did you mean --max-errors\?", 2),
    ("a misspelled feature", ["validate", "--feature", "smid", "x"], "", r"did you mean 'simd'", 2),
    ("missing import", ["run", "import.wat"], "", r"unknown import.*env.*missing", 1),
    ("missing file", ["run", "absent.wat"], "", "absent.wat.*cannot read", 1),
    ("truncated binary", ["run", "broken.wasm"], "", r"broken\.wasm:0x[0-9a-f]+: error: ", 1),
    ("no magic", ["run", "notwasm.wasm"], "", "error: ", 1),
    ("no file", ["run"], "", "FILE", 2),
    ("unknown option", ["run", "types.wat", "--wat"], "", "--wat; what follows -- is passed on", 2),
    ("unknown verb", ["fly"], "", "", 2),
    ("no verb", [], "", "", 2),
    ("validate good", ["validate", "types.wat", "start.wat"], "", None, 0),
    ("validate one bad", ["validate", "types.wat", "invalid.wat"], "", "invalid.wat", 1),
    ("feature off", ["validate", "--feature", "-tail-call", "tail.wat"], "", "tail.wat", 1),
    ("feature on by default", ["validate", "tail.wat", "atomic.wat"], "", None, 0),
    ("feature off by default", ["validate", "wide.wat"], "", "wide.wat", 1),
    ("feature on", ["run", "--feature", "wide-arithmetic", "wide.wat"], "0\n1\n", None, 0),
    ("feature before several files", ["validate", "--feature", "wide-arithmetic", "wide.wat", "tail.wat"], "", None, 0),
    ("unknown feature", ["validate", "--feature", "flight", "tail.wat"], "", "flight", 2),
    ("original bytes", ["run", "--no-quicken", "only.wat"], "5\n", None, 0),
    ("checked memory", ["run", "--no-guard-pages", "only.wat"], "5\n", None, 0),
    ("script passes", ["wast", "good.wast"], r"re:2/2", None, 0),
    ("script fails", ["wast", "bad.wast"], r"re:2/3", r"bad\.wast:3", 1),
    ("a script's module is explained", ["wast", "broken-module.wast"], "re:0/2|1/2",
     r"broken-module\.wast:1:29: error: unknown operator i32\.cnst\n.*\n.*\n.*did you mean i32\.const\?", 1),
    ("unknown command fails", ["wast", "unknown.wast"], "re:", r"unknown\.wast:2", 1),
    ("wast is 3.0 exactly", ["wast", "atomic.wat"], "re:", "atomic.wat", 1),
    ("version", ["--version"], "re:cloche \\d", None, 0),
    ("help", ["--help"], "re:run", None, 0),
    ("help of run", ["run", "--help"], "re:--invoke", None, 0),
    ("help of validate", ["validate", "--help"], "re:--feature", None, 0),
    ("help of wast", ["wast", "--help"], "re:--feature", None, 0),
]


def matches(pattern, text):
    if pattern is not None and pattern.startswith("re:"):
        return re.search(pattern[3:], text) is not None
    return text == pattern


def main():
    cloche = os.path.abspath(sys.argv[1])
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, text in FILES.items():
            with open(os.path.join(folder, name), "wb") as file:
                file.write(text if isinstance(text, bytes) else text.encode())
        for name, args, stdout, stderr, code in CASES:
            run = subprocess.run([cloche, *args], cwd=folder, capture_output=True, text=True, timeout=60,
                                 env={"NO_COLOR": "1"}, stdin=subprocess.DEVNULL)
            problems = []
            if run.returncode != code:
                problems.append(f"exit code {run.returncode}, expected {code}")
            if not matches(stdout, run.stdout):
                problems.append(f"stdout {run.stdout!r}, expected {stdout!r}")
            if stderr is None and run.stderr:
                problems.append(f"stderr {run.stderr!r}, expected none")
            if stderr is not None and re.search(stderr, run.stderr) is None:
                problems.append(f"stderr {run.stderr!r}, expected /{stderr}/")
            if problems:
                failed += 1
                print(f"FAILED {name}: {' '.join(args)}\n  " + "\n  ".join(problems))
    print(f"{len(CASES) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
