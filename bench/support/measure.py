"""Measuring: CPU time and resident size of child processes, through the launcher."""

import dataclasses
import re
import statistics
import subprocess
import sys

RESULT = re.compile(r"(-?0x[0-9a-fA-F]+|-?\d+)(?::i(?:32|64))?$")


class RunError(Exception):
    """A command failed or printed no result; the text says which."""


@dataclasses.dataclass
class Usage:
    """What one run used. `cpu_s` is user plus system time: the kernel knows their sum exactly, their split less so."""

    user_s: float
    system_s: float
    max_rss_kib: int

    @property
    def cpu_s(self):
        return self.user_s + self.system_s


def launch(launcher, command, runs=1, timeout_s=600, folder=None, stdin=subprocess.DEVNULL, environment=None):
    """Runs a command `runs` times, in `folder` and with `environment` if given. Returns the usages and the command's
    output. Raises RunError."""
    words = [str(launcher), str(runs), *map(str, command)]
    try:
        done = subprocess.run(words, capture_output=True, text=True, errors="replace", timeout=timeout_s, stdin=stdin,
                              cwd=folder, env=environment)
    except subprocess.TimeoutExpired:
        raise RunError(f"no result within {timeout_s} s") from None
    usages = []
    for line in done.stdout.splitlines():
        user_us, system_us, rss_kib, code = map(int, line.split())
        if code != 0:
            raise RunError(f"exit code {code}: {done.stderr.strip()[-300:]}")
        usages.append(Usage(user_us / 1e6, system_us / 1e6, rss_kib))
    if done.returncode != 0 or len(usages) != runs:
        raise RunError(f"could not be started: {' '.join(map(str, command))}")
    return usages, done.stderr


def checksum(output, bits):
    """The number at the end of the output's last line that has one, as an unsigned integer of that many bits."""
    for line in reversed(output.strip().splitlines()):
        match = RESULT.search(line.strip())
        if match:
            return int(match.group(1), 0) % (1 << bits)
    raise RunError(f"no result in the output {output[-200:]!r}")


def progress(text):
    """Shows what is running, if somebody is looking."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


@dataclasses.dataclass
class Samples:
    """All runs of one engine on one kernel, or why there are none."""

    cpu_s: list
    error: str = ""
    max_rss_kib: int = 0

    @property
    def minimum(self):
        return min(self.cpu_s)

    @property
    def median(self):
        return statistics.median(self.cpu_s)


def measure_kernels(launcher, kernels, engines, runs, quick):
    """Runs every kernel natively and on every engine, interleaved: in each round, for each kernel, one run of each
    engine after the other, so that a slow moment of the machine hits all of them alike.

    Returns {kernel name: {engine name: Samples}}, with the native program as "native". An engine that fails or
    computes another checksum than the native program has no samples there, and an error instead.
    """
    results = {kernel.name: {} for kernel in kernels}
    for round_number in range(runs):
        for kernel in kernels:
            n = kernel.quick_n if quick else kernel.n
            rows = [("native", [kernel.native, n])]
            able = [engine for engine in engines if engine.command and engine.can_run(kernel.features)]
            rows += [(engine.name, engine.run_command(kernel.wasm, n)) for engine in able]
            expected = None
            for name, command in rows:
                samples = results[kernel.name].setdefault(name, Samples([]))
                if samples.error:
                    continue
                progress(f"round {round_number + 1}/{runs}: {kernel.name} on {name}")
                try:
                    usages, output = launch(launcher, command)
                    value = checksum(output, kernel.bits)
                    expected = value if expected is None else expected
                    if value != expected:
                        raise RunError(f"checksum {value}, natively {expected}")
                    samples.cpu_s.append(usages[0].cpu_s)
                except RunError as error:
                    samples.cpu_s.clear()
                    samples.error = str(error)
    progress("")
    return results


def measure_startup(launcher, commands, batches, batch_size):
    """Runs each command batches * batch_size times, the batches interleaved.

    Returns {name: {"cpu_ms_mean", "cpu_ms_min", "cpu_ms_median", "max_rss_kib", "runs"}} or {name: {"error"}}.
    """
    usages = {name: [] for name in commands}
    errors = {}
    for batch in range(batches):
        progress(f"start-up: batch {batch + 1}/{batches}")
        for name, command in commands.items():
            if name in errors:
                continue
            try:
                usages[name] += launch(launcher, command, batch_size)[0]
            except RunError as error:
                errors[name] = str(error)
    progress("")
    results = {}
    for name, used in usages.items():
        if name in errors:
            results[name] = {"error": errors[name]}
            continue
        cpu_ms = [usage.cpu_s * 1000 for usage in used]
        results[name] = {
            "cpu_ms_mean": statistics.mean(cpu_ms),
            "cpu_ms_median": statistics.median(cpu_ms),
            "cpu_ms_min": min(cpu_ms),
            "max_rss_kib": max(usage.max_rss_kib for usage in used),
            "runs": len(used),
        }
    return results


def measure_validation(launcher, modules, commands, runs):
    """Times loading and validating each module. `commands` is {name: (words before the file, runs at most)}.

    Returns {module name: {"bytes", name: {"cpu_s": […], "user_s": […], "max_rss_kib"} or {"error"}}}.
    """
    results = {module.name: {"bytes": module.stat().st_size} for module in modules}
    for module in modules:
        for round_number in range(runs):
            for name, (words, most) in commands.items():
                if round_number >= most:
                    continue
                row = results[module.name].setdefault(name, {"cpu_s": [], "user_s": [], "max_rss_kib": 0})
                if "error" in row:
                    continue
                progress(f"validating {module.name}: {name}, round {round_number + 1}/{runs}")
                try:
                    usage = launch(launcher, [*words, module])[0][0]
                except RunError as error:
                    results[module.name][name] = {"error": str(error)}
                    continue
                row["cpu_s"].append(usage.cpu_s)
                row["user_s"].append(usage.user_s)
                row["max_rss_kib"] = max(row["max_rss_kib"], usage.max_rss_kib)
    progress("")
    return results
