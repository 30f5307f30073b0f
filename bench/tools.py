#!/usr/bin/env python3
"""Measures the toolkit on large modules against Debian's wabt and npm's binaryen: CPU time and memory of whole processes.

    ./dev bench --tools [OPTIONS]          (or bench/tools.py [OPTIONS])

Peers are taken from where --wabt and --binaryen say, else from PATH; binaryen is fetched from npm once where npm is. What is not
there is left out and said. A ratio is the peer's figure by Cloche's, of CPU time and of memory; the goals are those against wabt. Standard
output goes to /dev/null. Runs are interleaved; the figures are minima. A task that takes longer than --timeout is given up.
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

from support import modules, peers

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Task: what each family of commands is called with. {in} is the module, {wat} its text as wabt prints it, {folded} as
# binaryen does, which does not read the other, {out} a scratch file.
TASKS = {
    "validate": {"cloche": ["wasm-validate", "--enable-all", "{in}"], "wabt": ["wasm-validate", "--enable-all", "{in}"],
                 "binaryen": ["wasm-opt", "-all", "{in}"]},
    "dump": {"cloche": ["wasm-objdump", "-d", "{in}"], "wabt": ["wasm-objdump", "-d", "{in}"]},
    "details": {"cloche": ["wasm-objdump", "-x", "{in}"], "wabt": ["wasm-objdump", "-x", "{in}"]},
    "print": {"cloche": ["wasm2wat", "--enable-all", "{in}", "-o", "{out}"], "wabt": ["wasm2wat", "--enable-all", "{in}", "-o", "{out}"],
              "binaryen": ["wasm-dis", "-all", "{in}", "-o", "{out}"]},
    "assemble": {"cloche": ["wat2wasm", "--enable-all", "{wat}", "-o", "{out}"], "wabt": ["wat2wasm", "--enable-all", "{wat}", "-o", "{out}"]},
    "assemble folded": {"cloche": ["wat2wasm", "--enable-all", "{folded}", "-o", "{out}"],
                        "wabt": ["wat2wasm", "--enable-all", "{folded}", "-o", "{out}"], "binaryen": ["wasm-as", "-all", "{folded}", "-o", "{out}"]},
}
# Who prints the text of a task; the first one that is there and can.
PRINTERS = {"assemble": ("wabt", "cloche"), "assemble folded": ("binaryen",)}
# Bytes of native stack: deep expressions are binaryen's recursion, for which node's usual stack is too small.
STACK = 2 << 30


def run(command, timeout):
    """(CPU seconds, peak memory in MB), or why not."""
    with open(os.devnull, "wb") as nowhere, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=nowhere, stderr=errors)
        deadline = time.monotonic() + timeout
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() > deadline:
                process.kill()
                os.wait4(process.pid, 0)
                process.returncode = -9
                return f"more than {timeout} s"
            time.sleep(0.005)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            errors.seek(0)
            lines = [line for line in errors.read().decode(errors="replace").split("\n") if line.strip()]
            said = next((line for line in lines if re.match(r"\w*Error\b", line)), lines[0] if lines else "")  # of node, behind the source
            return f"exit code {process.returncode}: {said[:80].replace('|', '/')}"
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def command_of(family, tool, words, values):
    """What is executed. Binaryen's commands are node's."""
    node = shutil.which("node") if family == "binaryen" else None
    start = ["prlimit", f"--stack={STACK}:", node, f"--stack-size={STACK * 9 // 10 >> 10}"] if node else []
    return start + [tool] + [word.format_map(values) for word in words]


def print_text(task, tools, values, timeout):
    """Writes the text that a task reads; false when nobody can."""
    for family in PRINTERS.get(task, ()):
        words = TASKS["print"][family]
        if words[0] in tools[family]:
            place = {**values, "out": values["folded" if family == "binaryen" else "wat"]}
            if not isinstance(run(command_of(family, tools[family][words[0]], words[1:], place), timeout), str):
                return True
    return task not in PRINTERS


def measure(commands, runs, timeout, out):
    """{who: (CPU seconds, MB) or why not}, the runs of all commands interleaved. What one wrote to `out` is not there for the
    next to overwrite: emptying a file of gigabytes takes its time, too."""
    best = {}
    for _ in range(runs):
        for who, command in commands.items():
            if isinstance(best.get(who), str):
                continue
            out.unlink(missing_ok=True)
            result = run(command, timeout)
            if isinstance(result, str) or who not in best:
                best[who] = result
            else:
                best[who] = (min(best[who][0], result[0]), min(best[who][1], result[1]))
    return best


GOALS = {"validate": "20", "dump": "20", "print": "10", "assemble": "3", "assemble folded": "3"}


def cell(result):
    return result if isinstance(result, str) else f"{result[0] * 1000:.0f} ms, {result[1]:.0f} MB"


def ratio(peer, ours):
    if not isinstance(peer, tuple) or not isinstance(ours, tuple) or ours[0] <= 0:
        return "-"
    return f"{peer[0] / ours[0]:.1f}, {peer[1] / ours[1]:.1f}"


def find_tools(options):
    """{family: {name: path}}"""
    places = {"cloche": str(options.build_dir / "bin"), "wabt": options.wabt, "binaryen": options.binaryen}
    names = {words[0] for task in TASKS.values() for words in task.values()}
    found = {}
    for family, place in places.items():
        found[family] = {name: path for name in names if (path := shutil.which(name, path=place))}
    return found


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--module", action="append", default=[], type=pathlib.Path, metavar="FILE", help="measure this module instead of fetching some")
    parser.add_argument("--large", action="store_true", help="the 75 MB module as well (fetched from npm)")
    parser.add_argument("--task", action="append", choices=list(TASKS), help="only this task (may be repeated)")
    parser.add_argument("--runs", type=int, default=3, metavar="N")
    parser.add_argument("--timeout", type=int, default=600, metavar="SECONDS")
    parser.add_argument("--wabt", default="/usr/bin", metavar="DIR", help="where wabt's commands are (default: /usr/bin)")
    parser.add_argument("--binaryen", metavar="DIR", help="where binaryen's commands are (default: PATH, else fetched from npm)")
    parser.add_argument("--build-dir", type=pathlib.Path, default=ROOT / "build", metavar="DIR")
    options = parser.parse_args(argv)

    if not options.binaryen:
        options.binaryen = os.environ.get("PATH") if shutil.which("wasm-opt") else peers.binaryen(options.build_dir / "bench" / "binaryen")
    tools = find_tools(options)
    paths, messages = (options.module, []) if options.module else modules.fetch_all(options.build_dir / "bench" / "modules", options.large)
    print("| module | task | cloche | wabt | CPU, memory | goal | binaryen | CPU, memory |\n|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for module in paths:
            values = {"in": str(module)} | {name: str(pathlib.Path(folder, name)) for name in ("wat", "folded", "out")}
            for task in options.task or TASKS:
                if not print_text(task, tools, values, options.timeout):
                    messages.append(f"{module.name}: nobody could print the text for '{task}'")
                    continue
                commands = {family: command_of(family, tools[family][words[0]], words[1:], values)
                            for family, words in TASKS[task].items() if words[0] in tools[family]}
                results = measure(commands, options.runs, options.timeout, pathlib.Path(values["out"]))
                ours, wabt, binaryen = (results.get(family, "not there" if family in TASKS[task] else "-") for family in tools)
                print(f"| {module.name} {module.stat().st_size / 1e6:.0f} MB | {task} | {cell(ours)} | {cell(wabt)} | {ratio(wabt, ours)} | {GOALS.get(task, '-')} | {cell(binaryen)} | {ratio(binaryen, ours)} |", flush=True)
            for name in ("wat", "folded"):
                pathlib.Path(values[name]).unlink(missing_ok=True)
    for message in messages:
        print(message, file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
