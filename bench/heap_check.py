#!/usr/bin/env python3
"""Measures what --heap-check costs: real programs, each run without it, without superinstructions, and with it.

    bench/heap_check.py [--cloche FILE]… [--runs N] [--programs-dir DIR] [NAME…]

CPU time of the whole process, the least of N runs (default 3), as Markdown. With several commands, for instance an
older one, each gets a column. Programs are those of tests/programs that have a workload to measure; they are built on
first use. `watched` / `plain` is what somebody pays who asks for the check.
"""

import argparse
import math
import os
import pathlib
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/programs"))
from corpus import catalog, workload  # noqa: E402
from corpus.errors import Skip  # noqa: E402
from programs import build  # noqa: E402

NAMES = ["bzip2", "cxx", "duktape", "lua", "lz4", "mujs", "sqlite", "zlib", "zstd"]


def cpu_seconds(command, folder, stdin):
    with open(folder / stdin if stdin else os.devnull, "rb") as given:
        process = subprocess.Popen(command, cwd=folder, stdin=given, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        messages = process.stderr.read().decode(errors="replace")
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if "its heap is not watched" in messages or "heap: " in messages:
        raise SystemExit(f"{shlex.join(command)}: {messages[:500]}")
    return usage.ru_utime + usage.ru_stime


def measure(program, cloche, options, args):
    """The least time of the program's workload."""
    run = next(run for run in program.runs if run.bench)
    built = build(program, args.programs_dir)
    times = []
    for _ in range(args.runs):
        with workload.Scratch(program, built.get("files", ())) as scratch:
            template = workload.cloche_template(cloche, program, options)
            command = workload.engine_command(template, built["guest"], list(run.args))
            times.append(cpu_seconds(command, scratch.path, run.stdin))
    return min(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cloche", type=pathlib.Path, action="append")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--programs-dir", type=pathlib.Path, default=ROOT / "build" / "programs")
    parser.add_argument("names", nargs="*", default=NAMES)
    args = parser.parse_args()
    commands = [file.resolve() for file in args.cloche or [ROOT / "build/bin/cloche"]]
    args.programs_dir = args.programs_dir.resolve()
    programs = catalog.all_programs()
    titles = [f"watched, {file.name} / plain" for file in commands] if len(commands) > 1 else ["watched / plain"]
    print(f"| program | plain, s | --no-quicken / plain | {' | '.join(titles)} |")
    print("|---|---:|---:|" + "---:|" * len(titles), flush=True)
    ratios = []
    for name in args.names:
        try:
            plain = measure(programs[name], commands[0], [], args)
            others = [measure(programs[name], commands[0], ["--no-quicken"], args)]
            others += [measure(programs[name], file, ["--heap-check"], args) for file in commands]
        except Skip as reason:
            print(f"{name}: skipped: {reason}", file=sys.stderr)
            continue
        ratios.append([each / plain for each in others])
        print(f"| {name} | {plain:.2f} | " + " | ".join(f"{ratio:.1f}" for ratio in ratios[-1]) + " |", flush=True)
    means = [math.exp(sum(map(math.log, column)) / len(column)) for column in zip(*ratios)]
    print("| **geometric mean** | | " + " | ".join(f"{mean:.1f}" for mean in means) + " |")


if __name__ == "__main__":
    main()
