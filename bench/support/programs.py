"""Measures whole programs: those of tests/programs that have a workload for it, natively and as WASI modules."""

import dataclasses
import pathlib
import re
import subprocess
import sys

from . import measure

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "tests" / "programs"))
from corpus import catalog, errors, workload  # noqa: E402  (the path above comes first)
from programs import build  # noqa: E402


@dataclasses.dataclass(frozen=True)
class Item:
    """One program with its workload, built."""

    name: str
    group: str
    program: catalog.Program
    run: catalog.Run
    built: dict
    features: tuple  # what an engine must have
    args: tuple

    def command(self, engine):
        return engine.program_command(self.built["guest"], self.args, self.program.features)


def needed_features(program):
    return (("exceptions",) if program.build.get("setjmp") else ()) + program.features


def prepare(root, pattern, quick, first=False):
    """Builds what matches; `first`: what shows how soon a large module says something. Returns the items, and messages
    about programs that cannot be built or fetched here."""
    items, messages = [], []
    for program in catalog.all_programs().values():
        wanted = re.search(pattern, program.name) or re.search(pattern, "programs")
        runs = [run for run in program.runs if (run.first if first else run.bench)]
        if not wanted or not runs or (quick and not first and not program.quick):
            continue
        measure.progress(f"building {program.name}")
        try:
            built = build(program, root)
        except (errors.Skip, errors.Failure) as reason:
            messages.append(f"{program.name}: skipped, {reason}")
            continue
        origin = "npm" if program.npm else "C++" if program.name == "cxx" else "C"
        args = runs[0].args if quick or first else runs[0].bench
        items.append(Item(program.name, origin, program, runs[0], built, needed_features(program), args))
    measure.progress("")
    return items, messages


def run_once(launcher, item, command, environment):
    """Runs a command in a new scratch folder. Returns what it used, and everything it said and wrote."""
    with workload.Scratch(item.program, item.built.get("files", ())) as scratch:
        stdin = open(scratch.path / item.run.stdin, "rb") if item.run.stdin else None
        try:
            usages, output = measure.launch(launcher, command, folder=scratch.path, environment=environment,
                                            stdin=stdin or subprocess.DEVNULL)
        finally:
            if stdin:
                stdin.close()
        files = [(scratch.path / name).read_bytes() for name in item.run.outputs if item.run.expect == "native"]
        return usages[0], (workload.matching_lines(item.run, output.encode()), files)


def commands(item, engines):
    """(name, command) of the native program, where there is one, and of each engine that can run the module."""
    rows = [] if item.program.npm else [("native", [item.built["native"], *item.args])]
    able = [engine for engine in engines if engine.wasi and engine.can_run(item.features)]
    return rows + [(engine.name, item.command(engine)) for engine in able]


def measure_all(launcher, items, engines, runs):
    """Runs every program natively and on every engine, interleaved as kernels are. An engine whose output is not the
    first row's has an error instead of samples. Returns {program: {engine: Samples}}."""
    results = {item.name: {} for item in items}
    for number in range(runs):
        for item in items:
            expected = None
            for name, command in commands(item, engines):
                samples = results[item.name].setdefault(name, measure.Samples([]))
                if samples.error:
                    continue
                measure.progress(f"round {number + 1}/{runs}: {item.name} on {name}")
                try:
                    # A guest has no environment, so the native program gets none either.
                    usage, output = run_once(launcher, item, command, {} if name == "native" else None)
                    expected = output if expected is None else expected
                    if output != expected:
                        raise measure.RunError(f"its output differs: {output[0][-200:]!r}")
                    samples.cpu_s.append(usage.cpu_s)
                    samples.max_rss_kib = max(samples.max_rss_kib, usage.max_rss_kib)
                except (measure.RunError, OSError) as error:
                    samples.cpu_s.clear()
                    samples.error = str(error)
    measure.progress("")
    return results
