#!/usr/bin/env python3
"""Input and output: guests that call fd_read and fd_write themselves, against native programs that make the same system
calls. The goal is at most 1.3 times their time, in CPU and by the clock.

    ./dev bench --io [--runs N] [--quick] [--build-dir DIR] [--scratch DIR] [--markdown FILE]

Files lie in /dev/shm where that is writable, so that no disk is measured. Runs are interleaved, ratios are of minima.
Exit code 1 when a program fails or the goal is missed (with --quick: only when one fails).
"""

import argparse
import os
import pathlib
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from support import build, report  # noqa: E402

GOAL = 1.3
NULL = pathlib.Path("/dev/null")


def parse_arguments(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--io", action="store_true", help=argparse.SUPPRESS)  # how ./dev bench tells us apart
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="rounds (default 5)")
    parser.add_argument("--quick", action="store_true", help="one round, 16 MiB; the figures mean nothing")
    parser.add_argument("--build-dir", type=pathlib.Path, default=HERE.parent.parent / "build", metavar="DIR")
    parser.add_argument("--scratch", type=pathlib.Path, metavar="DIR", help="where the files are put (2 GiB)")
    parser.add_argument("--markdown", type=pathlib.Path, metavar="FILE", help="write the table as Markdown as well")
    return parser.parse_args(argv)


def run_once(command, stdin, stdout):
    """Runs a command between two files. Returns CPU and clock seconds."""
    actions = [(os.POSIX_SPAWN_OPEN, 0, str(stdin), os.O_RDONLY, 0),
               (os.POSIX_SPAWN_OPEN, 1, str(stdout), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)]
    words = [str(word) for word in command]
    if stdout != NULL:
        stdout.unlink(missing_ok=True)  # emptying what the run before wrote would count as this run's time
    begin = time.perf_counter()
    pid = os.posix_spawn(words[0], words, os.environ, file_actions=actions)
    _, status, used = os.wait4(pid, 0)
    wall = time.perf_counter() - begin
    code = os.waitstatus_to_exitcode(status)
    if code != 0:
        raise build.BuildError(f"{' '.join(words)}: exit code {code}")
    return used.ru_utime + used.ru_stime, wall


def same_contents(first, second):
    with first.open("rb") as a, second.open("rb") as b:
        while True:
            one, other = a.read(1 << 20), b.read(1 << 20)
            if one != other:
                return False
            if not one:
                return True


def build_programs(out):
    clang = build.tool("CLOCHE_BENCH_CLANG", ["clang-19", "clang"], "clang-19")
    out.mkdir(parents=True, exist_ok=True)
    for name in ("copy", "small_writes"):
        if not build.is_fresh(out / f"io_{name}", [HERE / f"{name}.c"]):
            build.run([clang, "-O2", HERE / f"{name}.c", "-o", out / f"io_{name}"])


def measure(cloche, out, scratch, size_mib, rounds):
    """{case: {"native"/"cloche": [(cpu, wall), …]}}. What a program writes is compared with what it should have."""
    source, copied = scratch / "source", scratch / "copied"
    block = os.urandom(1 << 20)
    with source.open("wb") as file:
        for _ in range(size_mib):
            file.write(block)
    letters = scratch / "letters"
    letters.write_bytes(b"fifteen letters\n" * 1_000_000)
    cases = {
        f"copy {size_mib} MiB, file to file": ("copy", source, copied, source),
        "1,000,000 writes of 16 bytes to a file": ("small_writes", NULL, copied, letters),
        "1,000,000 writes of 16 bytes to /dev/null": ("small_writes", NULL, NULL, None),
    }
    results = {case: {"native": [], "cloche": []} for case in cases}
    for _ in range(rounds):
        for case, (program, stdin, stdout, expected) in cases.items():
            commands = {"native": [out / f"io_{program}"], "cloche": [cloche, "run", HERE / f"{program}.wat"]}
            for name, command in commands.items():
                results[case][name].append(run_once(command, stdin, stdout))
                if expected and not same_contents(expected, stdout):
                    raise build.BuildError(f"{case}: {name} wrote something else")
    return results


def section(results):
    """The table, and whether every case but the last, which is for information, meets the goal."""
    rows, met = [], True
    for number, (case, times) in enumerate(results.items()):
        best = {name: [min(run[i] for run in runs) for i in (0, 1)] for name, runs in times.items()}
        ratios = [best["cloche"][i] / max(best["native"][i], 1e-6) for i in (0, 1)]
        counts = number < len(results) - 1
        if counts:
            met = met and max(ratios) <= GOAL
        rows.append([case, *(f"{best[name][i]:.3f}" for i in (0, 1) for name in ("native", "cloche")),
                     f"{ratios[0]:.2f}", f"{ratios[1]:.2f}",
                     ("met" if max(ratios) <= GOAL else "missed") if counts else "for information"])
    header = ["input and output", "native CPU s", "cloche CPU s", "native clock s", "cloche clock s", "CPU ratio",
              "clock ratio", f"goal {GOAL}"]
    return "## Input and output\n\n" + report.table(header, rows), met


def main(argv):
    args = parse_arguments(argv)
    out = args.build_dir / "bench"
    shared_memory = pathlib.Path("/dev/shm")
    place = args.scratch or (shared_memory if os.access(shared_memory, os.W_OK) else out)
    try:
        build_programs(out)
        with tempfile.TemporaryDirectory(prefix="cloche-io-", dir=place) as scratch:
            rounds, size_mib = (1, 16) if args.quick else (args.runs, 1024)
            results = measure(args.build_dir / "bin" / "cloche", out, pathlib.Path(scratch), size_mib, rounds)
    except build.BuildError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    text, met = section(results)
    print(text)
    if args.markdown:
        args.markdown.write_text(text)
    return 0 if met or args.quick else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
