#!/usr/bin/env python3
"""Drives `cloche debug` by files of commands.

    check_debug.py CLOCHE            compares transcripts with golden/, and states forwards with states backwards
    check_debug.py CLOCHE --update   writes golden/ anew; read the difference before keeping it
"""

import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
GOLDEN = HERE / "golden"
EXAMPLES = HERE.parents[1] / "examples"

# Name in golden/, the commands, the module and what `run` would be given.
TRANSCRIPTS = [
    ("session.txt", "session.txt", EXAMPLES / "calc.wat", ["--invoke", "calc", "3", "4"]),
    ("points.txt", "points.txt", EXAMPLES / "sum-bytes.wat", ["--invoke", "sum_bytes", "16", "3"]),
    ("calls.txt", "calls.txt", EXAMPLES / "frame.wat", ["--invoke", "next", "41"]),
    ("trap.txt", "trap.txt", EXAMPLES / "sum-bytes.wat", ["--invoke", "sum_bytes", "65534", "5"]),
    ("changes.txt", "changes.txt", HERE / "memories.wat", ["--invoke", "copy", "16", "4096"]),
    ("places.txt", "places.txt", HERE / "places.wat", ["--invoke", "run"]),
    ("record.txt", "record.txt", HERE / "draws.wat", ["--record-limit", "65536"]),
]


def debug(cloche, commands, module, arguments, stdin=b""):
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(commands)
        file.flush()
        done = subprocess.run([cloche, "debug", "--commands", file.name, module.name, *arguments], cwd=module.parent, input=stdin,
                              capture_output=True, timeout=300)
    return done.stdout.decode() + done.stderr.decode(), done.returncode


def compare(cloche, update):
    failures = 0
    for name, commands, module, arguments in TRANSCRIPTS:
        found, code = debug(cloche, (HERE / commands).read_text(), module, arguments)
        if code != 0:
            failures += 1
            print(f"{name}: exit code {code}")
        if update:
            (GOLDEN / name).write_text(found)
            continue
        expected = (GOLDEN / name).read_text() if (GOLDEN / name).exists() else ""
        if found != expected:
            failures += 1
            print(f"--- {name} was\n{expected}--- {name} is\n{found}")
    return failures


def digests(transcript):
    """The states in the order in which they were asked for."""
    return re.findall(r"^> digest\n([0-9a-f]{16})$", transcript, re.MULTILINE)


def check_exact(cloche, what, module, arguments, steps, stdin=b""):
    """Every state on the way forward is met again on the way back, and once more after a jump from the beginning."""
    forward = "digest\n" + "stepi\ndigest\n" * steps
    backward = "back\ndigest\n" * steps
    jumps = "".join(f"goto {(7 * i) % (steps + 1)}\ndigest\n" for i in range(min(steps, 60)))
    transcript, code = debug(cloche, forward + backward + jumps, module, arguments, stdin)
    states = digests(transcript)
    expected = states[: steps + 1]
    failures = 0
    if code != 0 or len(states) != 2 * steps + 1 + min(steps, 60):
        print(f"{what}: exit code {code}, {len(states)} states: {transcript[-500:]}")
        return 1
    if len(set(expected)) < steps // 2:
        failures += 1
        print(f"{what}: the states differ too little to tell anything")
    if states[steps : 2 * steps + 1] != expected[::-1]:
        failures += 1
        wrong = next(i for i, (a, b) in enumerate(zip(states[steps:], expected[::-1])) if a != b)
        print(f"{what}: going back {wrong} steps gives another state")
    for i, state in enumerate(states[2 * steps + 1 :]):
        if state != expected[(7 * i) % (steps + 1)]:
            failures += 1
            print(f"{what}: step {(7 * i) % (steps + 1)} is another state after a jump")
    return failures


def check_world(cloche):
    """A program that reads the clock, random numbers, its input and a file: all of it comes again, and is not taken twice."""
    stdin = b"seventeen letters"
    with tempfile.TemporaryDirectory() as granted:
        (pathlib.Path(granted) / "notes.txt").write_text("what was noted before")
        arguments = ["--dir", granted]
        transcript, code = debug(cloche, "c\n", HERE / "world.wat", arguments, stdin)
        ended = re.search(r"has ended after (\d+) steps", transcript)
        if code != 0 or not ended:
            print(f"world.wat: exit code {code}: {transcript}")
            return 1
        # The whole program, N steps back for every N from 1 to its beginning.
        failures = check_exact(cloche, "world.wat", HERE / "world.wat", arguments, int(ended[1]) - 1, stdin)
        # Through the whole program and back to the beginning: the output was written once, the input read once.
        transcript, code = debug(cloche, "c\nback\ndigest\ngoto 0\nc\nback\ndigest\nrc\nquit\n", HERE / "world.wat", arguments, stdin)
    states = digests(transcript)
    if code != 0 or len(states) != 2 or states[0] != states[1] or transcript.count("summed up") != 1:
        failures += 1
        print(f"world.wat: not the same end twice: {transcript}")
    return failures


def check_far(cloche):
    """Checkpoints in a long run."""
    commands = "goto 700000\ndigest\ngoto 650000\ndigest\ngoto 123456\ndigest\ngoto 700000\ndigest\ngoto 650000\ndigest\n"
    transcript, code = debug(cloche, commands, EXAMPLES / "tail-calls.wat", ["--invoke", "sum", "1000000"])
    states = digests(transcript)
    if code != 0 or len(states) != 5 or states[0] != states[3] or states[1] != states[4] or len(set(states)) != 3:
        print(f"far: {code} {transcript}")
        return 1
    return 0


def check_usage(cloche):
    failures = 0
    for arguments, code in ((["--help"], 0), (["absent.wat"], 1), ([], 2), (["--commands", "absent.txt", "calc.wat"], 1)):
        done = subprocess.run([cloche, "debug", *arguments], cwd=EXAMPLES, capture_output=True, timeout=60, stdin=subprocess.DEVNULL)
        if done.returncode != code:
            failures += 1
            print(f"debug {arguments}: exit code {done.returncode}, expected {code}")
    return failures


def main():
    cloche = str(pathlib.Path(sys.argv[1]).resolve())
    update = sys.argv[2:] == ["--update"]
    failures = compare(cloche, update)
    if not update:
        failures += check_world(cloche) + check_far(cloche) + check_usage(cloche)
        failures += check_exact(cloche, "bump.wat", EXAMPLES / "bump.wat", ["--invoke", "demo"], 60)
        failures += check_exact(cloche, "gc.wat", EXAMPLES / "gc.wat", ["--invoke", "sum_list", "20"], 400)
        failures += check_exact(cloche, "exceptions.wat", EXAMPLES / "exceptions.wat", ["--invoke", "safe_div", "1", "0"], 8)
    print(f"{failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
