#!/usr/bin/env python3
"""Compiles C with debug information and compares the lines in backtraces with those in the source.

    check_source_lines.py CLOCHE

Exits with 77, which means "skipped", when there is no clang that compiles and links for wasm32.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SKIPPED = 77
FRAME = re.compile(r"^  (\d+): (\S+) at 0x[0-9a-f]+(?:, (.*))?$", re.MULTILINE)


def line_of(file, mark):
    """The number of the line that ends with the comment `// mark`."""
    for number, line in enumerate((HERE / file).read_text().splitlines(), 1):
        if line.endswith("// " + mark):
            return number
    raise SystemExit(f"{file} has no line marked {mark!r}")


def compile_c(folder, options):
    """deep.c as a module; None when the compiler cannot."""
    compiler = shutil.which("clang-19") or shutil.which("clang")
    if compiler is None:
        return None
    module = pathlib.Path(folder) / ("deep" + "".join(options) + ".wasm")
    done = subprocess.run([compiler, "--target=wasm32", "-nostdlib", "-g", *options, "-Wl,--no-entry", "-Wl,--export=run",
                           "-Wl,--export=load", str(HERE / "deep.c"), "-o", str(module)],
                          capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        print(done.stderr)
        return None
    return module


def trace(cloche, module, *call):
    """The frames of the trap that a call ends with: name and place."""
    done = subprocess.run([cloche, "run", str(module), "--invoke", *call], capture_output=True, text=True, timeout=60,
                          stdin=subprocess.DEVNULL)
    if done.returncode != 134:
        raise SystemExit(f"{module.name} {call}: exit code {done.returncode}, expected 134: {done.stderr}")
    return [(name, place or "") for _, name, place in FRAME.findall(done.stderr)]


def place(file, mark):
    """What matches a place: the whole path, the line, any column."""
    return re.escape(str(HERE / file)) + ":" + str(line_of(file, mark)) + r"(:\d+)?"


def compare(what, frames, expected):
    problems = []
    if len(frames) != len(expected):
        problems.append(f"{len(frames)} frames, expected {len(expected)}")
    for found, (name, pattern) in zip(frames, expected):
        if found[0] != name or not re.fullmatch(pattern, found[1]):
            problems.append(f"{found}, expected {(name, pattern)}")
    for problem in problems:
        print(f"{what}: {problem}")
    return len(problems)


def check_c(cloche, folder):
    """Both versions of DWARF, with and without inlining."""
    recursion, trap = place("deep.c", "recursion"), place("deep.c", "trap")
    of_deep, of_middle = place("deep.c", "call of deep"), place("deep.c", "call of middle")
    load, of_read = place("inlined.h", "load"), place("inlined.h", "call of read_at")
    inlined_load = f"{load} in read_at, inlined at {of_read}"
    failures = 0
    for version in ("-gdwarf-4", "-gdwarf-5"):
        for level in ("-O0", "-O1"):
            module = compile_c(folder, [version, level])
            if module is None:
                return None
            calls = [("$deep", trap), ("$deep", recursion), ("$deep", recursion)]
            if level == "-O0":
                expected = calls + [("$middle", of_deep), ("$run", of_middle)]
            else:
                expected = calls + [("$run", f"{of_deep} in middle, inlined at {of_middle}")]
            failures += compare(module.name, trace(cloche, module, "run", "1"), expected)
            failures += compare(module.name, trace(cloche, module, "load", "0x7fffffff"), [("$load", inlined_load)])
    # Without debug information the offsets alone are left.
    plain = compile_c(folder, ["-g0", "-O0"])
    failures += compare(plain.name, trace(cloche, plain, "load", "0x7fffffff"), [("$load", "")])
    return failures


def check_text(cloche, folder):
    source = pathlib.Path(folder) / "lines.wat"
    source.write_text('(module\n  (func $inner\n    unreachable)\n  (func (export "outer")\n    (call $inner)))\n')
    frames = trace(cloche, source, "outer")
    return compare(source.name, frames, [("$inner", re.escape(str(source)) + ":3:5"), ("$outer", re.escape(str(source)) + ":5:6")])


def main():
    cloche = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        failures = check_text(cloche, folder)
        of_c = check_c(cloche, folder)
    if of_c is None and failures == 0:
        print("skipped: no clang that compiles and links for wasm32")
        return SKIPPED
    print(f"{failures + (of_c or 0)} failures")
    return 1 if failures + (of_c or 0) else 0


if __name__ == "__main__":
    sys.exit(main())
