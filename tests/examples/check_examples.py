#!/usr/bin/env python3
"""Runs every invocation of examples/expected.json and compares what comes out.

    check_examples.py CLOCHE [EXAMPLES_DIR] [-- OPTION...]

A row with "stdout" must print exactly that and exit with 0. A row with "trap" must print nothing on stdout, name
the trap on stderr and exit with 134. A row without "invoke" runs a program. Every .wat must have a row, and every command that a file's own comments
show must be one of its rows. Options after -- are given to each `cloche run`, for example --no-quicken.
"""

import json
import pathlib
import re
import subprocess
import sys

TRAP_EXIT_CODE = 134
TIMEOUT_S = 120
SHOWN_COMMAND = re.compile(r"^;;\s+cloche run examples/(\S+)(?: --invoke (\S+))?((?: \S+)*)", re.MULTILINE)


def run_row(cloche, options, path, row):
    """Runs one row. Returns the problems found, as text."""
    invoke = ["--invoke", row["invoke"]] if "invoke" in row else []
    command = [cloche, "run", *options, str(path), *invoke, *row.get("args", [])]
    try:
        done = subprocess.run(command, capture_output=True, timeout=TIMEOUT_S, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return [f"no result within {TIMEOUT_S} s"]
    stdout = done.stdout.decode("utf-8", "replace")
    stderr = done.stderr.decode("utf-8", "replace")
    want_code = TRAP_EXIT_CODE if "trap" in row else 0
    want_stdout = row.get("stdout", "")
    problems = []
    if done.returncode != want_code:
        problems.append(f"exit code {done.returncode}, expected {want_code}")
    if stdout != want_stdout:
        problems.append(f"stdout {stdout!r}, expected {want_stdout!r}")
    if "trap" in row and row["trap"] not in stderr:
        problems.append(f"stderr does not name the trap {row['trap']!r}")
    if problems:
        problems.append(f"stderr: {stderr.strip()!r}")
    return problems


def check_listing(examples, expected):
    """Each example has rows, each row an example, and each command shown in a comment is a row."""
    files = {path.name for path in examples.glob("*.wat")}
    problems = [f"{name}: no row in expected.json" for name in sorted(files - expected.keys())]
    problems += [f"{name}: in expected.json, but no such file" for name in sorted(expected.keys() - files)]
    for name in sorted(files & expected.keys()):
        rows = {(row.get("invoke", ""), tuple(row.get("args", []))) for row in expected[name]}
        shown = SHOWN_COMMAND.findall((examples / name).read_text())
        if not shown:
            problems.append(f"{name}: its comments show no command")
        for file, function, arguments in shown:
            if file != name or (function, tuple(arguments.split())) not in rows:
                problems.append(f"{name}: shows a command that no row checks: {file} {function}{arguments}")
    return problems


def main(argv):
    options = []
    if "--" in argv:
        at = argv.index("--")
        argv, options = argv[:at], argv[at + 1 :]
    if len(argv) not in (1, 2) or argv[0] in ("-h", "--help"):
        print(__doc__)
        return 2
    cloche = argv[0]
    root = pathlib.Path(__file__).resolve().parents[2]
    examples = pathlib.Path(argv[1]) if len(argv) == 2 else root / "examples"
    expected = json.loads((examples / "expected.json").read_text())

    failures = check_listing(examples, expected)
    passed = total = 0
    for name, rows in expected.items():
        for row in rows:
            total += 1
            problems = run_row(cloche, options, examples / name, row)
            passed += not problems
            call = " ".join([row.get("invoke", "(program)"), *row.get("args", [])])
            failures += [f"{name}: {call}: {problem}" for problem in problems]
    for failure in failures:
        print(failure)
    print(f"{passed}/{total} invocations of {len(expected)} examples")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
