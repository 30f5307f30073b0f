#!/usr/bin/env python3
"""A program that allocates 10 GiB in total and keeps 10 MiB alive runs in under 200 MiB.

  check_gc.py CLOCHE [OPTIONS...]
"""
import os
import subprocess
import sys

CELLS = 10_240
ROUNDS = 10 * 1024 * 1024  # arrays of 1 KiB: 10 GiB
MAX_RSS_KIB = 200 * 1024


def expected():
    # The last CELLS rounds are alive; round r (counting down to 1) stores the low byte of r.
    return sum(r & 0xFF for r in range(1, CELLS + 1))


def main():
    cloche, options = os.path.abspath(sys.argv[1]), sys.argv[2:]
    module = os.path.join(os.path.dirname(os.path.abspath(__file__)), "churn.wat")
    process = subprocess.Popen([cloche, "run", *options, module, "--invoke", "churn", str(CELLS), str(ROUNDS)],
                               stdout=subprocess.PIPE)
    output = process.stdout.read().decode().strip()
    _, status, usage = os.wait4(process.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    print(f"result {output}, exit code {code}, {usage.ru_maxrss // 1024} MiB at most resident")
    if code != 0 or output != str(expected()):
        print(f"expected {expected()} and exit code 0")
        return 1
    return 0 if usage.ru_maxrss < MAX_RSS_KIB else 1


if __name__ == "__main__":
    sys.exit(main())
