#!/usr/bin/env python3
"""Measures `cloche trace` against wabt's `wasm-interp --trace` on the same module: a loop of ten million instructions.

    bench/trace_steps.py [--cloche FILE] [--wabt FILE] [--steps MILLIONS] [--runs N]

CPU time of the whole process (the least of N runs, default 2), and its peak memory; what is printed goes to /dev/null.
"""

import argparse
import pathlib
import shutil
import subprocess
import sys
import tempfile

from support import build, measure

ROOT = pathlib.Path(__file__).resolve().parents[1]

# Ten instructions each time round, in the loop that a compiler makes of an array's sum.
TEXT = """(module (memory 1)
  (func (export "run") (result i32) (local $n i32) (local $sum i32)
    (local.set $n (i32.const {rounds}))
    (loop $again
      (local.set $sum (i32.add (local.get $sum) (i32.load offset=16 (local.get $n))))
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum)))
"""


def measure_command(launcher, command, runs):
    """(CPU seconds, peak MiB), each the least of some runs."""
    quiet = ["sh", "-c", 'exec "$0" "$@" > /dev/null', *command]
    usages, _ = measure.launch(launcher, quiet, runs)
    return min(each.cpu_s for each in usages), min(each.max_rss_kib for each in usages) / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cloche", type=pathlib.Path, default=ROOT / "build/bin/cloche")
    parser.add_argument("--wabt", default=shutil.which("wasm-interp"))
    parser.add_argument("--steps", type=float, default=10)
    parser.add_argument("--build-dir", type=pathlib.Path, default=ROOT / "build/bench", help="where the launcher is built")
    parser.add_argument("--runs", type=int, default=2)
    args = parser.parse_args()
    build.build_all(args.build_dir, "^$")  # the launcher
    rounds = int(args.steps * 100_000)
    with tempfile.TemporaryDirectory() as folder:
        text, module = pathlib.Path(folder) / "loop.wat", pathlib.Path(folder) / "loop.wasm"
        # The memory is as large as the loop's addresses.
        text.write_text(TEXT.format(rounds=rounds).replace("(memory 1)", f"(memory {rounds // 65536 + 2})"))
        subprocess.run([args.cloche, "wat2wasm", text, "-o", module], check=True)
        rows = {
            "cloche run": [args.cloche, "run", module, "--invoke", "run"],
            "cloche trace": [args.cloche, "trace", module, "--invoke", "run"],
            "cloche trace --json": [args.cloche, "trace", "--json", module, "--invoke", "run"],
            "cloche trace --last 200": [args.cloche, "trace", "--last", "200", module, "--invoke", "run"],
        }
        if args.wabt:
            rows["wasm-interp --trace (wabt)"] = [args.wabt, "--trace", "--run-all-exports", module]
        figures = {name: measure_command(args.build_dir / "launch", command, args.runs) for name, command in rows.items()}
    print(f"| {args.steps:g} million steps | CPU s | ns a step | peak MiB |\n|---|---:|---:|---:|")
    for name, (seconds, memory) in figures.items():
        print(f"| {name} | {seconds:.2f} | {seconds / args.steps * 1000:.0f} | {memory:.1f} |")
    if args.wabt:
        wabt = figures["wasm-interp --trace (wabt)"][0]
        print(f"\nwasm-interp / cloche trace: {wabt / figures['cloche trace'][0]:.2f}")


if __name__ == "__main__":
    sys.exit(main())
