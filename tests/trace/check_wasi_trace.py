#!/usr/bin/env python3
"""`cloche trace`, and those who look on at the machine's stacks and traps, with a program for WASI.

  check_wasi_trace.py CLOCHE

The program runs as it does untraced: its output, exit code and messages stay its own. Exits with 77, which means
"skipped", when there is no clang with a C library for wasm32-wasi.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
failures = []


def check(condition, what):
    if not condition:
        failures.append(str(what)[:1500])


class World:
    """The program in a folder with its input."""

    def __init__(self, cloche, folder):
        self.cloche, self.folder, self.module = cloche, pathlib.Path(folder), pathlib.Path(folder) / "program.wasm"
        (self.folder / "input").write_bytes(b"abc")

    def compile(self):
        clang = shutil.which("clang-19")
        if clang is None:
            return False
        command = [clang, "--target=wasm32-wasi", "-O1", "-g", str(HERE / "wasi_program.c"), "-o", str(self.module)]
        return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL).returncode == 0

    def run(self, verb, options, *args):
        command = [self.cloche, verb, *options, "--dir", f"{self.folder}::/in", str(self.module), "--", "/in/input", *args]
        return subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300)

    def rows(self, *options, args=(), code=7):
        """The rows of a trace, which goes to a file, as JSON."""
        out = self.folder / "trace"
        done = self.run("trace", ["--json", "--output", str(out), *options], *args)
        check((done.returncode, done.stdout) == (code, "294\n"), f"{options}: {done}")
        return [json.loads(line) for line in out.read_text().splitlines() if line.startswith("{")]


def check_rows(world):
    everything = world.rows()
    check([row["step"] for row in everything] == list(range(1, len(everything) + 1)), "steps are not counted from 1")
    check(len(everything) > 1000, f"only {len(everything)} rows")
    check(all(len(row["symbols"]) == len(row["stack"]) for row in everything), "symbols and values do not stand side by side")
    # The program's own function, once for each byte and the end, by name and in order.
    own = world.rows("--func", "sum_of")
    check(own and own == [row for row in everything if row["step"] in {each["step"] for each in own}], "--func changes rows")
    called = [row for row in own if row["instr"].startswith("call")]
    check(len(called) == 4, f"sum_of calls {len(called)} times")
    check(world.rows("--last", "50") == everything[-50:], "--last")
    check(world.rows("--first", "50") == everything[:50], "--first")
    classes = world.rows("--class", "memory", "--func", "main")
    check(classes and all(re.search(r"load|store|memory", row["instr"]) for row in classes), "--class memory")



def check_text(world):
    done = world.run("trace", ["--func", "divide"], "trap")
    check(done.returncode == 134, f"a trap under trace: {done}")
    check("294\n" in done.stdout and "i32.div_" in done.stdout, f"rows or output are missing: {done.stdout[-500:]}")
    check(done.stderr.startswith("trap: integer divide by zero\n"), f"the trap's text: {done.stderr}")
    last = world.rows("--last", "3", args=("trap",), code=134)
    check(len(last) == 3 and "i32.div_" in last[-1]["instr"], f"--last before a trap: {last}")


def check_watchers(world):
    plain, told = world.run("run", [], "trap"), world.run("run", ["--explain-trap"], "trap")
    check(plain.returncode == told.returncode == 134, f"{plain} {told}")
    check("wasi_program.c:" in told.stderr and "$divide" in told.stderr, f"the trap's place: {told.stderr}")
    check(len(told.stderr) > len(plain.stderr) + 80, "--explain-trap adds nothing")
    for line in plain.stderr.splitlines():
        check(line in told.stderr, f"--explain-trap leaves out: {line}")
    guarded = world.run("run", ["--shadow-stack-guard", "--stack-report"])
    check((guarded.returncode, guarded.stdout) == (7, "294\n"), f"guard and report: {guarded}")
    check("trap" not in guarded.stderr, f"the guard traps in a good program: {guarded.stderr}")
    row = re.search(r"^ *(\d+) +(\d+) +(\d+) +(\d+) +(\d+) +(\d+)  \$sum_of$", guarded.stderr, re.MULTILINE)
    check(row and int(row.group(5)) == 1, f"stack report has no row of $sum_of: {guarded.stderr}")
    check("shadow stack" in guarded.stderr and "value stack" in guarded.stderr, f"stack report: {guarded.stderr[:500]}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        world = World(os.path.abspath(sys.argv[1]), folder)
        if not world.compile():
            print("skipped: no clang-19 with wasi-libc for wasm32")
            return 77
        check_rows(world)
        check_text(world)
        check_watchers(world)
    for failure in failures:
        print(failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
