#!/usr/bin/env python3
"""What `cloche run` says about each kind of trap, against expected.txt; the same words in every mode of execution.

  check_traps.py CLOCHE             compares
  check_traps.py CLOCHE --update    writes what is said now into expected.txt

The calls are those of examples/expected.json that trap, and those below of more.wat. Long backtraces are cut.
"""
import json
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
MORE = [
    "local_null", "field_null", "global_null", "element_null", "table_null", "result_null", "even 1", "call 0", "call 3",
    "call 4", "call_placed 0", "cast", "cast_array", "cast_null", "cast_func 3", "sum 0 100000", "divide 9 1", "store_data",
    "near_data", "copy_from", "init_dropped", "table_copy", "table_init", "array_copy", "v128_store", "atomic 12",
]
MODES = [[], ["--no-quicken"], ["--quicken-always"], ["--no-guard-pages"], ["--deterministic"]]
LONGEST = 12  # lines of a message that are compared


def calls():
    """File, and what follows --invoke, of every call that traps."""
    for name, rows in json.loads((ROOT / "examples/expected.json").read_text()).items():
        for row in rows:
            if "trap" in row:
                yield f"examples/{name}", [row["invoke"], *row.get("args", [])]
    for call in MORE:
        yield "tests/traps/more.wat", call.split()


def message(cloche, options, file, call):
    run = subprocess.run([cloche, "run", *options, file, "--invoke", *call], capture_output=True, text=True, cwd=ROOT)
    if run.returncode != 134:
        raise SystemExit(f"{file} {call} {options}: exit code {run.returncode}\n{run.stderr}")
    lines = run.stderr.splitlines()
    return "\n".join(lines[:LONGEST]) + ("\n  ...\n" if len(lines) > LONGEST else "\n")


def every_kind_is_there(text):
    """Each trap that a program can cause has a message."""
    kinds = re.findall(r'^TRAP\(\w+, "(.*)"\)', (ROOT / "src/wasm/traps.def").read_text(), re.MULTILINE)
    # Tested elsewhere: they need a host, a signal, a full heap, or a guard.
    others = {"out of memory", "interrupted", "host error", "shadow stack overflow", "heap misuse"}
    missing = [kind for kind in kinds if kind not in others and f"trap: {kind}\n" not in text]
    for kind in missing:
        print(f"no message of the kind '{kind}'")
    return not missing


def explained(cloche):
    """--explain-trap adds one paragraph behind what is said anyway."""
    plain = message(cloche, [], "examples/trap-unreachable.wat", ["run"])
    long = message(cloche, ["--explain-trap"], "examples/trap-unreachable.wat", ["run"])
    extra = [line for line in long.splitlines() if line not in plain.splitlines()]
    if len(extra) == 1 and extra[0].startswith("  The program itself says"):
        return True
    print(f"--explain-trap: {long}")
    return False


def main():
    cloche = str(pathlib.Path(sys.argv[1]).resolve())
    good = True
    text = ""
    for file, call in calls():
        said = message(cloche, [], file, call)
        text += f"$ cloche run {file} --invoke {' '.join(call)}\n{said}\n"
        for options in MODES[1:]:
            other = message(cloche, options, file, call)
            if other != said:
                print(f"{file} {call} with {options}:\n{other}otherwise:\n{said}")
                good = False
    expected = HERE / "expected.txt"
    if sys.argv[2:] == ["--update"]:
        expected.write_text(text)
    elif text != expected.read_text():
        print(f"{expected} differs; said was:\n{text}")
        good = False
    return 0 if good and every_kind_is_there(text) and explained(cloche) else 1


if __name__ == "__main__":
    sys.exit(main())
