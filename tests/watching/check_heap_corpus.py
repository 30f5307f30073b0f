#!/usr/bin/env python3
"""The heap checker on real programs: it must not change what they do, and has nothing to complain about.

    check_heap_corpus.py programs --cloche FILE [--root DIR] [--all] NAME…   programs of tests/programs, which have names
    check_heap_corpus.py corpus --cloche FILE --folder DIR [NAME…]           those of the shared corpus
    check_heap_corpus.py engine FILE WORD…                                   one run; what `corpus` has run-corpus.py call

A program of tests/programs must be watched: allocations are counted, and there is neither a finding nor a warning, also not
about leaks. The modules of the shared corpus have lost their names, so the checker cannot tell the allocator from the
program; it must say so, and judge nothing. Exit codes: 0, 1, 77 when nothing could be run here.
"""

import argparse
import pathlib
import re
import shlex
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "programs"))
from corpus import catalog, workload  # noqa: E402
from corpus.errors import Failure, Skip  # noqa: E402
from programs import PROJECT, build  # noqa: E402

OPTIONS = ["--heap-check", "--heap-report"]
UNNAMED = "warning: the module has no function named malloc"
STRIPPED = "warning: --heap-check: the module has no names of its functions"

# What the checker must say about modules without names: STRIPPED where malloc is exported.
NOT_WATCHED = {
    "asc-trees": UNNAMED, "cjson": UNNAMED, "cxx-eh-legacy": STRIPPED, "cxx-iostream": UNNAMED,
    "kotlin-richards": UNNAMED,  # a collected heap, no allocator
    "lua-exnref": UNNAMED, "lua-legacy-eh": UNNAMED, "m64-lz4": UNNAMED, "m64-lz4-high": UNNAMED,
    "multimem-lz4": UNNAMED, "relaxed-simd": UNNAMED, "simd-dot": UNNAMED, "sqlite3": UNNAMED, "tail-vm": UNNAMED,
    "zstd": UNNAMED, "zstd-d": UNNAMED,
}

# Programs of tests/programs that have names, but nothing that allocates: the checker says so.
WITHOUT_ALLOCATOR = {"threads"}


def problems(messages):
    """What the checker found wrong: every message of its own but the report's beginning."""
    own = re.findall(r"^heap: .*", messages, re.MULTILINE)
    return [line for line in own if not re.match(r"heap: \d+ allocations? of \d+ bytes?, \d+ freed$", line)]


def check_watched(program, what, messages):
    """Raises Failure unless the run was watched and found to be in order. Returns the number of allocations."""
    found = problems(messages)
    if found:
        raise Failure(f"{what}: {len(found)} complaints\n{messages[:4000]}")
    if program.name in WITHOUT_ALLOCATOR and UNNAMED in messages:
        return 0
    if "warning: " in messages and "its heap is not watched" in messages or STRIPPED in messages:
        raise Failure(f"{what}: was not watched\n{messages[:2000]}")
    counted = re.search(r"^heap: (\d+) allocations? of", messages, re.MULTILINE)
    if not counted or int(counted.group(1)) == 0:
        raise Failure(f"{what}: no allocation was seen\n{messages[:2000]}")
    return int(counted.group(1))


def chosen(program, everything):
    runs = [run for run in program.runs if run.module is None]
    small = [run for run in runs if run.small]
    if everything:
        return runs
    return small or [run for run in runs if not run.bench]


def check_program(program, args):
    built = build(program, args.root)
    template = workload.cloche_template(args.cloche.resolve(), program, OPTIONS)
    with workload.Session(program, built, template, 600) as session:
        for run in chosen(program, args.all):
            session.run(run)
            count = check_watched(program, f"{program.name} {run.name}", session.messages.decode(errors="replace"))
            print(f"{program.name} {run.name}: ok, {count} allocations", flush=True)


def programs_verb(args):
    programs = catalog.all_programs()
    ran = 0
    for name in args.names:
        try:
            check_program(programs[name], args)
            ran += 1
        except Skip as reason:
            print(f"{name}: skipped: {reason}")
        except Failure as reason:
            print(f"{name}: FAILED: {reason}")
            return 1
    return 0 if ran else 77


def corpus_verb(args):
    index = args.folder / "run-corpus.py"
    if not index.exists():
        print(f"skipped: there is no {index}")
        return 77
    there = {file.parent.name for file in args.folder.glob("*/run.txt")}
    if there != set(NOT_WATCHED):
        print(f"the corpus and the table here differ: {sorted(there ^ set(NOT_WATCHED))}")
        return 1
    ok = True
    for name in args.names or sorted(there):
        engine = shlex.join([sys.executable, str(pathlib.Path(__file__).resolve()), "engine", name, str(args.cloche.resolve())])
        command = [sys.executable, str(index), "--timeout-mult", "10", "--only", name, f"{engine} {{dirs}} {{envs}} {{wasm}} -- {{args}}"]
        done = subprocess.run(command, capture_output=True, text=True)
        print(f"{name}: {done.stdout.strip()}{done.stderr}", flush=True)
        ok = ok and done.returncode == 0
    return 0 if ok else 1


def engine_verb(args):
    """Runs the program as run-corpus.py wants it; a failure of ours is an exit code that no program has."""
    done = subprocess.run([args.cloche, "run", *OPTIONS, *args.words], stderr=subprocess.PIPE)
    messages = done.stderr.decode(errors="replace")
    wanted = NOT_WATCHED[args.name]
    if problems(messages) or wanted not in messages:
        sys.stderr.write(f"expected no complaint, and: {wanted}\n{messages}"[:390])
        return 99
    return done.returncode


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    programs = verbs.add_parser("programs")
    programs.add_argument("--root", type=pathlib.Path, default=PROJECT / "build" / "programs")
    programs.add_argument("--all", action="store_true", help="every workload, also those that take a while")
    corpus = verbs.add_parser("corpus")
    corpus.add_argument("--folder", type=pathlib.Path, required=True)
    for verb in (programs, corpus):
        verb.add_argument("--cloche", type=pathlib.Path, required=True)
        verb.add_argument("names", nargs="*")
    if argv[:1] == ["engine"]:
        return engine_verb(argparse.Namespace(name=argv[1], cloche=argv[2], words=argv[3:]))
    args = parser.parse_args(argv)
    if args.verb == "programs":
        args.root = args.root.resolve()
        return programs_verb(args)
    return corpus_verb(args)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
