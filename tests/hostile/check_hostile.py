#!/usr/bin/env python3
"""Feeds the command line input that is deep, huge in what it claims, or cut short, under tight limits.

  check_hostile.py CLOCHE

Every run has 256 KiB of native stack and 1 GiB of address space, and must end with the exit code that belongs to
the case: 0 for valid input, 1 with an error message for the rest. A signal is a failure.
"""
import os
import resource
import subprocess
import sys
import tempfile

MAGIC = b"\0asm\x01\0\0\0"
MILLION = 1_000_000
HUGE = b"\xff\xff\xff\xff\x0f"  # 2^32 - 1


def leb(value):
    out = bytearray()
    while True:
        byte = value & 0x7F
        value >>= 7
        out.append(byte | (0x80 if value else 0))
        if not value:
            return bytes(out)


def section(number, contents):
    return bytes([number]) + leb(len(contents)) + contents


def function(body):
    """A module with one function [] -> [] of this body, `end` included."""
    code = leb(0) + body
    return (MAGIC + section(1, b"\x01\x60\0\0") + section(3, b"\x01\0") + section(10, b"\x01" + leb(len(code)) + code))


def deep_cases():
    n = MILLION
    yield "nested-blocks.wasm", function(b"\x02\x40" * n + b"\x0b" * (n + 1)), 0
    yield "nested-loops.wasm", function(b"\x03\x40" * n + b"\x0b" * (n + 1)), 0
    yield "nested-ifs.wasm", function(b"\x41\0\x04\x40" * n + b"\x0b" * (n + 1)), 0
    yield "nested-try-tables.wasm", function(b"\x1f\x40\0" * n + b"\x0b" * (n + 1)), 0
    yield "unclosed-blocks.wasm", function(b"\x02\x40" * n), 1
    chain = b"\x41\x01" * n + b"\x6a" * (n - 1) + b"\x0b"
    yield "long-constant.wasm", MAGIC + section(6, b"\x01\x7f\0" + chain), 0
    types = b"".join(b"\x60\x01\x63" + signed(i - 1) + b"\0" if i else b"\x60\0\0" for i in range(100_000))
    yield "chained-types.wasm", MAGIC + section(1, leb(100_000) + types), 0
    group = b"\x4e" + leb(100_000) + b"".join(b"\x5f\x01\x63" + signed(99_999 - i) + b"\0" for i in range(100_000))
    yield "one-group.wasm", MAGIC + section(1, b"\x01" + group), 0

    yield "blocks.wat", b"(module (func " + b"(block " * n + b")" * n + b"))", 0
    yield "flat-blocks.wat", b"(module (func " + b"block " * n + b"end " * n + b"))", 0
    yield "folded.wat", b"(module (func (result i32) " + b"(i32.eqz " * n + b"(i32.const 1)" + b")" * n + b"))", 0
    yield "parens.wat", b"(" * n, 1
    yield "closed-parens.wat", b"(module " + b"(" * n + b")" * n + b")", 1
    yield "closing-parens.wat", b")" * n, 1
    yield "comments.wat", b"(module " + b"(;" * n + b";)" * n + b")", 0
    yield "open-comments.wat", b"(module " + b"(;" * n, 1
    yield "annotations.wat", b"(module " + b"(@a " * n + b")" * n + b")", 0
    yield "constant.wat", (b"(module (global i32 " + b"(i32.add (i32.const 1) " * 100_000 + b"(i32.const 1)" +
                           b")" * 100_000 + b"))"), 0
    yield "long-id.wat", b"(module (func $" + b"a" * (10 << 20) + b"))", 0
    yield "long-string.wat", b'(module (memory 200) (data (i32.const 0) "' + b"a" * (10 << 20) + b'"))', 0
    yield "many-ids.wat", b"(module " + b"".join(b"(func $f%d)" % i for i in range(200_000)) + b")", 0
    yield "ifs.wat", b"(module (func " + b"(if (i32.const 0) (then " * 300_000 + b"))" * 300_000 + b"))", 0
    yield "nul.wat", b"\0" * 100_000, 1
    yield "high-bytes.wat", b"\xff" * 100_000, 1


SHAPE_BYTES = 10 << 20


def shape_cases():
    """Texts of about ten megabytes, each all of one thing; with the wrong ones' exit code. All must stay linear."""
    n = SHAPE_BYTES
    line = b"(module (func (param i32) " + b"local.get 0 drop " * (n // 17)
    yield "one-line.wat", line + b"))", 0
    yield "one-line-error.wat", line + b"call $missing))", 1
    yield "unclosed.wat", b"(module (func " + b"(block " * (n // 7), 1
    yield "folds.wat", (b"(module (func (result i32) " + b"(i32.add (i32.const 1)" * (n // 23) + b"(i32.const 1)" +
                        b")" * (n // 23) + b"))"), 0
    yield "tiny-functions.wat", b"(module " + b"(func nop)" * MILLION + b")", 0
    yield "too-many-functions.wat", b"(module " + b"(func nop)" * (n // 10) + b")", 1
    ids = MILLION // 2
    yield "ids.wat", b"(module " + b"".join(b"(func $f%d call $f%d)" % (i, ids - 1 - i) for i in range(ids)) + b")", 0
    blocks = n // 30
    yield "labels.wat", (b"(module (func " + b"".join(b"block $l%d " % i for i in range(blocks)) +
                         b"".join(b"br $l%d end " % i for i in reversed(range(blocks))) + b"))"), 0
    for name, piece in (("plain", b"a"), ("escaped", b"\\00"), ("backslashes", b"\\\\"), ("quotes", b'\\"')):
        contents = piece * (n // len(piece))
        yield f"string-{name}.wat", b'(module (memory 200) (data (i32.const 0) "' + contents + b'"))', 0
    yield "strings.wat", b'(module (memory 0) (data (i32.const 0) ' + b'"" ' * (n // 3) + b"))", 0
    yield "unclosed-string.wat", b'(module (data "' + b'\\"' * (n // 2), 1
    yield "block-comment.wat", b"(module (;" + b"a" * n + b";))", 0
    yield "block-comments.wat", b"(module (func " + b"(;;)" * (n // 4) + b"))", 0
    yield "line-comment.wat", b"(module ;;" + b"a" * n + b"\n)", 0
    yield "line-comments.wat", b"(module " + b";;\n" * (n // 3) + b")", 0
    yield "semicolons.wat", b"(module (;" + b";(" * (n // 2) + b";)", 1
    yield "beyond-ascii.wat", b"(module (;" + "\u00e9".encode() * (n // 2) + b";))", 0
    yield "blanks.wat", b"(module " + b" " * n + b")", 0
    yield "tabs.wat", b"(module " + b"\t\r" * (n // 2) + b")", 0
    yield "digits.wat", b"(module (global f64 (f64.const 0." + b"1" * n + b")))", 0
    yield "large-digits.wat", b"(module (global f64 (f64.const " + b"1" * n + b")))", 1
    yield "atom.wat", b"(module (func i32.const" + b"x" * n + b"))", 1
    yield "annotation.wat", b"(module (@a " + b"x " * (n // 2) + b"))", 0


def signed(value):
    out = bytearray()
    while True:
        byte = value & 0x7F
        value >>= 7
        if value == 0 and not byte & 0x40:
            out.append(byte)
            return bytes(out)
        out.append(byte | 0x80)


def bomb_cases():
    """Files of about twenty bytes that declare 2^32 - 1 of something."""
    for number in range(0, 14):
        yield f"count-{number}.wasm", MAGIC + section(number, HUGE), 1
        yield f"size-{number}.wasm", MAGIC + bytes([number]) + HUGE, 1
    one = b"\x01"
    yield "rec-group.wasm", MAGIC + section(1, one + b"\x4e" + HUGE), 1
    yield "params.wasm", MAGIC + section(1, one + b"\x60" + HUGE), 1
    yield "results.wasm", MAGIC + section(1, one + b"\x60\0" + HUGE), 1
    yield "fields.wasm", MAGIC + section(1, one + b"\x5f" + HUGE), 1
    yield "supers.wasm", MAGIC + section(1, one + b"\x50" + HUGE), 1
    yield "import-name.wasm", MAGIC + section(2, one + HUGE), 1
    yield "export-name.wasm", MAGIC + section(7, one + HUGE), 1
    yield "elem-entries.wasm", MAGIC + section(9, one + b"\x01\0" + HUGE), 1
    yield "elem-exprs.wasm", MAGIC + section(9, one + b"\x05\x70" + HUGE), 1
    yield "data-bytes.wasm", MAGIC + section(11, one + b"\x01" + HUGE), 1
    yield "body-size.wasm", (MAGIC + section(1, b"\x01\x60\0\0") + section(3, b"\x01\0") +
                             section(10, one + HUGE)), 1
    for groups in (one + HUGE + b"\x7f", b"\x02" + HUGE + b"\x7f" + HUGE + b"\x7e", one + leb(50_001) + b"\x7f"):
        code = groups + b"\x0b"
        yield f"locals-{groups.hex()}.wasm", (MAGIC + section(1, b"\x01\x60\0\0") + section(3, b"\x01\0") +
                                               section(10, b"\x01" + leb(len(code)) + code)), 1
    yield "br-table.wasm", function(b"\x41\0\x0e" + HUGE + b"\0\x0b"), 1
    yield "select-types.wasm", function(b"\x1c" + HUGE + b"\x0b"), 1
    yield "catches.wasm", function(b"\x1f\x40" + HUGE + b"\x0b"), 1
    # Valid: only making such a table is refused.
    yield "table-min.wasm", MAGIC + section(4, b"\x01\x70\0" + HUGE), 0
    yield "memory-min.wasm", MAGIC + section(5, b"\x01\0" + HUGE), 1
    yield "name-section.wasm", MAGIC + section(0, b"\x04name\x01" + leb(8) + HUGE + b"\0\0\0"), 0


def limits():
    resource.setrlimit(resource.RLIMIT_STACK, (256 << 10, 256 << 10))
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run(cloche, name, contents, code, folder):
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(contents)
    done = subprocess.run([cloche, "validate", path], capture_output=True, timeout=300, preexec_fn=limits)
    os.remove(path)
    if done.returncode != code:
        return f"exit code {done.returncode}, expected {code}: {done.stderr[:300]!r}"
    if code and b"error: " not in done.stderr:
        return f"no error message: {done.stderr[:300]!r}"
    return None


def run_shape(cloche, name, contents, code, folder):
    """As run(), of wat2wasm; and its memory is at most 24 times the text's size."""
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(contents)
    with open(os.path.join(folder, "errors"), "w+b") as errors:
        process = subprocess.Popen([cloche, "wat2wasm", "--enable-all", path, "-o", os.path.join(folder, "out.wasm")],
                                   stdout=subprocess.DEVNULL, stderr=errors, preexec_fn=limits)
        status, usage = os.wait4(process.pid, 0)[1:]
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        said = errors.read(5000)
    os.remove(path)
    if process.returncode != code:
        return f"wat2wasm: exit code {process.returncode}, expected {code}: {said[:300]!r}"
    if code and (b"error: " not in said or len(said) == 5000):
        return f"wat2wasm: no error message, or an endless one: {said[:300]!r}"
    if usage.ru_maxrss << 10 > 24 * len(contents):
        return f"wat2wasm: {usage.ru_maxrss >> 10} MB for a text of {len(contents) >> 20} MB"
    return None


def main():
    cloche = os.path.abspath(sys.argv[1])
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, contents, code in [*bomb_cases(), *deep_cases()]:
            problem = run(cloche, name, contents, code, folder)
            passed += problem is None
            failed += problem is not None
            if problem:
                print(f"FAILED {name}: {problem}")
        for name, contents, code in shape_cases():
            problem = run(cloche, name, contents, code, folder) or run_shape(cloche, name, contents, code, folder)
            passed += problem is None
            failed += problem is not None
            if problem:
                print(f"FAILED {name}: {problem}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
