#!/usr/bin/env python3
"""Checks the commands under wabt's names: that links and subcommands are the same, options, pipes and exit codes.

  check_tools.py BINDIR TOOLS_DEF

TOOLS_DEF is the list the links are made from. Functions named check_… are the tests; each gets a Tools with a scratch
folder as its current one.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

EMPTY = b"\0asm\x01\0\0\0"
DAMAGED = EMPTY + b"\x01\x05\x01"
INVALID = EMPTY + b"\x01\x05\x01\x60\0\x01\x7f" + b"\x03\x02\x01\0" + b"\x0a\x04\x01\x02\0\x0b"  # a result is missing


class Tools:
    def __init__(self, bindir, folder):
        self.bindir, self.folder = pathlib.Path(bindir).resolve(), pathlib.Path(folder)

    def write(self, name, contents):
        (self.folder / name).write_bytes(contents)
        return name

    def run(self, tool, *args, stdin=b"", **environment):
        """The finished process of bindir/TOOL; without color unless the environment asks for it."""
        return subprocess.run([self.bindir / tool, *args], cwd=self.folder, input=stdin, capture_output=True, timeout=60,
                              env=environment)


def expect(what, actual, wanted):
    if actual != wanted:
        raise AssertionError(f"{what}: {actual!r}, expected {wanted!r}")


def expect_match(what, actual, pattern):
    if re.search(pattern, actual) is None:
        raise AssertionError(f"{what}: {actual!r}, expected /{pattern.decode()}/")


def names(tools_def):
    return re.findall(r'^TOOL\("([^"]+)"', pathlib.Path(tools_def).read_text(), re.M)


def check_every_name_is_a_link_and_a_subcommand(tools, tools_def):
    for name in names(tools_def):
        by_link, by_verb = tools.run(name, "--help"), tools.run("cloche", name, "--help")
        expect(f"{name} --help", by_link.returncode, 0)
        expect(f"{name} by link and by verb", by_link.stdout, by_verb.stdout)
        expect_match(f"{name} --help", by_link.stdout, b"^usage: " + name.encode() + b" ")
        expect(f"{name} --version", tools.run(name, "--version").stdout.split()[0], b"cloche")


def check_wrong_usage_exits_1(tools, tools_def):
    for name in names(tools_def):
        for args in [("--nonsense",), (), ("-",) * 3 + ("--nonsense",)]:
            run = tools.run(name, *args)
            expect(f"{name} {args}", run.returncode, 1)
            expect_match(f"{name} {args}", run.stderr, b"^" + name.encode() + b": .+\nTry '--help' for more information.\n$")


def check_validate(tools, _):
    good, damaged, invalid = (tools.write("good.wasm", EMPTY), tools.write("damaged.wasm", DAMAGED),
                              tools.write("invalid.wasm", INVALID))
    expect("a valid module", (lambda run: (run.returncode, run.stdout, run.stderr))(tools.run("wasm-validate", good)), (0, b"", b""))
    expect("from standard input", tools.run("wasm-validate", "-", stdin=EMPTY).returncode, 0)
    for file in damaged, invalid:
        run = tools.run("wasm-validate", file)
        expect(file, run.returncode, 1)
        expect_match(file, run.stderr, file.encode() + b":(0x)?[0-9a-f]+: error: ")
    run = tools.run("wasm-validate", "-", stdin=INVALID)
    expect_match("the name of standard input", run.stderr, b"^<stdin>:(0x)?[0-9a-f]+: error: ")
    expect("a missing file", tools.run("wasm-validate", "none.wasm").returncode, 1)
    expect_match("two files", tools.run("wasm-validate", good, good).stderr, b"unexpected argument 'good.wasm'")


def check_feature_flags(tools, _):
    tail_call = tools.write("tail.wasm", EMPTY + b"\x01\x04\x01\x60\0\0" + b"\x03\x02\x01\0" + b"\x0a\x06\x01\x04\0\x12\0\x0b")
    expect("3.0 is on", tools.run("wasm-validate", tail_call).returncode, 0)
    expect("switched off", tools.run("wasm-validate", "--disable-tail-call", tail_call).returncode, 1)
    for flag in ("--enable-tail-call", "--enable-all", "--enable-annotations", "--disable-mutable-globals", "--enable-tail"):
        expect(flag, tools.run("wasm-validate", flag, tail_call).returncode, 0)
    expect_match("a prefix of several", tools.run("wasm-validate", "--enable-t", tail_call).stderr, b"ambiguous option '--enable-t'")


def check_color(tools, _):
    invalid = tools.write("invalid.wasm", INVALID)
    expect("no color in a pipe", b"\033" in tools.run("wasm-validate", invalid).stderr, False)
    expect("FORCE_COLOR", b"\033" in tools.run("wasm-validate", invalid, FORCE_COLOR="1").stderr, True)
    expect("NO_COLOR wins", b"\033" in tools.run("wasm-validate", invalid, FORCE_COLOR="1", NO_COLOR="1").stderr, False)


def custom(name, contents):
    body = bytes([len(name)]) + name + contents
    return b"\0" + bytes([len(body)]) + body


TYPE = b"\x01\x04\x01\x60\0\0"
FUNC = TYPE + b"\x03\x02\x01\0" + b"\x0a\x05\x01\x03\0\x01\x0b"
WAT = b"""(module
  (func $f (export "f") (param i32) (result i32)
    (i32.add (local.get 0) (i32.const 1)))
  (func $other))"""


def check_objdump(tools, _):
    module = tools.write("m.wasm", EMPTY + FUNC)
    run = tools.run("wasm-objdump", "-d", module)
    expect("-d", (run.returncode, run.stdout, run.stderr), (0, b"\nm.wasm:\tfile format wasm 0x1\n\nCode Disassembly:\n\n000016 func[0]:\n"
           b" 000017: 01                         | nop\n 000018: 0b                         | end\n", b""))
    expect("letters together", tools.run("wasm-objdump", "-hx", module).stdout,
           tools.run("wasm-objdump", "-x", module, "--headers").stdout)
    expect_match("standard input", tools.run("wasm-objdump", "-h", "-", stdin=EMPTY).stdout, b"^\n<stdin>:\tfile format wasm 0x1\n\nSections:\n\n$")
    expect("nothing to list", tools.run("wasm-objdump", module).returncode, 1)
    run = tools.run("wasm-objdump", "-x", "-j", "none", module)
    expect("no such section", (run.returncode, run.stderr), (1, b"Section not found: none\n"))
    run = tools.run("wasm-objdump", "-h", tools.write("damaged.wasm", DAMAGED))
    expect_match("what can be listed of a damaged module", run.stdout, b"     Type start=0x0000000a")
    expect_match("and what is wrong with it", run.stderr, b"^damaged.wasm:0000008: error: ")
    expect("exit code of a damaged module", run.returncode, 1)


def check_strip(tools, _):
    whole = EMPTY + custom(b"a", b"12") + FUNC + custom(b"name", b"")
    def stripped(*options):
        file = tools.write("s.wasm", whole)
        expect(f"strip {options}", tools.run(*options, file).returncode, 0)
        return (tools.folder / "s.wasm").read_bytes()
    expect("in place", stripped("wasm-strip"), EMPTY + FUNC)
    expect("-k", stripped("wasm-strip", "-k", "a"), EMPTY + custom(b"a", b"12") + FUNC)
    expect("-R", stripped("wasm-strip", "-R", "a"), EMPTY + FUNC + custom(b"name", b""))
    expect("cloche strip --debug", stripped("cloche", "strip", "--debug"), EMPTY + custom(b"a", b"12") + FUNC)
    expect("-o", tools.run("wasm-strip", "-o", "-", "-", stdin=whole).stdout, EMPTY + FUNC)
    damaged = tools.write("damaged.wasm", DAMAGED)
    expect("a damaged module", tools.run("wasm-strip", damaged).returncode, 1)
    expect("which stays as it was", (tools.folder / damaged).read_bytes(), DAMAGED)


def check_stats(tools, _):
    module = tools.write("m.wasm", EMPTY + FUNC)
    expected = b"Total opcodes: 2\n\nOpcode counts:\nnop: 1\nend: 1\n\nOpcode counts with immediates:\nnop: 1\nend: 1\n"
    expect("wasm-stats", tools.run("wasm-stats", module).stdout, expected)
    tools.run("wasm-stats", module, "-o", "out.txt")
    expect("-o", (tools.folder / "out.txt").read_bytes(), expected)
    report = json.loads(tools.run("cloche", "stats", "--json", module).stdout)
    expect("cloche stats", (report["instructions"], report["functions"]), (2, [{"index": 0, "name": "", "size": 3}]))


def check_dump(tools, _):
    module = tools.write("m.wat", WAT)
    text = tools.run("cloche", "dump", "--stack", "--source", "--func", "f", module).stdout
    expect_match("stack and source", text, rb"i32\.add +; \[i32\] m\.wat:3:6\n")
    expect("only that function", b"other" in text, False)
    listing = json.loads(tools.run("cloche", "dump", "--json", "-d", module).stdout)
    expect("JSON", [each["name"] for each in listing["functions"]], ["f", "other"])
    expect("instructions in JSON", listing["functions"][0]["instructions"][1]["text"], "i32.const 1")
    expect_match("sizes", tools.run("cloche", "dump", "--sizes", module).stdout, rb" 7  *\d+\.\d\d %  func\[0\] <f>")
    run = tools.run("cloche", "dump", "-d", "--stack", tools.write("bad.wasm", INVALID))
    expect_match("an invalid module is listed", run.stdout, rb"\| end")
    expect_match("and has nothing beside it", run.stderr, rb"nothing can be shown beside instructions")
    expect("wrong text", tools.run("cloche", "dump", tools.write("bad.wat", b"(module (func (what)))")).returncode, 1)


def check_custom_sections_are_checked(tools, _):
    module = tools.write("m.wasm", EMPTY + FUNC + custom(b"name", b"\x01\x05\x01\x09\x01f\0"))
    run = tools.run("wasm-validate", module)
    expect("a wrong name section", run.returncode, 1)
    expect_match("a wrong name section", run.stderr, b"there is no function 9")
    for flag in ("--ignore-custom-section-errors", "--no-debug-names"):
        expect(flag, tools.run("wasm-validate", flag, module).returncode, 0)


def main():
    bindir, tools_def = sys.argv[1:]
    checks = [(name, check) for name, check in sorted(globals().items()) if name.startswith("check_")]
    failed = 0
    for name, check in checks:
        with tempfile.TemporaryDirectory() as folder:
            try:
                check(Tools(bindir, folder), tools_def)
            except AssertionError as problem:
                failed += 1
                print(f"FAILED {name}: {problem}")
    print(f"{len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
