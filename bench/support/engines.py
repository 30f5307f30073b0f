"""The engines that are compared: where each is found, and how its command line calls `run`."""

import dataclasses
import os
import pathlib
import shlex
import shutil
import subprocess

HERE = pathlib.Path(__file__).resolve().parent


@dataclasses.dataclass(frozen=True)
class Engine:
    """One row of the tables. `command` has the words {file} and {n}; the word {n} is left out for start-up.
    `wasi` runs a program: it has the words {module} and {args}, and {options} where features must be switched on."""

    name: str
    path: str
    command: tuple
    version: str
    wasi: tuple = ()
    features: frozenset = frozenset()  # what it can run beyond the first version of WebAssembly

    def run_command(self, file, n=None):
        words = [word for word in self.command if n is not None or word != "{n}"]
        return [word.format(file=file, n=n) for word in words]

    def can_run(self, needed):
        return set(needed) <= self.features

    def program_command(self, module, args, features):
        """The command line of a WASI program; the working directory is what the guest gets."""
        words = []
        for word in self.wasi:
            if word == "{args}":
                words += args
            elif word == "{options}":
                words += [part for feature in features for part in ("--feature", feature)]
            else:
                words.append(word.format(module=module))
        return words


@dataclasses.dataclass(frozen=True)
class Known:
    """An engine we know how to call: program names to look for, and the words after the program."""

    name: str
    programs: tuple
    words: str
    wasi: str = ""
    features: frozenset = frozenset()
    version_words: tuple = ("--version",)


CLOCHE = frozenset({"simd", "exceptions", "threads"})
JAVASCRIPT = frozenset({"simd", "exceptions"})
RUN_KERNEL = f"{HERE / 'run.mjs'} {{file}} {{n}}"
RUN_PROGRAM = f"{HERE / 'wasi.mjs'} {{module}} {{args}}"

# `cloche` is one row for each way of executing: as users run it, and what the first tier does without quickening.
KNOWN = (
    Known("cloche", ("cloche",), "run {file} --invoke run {n}", "run {options} --dir . {module} -- {args}", CLOCHE),
    Known("cloche --no-quicken", ("cloche",), "run --no-quicken {file} --invoke run {n}",
          "run --no-quicken {options} --dir . {module} -- {args}", CLOCHE),
    Known("wasm3", ("wasm3",), "--func run {file} {n}", "{module} {args}"),
    Known("iwasm", ("iwasm",), "-f run {file} {n}", "--dir=. {module} {args}"),  # few builds of it have SIMD
    Known("toywasm", ("toywasm",), "--load {file} --invoke run {n}", "--wasi --wasi-dir=. {module} -- {args}"),
    Known("wizard", ("wizeng", "wizeng.x86-64-linux"), "", "--dir=. {module} {args}", frozenset({"simd"})),
    Known("wasmedge", ("wasmedge",), "--reactor {file} run {n}", "--dir .:. {module} {args}", frozenset({"simd"})),
    Known("wasmtime", ("wasmtime",), "run --invoke run {file} {n}", "run --dir . {module} {args}",
          frozenset({"simd", "exceptions"})),
    Known("node", ("node", "nodejs"), RUN_KERNEL, f"--no-warnings {RUN_PROGRAM}", JAVASCRIPT),
    Known("bun", ("bun",), RUN_KERNEL, RUN_PROGRAM, JAVASCRIPT),
)


def variable_of(name):
    """CLOCHE_BENCH_WASM3 for wasm3; both rows of cloche share one variable."""
    return "CLOCHE_BENCH_" + name.split()[0].upper().replace("-", "_")


def version_of(path, words):
    try:
        done = subprocess.run([path, *words], capture_output=True, text=True, timeout=20, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    lines = (done.stdout or done.stderr).strip().splitlines()
    return lines[0] if lines and done.returncode == 0 else ""


def find_program(known, default):
    given = os.environ.get(variable_of(known.name))
    for candidate in [given] if given else [default, *known.programs]:
        path = candidate and shutil.which(candidate)
        if path:
            return path
    return None


def find_all(cloche, wanted, extra):
    """Returns the engines found, and the names of those not found.

    `cloche` is where our own build puts it. `wanted` limits the names (None: all). `extra` are texts
    NAME=COMMAND with {file} and {n}, from the command line.
    """
    found, missing = [], []
    for known in KNOWN:
        if wanted is not None and known.name.split()[0] not in wanted and known.name not in wanted:
            continue
        path = find_program(known, cloche if known.name.startswith("cloche") else None)
        if not path:
            missing.append(known.name)
            continue
        command = (path, *known.words.split())
        if known.name == "toywasm":  # function and arguments are one word there
            command = (path, "--load", "{file}", "--invoke", "run {n}")
        if not known.words:  # it cannot call an export
            command = ()
        wasi = (path, *known.wasi.split()) if known.wasi else ()
        found.append(Engine(known.name, path, command, version_of(path, known.version_words), wasi, known.features))
    for text in extra:
        name, _, command = text.partition("=")
        words = tuple(shlex.split(command))
        version = version_of(words[0], ("--version",))
        wasi = any("{module}" in word for word in words)
        found.append(Engine(name, words[0], () if wasi else words, version, words if wasi else (), CLOCHE))
    return found, missing
