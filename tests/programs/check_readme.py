#!/usr/bin/env python3
"""Runs the commands with real programs that the project's README shows, and compares what it says they print.

    check_readme.py --cloche FILE [--long] [--root DIR]

A command is a line that begins with $ and names build/programs/NAME.wasm; what it prints follows. Without --long, only
programs that are quick to build. Exit codes: 0, 1, 77 when they cannot be built here.
"""

import argparse
import pathlib
import re
import shlex
import subprocess
import sys

from corpus import catalog
from corpus.errors import Failure, Skip
from programs import PROJECT, build_verb

MODULE = re.compile(r"build/programs/(\w+)\.wasm")


def examples(text):
    """(command, program, output) of each command in a README."""
    lines = text.splitlines()
    for at, line in enumerate(lines):
        named = MODULE.search(line)
        if not line.startswith("    $ ") or not named:
            continue
        output = []
        for after in lines[at + 1:]:
            if not after.startswith("    ") or after.startswith("    $ "):
                break
            output.append(after[4:] + "\n")
        yield line[6:], named.group(1), "".join(output)


def check(command, output, cloche, root):
    here = command.replace("./dev run", f"{shlex.quote(str(cloche))} run").replace("build/programs", str(root))
    done = subprocess.run(["bash", "-c", here], cwd=PROJECT, capture_output=True, text=True, timeout=300)
    if done.returncode != 0 or done.stdout != output:
        raise Failure(f"{command}\nexit code {done.returncode}, printed\n{done.stdout}{done.stderr}README says\n{output}")


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cloche", type=pathlib.Path, required=True)
    parser.add_argument("--root", type=pathlib.Path, default=PROJECT / "build" / "programs")
    parser.add_argument("--long", action="store_true")
    args = parser.parse_args(argv)
    args.root = args.root.resolve()
    programs = catalog.all_programs()
    found = [example for example in examples((PROJECT / "README.md").read_text())
             if args.long or programs[example[1]].quick]
    if not found:
        print("README shows no program")
        return 1
    try:
        for command, name, output in found:
            build_verb(argparse.Namespace(names=[name], root=args.root), programs)
            check(command, output, args.cloche.resolve(), args.root)
            print(f"ok: {command}")
    except Skip as reason:
        print(f"skipped: {reason}")
        return 77
    except Failure as reason:
        print(f"FAILED: {reason}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
