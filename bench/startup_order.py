#!/usr/bin/env python3
"""Writes src/cli/startup.order: the functions that starting, loading and ending run through, in the order of the command.

The linker puts them beside each other (--symbol-ordering-file), so that a short run maps in a few pages of code instead of
one here and one there. Names that no longer exist are harmless; run this again when starting has become dearer:

    bench/startup_order.py build/bin/cloche        (needs valgrind and nm)
"""
import bisect
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
FETCH = re.compile(r"^I +([0-9a-f]+),(\d+)", re.MULTILINE)


def symbols(program):
    """Function symbols as (address, name), by address."""
    listing = subprocess.run(["nm", "-n", "--defined-only", program], capture_output=True, text=True, check=True).stdout
    rows = (line.split(" ", 2) for line in listing.splitlines())
    return [(int(row[0], 16), row[2]) for row in rows if len(row) == 3 and row[1] in "tTwWi"]


def fetched(program, arguments):
    """Addresses of the instructions that a run fetches, each once, in order of first use."""
    trace = subprocess.run(["valgrind", "--tool=lackey", "--trace-mem=yes", program, *arguments], capture_output=True,
                           text=True, check=True, stdin=subprocess.DEVNULL).stderr
    return dict.fromkeys(int(match[1], 16) for match in FETCH.finditer(trace))


def main():
    program = sys.argv[1]
    known = symbols(program)
    addresses = [address for address, _ in known]
    end = addresses[-1] + 4096
    names = {}
    with tempfile.TemporaryDirectory() as folder:
        binary = pathlib.Path(folder) / "calc.wasm"
        subprocess.run([program, "wat2wasm", ROOT / "examples/calc.wat", "-o", binary], check=True)
        runs = (["run", binary, "--invoke", "calc", "1", "2"], ["run", ROOT / "examples/stack-heap.wat", "--invoke", "compute"],
                ["run", ROOT / "examples/echo.wat", "one"], ["validate", binary])
        for arguments in runs:
            for address in fetched(program, arguments):
                if addresses[0] <= address < end:
                    names[known[bisect.bisect(addresses, address) - 1][1]] = True
    (ROOT / "src/cli/startup.order").write_text("\n".join(names) + "\n")
    print(f"{len(names)} functions")


if __name__ == "__main__":
    main()
