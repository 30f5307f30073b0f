#!/usr/bin/env python3
"""Measures Cloche and whatever peers are installed: kernels, programs, validation of large modules, start-up.

    ./dev bench [OPTIONS]          (or bench/run.py [OPTIONS])

Engines are taken from PATH or from variables: CLOCHE_BENCH_WASM3=/path/to/wasm3, and so on for CLOCHE, IWASM,
TOYWASM, WIZARD, WASMEDGE, WASMTIME, NODE, BUN, WASM_VALIDATE, and for the compiler CLANG and WASM_LD. bench/README.md explains the numbers.
"""

import argparse
import dataclasses
import datetime
import json
import os
import pathlib
import platform
import shutil
import sys

from support import build, engines, measure, modules, programs, report

ROOT = pathlib.Path(__file__).resolve().parent.parent


def parse_arguments(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true",
                        help="tiny sizes, few runs: does it work? (no figures to quote)")
    parser.add_argument("--filter", default="", metavar="REGEX", help="only kernels whose name or group matches, and programs whose name does (all: programs)")
    parser.add_argument("--runs", type=int, metavar="N", help="rounds of each kernel (default 5; 2 with --quick)")
    parser.add_argument("--only", choices=["kernels", "programs", "first", "validate", "startup"], action="append",
                        help="only this part (may be repeated)")
    parser.add_argument("--engines", metavar="A,B", help="only these engines (native is always measured)")
    parser.add_argument("--engine", action="append", default=[], metavar="NAME=COMMAND",
                        help="one more engine; COMMAND has the words {file} and {n}, or for programs {module} and {args}")
    parser.add_argument("--module", action="append", default=[], type=pathlib.Path, metavar="FILE",
                        help="one more module to validate")
    parser.add_argument("--large", action="store_true", help="validate the 75 MB module as well (fetched from npm)")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write all measurements as JSON")
    parser.add_argument("--markdown", type=pathlib.Path, metavar="FILE", help="write the tables as Markdown")
    parser.add_argument("--build-dir", type=pathlib.Path, default=ROOT / "build", metavar="DIR",
                        help="where bin/cloche is, and where bench/ is put (default: build)")
    parser.add_argument("--programs-dir", type=pathlib.Path, default=ROOT / "build" / "programs", metavar="DIR",
                        help="where programs are built (default: build/programs)")
    parser.add_argument("--list", action="store_true", help="list kernels and engines, run nothing")
    return parser.parse_args(argv)


def machine():
    """What the numbers were measured on."""
    cpu = ""
    try:
        for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                cpu = line.split(":", 1)[1].strip()
                break
    except OSError:
        pass
    return {"cpu": cpu or platform.machine(), "cores": os.cpu_count(), "system": platform.platform()}


def heading(args, info, found, missing):
    """The first lines of the report."""
    lines = ["# Benchmark\n"]
    if args.quick:
        lines.append("**--quick: sizes so small that the ratios mean nothing.**\n")
    lines.append(f"{datetime.date.today()}, {info['cpu']}, {info['cores']} cores, {info['system']}\n")
    lines += [f"- {engine.name}: {engine.path} {engine.version}".rstrip() for engine in found]
    lines += [f"- {name}: not found" for name in missing]
    return "\n".join(lines) + "\n"


def run_kernels(args, launcher, kernels, found):
    runs = args.runs or (2 if args.quick else 5)
    return measure.measure_kernels(launcher, kernels, found, runs, args.quick)


def run_programs(args, launcher, found, first=False):
    """Returns the programs, the results, and messages about what was skipped."""
    items, messages = programs.prepare(args.programs_dir, args.filter, args.quick, first)
    runs = args.runs or (1 if args.quick else 5)
    return items, programs.measure_all(launcher, items, found, runs), messages


def run_validation(args, launcher, out, cloche):
    """Returns the results and messages about what was skipped."""
    paths, messages = modules.fetch_all(out / "modules", args.large)
    for path in args.module:
        if path.is_file():
            paths.append(path)
        else:
            messages.append(f"{path}: skipped, no such file")
    runs = 2 if args.quick else max(args.runs or 0, 10)
    commands = {}
    if cloche:
        commands["cloche"] = ([cloche, "validate"], runs)
    peer = os.environ.get("CLOCHE_BENCH_WASM_VALIDATE") or shutil.which("wasm-validate")
    if peer:  # slow, so fewer runs
        commands["wasm-validate"] = ([peer, "--enable-all"], 1 if args.quick else 3)
    else:
        messages.append("wasm-validate: not found (Debian package wabt)")
    return measure.measure_validation(launcher, paths, commands, runs), messages


def run_startup(args, launcher, out, found):
    commands = {"empty native program": [out / "empty"]}
    for engine in found:
        if engine.name == "cloche --no-quicken" or not engine.command or "{n}" not in engine.command:
            continue
        commands[engine.name] = engine.run_command(out / "trivial.wasm")
        if engine.name == "cloche":
            commands["cloche, from text"] = engine.run_command(out / "trivial.wat")
    batches, size = (2, 5) if args.quick else (20, 20)
    return measure.measure_startup(launcher, commands, batches, size)


def geomeans(results, found):
    """{base: {engine: geometric mean of its ratios to the base}}."""
    return {
        base: {engine.name: report.mean_ratio(results, engine.name, base) for engine in found if engine.name != base}
        for base in ("native", "wasm3")
    }


def to_json(info, found, kernels, quick, kernel_results, program_results, first_results, validation_results,
            startup_results):
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "machine": info,
        "quick": quick,
        "engines": [dataclasses.asdict(engine) | {"features": sorted(engine.features)} for engine in found],
        "kernels": {
            kernel.name: {
                "group": kernel.group,
                "n": kernel.quick_n if quick else kernel.n,
                "engines": {name: dataclasses.asdict(s) for name, s in kernel_results.get(kernel.name, {}).items()},
            }
            for kernel in kernels
        },
        "geomean": geomeans(kernel_results, found),
        "programs": {
            name: {engine: dataclasses.asdict(samples) for engine, samples in row.items()}
            for name, row in program_results.items()
        },
        "first": {
            name: {engine: dataclasses.asdict(samples) for engine, samples in row.items()}
            for name, row in first_results.items()
        },
        "programs_geomean": geomeans(program_results, found),
        "validation": validation_results,
        "startup": startup_results,
    }


def main(argv):
    args = parse_arguments(argv)
    out = args.build_dir / "bench"
    wanted = args.engines.split(",") if args.engines else None
    found, missing = engines.find_all(str(args.build_dir / "bin" / "cloche"), wanted, args.engine)
    try:
        kernels = build.kernels(out, args.filter) if args.list else build.build_all(out, args.filter)
    except build.BuildError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    info = machine()
    if args.list:
        print(heading(args, info, found, missing))
        print(report.table(["kernel", "group", "n"], [[k.name, k.group, str(k.n)] for k in kernels], left=2))
        return 0

    parts = args.only or ["kernels", "programs", "first", "validate", "startup"]
    launcher = out / "launch"
    cloche = next((engine.path for engine in found if engine.name == "cloche"), None)
    kernel_results, program_results, first_results, validation_results, startup_results = {}, {}, {}, {}, {}
    sections = []

    def show(text):
        sections.append(text)
        print(text, flush=True)

    show(heading(args, info, found, missing))
    if "kernels" in parts and kernels:
        kernel_results = run_kernels(args, launcher, kernels, found)
        able = [engine.name for engine in found if engine.command]
        show(report.kernel_section(kernels, kernel_results, able))
    if "programs" in parts:
        items, program_results, messages = run_programs(args, launcher, found)
        if items:
            able = [engine.name for engine in found if engine.wasi]
            show(report.program_section(items, program_results, able))
        show("".join(f"- {message}\n" for message in messages))
    if "first" in parts:
        items, first_results, messages = run_programs(args, launcher, found, first=True)
        able = [engine.name for engine in found if engine.wasi]
        if items:
            show(report.first_section(items, first_results, able))
        show("".join(f"- {message}\n" for message in messages))
    if "validate" in parts:
        validation_results, messages = run_validation(args, launcher, out, cloche)
        notes = "".join(f"\n- {message}" for message in messages)
        show(report.validation_section(validation_results) + notes + ("\n" if notes else ""))
    if "startup" in parts:
        startup_results = run_startup(args, launcher, out, found)
        show(report.startup_section(startup_results))
    show(report.goals_section(kernel_results, first_results, validation_results, startup_results, judge=not args.quick))

    if args.json:
        data = to_json(info, found, kernels, args.quick, kernel_results, program_results, first_results,
                       validation_results, startup_results)
        args.json.write_text(json.dumps(data, indent=2) + "\n")
    if args.markdown:
        args.markdown.write_text("\n".join(sections))
    results = (kernel_results, program_results, first_results)
    return 1 if any(map(report.kernel_errors, results)) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
