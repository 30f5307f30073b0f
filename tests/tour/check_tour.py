#!/usr/bin/env python3
"""Runs every command of docs/tour.md and compares what it prints; finds every excerpt in the example it is from.

    check_tour.py CLOCHE            compares
    check_tour.py CLOCHE --update   writes the output of the commands into the text; read the difference before keeping it

A block is fenced. Its first line says what it is: `console` for commands, each after "$ ", with their output (standard
output, then standard error); `wat FILE` for a part of a file. There are no other blocks.
"""

import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOUR = ROOT / "docs" / "tour.md"
BLOCK = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def run(cloche, command):
    """What a command prints. `cloche` and `; echo $?` are the only things that it may use of the shell."""
    words, _, rest = command.partition("; ")
    if rest not in ("", "echo $?") or not words.startswith("cloche "):
        raise SystemExit(f"the tour's test does not know how to run {command!r}")
    done = subprocess.run([cloche, *words.split()[1:]], cwd=ROOT, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL,
                          env={**os.environ, "NO_COLOR": "1"})
    printed = done.stdout + done.stderr
    return printed + (f"{done.returncode}\n" if rest else ""), done.returncode


def console(cloche, body):
    """The block with the output that its commands have now."""
    commands = [line for line in body.splitlines() if line.startswith("$ ")]
    text = ""
    for line in commands:
        printed, code = run(cloche, line[2:])
        # Only traps may end otherwise than well: a command that is wrong must not become part of the text.
        if code not in (0, 134):
            raise SystemExit(f"{line}: exit code {code}: {printed}")
        text += line + "\n" + printed
    return text, len(commands)


def main():
    cloche = str(pathlib.Path(sys.argv[1]).resolve())
    update = sys.argv[2:] == ["--update"]
    failures = commands = excerpts = 0

    def replace(block):
        nonlocal failures, commands, excerpts
        kind, body = block.group(1), block.group(2)
        if kind == "console":
            found, count = console(cloche, body)
            commands += count
            if found != body and not update:
                failures += 1
                print(f"--- the tour says\n{body}--- it is\n{found}")
            return f"```console\n{found}```"
        excerpts += 1
        file = kind.removeprefix("wat ")
        if file == kind or body not in (ROOT / file).read_text():
            failures += 1
            print(f"not a part of {file}:\n{body}")
        return block.group(0)

    text = TOUR.read_text()
    changed = BLOCK.sub(replace, text)
    if text.count("```") != 2 * len(BLOCK.findall(text)):
        failures += 1
        print("a block is not closed")
    if update:
        TOUR.write_text(changed)
    if commands < 20 or excerpts < 3:
        failures += 1
        print("blocks were not recognized")
    print(f"{commands} commands, {excerpts} excerpts, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
