#!/usr/bin/env python3
"""Checks the line of progress: it is at a terminal while work goes on, gone afterwards, and nowhere else.

  check_progress.py BINDIR

The variable CLOCHE_PROGRESS_AFTER_MS=0 makes the line appear before the work begins, however short that is, so that
nothing here depends on time.
"""
import os
import pathlib
import pty
import re
import subprocess
import sys
import tempfile

GOOD = '(module (memory (export "m") 1) (func (export "f") (result i32) (i32.const 7)))\n'
BAD = "(module (func (result i32) (i64.const 7)))\n"
SCRIPT = GOOD + '(assert_return (invoke "f") (i32.const 7))\n'

# Words of the command, how it ends, and what its line says; {out} is a file that does not matter.
COMMANDS = [
    (["cloche", "assemble", "good.wat", "-o", "{out}"], 0, ["assembling", "checking"]),
    (["cloche", "assemble", "bad.wat", "-o", "{out}"], 1, ["assembling", "checking", "looking for errors in"]),
    (["cloche", "print", "good.wasm", "-o", "{out}"], 0, ["checking", "printing"]),
    (["cloche", "print", "good.wasm"], 0, ["checking", "printing"]),
    (["cloche", "validate", "good.wasm", "good.wat"], 0, ["checking"]),
    (["cloche", "validate", "bad.wat"], 1, ["checking"]),
    (["cloche", "dump", "good.wasm"], 0, ["reading", "listing"]),
    (["cloche", "dump", "-d", "--stack", "good.wat"], 0, ["assembling", "reading", "checking", "listing"]),
    (["cloche", "dump", "--json", "good.wasm"], 0, ["reading", "listing"]),
    (["cloche", "stats", "good.wasm"], 0, ["counting"]),
    (["cloche", "strip", "good.wasm", "-o", "{out}"], 0, ["stripping"]),
    (["cloche", "wast", "good.wast"], 0, ["running"]),
    (["cloche", "run", "good.wasm", "--invoke", "f"], 0, ["loading"]),
    (["cloche", "explain", "good.wasm"], 0, ["loading"]),
    (["cloche", "memory", "good.wasm"], 0, ["loading"]),
    (["wat2wasm", "good.wat", "-o", "{out}"], 0, ["assembling", "checking"]),
    (["wat2wasm", "bad.wat", "-o", "{out}"], 1, ["assembling", "checking", "looking for errors in"]),
    (["wasm2wat", "good.wasm", "-o", "{out}"], 0, ["checking", "printing"]),
    (["wat-desugar", "good.wat", "-o", "{out}"], 0, ["reading", "assembling", "printing"]),
    (["wasm-validate", "good.wasm"], 0, ["checking"]),
    (["wasm-validate", "bad.wasm"], 1, ["checking", "looking for errors in"]),
    (["wasm-objdump", "-d", "good.wasm"], 0, ["reading", "listing"]),
    (["wasm-stats", "good.wasm"], 0, ["counting"]),
    (["wasm-strip", "good.wasm", "-o", "{out}"], 0, ["stripping"]),
    (["wast2json", "good.wast", "-o", "{out}"], 0, ["reading", "assembling"]),
    (["wasm-interp", "good.wasm", "--run-all-exports"], 0, ["loading"]),
]

GONE = "\r\x1b[K"
LINE = re.compile(r"\r([a-z ]+?)(?: \d+(?:\.\d)? [kM]B)?: [^\r\n\x1b]*\x1b\[K")


class Place:
    """A folder with modules, and the commands."""

    def __init__(self, bindir, folder):
        self.bindir, self.folder = pathlib.Path(bindir).resolve(), pathlib.Path(folder)
        for name, text in (("good.wat", GOOD), ("bad.wat", BAD), ("good.wast", SCRIPT)):
            (self.folder / name).write_text(text)
        for name in ("good", "bad"):
            subprocess.run([self.bindir / "cloche", "assemble", "--no-check", f"{name}.wat", "-o", f"{name}.wasm"],
                           cwd=folder, check=True)

    def words(self, words):
        return [str(self.bindir / words[0])] + [word.format(out=self.folder / "out") for word in words[1:]]

    def run(self, words, code, stdout, stderr, **variables):
        environment = {name: value for name, value in os.environ.items() if name not in ("TERM", "FORCE_COLOR")}
        environment |= {"TERM": "xterm", "NO_COLOR": "1"} | variables
        run = subprocess.run(self.words(words), cwd=self.folder, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr,
                             env=environment, timeout=60)
        if run.returncode != code:
            raise AssertionError(f"exit code {run.returncode}, expected {code}: {run.stderr!r}")
        return run

    def at_terminal(self, words, code, also_stdout=False, **variables):
        """What a command writes to a terminal that is its standard error, and may be its standard output."""
        screen, terminal = pty.openpty()
        try:
            self.run(words, code, terminal if also_stdout else subprocess.PIPE, terminal, **variables)
        finally:
            os.close(terminal)
        text = b""
        try:
            while piece := os.read(screen, 65536):
                text += piece
        except OSError:  # nobody writes any more
            pass
        os.close(screen)
        return text.decode()


def said(screen):
    """What the lines of progress say that were drawn, without repetitions."""
    found = []
    for line in LINE.findall(screen):
        if not found or found[-1] != line:
            found.append(line)
    return found


def check_line_at_terminal(place, words, code, lines):
    screen = place.at_terminal(words, code, CLOCHE_PROGRESS_AFTER_MS="0")
    if said(screen) != lines:
        raise AssertionError(f"{said(screen)} was said, expected {lines}: {screen!r}")
    if screen.count(GONE) < len(lines) or LINE.search(screen.rsplit(GONE, 1)[1]):
        raise AssertionError(f"a line is still there at the end: {screen!r}")
    # Without the lines it is what a pipe gets.
    rest = LINE.sub("", screen).replace(GONE, "").replace("\r\n", "\n")
    piped = place.run(words, code, subprocess.PIPE, subprocess.PIPE).stderr.decode()
    if rest != piped:
        raise AssertionError(f"{rest!r} at the terminal, {piped!r} in a pipe")


def check_nothing_elsewhere(place, words, code, _):
    run = place.run(words, code, subprocess.PIPE, subprocess.PIPE, CLOCHE_PROGRESS_AFTER_MS="0")
    plain = place.run(words, code, subprocess.PIPE, subprocess.PIPE)
    if (run.stdout, run.stderr) != (plain.stdout, plain.stderr) or b"\x1b" in run.stderr or b"\r" in run.stderr:
        raise AssertionError(f"a line in a pipe: {run.stderr!r}")
    if said(place.at_terminal(words, code, CLOCHE_PROGRESS_AFTER_MS="0", TERM="dumb")):
        raise AssertionError("a line on a terminal that cannot take it away again")
    if said(place.at_terminal(words, code, CLOCHE_PROGRESS_AFTER_MS="600000")):
        raise AssertionError("a line before its time")


def check_not_within_a_listing(place, words, code, _):
    """Where the listing itself goes to the terminal, no line stands between its lines."""
    if words[:2] in (["cloche", "dump"], ["cloche", "print"]) or words[0] == "wasm-objdump":
        if "-o" not in words:
            lines = said(place.at_terminal(words, code, also_stdout=True, CLOCHE_PROGRESS_AFTER_MS="0"))
            if "listing" in lines or "printing" in lines:
                raise AssertionError(f"a line within the listing: {lines}")


def main():
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        place = Place(sys.argv[1], folder)
        for case in COMMANDS:
            for check in (check_line_at_terminal, check_nothing_elsewhere, check_not_within_a_listing):
                try:
                    check(place, *case)
                except AssertionError as problem:
                    failures += 1
                    print(f"{check.__name__}: {' '.join(case[0])}: {problem}")
    print(f"{len(COMMANDS)} commands, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
