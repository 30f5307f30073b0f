#!/usr/bin/env python3
"""Measures what the debugger costs: running forwards under it, and going back.

    bench/going_back.py [CLOCHE]

Time by the clock, since nobody waits for the processes that go back; the least of three. The program counts down from
3,000,000 (30 million instructions); going back is measured by 20 jumps to steps spread over the whole run, less the session
without them.
"""

import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
COUNT = "3000000"
JUMPS = 20


def seconds(command):
    """The least time that a command took, and what it printed."""
    times = []
    for _ in range(3):
        begin = time.perf_counter()
        done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL)
        times.append(time.perf_counter() - begin)
        if done.returncode != 0:
            raise SystemExit(f"{command}: exit code {done.returncode}: {done.stderr.decode()}")
    return min(times), done.stdout.decode()


def session(cloche, commands):
    with tempfile.NamedTemporaryFile("w") as file:
        file.write("\n".join(commands) + "\n")
        file.flush()
        return seconds([cloche, "debug", "--commands", file.name, str(ROOT / "examples/tail-calls.wat"), "--invoke", "sum", COUNT])


def main():
    cloche = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "build/bin/cloche")
    plain, _ = seconds([cloche, "run", str(ROOT / "examples/tail-calls.wat"), "--invoke", "sum", COUNT])
    forward, text = session(cloche, ["continue"])
    steps = int(text.split("has ended after ")[1].split()[0])
    jumps = [f"goto {steps * (JUMPS - i) // (JUMPS + 1)}" for i in range(JUMPS)]
    back, _ = session(cloche, ["continue", *jumps])
    print(f"{steps} instructions: run {plain:.2f} s; under the debugger {forward:.2f} s, {forward / steps * 1e9:.1f} ns an instruction")
    print(f"a jump back: {(back - forward) / JUMPS * 1000:.1f} ms, {(back - forward) / JUMPS / forward * 100:.1f} % of running forwards")


if __name__ == "__main__":
    main()
