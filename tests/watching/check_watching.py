#!/usr/bin/env python3
"""The shadow-stack guard, the report of stacks and the heap checker, on C and C++ programs compiled without any check.

  check_watching.py CLOCHE

Exits with 77, which means "skipped", when there is no clang with a C library for wasm32-wasi. Real programs are in
check_heap_corpus.py.
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
        failures.append(what)


def compile_program(folder, source, *options, name=None):
    cpp = source.endswith(".cpp")
    compiler = shutil.which("clang++-19" if cpp else "clang-19")
    if compiler is None:
        return None
    module = str(pathlib.Path(folder) / (name or source.replace(".", "_") + ".wasm"))
    command = [compiler, "--target=wasm32-wasi", *(["-fno-exceptions"] if cpp else []), *options, str(HERE / source), "-o", module]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        print(done.stderr)
        return None
    return module


def run(cloche, options, module, *args):
    return subprocess.run([cloche, "run", *options, module, *args], capture_output=True, text=True, timeout=300,
                          stdin=subprocess.DEVNULL)


def check_guard(cloche, folder):
    guard = ["--shadow-stack-guard"]
    for source, good, bad, function, frame in [("recursion.c", "20", "64", "$descend", 1024), ("large_frame.c", None, "", "$fill", 66032)]:
        module = compile_program(folder, source)
        if good:
            done = run(cloche, guard, module, good)
            check((done.returncode, done.stdout) == (0, "intact\n"), f"{source}, enough stack: {done}")
        plain = run(cloche, [], module, bad)
        check((plain.returncode, plain.stdout) == (0, "damaged\n"), f"{source}: the plain run does not damage its data: {plain}")
        guarded = run(cloche, guard, module, bad)
        said = guarded.stderr
        check(guarded.returncode == 134 and said.startswith("trap: shadow stack overflow\n"), f"{source}: no trap: {guarded}")
        check(f"  {function}, " in said and f"wants a frame of {frame} bytes" in said, f"{source}: {said}")
        check(f"  0: {function} at " in said and "global.set $__stack_pointer" in said, f"{source}: another place: {said}")
        check("(65536 bytes)" in said, f"{source}: another size of the stack: {said}")
        # With the stack first, there is nothing below it but address zero.
        first = compile_program(folder, source, "-Wl,--stack-first", name="first.wasm")
        guarded = run(cloche, guard, first, bad)
        said = guarded.stderr
        check(guarded.returncode == 134 and "bytes below zero" in said and f"  0: {function} at " in said, f"{source}, stack first: {said}")


def check_layouts(cloche, folder):
    """Zeroed data of more than the stack's size lies below the stack, and the module does not say so, but its code does."""
    layouts = [
        ([], 71, 65536, "derived: the end of the highest variable below"),
        (["-Wl,-z,stack-size=32768"], 38, 32768, "derived: the end of the highest variable below"),
        (["-Wl,--export=__data_end"], 71, 65536, None),
        (["-Wl,--export=__stack_low"], 71, 65536, None),
        (["-Wl,--strip-all"], 71, 65536, "derived: the end of the highest variable below"),
        (["-Wl,--stack-first"], 71, 65536, "derived: no data lies below the stack"),
    ]
    for options, depth, size, reason in layouts:
        module = compile_program(folder, "layouts.c", "-O1", *options)
        plain = run(cloche, [], module, "70")
        wanted = 134 if "first" in str(options) else 0  # with nothing below, the plain run leaves memory
        check(plain.returncode == wanted and (wanted or plain.stdout == "damaged\n"), f"{options}: the plain run: {plain}"[:500])
        guarded = run(cloche, ["--shadow-stack-guard"], module, "70")
        said = guarded.stderr
        check(guarded.returncode == 134 and said.startswith("trap: shadow stack overflow\n"), f"{options}: no trap: {guarded}"[:500])
        check(f", {depth} calls deep, " in said and f"({size} bytes)" in said, f"{options}: {said}"[:500])
        check(reason is None or f"its lower limit is {reason}" in said, f"{options}: {said}"[:700])
        check(reason is not None or "lower limit" not in said, f"{options}: a stated limit is called uncertain: {said}"[:700])
        good = run(cloche, ["--shadow-stack-guard"], module, "20")
        check((good.returncode, good.stdout) == (0, "intact\n"), f"{options}, enough stack: {good}"[:500])


def check_report(cloche, folder):
    """By hand: main keeps 32 bytes and __main_void 16 below the stack's beginning, each of 31 activations 1024."""
    module = compile_program(folder, "recursion.c")
    done = run(cloche, ["--stack-report"], module, "30")
    said = done.stderr
    check(done.returncode == 0 and done.stdout == "intact\n", f"stack report: {done}")
    row = re.search(r"^ *(\d+) +(\d+) +(\d+) +(\d+) +(\d+) +(\d+)  \$descend$", said, re.MULTILINE)
    check(row is not None, f"stack report has no row of $descend: {said}")
    if row:
        shadow, frame, value, own, calls, frames = map(int, row.groups())
        check((shadow, frame, calls) == (48 + 31 * 1024, 1024, 31), f"shadow stack of $descend: {row.group()}")
        # _start, its two wrappers, main, and 31 times descend.
        check(frames == 36, f"frames: {row.group()}")
        check(value > 31 * 8 and own * 31 > value - 1000, f"value stack: {row.group()}")
    check(f"shadow stack  {48 + 31 * 1024:12} bytes" in said, f"the whole run: {said}")


def heap(cloche, module, bug):
    done = run(cloche, ["--heap-check"], module, bug)
    problems = re.findall(r"^heap: (.*)$", done.stderr, re.MULTILINE)
    return done, problems


def check_heap(cloche, folder):
    planted = {
        "heap_bugs.c": {
            "leak": (r"leak: 1 block, 33 bytes", "$leak"),
            "overflow-write": (r"write of 1 byte at 0x\w+, 0 bytes beyond the end of a block of 10 bytes", "$overflow_write"),
            "overflow-read": (r"read of 1 byte at 0x\w+, 0 bytes beyond the end of a block of 10 bytes", "$overflow_read"),
            "use-after-free": (r"read of 1 byte at 0x\w+, 3 bytes into a block of 10 bytes that was freed", "$use_after_free"),
            "double-free": (r"double free: free of 0x\w+, which is free already", "$double_free"),
            "inner-free": (r"invalid free: free of 0x\w+, 4 bytes into a block of 10 bytes", "$inner_free"),
        },
        "heap_bugs.cpp": {
            "leak": (r"leak: 3 blocks, 48 bytes", "chain"),
            "overflow": (r"write of 4 bytes at 0x\w+, 0 bytes beyond the end of a block of 20 bytes", "overflow"),
            "use-after-delete": (r"read of 4 bytes at 0x\w+, 8 bytes into a block of 16 bytes that was freed", "use_after_delete"),
        },
    }
    for source, bugs in planted.items():
        for level in ("-O0", "-O1"):
            module = compile_program(folder, source, level, "-g")
            done, problems = heap(cloche, module, "clean")
            check(done.returncode == 0 and problems == [], f"{source} {level}: complaints about a clean program: {done.stderr}")
            if source == "heap_bugs.c":
                done, problems = heap(cloche, module, "exit")
                check(done.returncode == 0 and problems == [], f"{source} {level}: a leak of what is reached still: {done.stderr}")
            for bug, (words, function) in bugs.items():
                done, problems = heap(cloche, module, bug)
                check(done.returncode == 1, f"{source} {level} {bug}: exit code {done.returncode}")
                check(len(problems) == 2 and re.match(words, problems[0]) and problems[1] == "1 problem",
                      f"{source} {level} {bug}: {done.stderr}")
                check(function in done.stderr and f"{source}:" in done.stderr, f"{source} {level} {bug}: no path: {done.stderr}")
    # Without names the allocator's inner functions look like the program's own: said, and not judged.
    module = compile_program(folder, "heap_bugs.c", "-O1", "-Wl,--strip-all", "-Wl,--export=malloc", "-Wl,--export=free")
    done, problems = heap(cloche, module, "leak")
    check(done.returncode == 0 and problems == [] and "warning: --heap-check" in done.stderr, f"stripped: {done.stderr}")
    module = compile_program(folder, "heap_bugs.c", "-O1")
    done = run(cloche, ["--heap-report"], module, "clean")
    # calloc, ten times strdup and realloc, printf's none, and the two of the start-up code for the arguments.
    check(re.search(r"^heap: 23 allocations of \d+ bytes, 21 freed$", done.stderr, re.MULTILINE), f"heap report: {done.stderr}")
    check("at most " in done.stderr and done.stderr.count("#") > 50, f"heap report: {done.stderr}")


def check_hostile_allocator(cloche):
    """An allocator that returns addresses where no memory is, or overlapping blocks, throws, or calls itself at the end."""
    module = str(HERE / "odd_allocator.wat")

    def call(name, *args):
        done = run(cloche, ["--heap-check", "--heap-report", "--invoke", name], module, "--", *args)
        return done, re.findall(r"^heap: (.*)$", done.stderr, re.MULTILINE)

    done, problems = call("beyond", "70000")
    check(problems[0] == "the allocator returned 0x11170: a block of 16 bytes there reaches beyond the end of memory", f"beyond: {done}")
    done, problems = call("beyond", "-1")
    check(problems[0].startswith("the allocator returned 0xffffffff: a block"), f"beyond -1: {done}")
    done, problems = call("overlap")
    check(done.returncode == 1 and len(problems) == 3, f"overlap: {done}")
    check(problems[0] == "write of 8 bytes at 0x408, 4 bytes of it beyond the end of a block of 12 bytes", f"overlap: {done}")
    # What is allocated after the one that threw is counted, and accesses are judged again.
    done, problems = call("throwing")
    check(done.returncode == 1 and problems[0] == "read of 1 byte at 0x2010, 0 bytes beyond the end of a block of 16 bytes", f"throwing: {done}")
    check(any(line.startswith("2 allocations of 48 bytes") for line in problems), f"throwing: {done}")
    done, problems = call("tail", "32")
    check(done.returncode == 1 and problems[0] == "write of 1 byte at 0x3020, 0 bytes beyond the end of a block of 32 bytes", f"tail: {done}")
    done, problems = call("usable")
    check(problems[0] == "read of 1 byte at 0x2020, 0 bytes beyond the end of a block of 32 bytes", f"usable: {done}")


def check_shared(cloche):
    done = run(cloche, ["--heap-check", "--heap-report"], str(HERE / "shared_heap.wat"))
    check(done.returncode == 0 and "the memory is shared with threads" in done.stderr, f"shared memory: {done}")
    check("heap: 1 allocation of 16 bytes, 0 freed" in done.stderr and "leak" not in done.stderr, f"shared memory: {done}")


def main():
    cloche = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        if compile_program(folder, "recursion.c") is None or compile_program(folder, "heap_bugs.cpp") is None:
            print("skipped: no clang-19 with wasi-libc and libc++ for wasm32")
            return 77
        check_guard(cloche, folder)
        check_layouts(cloche, folder)
        check_report(cloche, folder)
        check_heap(cloche, folder)
    check_hostile_allocator(cloche)
    check_shared(cloche)
    for failure in failures:
        print(failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
