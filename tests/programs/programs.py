#!/usr/bin/env python3
"""Real programs: builds them natively and as WebAssembly, runs both, and compares.

    programs.py list
    programs.py packages NAME…|--all   the Debian packages that they need beyond the toolchain
    programs.py build NAME…            build/programs/NAME.wasm
    programs.py test NAME…             in build/bin/cloche, or in --engine

Exit codes: 0; 1 for a failure; 77 when nothing failed and something this machine lacks kept all of it from running.
"""

import argparse
import pathlib
import shutil
import sys
import time

from corpus import catalog, npm, toolchain, workload
from corpus.errors import Failure, Skip

PROJECT = pathlib.Path(__file__).resolve().parent.parent.parent


def parse_arguments(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=pathlib.Path, default=PROJECT / "build" / "programs", metavar="DIR",
                        help="where sources and programs are kept (default: build/programs)")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("list", help="names and what they are, one a line")
    packages = verbs.add_parser("packages", help="Debian packages for tools that are missing, one a line")
    packages.add_argument("names", nargs="*", metavar="NAME")
    packages.add_argument("--all", action="store_true")
    build = verbs.add_parser("build", help="build, and copy each module to DIR/NAME.wasm")
    build.add_argument("names", nargs="+", metavar="NAME")
    test = verbs.add_parser("test", help="build, run, compare")
    test.add_argument("names", nargs="+", metavar="NAME")
    test.add_argument("--cloche", type=pathlib.Path, default=PROJECT / "build" / "bin" / "cloche", metavar="FILE")
    test.add_argument("--option", action="append", default=[], metavar="WORD", help="one more option of `cloche run`")
    test.add_argument("--engine", metavar="COMMAND", help="another engine; COMMAND has the words {module} and {args}")
    test.add_argument("--run", metavar="NAME", help="only the run of that name")
    test.add_argument("--small", action="store_true", help="only runs that are quick enough for a sanitizer build")
    test.add_argument("--legacy", action="store_true", help="modules with the exceptions from before WebAssembly 3.0")
    test.add_argument("--timeout", type=float, default=300, metavar="SECONDS", help="for each run (default 300)")
    return parser.parse_args(argv)


def package_files(program, package, out):
    """The files of its package that a program works on, with their names in the scratch folder. `join` makes larger
    ones: each the files that match, one after the other."""
    files = [(package / source, name) for source, name in program.build.get("files", {}).items()]
    for name, patterns in program.build.get("join", {}).items():
        parts = [file for pattern in patterns for file in sorted(package.glob(pattern))]
        (out / name).write_bytes(b"".join(file.read_bytes() for file in parts))
        files.append((out / name, name))
    return files


def build(program, root):
    """Builds or fetches one program. Returns what Session wants."""
    built = toolchain.build(program, root) if program.build else {}
    if "package" in built:
        built["files"] = package_files(program, built["package"], root / program.name)
    if program.npm:
        folder = npm.fetch(root, program.npm)
        built["guest"] = folder / program.npm["module"]
        built["files"] = [(folder / source, name) for source, name in program.npm.get("files", {}).items()]
    return built


def missing_packages(program):
    """The Debian packages of the tools that this program's sources need and this machine lacks."""
    needed = dict(program.build.get("prepare_needs", {}))
    if program.npm and not shutil.which("npm"):
        needed |= {"node": "nodejs", "npm": "npm"}
    return {package for tool, package in needed.items() if not shutil.which(tool)}


def packages_verb(args, programs):
    names = programs if args.all else args.names
    for package in sorted(set().union(*(missing_packages(programs[name]) for name in names))):
        print(package)


def build_verb(args, programs):
    for name in args.names:
        built = build(programs[name], args.root)
        target = args.root / f"{name}.wasm"
        if not target.exists() or target.stat().st_mtime < built["guest"].stat().st_mtime:
            shutil.copyfile(built["guest"], target)
        print(target)


def chosen_runs(program, args):
    return [run for run in program.runs
            if (not args.small or run.small) and (args.run is None or args.run == run.name)]


def test_program(program, args):
    """Returns how many runs there were."""
    runs = chosen_runs(program, args)
    if not runs and args.small and args.run is None:
        raise Skip("it has no workload that is quick enough for a sanitizer build")
    built = build(program, args.root)
    options = list(args.option)
    if args.legacy:
        if "legacy" not in built:
            raise Failure(f"{program.name} has no exceptions")
        built = built | {"guest": built["legacy"]}
        options += ["--feature", "legacy-exceptions"]
    template = args.engine or workload.cloche_template(args.cloche.resolve(), program, options)
    with workload.Session(program, built, template, args.timeout) as session:
        for run in runs:
            begin = time.monotonic()
            session.run(run)
            print(f"{program.name} {run.name}: ok, {time.monotonic() - begin:.1f} s", flush=True)
    return len(runs)


def test_verb(args, programs):
    failed, skipped, ran = 0, 0, 0
    for name in args.names:
        try:
            ran += test_program(programs[name], args)
        except Skip as reason:
            print(f"{name}: skipped: {reason}")
            skipped += 1
        except Failure as reason:
            print(f"{name}: FAILED: {reason}")
            failed += 1
    if failed:
        return 1
    if skipped:
        return 77
    if not ran:
        print("no run was chosen")
        return 1
    return 0


def main(argv):
    args = parse_arguments(argv)
    args.root = args.root.resolve()
    try:
        programs = catalog.all_programs()
        for name in getattr(args, "names", ()):
            if name not in programs:
                print(f"programs: there is no {name}; there are {' '.join(programs)}", file=sys.stderr)
                return 2
        if args.verb == "list":
            for program in programs.values():
                print(f"{program.name:10} {program.summary}")
            return 0
        if args.verb == "packages":
            packages_verb(args, programs)
            return 0
        if args.verb == "build":
            build_verb(args, programs)
            return 0
        return test_verb(args, programs)
    except Skip as reason:
        print(f"programs: skipped: {reason}", file=sys.stderr)
        return 77
    except Failure as reason:
        print(f"programs: {reason}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
