#!/usr/bin/env python3
"""Runs commands on wrong programs and compares what they say with what someone has read and found sufficient.

  check_errors.py CLOCHE [--update]

cases/NAME.wat or .wast is checked by `cloche validate`, or by the command that its first line names behind `;; cloche`.
cases/NAME.hex is a binary: bytes in hexadecimal, lines that begin with ;; are comments. cases/NAME.txt is the message.
Commands find LIBRARY as
lib.wat. Where cases/NAME.json is there too, it is what --message-format=json says. --update writes what is said now.
"""
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "cases")
LIBRARY = '(module (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))'
FEWEST = 60  # cases, so that a folder that is not found fails


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def prepare(source, folder):
    """Copies a case into the folder; gives the file's name and the command."""
    name = os.path.basename(source)
    if name.endswith(".hex"):
        name = name[:-4] + ".wasm"
        digits = "".join(line for line in read(source).splitlines() if not line.startswith(";;"))
        contents = bytes.fromhex(digits)
    else:
        contents = read(source).encode()
    first = read(source).split("\n", 1)[0]
    command = first[len(";; cloche "):].split() if first.startswith(";; cloche ") else ["validate"]
    with open(os.path.join(folder, name), "wb") as file:
        file.write(contents)
    return name, command


def say(cloche, arguments, folder):
    environment = {key: value for key, value in os.environ.items() if "COLOR" not in key}
    done = subprocess.run([cloche] + arguments, cwd=folder, capture_output=True, timeout=60, env=environment)
    return done.stderr.decode("utf-8", "strict"), done.returncode


def compare(path, said, update):
    if update:
        with open(path, "w", encoding="utf-8") as file:
            file.write(said)
        return True
    expected = read(path) if os.path.exists(path) else "(there is no " + path + ")\n"
    if said == expected:
        return True
    print("---- " + os.path.basename(path) + ": expected\n" + expected + "---- said\n" + said)
    return False


def main():
    cloche = os.path.abspath(sys.argv[1])
    update = "--update" in sys.argv
    sources = sorted(name for name in os.listdir(HERE) if name.endswith((".wat", ".wast", ".hex")))
    failed = len(sources) < FEWEST
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "lib.wat"), "w", encoding="utf-8") as file:
            file.write(LIBRARY)
        for source in sources:
            stem = os.path.join(HERE, source.rsplit(".", 1)[0])
            name, command = prepare(os.path.join(HERE, source), folder)
            said, code = say(cloche, command[:1] + [name] + command[1:], folder)
            if code not in (1, 2):
                print(source + ": exit code " + str(code))
                failed = True
            failed |= not compare(stem + ".txt", said, update)
            if os.path.exists(stem + ".json"):
                said, _ = say(cloche, command[:1] + ["--message-format=json", name] + command[1:], folder)
                for line in said.splitlines():
                    json.loads(line)
                failed |= not compare(stem + ".json", said, update)
    print("%d wrong programs" % len(sources))
    sys.exit(1 if failed else 0)


main()
