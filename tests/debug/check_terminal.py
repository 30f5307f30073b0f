#!/usr/bin/env python3
"""Talks to `cloche debug` at a terminal: keys, the history, Ctrl-C and Ctrl-D.

    check_terminal.py CLOCHE

Nothing here waits for a time: every key follows something that was read.
"""

import os
import pathlib
import pty
import re
import signal
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
EXAMPLES = HERE.parents[1] / "examples"
PROMPT = b"(cloche) "


class Terminal:
    """A session at a terminal of its own; counts what is not as expected."""

    def __init__(self, cloche, folder, words):
        self.failures = 0
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            os.chdir(folder)
            os.execv(cloche, [cloche, "debug", *words])
        self.read(PROMPT)

    def read(self, end):
        """What stands on the screen up to `end`: at the end of a line of its own if it is the prompt."""
        text = b""
        while not (text.endswith(end) and b"\n" in text if end == PROMPT else end in text):
            try:
                text += os.read(self.terminal, 65536)
            except OSError:  # nobody is left on the other side
                raise SystemExit(f"terminal: the session is over, and {end} was not read: {text}") from None
        return text

    def say(self, keys, expected, end=PROMPT):
        """Presses keys; what is answered behind the line must match a regular expression."""
        os.write(self.terminal, keys)
        found = self.read(end).partition(b"\n")[2].removesuffix(PROMPT).replace(b"\x1b[K", b"").replace(b"\r", b"").strip()
        match = re.search(expected, found)
        if not match:
            self.failures += 1
            print(f"terminal: {keys}: {found}, expected {expected}")
        return match

    def go_on(self):
        """Lets the program run, until it has shown by a dot that it does: a Ctrl-C before that might still be the prompt's."""
        os.write(self.terminal, b"continue\r")
        self.read(b".")

    def press_interrupt(self, expected):
        """Ctrl-C while the program runs."""
        os.write(self.terminal, b"\x03")
        found = self.read(PROMPT)
        if not re.search(expected, found):
            self.failures += 1
            print(f"terminal: Ctrl-C: {found}, expected {expected}")
        return found

    def leave(self, code=0):
        os.write(self.terminal, b"\x04")
        status = os.waitpid(self.child, 0)[1]
        os.close(self.terminal)
        if status != code:
            self.failures += 1
            print(f"terminal: Ctrl-D ends the session with {status}")
        return self.failures


def check_keys(cloche):
    """Keys that move and delete, the history, and an empty line that says the last one again."""
    terminal = Terminal(cloche, EXAMPLES, ["calc.wat", "--invoke", "calc", "3", "4"])
    for keys, expected in ((b"stpi\x1b[D\x1b[De\r", rb"^step 1: "),  # a letter put in
                           (b"\r", rb"^step 2: "),  # again
                           (b"\x1b[A\r", rb"^step 3: "),  # from the history
                           (b"p 1+\xc3\xa4\x7f1\r", rb"^2 \(0x2\)"),  # a character of two bytes taken back
                           (b"nonsense\x15back 2\r", rb"^step 1: "),  # a line begun anew
                           (b"stepi\x03", b"^$")):  # Ctrl-C: nothing is done
        terminal.say(keys, expected)
    return terminal.leave()


def check_interrupt(cloche):
    """Ctrl-C stops the program where it is: in a loop without end, on the way back, and while it waits for input."""
    terminal = Terminal(cloche, HERE, ["waits.wat"])
    terminal.say(b"continue\r", rb"", end=b"working")
    stopped = rb"interrupted( in a host function)?\r\nstep \d+: \$(_start|print) at "
    terminal.press_interrupt(stopped)
    first = terminal.say(b"p $turns\r", rb"^(\d+) ")
    # If it was stopped just before it wrote its dot, it writes it now.
    terminal.say(b"stepi\r", rb"^\.?step \d+: \$(_start|print)")
    terminal.say(b"stepi\x03", b"^$")  # at the prompt it clears the line
    # It goes on from there, and can be stopped again.
    terminal.go_on()
    terminal.press_interrupt(stopped)
    second = terminal.say(b"print $turns\r", rb"^(\d+) ")
    if first and second and int(first[1]) > int(second[1]):
        terminal.failures += 1
        print(f"terminal: after {first[1]} turns there are {second[1]}")
    # Its own past is not lost.
    terminal.say(b"goto 0\r", rb"^the program begins\nstep 0: ")
    terminal.say(b"goto 100\r", rb"^step 100: ")
    terminal.go_on()
    terminal.press_interrupt(stopped)
    # Out of the loop, to where it waits in a host function.
    os.write(terminal.terminal, b"write 0 01\r")
    answer = terminal.read(PROMPT)
    if b"what comes next has happened already" in answer:  # it was stopped in its past: on to the furthest moment
        furthest = re.search(rb"step (\d+), the furthest", answer)[1]
        terminal.say(b"goto " + furthest + b"\r", rb"step " + furthest + rb": ")
        terminal.say(b"write 0 01\r", rb"^changed")
    elif b"changed" not in answer:
        terminal.failures += 1
        print(f"terminal: {answer}")
    os.write(terminal.terminal, b"continue\r")
    terminal.read(b"name? ")
    # Nothing shows that it waits: the key may come a few instructions too early.
    if b"call $read  [0, 48, 1, 40]" in terminal.press_interrupt(stopped):
        terminal.say(b"frames\r", rb"^\* 0: \$_start")
        at = terminal.say(b"back\r", rb"^step (\d+): .*i32.const 40  \[0, 48, 1\]")
        terminal.say(b"goto " + str(int(at[1]) + 1).encode() + b"\r", rb"call \$read") if at else None
    # The call was not lost: it still waits for the line.
    os.write(terminal.terminal, b"continue\r")
    terminal.read(b"\n")
    terminal.say(b"Gloria\r", rb"^hello, Gloria\nthe program has ended after \d+ steps")
    return terminal.leave()


def start_batch(cloche, script, program, sign):
    """A session whose commands come from a file, and which has printed a sign; its input stays open and empty."""
    session = subprocess.Popen([cloche, "debug", "--commands", HERE / script, program], cwd=HERE, stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, start_new_session=True)
    text = b""
    while sign not in text:
        text += os.read(session.stdout.fileno(), 65536)
    return session, text


def check_batch(cloche):
    """Ctrl-C where the commands come from a file ends the session, as nobody is there to say how to go on."""
    failures = 0
    for script, sign, send in (("endless.txt", b"working", os.killpg),  # as a terminal sends it: to all
                               ("endless.txt", b"working", os.kill),  # as a person sends it, to the one they know of
                               ("asks.txt", b"name? ", os.kill)):  # while the program waits
        session, text = start_batch(cloche, script, "waits.wat", sign)
        with session:
            send(session.pid, signal.SIGINT)
            text += session.stdout.read()
            code = session.wait()
        if code != 130 or b"interrupted" not in text or b"never" in text:
            failures += 1
            print(f"batch: {script}: exit code {code}: {text}")
    return failures


def check_deadlock(cloche):
    """Where the program can't stop, as it waits for a thread, the third Ctrl-C ends the session."""
    session, _ = start_batch(cloche, "endless.txt", "deadlock.wat", b"working")
    with session:
        while session.poll() is None:
            session.send_signal(signal.SIGINT)
        session.stdout.read()
    if session.returncode != 130:
        print(f"deadlock: exit code {session.returncode}")
        return 1
    return 0


def check_orphan(cloche):
    """When the side that talks is killed, no process goes on running the program, or waiting in it."""
    for script, sign in (("endless.txt", b"working"), ("asks.txt", b"name? ")):
        session, _ = start_batch(cloche, script, "waits.wat", sign)
        with session:
            session.kill()
            # The end of its output comes when the last process that could write is gone.
            session.stdout.read()
    return 0


def main():
    cloche = str(pathlib.Path(sys.argv[1]).resolve())
    failures = check_keys(cloche) + check_interrupt(cloche) + check_batch(cloche) + check_deadlock(cloche) + check_orphan(cloche)
    print(f"{failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
