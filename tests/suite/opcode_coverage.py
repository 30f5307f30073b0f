#!/usr/bin/env python3
"""Every instruction of the opcode table is executed by a test: counts executions in the specification's scripts and in
this project's own, beside this file, and fails with the list of those that no script executes.

  opcode_coverage.py CLOCHE SPEC OPCODES_DEF

Exit code 77 (skipped) when SPEC is not there.
"""
import os
import re
import subprocess
import sys
import tempfile

from run_suite import FOLDERS, scripts, skips


def count(cloche, features, files, counts):
    """Adds the executions in these scripts to the counts by instruction; false when they do not pass."""
    switches = [word for feature in features for word in ("--feature", feature)]
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "counts")
        run = subprocess.run([cloche, "wast", "--opcode-coverage", out, *switches, *files], capture_output=True, text=True)
        if run.returncode != 0:
            print(f"exit code {run.returncode}: {run.stderr[:4000]}")
            return False
        with open(out, encoding="utf-8") as lines:
            for line in lines:
                code, text, executions = line.split(" ")
                counts[code, text] = counts.get((code, text), 0) + int(executions)
    return True


def main():
    cloche, spec, table = sys.argv[1:]
    if not os.path.isdir(spec):
        print(f"skipped: no specification tests at {spec}; set CLOCHE_SHARED_DIR to run them")
        return 77
    counts = {}
    left_out = skips()
    for folder, features, _ in FOLDERS:
        files = [file for file in scripts(spec, folder) if os.path.relpath(file, spec) not in left_out]
        if not count(cloche, features, files, counts):
            return 1
    with open(table, encoding="utf-8") as file:
        rows = len(re.findall(r"^OP\(", file.read(), re.MULTILINE))
    missing = sorted(key for key, executions in counts.items() if executions == 0)
    print(f"{rows} instructions, {rows - len(missing)} executed, {sum(counts.values())} executions")
    for code, text in missing:
        print(f"no test executes {text} ({code})")
    if len(counts) != rows:
        print(f"the counts have {len(counts)} instructions, {table} has {rows}")
    return 1 if missing or len(counts) != rows else 0


if __name__ == "__main__":
    sys.exit(main())
