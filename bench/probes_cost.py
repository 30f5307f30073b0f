#!/usr/bin/env python3
"""Measures what it costs that probes could be attached: executed instructions of this build against one without probes.

    bench/probes_cost.py [--with FILE] [--without FILE | --build DIR] [--kernels REGEX] [--limit PERCENT]

Counted by valgrind's callgrind, so that other work on the machine does not matter. Without --without, a build with
-DCLOCHE_PROBES=OFF is made in DIR (default: build/without-probes), which takes some minutes the first time. Exit code 1
when a kernel needs over LIMIT percent more instructions (default 1), 77 when something needed is not installed.
"""

import argparse
import pathlib
import re
import shutil
import subprocess
import sys

from support import build

ROOT = pathlib.Path(__file__).resolve().parents[1]
KERNELS = "^(fib|vm_switch|callbacks|crc32|alloc_tree|spectral_norm)$"


def make_without(folder):
    """The command of a build without probes."""
    configure = ["cmake", "--preset", "release", "-S", ROOT, "-B", folder, "-DCLOCHE_PROBES=OFF", "-DCLOCHE_BUILD_TESTS=OFF"]
    for command in (configure, ["cmake", "--build", folder, "--target", "cloche_cli"]):
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(map(str, command))}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return folder / "bin" / "cloche"


def count(cloche, kernel):
    """How many instructions the command executes for a small run of the kernel."""
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", cloche, "run", "--invoke", "run", kernel.wasm, "--",
               str(kernel.quick_n)]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    counted = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or not counted:
        raise SystemExit(f"{' '.join(map(str, command))}: exit code {done.returncode}\n{done.stderr[-2000:]}")
    return int(counted.group(1)), done.stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--with", dest="probes", type=pathlib.Path, default=ROOT / "build/bin/cloche")
    parser.add_argument("--without", type=pathlib.Path)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/without-probes")
    parser.add_argument("--kernels", default=KERNELS)
    parser.add_argument("--kernels-dir", type=pathlib.Path, default=ROOT / "build/bench")
    parser.add_argument("--limit", type=float, default=1.0)
    args = parser.parse_args()
    if not shutil.which("valgrind"):
        print("skipped: there is no valgrind")
        return 77
    try:
        kernels = build.build_all(args.kernels_dir, args.kernels)
    except build.BuildError as error:
        print(f"skipped: {error}")
        return 77
    without = args.without or make_without(args.build)
    worst = float("-inf")
    print("| kernel | instructions | without probes | difference |\n|---|---:|---:|---:|")
    for kernel in kernels:
        (ours, printed), (bare, expected) = count(args.probes, kernel), count(without, kernel)
        if printed != expected:
            raise SystemExit(f"{kernel.name}: the builds print {printed!r} and {expected!r}")
        percent = (ours / bare - 1) * 100
        worst = max(worst, percent)
        print(f"| {kernel.name} | {ours:,} | {bare:,} | {percent:+.3f} % |", flush=True)
    print(f"\nThe most: {worst:+.3f} %, allowed: {args.limit:g} %")
    return 0 if worst <= args.limit else 1


if __name__ == "__main__":
    sys.exit(main())
