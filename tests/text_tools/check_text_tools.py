#!/usr/bin/env python3
"""Checks the commands that read and write text, as people and scripts use them.

  check_text_tools.py BINDIR EXAMPLES

Functions named check_… are the tests; each gets a Tools with a scratch folder as its current one.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ADD = '(module (func $add (export "add") (param $a i32) (param i32) (result i32) (i32.add (local.get $a) (local.get 1))))\n'


class Tools:
    def __init__(self, bindir, examples, folder):
        self.bindir, self.examples, self.folder = pathlib.Path(bindir).resolve(), pathlib.Path(examples), pathlib.Path(folder)

    def write(self, name, text):
        (self.folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return name

    def read(self, name):
        return (self.folder / name).read_bytes()

    def run(self, tool, *args, stdin=b"", code=0):
        """Standard output of bindir/TOOL, which must end with the code; as bytes."""
        run = subprocess.run([self.bindir / tool, *args], cwd=self.folder, input=stdin, capture_output=True, timeout=60)
        if run.returncode != code:
            raise AssertionError(f"{tool} {args}: exit code {run.returncode}, {run.stderr!r}")
        self.stderr = run.stderr
        return run.stdout

    def shell(self, line):
        """Standard output of a shell command with BINDIR first on PATH."""
        path = f"{self.bindir}:{os.environ['PATH']}"
        run = subprocess.run(["bash", "-o", "pipefail", "-c", line], cwd=self.folder, env={"PATH": path},
                             capture_output=True, timeout=60)
        if run.returncode != 0:
            raise AssertionError(f"{line}: exit code {run.returncode}, {run.stderr!r}")
        return run.stdout.decode()


def expect(what, actual, wanted):
    if actual != wanted:
        raise AssertionError(f"{what}: {actual!r}, expected {wanted!r}")


def expect_in(what, part, whole):
    if part not in whole:
        raise AssertionError(f"{what}: {part!r} is not in {whole!r}")


def check_tour_of_wabts_commands(tools):
    shutil.copy(tools.examples / "stack-heap.wat", tools.folder)
    tools.write("app.wat", "(module (memory (export \"m\") 3 9) (data (i32.const 8) \"x\") (func))")
    tools.run("wat2wasm", "app.wat")
    expect("wat2wasm is silent", tools.shell("wat2wasm stack-heap.wat -o stack-heap.wasm"), "")
    expect("a module", tools.read("stack-heap.wasm")[:8], b"\0asm\1\0\0\0")
    if (tools.bindir / "wasm-objdump").exists():
        expect_in("wasm-objdump -x", "Section Details:", tools.shell("wasm-objdump -x stack-heap.wasm"))
        expect_in("wasm-objdump -d", "Code Disassembly:", tools.shell("wasm-objdump -d stack-heap.wasm"))
    expect("wasm-validate is silent", tools.shell("wasm-validate stack-heap.wasm"), "")
    expect("the memory", tools.shell('wasm2wat app.wasm | grep -A2 "(memory"'),
           '  (memory (;0;) 3 9)\n  (export "m" (memory 0))\n  (data (;0;) (i32.const 8) "x"))\n')


def check_empty_text_is_a_module_with_a_warning(tools):
    tools.write("empty.wat", ";; nothing\n")
    tools.run("wat2wasm", "empty.wat")
    expect("a warning", tools.stderr, b"empty.wat:2:1: warning: empty module\n")
    expect("the module", tools.read("empty.wasm"), b"\0asm\1\0\0\0")
    tools.write("module.wat", "(module)")
    tools.run("wat2wasm", "module.wat")
    expect("no warning", tools.stderr, b"")


def check_features_that_are_off_are_named_as_options(tools):
    tools.write("vector.wat", "(module (func (param v128)))")
    tools.run("wat2wasm", "--disable-simd", "vector.wat", code=1)
    expect_in("how to switch it on", b"--feature simd switches it on", tools.stderr)
    tools.run("wat2wasm", "--disable-simd", "--feature", "simd", "vector.wat")


def check_names_are_written_when_wabt_would(tools):
    tools.write("add.wat", ADD)
    tools.run("wat2wasm", "add.wat")
    expect_in("wat2wasm", b"(func (;0;) (type 0) (param i32 i32) (result i32)", tools.run("wasm2wat", "add.wasm"))
    tools.run("wat2wasm", "add.wat", "--debug-names", "-o", "named.wasm")
    expect_in("--debug-names", b"(func $add (type 0) (param $a i32) (param i32) (result i32)",
              tools.run("wasm2wat", "named.wasm"))
    expect_in("--no-debug-names", b"(func (;0;) ", tools.run("wasm2wat", "named.wasm", "--no-debug-names"))
    tools.run("cloche", "assemble", "add.wat", "-o", "kept.wasm")
    expect("cloche assemble keeps names", tools.read("kept.wasm"), tools.read("named.wasm"))
    tools.run("cloche", "assemble", "add.wat", "--no-names", "-o", "plain.wasm")
    expect("cloche assemble --no-names", tools.read("plain.wasm"), tools.read("add.wasm"))


def check_pipes(tools):
    binary = tools.run("wat2wasm", "-", "-o", "-", stdin=ADD.encode())
    text = tools.run("wasm2wat", "-", stdin=binary)
    expect("text and back", tools.run("wat2wasm", "-", "-o", "-", stdin=text), binary)
    expect("cloche print -", tools.run("cloche", "print", "--no-comments", "-", stdin=binary),
           tools.run("cloche", "print", "--no-comments", "-", stdin=text))


def check_output_names(tools):
    tools.write("a.b.wat", ADD)
    tools.run("wat2wasm", "a.b.wat")
    tools.read("a.b.wasm")
    tools.write("plain", ADD)
    tools.run("wat2wasm", "plain")
    tools.read("plain.wasm")
    tools.run("wasm2wat", "plain.wasm", "-o", "text.wat")
    expect_in("-o of wasm2wat", b"(module\n", tools.read("text.wat"))
    tools.run("wat2wasm", "plain", "-o", "no/such/folder.wasm", code=1)
    tools.run("wasm2wat", "plain.wasm", "-o", "no/such/folder.wat", code=1)


def check_invalid_modules(tools):
    tools.write("bad.wat", "(module (func (result i32)))")
    tools.run("wat2wasm", "bad.wat", code=1)
    expect_in("the place", b"bad.wat:1:", tools.stderr)
    tools.run("wat2wasm", "bad.wat", "--no-check")
    tools.run("wasm2wat", "bad.wasm", code=1)
    expect_in("--no-check", b"(result i32)", tools.run("wasm2wat", "bad.wasm", "--no-check"))
    tools.write("damaged.wasm", tools.read("bad.wasm")[:-1])
    tools.run("wasm2wat", "damaged.wasm", "--no-check", code=1)
    tools.write("syntax.wat", "(module (func")
    tools.run("wat2wasm", "syntax.wat", code=1)
    expect_in("the place", b"syntax.wat:1:", tools.stderr)
    tools.run("wat-desugar", "syntax.wat", code=1)


def check_dump(tools):
    tools.write("empty.wat", "(module)")
    expect("wat2wasm -d", tools.run("wat2wasm", "-d", "empty.wat"), b"0000000: 0061 736d 0100 0000 " + b" " * 20 + b"\n")


def check_listing(tools):
    tools.write("m.wat", '(module (func (export "main") (result i32) (i32.const 42)) (data "' + "x" * 200 + '"))')
    tools.run("wat2wasm", "-v", "m.wat")
    listing = tools.stderr.decode()
    for part in ("""0000000: 0061 736d                                 ; WASM_BINARY_MAGIC
0000004: 0100 0000                                 ; WASM_BINARY_VERSION
; section "Type" (1)
0000008: 01                                        ; section code
0000009: 00                                        ; section size (guess)
000000a: 01                                        ; num types
; func type 0
000000b: 60                                        ; func
000000c: 00                                        ; num params
000000d: 01                                        ; num results
000000e: 7f                                        ; i32
0000009: 05                                        ; FIXUP section size
""", """0000016: 04                                        ; string length
0000017: 6d61 696e                                main  ; export name
000001b: 00                                        ; export kind
000001c: 00                                        ; export func index
""", """; function body 0
0000020: 00                                        ; func body size (guess)
0000021: 00                                        ; local decl count
0000022: 41                                        ; i32.const
0000023: 2a                                        ; i32 literal
0000024: 0b                                        ; end
0000020: 04                                        ; FIXUP func body size
""", """; move data: [27, f3) -> [28, f4)
0000026: cc01                                      ; FIXUP section size
"""):
        expect_in("wat2wasm -v", part, listing)
    tools.run("wat2wasm", "m.wat", "--no-canonicalize-leb128s", "-o", "wide.wasm")
    expect("wide sizes", tools.read("wide.wasm")[8:14], b"\1\x85\x80\x80\x80\0")
    expect("the same module", tools.run("wasm2wat", "wide.wasm"), tools.run("wasm2wat", "m.wasm"))


def check_printing(tools):
    tools.write("m.wat", '(module (memory 1) (data (i32.const 0) "caf\\c3\\a9\\n") (@custom "mine" (after memory) "x\\00")'
                         ' (func $f (block (br 0)) (block $named (br $named))))')
    text = tools.run("cloche", "print", "m.wat").decode()
    for part in ('(@custom "mine" (after memory) "x\\00")', "block  ;; label = @1\n      br 0 (;@1;)", "block $named", "br $named",
                 '"caf\\c3\\a9\\0a"'):
        expect_in("cloche print", part, text)
    tools.write("again.wat", text)
    tools.run("cloche", "assemble", "m.wat", "-o", "1.wasm")
    tools.run("cloche", "assemble", "again.wat", "-o", "2.wasm")
    expect("assembled again", tools.read("2.wasm"), tools.read("1.wasm"))
    expect_in("--fold", "(block (;@1;)\n      (br 0 (;@1;)))", tools.run("cloche", "print", "-f", "m.wat").decode())
    expect("wasm2wat drops custom sections", b"@custom" in tools.run("wasm2wat", "1.wasm"), False)
    expect_in("--enable-annotations", b'(@custom "mine" "x\\00")', tools.run("wasm2wat", "--enable-annotations", "1.wasm"))


def check_desugar(tools):
    tools.write("s.wat", '(module (memory (data "hi")) (func (export "f") (result i32) (i32.add (i32.const 1) (i32.const 2)))'
                         ' (type $t (func)) (func $g (type $t)))')
    expect("wat-desugar", tools.run("wat-desugar", "s.wat").decode(), """(module
  (memory (;0;) 1 1)
  (data (;0;) (i32.const 0) "hi")
  (func (;0;) (result i32)
    i32.const 1
    i32.const 2
    i32.add)
  (export "f" (func 0))
  (type $t (func))
  (func $g (type $t))
  (type (;1;) (func (result i32))))
""")
    tools.write("s.wast", "(module (func)) (assert_return (invoke \"f\"))")
    expect("the first module of a script", tools.run("wat-desugar", "s.wast"),
           b"(module\n  (func (;0;))\n  (type (;0;) (func)))\n")


SCRIPT = """(module $m (func (export "id") (param i32) (result i32) (local.get 0))
  (func (export "trap") unreachable) (global (export "g") f32 (f32.const 1)))
(assert_return (invoke $m "id" (i32.const -1)) (i32.const -1))
(assert_trap (invoke "trap") "unreachable")
(assert_return (get "g") (f32.const 1))
(assert_malformed (module quote "(modul)") "unknown operator")
(invoke "id" (i32.const 7))
(register "m" $m)
"""


def check_json(tools):
    tools.write("s.wast", SCRIPT)
    tools.run("wast2json", "s.wast", "-o", "out.json")
    script = json.loads(tools.read("out.json"))
    expect("source_filename", script["source_filename"], "s.wast")
    commands = script["commands"]
    expect("commands", [command["type"] for command in commands],
           ["module", "assert_return", "assert_trap", "assert_return", "assert_malformed", "action", "register"])
    expect("module", commands[0], {"type": "module", "line": 1, "name": "$m", "filename": "out.0.wasm"})
    expect("assert_return", commands[1], {
        "type": "assert_return", "line": 3,
        "action": {"type": "invoke", "module": "$m", "field": "id", "args": [{"type": "i32", "value": "4294967295"}]},
        "expected": [{"type": "i32", "value": "4294967295"}]})
    expect("assert_trap", commands[2], {
        "type": "assert_trap", "line": 4, "action": {"type": "invoke", "field": "trap", "args": []}, "text": "unreachable",
        "expected": []})
    expect("assert_return of a global", commands[3], {
        "type": "assert_return", "line": 5, "action": {"type": "get", "field": "g"},
        "expected": [{"type": "f32", "value": "1065353216"}]})
    expect("assert_malformed", commands[4], {"type": "assert_malformed", "line": 6, "filename": "out.1.wat",
                                             "text": "unknown operator", "module_type": "text"})
    expect("the quoted module", tools.read("out.1.wat"), b"(modul)")
    expect("action", commands[5]["expected"], [{"type": "i32"}])
    expect("register", commands[6], {"type": "register", "line": 8, "name": "$m", "as": "m"})
    out = tools.run("spectest-interp", "out.json").decode()
    expect_in("a trap", "s.wast:4: assert_trap passed: unreachable\n", out)
    expect_in("an action", "id(i32:7) => i32:7\n", out)
    expect_in("the tally", "6/6 tests passed.\n", out)


def check_json_refuses_what_does_not_fit(tools):
    for number, (command, words) in enumerate([
            ('(invoke "nothing")', b"unknown export"), ('(invoke "id")', b"too few arguments"),
            ('(assert_return (invoke "id" (i32.const 1)) (f32.const 1))', b"result 0, of type f32, is not of type i32"),
            ('(assert_return (invoke "id" (i64.const 1)) (i32.const 1))', b"argument 0, of type i64, is not of type i32"),
            ('(invoke $nobody "id")', b"no module $nobody")]):
        tools.write("bad.wast", SCRIPT + command)
        tools.run("wast2json", "bad.wast", code=1)
        expect_in(command, words, tools.stderr)
        expect_in(command, b"bad.wast:9:", tools.stderr)
        tools.run("wast2json", "--no-check", "bad.wast")


def check_damaged_json(tools):
    for text, words in [("{", b":1:2: "), ('{"commands": [{"type": "nothing", "line": 1}]}', b"unknown command type"),
                        ('{"commands": [{"type": "module", "line": 1, "filename": "none.wasm"}]}', b"none.wasm"),
                        ('{"commands": [{"type": "module", "line": 1}]}', b'expected a member "filename"'),
                        ('{"commands": [{"type": "action", "line": 1, "action": {"type": "invoke", "field": "f", "args": '
                         '[{"type": "i32", "value": "xx"}]}}]}', b"invalid i32 literal")]:
        tools.write("bad.json", text)
        tools.run("spectest-interp", "bad.json", code=1)
        expect_in(text, words, tools.stderr)


def check_failures_are_counted(tools):
    tools.write("s.wast", '(module (func (export "f") (result f32) (f32.const 0.1)))' +
                '(assert_return (invoke "f") (f32.const nan:canonical))' * 3)
    tools.run("wast2json", "s.wast")
    expect("mismatches", tools.run("spectest-interp", "s.json", code=3).decode(),
           "s.wast:1: mismatch in result 0 of assert_return: expected f32:nan:canonical, got f32:0.100000\n" * 3 +
           "1/4 tests passed.\n")


def check_interp(tools):
    tools.write("m.wat", """(module (import "host" "print" (func $print (param i32 f64)))
      (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
      (func (export "trap") unreachable)
      (func (export "print") (call $print (i32.const -1) (f64.const 1.5)))
      (func (export "two") (result i64 externref) (i64.const 3) (ref.null extern))
      (memory (export "mem") 1))""")
    tools.run("wat2wasm", "m.wat")
    expect("--run-all-exports", tools.run("wasm-interp", "m.wasm", "--run-all-exports", "--host-print").decode(),
           "trap() => error: unreachable executed\n"
           "called host host.print(i32:4294967295, f64:1.500000) =>\nprint() =>\ntwo() => i64:3, externref:0\n")
    expect("-r and -a", tools.run("wasm-interp", "m.wasm", "--dummy-import-func", "-r", "add", "-a", "i32:8", "-a", "i32:5"),
           b"add(i32:8, i32:5) => i32:13\n")
    expect("too few arguments", tools.run("wasm-interp", "m.wasm", "--host-print", "-r", "add", code=1),
           b"Exported function 'add' expects 2 arguments, but 0 were provided\n")
    expect("no function", tools.run("wasm-interp", "m.wasm", "--host-print", "-r", "mem", code=1),
           b"Export 'mem' is not a function\n")
    expect("a wrong argument", tools.run("wasm-interp", "m.wasm", "-r", "add", "-a", "i32:x", code=1),
           b"Failed to parse argument 'i32:x'\n")
    tools.run("wasm-interp", "m.wasm", code=1)
    expect_in("a missing import", b"error initializing module: unknown import", tools.stderr)
    tools.write("deep.wat", '(module (func $f (export "f") (call $f)))')
    tools.run("wat2wasm", "deep.wat")
    expect("-C", tools.run("wasm-interp", "deep.wasm", "-C", "10", "--run-all-exports"), b"f() => error: call stack exhausted\n")


def check_object_files(tools):
    tools.write("o.wat", """(module (type $t (func (param i32))) (import "e" "foo" (func $foo (param i32)))
      (global $g i32 (i32.const 0)) (table 1 funcref)
      (func $f (param i32) (call $f (global.get 0)) (call_indirect (type $t) (i32.const 1) (i32.const 0)))
      (func (call $foo (i32.const 2))) (export "f" (func $f)))""")
    tools.run("wat2wasm", "-r", "o.wat")
    module = tools.read("o.wasm")
    body = b"\0\x23\x80\x80\x80\x80\0\x10\x81\x80\x80\x80\0\x41\1\x41\0\x11\x80\x80\x80\x80\0\x80\x80\x80\x80\0\x0b"
    expect_in("wide indices", body, module)
    symbols = (b"\5" b"\0\x10\0" b"\0\xa4\1\1\1f" b"\0\6\2\0" b"\5\6\0\0" b"\2\0\0\1g")
    expect_in("the symbol table", b"\7linking\2\x08" + bytes([len(symbols)]) + symbols, module)
    # Code is the seventh section; offsets count from its contents, behind the count of functions and the size of a body.
    expect_in("relocations", b"\x0areloc.Code\6\5" b"\7\4\4" b"\0\x0a\1" b"\6\x14\0" b"\x14\x19\3" b"\0\x24\0", module)
    text = tools.run("wasm2wat", "o.wasm")
    tools.write("again.wat", text.decode())
    tools.run("wat2wasm", "o.wat", "-o", "plain.wasm")
    tools.run("wat2wasm", "again.wat", "-o", "again.wasm")
    expect("it is a module still", tools.read("again.wasm"), tools.read("plain.wasm"))
    expect_in("a symbol's name", b"(func $f ", text)
    expect_in("another's", b"(global $g ", text)
    tools.run("wat2wasm", "-r", "--debug-names", "o.wat", "-o", "named.wasm")
    expect_in("with names", b"(func $f ", tools.run("wasm2wat", "named.wasm"))


def check_wasi(tools):
    tools.write("w.wat", """(module
      (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
      (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes (param i32 i32) (result i32)))
      (import "wasi_snapshot_preview1" "environ_sizes_get" (func $environ_sizes (param i32 i32) (result i32)))
      (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
      (memory (export "memory") 1) (data (i32.const 8) "\\10\\00\\00\\00\\03\\00\\00\\00hi\\n")
      (func (export "_start")
        (drop (call $fd_write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 32)))
        (drop (call $args_sizes (i32.const 40) (i32.const 44)))
        (drop (call $environ_sizes (i32.const 48) (i32.const 52)))
        (call $exit (i32.add (i32.load (i32.const 40)) (i32.mul (i32.const 10) (i32.load (i32.const 48)))))))""")
    tools.run("wat2wasm", "w.wat")
    expect("what it writes", tools.run("wasm-interp", "--wasi", "-e", "A=1", "-e", "B=2", "w.wasm", "x", "y", code=23), b"hi\n")
    expect_in("a variable", b"NAME=VALUE", (tools.run("wasm-interp", "--wasi", "-e", "A", "w.wasm", code=1), tools.stderr)[1])
    tools.run("wasm-interp", "w.wasm", code=1)
    expect_in("without --wasi", b"unknown import", tools.stderr)


def check_trap_words(tools):
    tools.write("t.wat", """(module (memory 1 1) (table 10 funcref)
      (func (export "load") (result i32) (i32.load offset=4 (i32.const 65533)))
      (func (export "store") (i64.store (i32.const -1) (i64.const 0)))
      (func (export "atomic") (result i32) (i32.atomic.load offset=1 (i32.const 1)))
      (func (export "fill") (memory.fill (i32.const 65535) (i32.const 0) (i32.const 2)))
      (func (export "get") (result funcref) (table.get (i32.const 10)))
      (func (export "set") (table.set (i32.const 11) (ref.null func)))
      (func (export "div") (result i32) (i32.div_s (i32.const 1) (i32.const 0))))""")
    tools.run("wat2wasm", "t.wat")
    expect("traps", tools.run("wasm-interp", "t.wasm", "--run-all-exports").decode(), """\
load() => error: out of bounds memory access: access at 65537+4 >= max value 65536
store() => error: out of bounds memory access: access at 4294967295+8 >= max value 65536
atomic() => error: invalid atomic access at 1+1
fill() => error: out of bounds memory access: memory.fill out of bounds
get() => error: out of bounds table access: table.get at 10 >= max value 10
set() => error: out of bounds table access: table.set at 11 >= max value 10
div() => error: integer divide by zero
""")


def check_trace(tools):
    tools.write("m.wat", """(module (memory 1) (func $add (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
      (func (export "f") (result i32) (i32.store offset=4 (i32.const 8) (i32.const 7)) (call $add (i32.const 1) (i32.const 2))))""")
    tools.run("wat2wasm", "m.wat")
    lines = tools.run("wasm-interp", "--trace", "m.wasm", "--run-all-exports").decode().splitlines()
    expect("the first line", lines[0], '>>> running export "f":')
    expect("the last line", lines[-1], "f() => i32:3")
    expect("depths", "".join(line[1] for line in lines[1:-1]), "000000" + "1111" + "0")
    expect("instructions", [line.split("| ")[1] for line in lines[1:-1]],
           ["i32.const 8", "i32.const 7", "i32.store $0:8+$4, 7", "i32.const 1", "i32.const 2", "call $0", "local.get $0",
            "local.get $1", "i32.add 1, 2", "end", "end"])
    offset = int(lines[1].split()[1].rstrip(":"))
    expect("the offset is that of the instruction in the module", tools.read("m.wasm")[offset:offset + 2], b"\x41\x08")


def main():
    bindir, examples = sys.argv[1:]
    checks = [(name, check) for name, check in sorted(globals().items()) if name.startswith("check_")]
    failed = 0
    for name, check in checks:
        with tempfile.TemporaryDirectory() as folder:
            try:
                check(Tools(bindir, examples, folder))
            except AssertionError as problem:
                failed += 1
                print(f"FAILED {name}: {problem}")
    print(f"{len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
