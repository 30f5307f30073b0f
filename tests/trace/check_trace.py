#!/usr/bin/env python3
"""What `cloche trace` prints for each module of modules/, against expected/, as text, Markdown and JSON; and its filters.

  check_trace.py CLOCHE             compares
  check_trace.py CLOCHE --update    writes what is printed now into expected/

A module's first line says what to run: ";; run: FUNCTION ARGUMENTS...".
"""
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
FORMATS = {"txt": [], "md": ["--markdown"], "jsonl": ["--json"]}


def trace(cloche, module, options):
    """Standard output of the trace of a module, which may end with a trap."""
    path = os.path.join(HERE, "modules", module)
    with open(path, encoding="utf-8") as file:
        command = file.readline().removeprefix(";; run: ").split()
    run = subprocess.run([cloche, "trace", *options, path, "--invoke", *command], capture_output=True, text=True)
    assert run.returncode == (134 if module == "trap.wat" else 0), f"{module}: exit code {run.returncode}\n{run.stderr}"
    return run.stdout


def check_format(cloche, module, ending, update):
    printed = trace(cloche, module, FORMATS[ending])
    if ending == "jsonl":
        rows = [line for line in printed.splitlines() if line.startswith("{")]
        assert rows, f"{module}: no rows"
        for number, line in enumerate(rows):
            row = json.loads(line)
            assert row["step"] == number + 1 and len(row["symbols"]) == len(row["stack"]), line
    path = os.path.join(HERE, "expected", module.removesuffix(".wat") + "." + ending)
    if update:
        with open(path, "w", encoding="utf-8") as file:
            file.write(printed)
        return True
    with open(path, encoding="utf-8") as file:
        expected = file.read()
    if printed == expected:
        return True
    print(f"{path} differs; printed was:\n{printed}")
    return False


def steps(cloche, module, *options):
    """The numbers of the rows that the options let through."""
    printed = trace(cloche, module, ["--json", *options])
    return [json.loads(line)["step"] for line in printed.splitlines() if line.startswith("{")]


def check_filters(cloche):
    everything = steps(cloche, "calls.wat")
    cases = [
        (("calls.wat", "--first", "3"), everything[:3]),
        (("calls.wat", "--last", "2"), everything[-2:]),
        (("calls.wat", "--last", "1000"), everything),
        (("calls.wat", "--max-depth", "1"), [s for s in everything if not 6 <= s <= 9]),
        (("calls.wat", "--func", "both"), [3, 4, 5, 10]),
        (("calls.wat", "--func", "$both", "--class", "local"), [3, 4]),
        (("calls.wat", "--func", "b?t*"), [3, 4, 5, 10]),
        (("calls.wat", "--func", "0", "--first", "1"), [6]),
        (("calls.wat", "--class", "call"), [2, 5, 14, 22, 30, 36]),
        (("memory.wat", "--memory", "20"), [3, 17, 30]),
        (("memory.wat", "--memory", "0x0-0x1"), [21]),
        (("memory.wat", "--class", "global,table"), [31]),
        (("calls.wat", "--offsets", "0x5a-0x5c"), [3, 4]),
        (("trap.wat", "--last", "1"), [15]),
    ]
    good = True
    for (module, *options), expected in cases:
        found = steps(cloche, module, *options)
        if found != expected:
            print(f"{module} {options}: rows {found}, expected {expected}")
            good = False
    return good


def check_output(cloche):
    """--output leaves standard output to the results; wrong options are usage errors."""
    out = os.path.join(os.environ.get("TMPDIR", "/tmp"), f"cloche-trace-{os.getpid()}")
    try:
        printed = trace(cloche, "calls.wat", ["--output", out])
        with open(out, encoding="utf-8") as file:
            rows = file.read()
        good = printed == "0\n" and rows + printed == trace(cloche, "calls.wat", [])
        if not good:
            print("--output: the trace or the results stand elsewhere")
    finally:
        if os.path.exists(out):
            os.remove(out)
    for options in (["--class", "none"], ["--first", "x"], ["--memory", "9-8"], ["--offsets", "-"]):
        run = subprocess.run([cloche, "trace", *options, "x.wat"], capture_output=True, text=True)
        if run.returncode != 2 or "error: " not in run.stderr:
            print(f"{options}: exit code {run.returncode}, {run.stderr}")
            good = False
    return good


def main():
    cloche = sys.argv[1]
    update = sys.argv[2:] == ["--update"]
    modules = sorted(name for name in os.listdir(os.path.join(HERE, "modules")) if name.endswith(".wat"))
    results = [check_format(cloche, module, ending, update) for module in modules for ending in FORMATS]
    results += [check_filters(cloche), check_output(cloche)]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
