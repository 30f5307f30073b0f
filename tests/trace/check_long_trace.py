#!/usr/bin/env python3
"""A long trace needs no more memory than a short one, and has as many rows as there are steps.

  check_long_trace.py CLOCHE [--small]
"""
import os
import subprocess
import sys
import tempfile

MODULE = """(module (func (export "run") (param $n i32) (result i32) (local $sum i32)
  (loop $again
    (local.set $sum (i32.add (local.get $sum) (i32.mul (local.get $n) (local.get $n))))
    (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
  (local.get $sum)))
"""
STEPS_A_ROUND, OTHER_STEPS = 11, 4  # the loop, its end, the result, and the function's end


def trace(cloche, module, options, rounds, output=subprocess.DEVNULL):
    """Peak memory in bytes."""
    process = subprocess.Popen([cloche, "trace", *options, module, "--invoke", "run", str(rounds)], stdin=subprocess.DEVNULL, stdout=output)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, f"trace {options}: exit code {process.returncode}"
    return usage.ru_maxrss * 1024


def main():
    cloche = sys.argv[1]
    short = 10_000 if "--small" in sys.argv else 100_000  # rounds
    with tempfile.TemporaryDirectory() as folder:
        module = os.path.join(folder, "loop.wat")
        with open(module, "w", encoding="utf-8") as file:
            file.write(MODULE)
        with open(os.path.join(folder, "rows"), "w+b") as rows:
            trace(cloche, module, ["--json"], 10_000, rows)
            rows.seek(0)
            count = sum(line.startswith(b"{") for line in rows)
            wanted = 10_000 * STEPS_A_ROUND + OTHER_STEPS
            assert count == wanted, f"{count} rows of {wanted} steps"
        for options in ([], ["--json"], ["--markdown"], ["--last", "200"], ["--json", "--last", "200"]):
            least, most = trace(cloche, module, options, short), trace(cloche, module, options, short * 3)
            # Two million steps more, or so; a byte kept for each would show. (What this process itself has, some 15 MB, hides
            # less than that.)
            assert most - least < 1 << 20, f"trace {options}: {least} bytes, and {most} for three times as many steps"
    return 0


if __name__ == "__main__":
    sys.exit(main())
