#!/usr/bin/env python3
"""Compares what `cloche memory` prints with golden/, and holds the numbers against those that are known by hand.

    check_memory.py CLOCHE SHARED_DIR     compares
    check_memory.py CLOCHE --update       writes golden/ anew; read the difference before keeping it
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
from golden import Golden, expect  # noqa: E402

GOLDEN = HERE / "golden"
EXAMPLES = HERE.parents[1] / "examples"
LAYOUT = HERE / "layout.wat"

CASES = [
    ("layout.txt", [LAYOUT]),
    ("layout.json", [LAYOUT, "--json"]),
    ("layout.svg", [LAYOUT, "--svg"]),
    ("work.txt", [LAYOUT, "--invoke", "work", "1"]),
    ("work.json", [LAYOUT, "--invoke", "work", "1", "--json"]),
    ("work.svg", [LAYOUT, "--invoke", "work", "1", "--svg"]),
    ("overflow.txt", [LAYOUT, "--invoke", "overflow"]),
    ("stopped.txt", [LAYOUT, "--invoke", "work", "1", "--stop-after", "8"]),
    ("frame.txt", [EXAMPLES / "frame.wat"]),
    ("sum-bytes.txt", [EXAMPLES / "sum-bytes.wat", "--invoke", "sum_bytes", "0", "65537"]),
]


def memory(cloche, arguments, code=0):
    path = pathlib.Path(arguments[0])
    done = subprocess.run([cloche, "memory", path.name, *arguments[1:]], cwd=path.parent, capture_output=True, timeout=120,
                          stdin=subprocess.DEVNULL)
    if done.returncode != code:
        raise SystemExit(f"memory {arguments}: exit code {done.returncode}, expected {code}: {done.stderr.decode()}")
    return done.stdout.decode()


def compare(cloche, update):
    golden = Golden(GOLDEN, update)
    for name, arguments in CASES:
        golden.compare(name, memory(cloche, arguments))
    return golden.failures


def by_hand(cloche):
    """layout.wat's numbers, worked out from its text."""
    failures = 0
    work = json.loads(memory(cloche, [LAYOUT, "--invoke", "work", "1", "--json"]))
    failures += expect("size after growing", work["size_bytes"], 3 * 65536)
    failures += expect("lowest pointer", work["shadow_stack"]["lowest_pointer"], 66576 - 64)
    failures += expect("pointer", work["shadow_stack"]["pointer"], 66576)
    changed = {(region["kind"], region.get("name")): region["changed_bytes"] for region in work["regions"]}
    failures += expect("changes", changed, {("null page", None): 0, ("data", ".rodata"): 0, ("unclaimed", None): 0,
                                            ("data", '".d\\1bata"'): 1, ("shadow stack", None): 2, ("heap", None): 1})
    failures += expect("the heap ends with the memory", work["regions"][-1]["end"], 3 * 65536)
    # Eight instructions in, the frame is taken and its first byte written.
    stopped = json.loads(memory(cloche, [LAYOUT, "--invoke", "work", "1", "--stop-after", "8", "--json"]))
    failures += expect("changes after 8 instructions", sum(region["changed_bytes"] for region in stopped["regions"]), 1)
    failures += expect("pointer after 8 instructions", stopped["shadow_stack"]["pointer"], 66576 - 64)
    return failures


def check_svg(cloche):
    for arguments in ([LAYOUT, "--svg"], [LAYOUT, "--invoke", "work", "1", "--svg"]):
        xml.etree.ElementTree.fromstring(memory(cloche, arguments))


C_PROGRAM = r"""
int data = 7;
int zeroed[100];
static void fill(volatile char *at, int size) { for (int i = 0; i < size; ++i) at[i] = 1; }
__attribute__((noinline)) static int frame(int n) { volatile char room[1000]; fill(room, sizeof room); return n == 0 ? room[0] : frame(n - 1) + room[1]; }
int run(int n) { zeroed[n] = data; return frame(n); }
"""


def check_c(cloche):
    """A program as clang and its linker make it: data first, stack first, and without names."""
    compiler = shutil.which("clang-19") or shutil.which("clang")
    if compiler is None:
        print("compiled programs are left out: no clang")
        return 0
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "program.c"
        source.write_text(C_PROGRAM)
        for name, flags in (("data-first", []), ("stack-first", ["-Wl,--stack-first"]), ("stripped", ["-Wl,--strip-all"])):
            module = pathlib.Path(folder) / (name + ".wasm")
            built = subprocess.run([compiler, "--target=wasm32", "-nostdlib", "-O1", "-Wl,--no-entry", "-Wl,--export=run",
                                    "-Wl,-z,stack-size=16384", *flags, str(source), "-o", str(module)],
                                   capture_output=True, text=True)
            if built.returncode != 0:
                print(f"compiled programs are left out: {built.stderr}")
                return failures
            found = json.loads(memory(cloche, [module, "--invoke", "run", "3", "--json"]))
            stack = found["shadow_stack"]
            failures += expect(f"{name}: certainty", stack["certainty"], "guessed" if name == "stripped" else "stated")
            used = stack["high"]["address"] - stack["lowest_pointer"]
            # Four frames of 1000 bytes, each rounded up to 16.
            failures += expect(f"{name}: used", used, 4 * 1008)
            failures += expect(f"{name}: where the stack lies", stack["low"]["address"] == 0, name == "stack-first")
            changed = {region["kind"]: region["changed_bytes"] for region in found["regions"]}
            failures += expect(f"{name}: changed bytes of the stack", changed["shadow stack"] >= 4000, True)
    return failures


def check_run(cloche):
    """A whole WASI program, and one that traps."""
    program = """(module
      (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
      (memory (export "memory") 1)
      (global $__stack_pointer (mut i32) (i32.const 4096))
      (func (export "_start")
        (global.set $__stack_pointer (i32.sub (global.get $__stack_pointer) (i32.const 32)))
        (i32.store (i32.const 5000) (i32.const -1))
        %s))"""
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, ending, code, run in (("exits", "(call $exit (i32.const 3))", 3, "after the run"),
                                        ("traps", "unreachable", 134, 'at the trap "unreachable"')):
            module = pathlib.Path(folder) / f"{name}.wat"
            module.write_text(program % ending)
            found = json.loads(memory(cloche, [module, "--run", "--json", "--", "word"], code=code))
            failures += expect(f"{name}: run", found["run"], run)
            failures += expect(f"{name}: lowest pointer", found["shadow_stack"]["lowest_pointer"], 4096 - 32)
            failures += expect(f"{name}: changes", sum(region["changed_bytes"] for region in found["regions"]), 4)
        # Ended in the middle: the pointer has moved, nothing is stored, and the ending is not reached.
        for steps, changed in ((4, 0), (6, 0), (7, 4)):
            found = json.loads(memory(cloche, [module, "--run", "--stop-after", str(steps), "--json"]))
            failures += expect(f"stopped after {steps}: run", found["run"], f"after {steps} instructions")
            failures += expect(f"stopped after {steps}: lowest pointer", found["shadow_stack"]["lowest_pointer"], 4096 - 32)
            failures += expect(f"stopped after {steps}: changes", sum(region["changed_bytes"] for region in found["regions"]), changed)
        # Longer than the program is.
        found = json.loads(memory(cloche, [module, "--run", "--stop-after", "100", "--json"], code=134))
        failures += expect("never stopped: run", found["run"], 'at the trap "unreachable"')
    return failures


def check_usage(cloche):
    memory(cloche, [EXAMPLES / "calc.wat"], code=2)  # no memory at all
    memory(cloche, [LAYOUT, "--memory", "1"], code=2)
    memory(cloche, [LAYOUT, "--invoke", "nobody"], code=2)
    memory(cloche, [LAYOUT, "--stop-after", "3"], code=2)


def check_programs(cloche, shared):
    programs = sorted(pathlib.Path(shared).glob("programs/**/*.wasm"))
    if not programs:
        print(f"real programs are left out: {shared}/programs is not there")
    failures = 0
    for program in programs:
        done = subprocess.run([cloche, "memory", str(program), "--json"], capture_output=True, timeout=120)
        if done.returncode != 0:
            continue  # no memory, or a feature that is off
        found = json.loads(done.stdout)
        end = 0
        for region in found["regions"]:
            failures += expect(f"{program.name}: regions without gap or overlap", region["begin"], end)
            end = region["end"]
        failures += expect(f"{program.name}: all is covered", end, found["size_bytes"])
    return failures


def main():
    cloche = str(pathlib.Path(sys.argv[1]).resolve())
    update = sys.argv[2:] == ["--update"]
    failures = compare(cloche, update)
    if not update:
        failures += by_hand(cloche) + check_run(cloche) + check_c(cloche) + check_programs(cloche, sys.argv[2])
        check_svg(cloche)
        check_usage(cloche)
    print(f"{failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
