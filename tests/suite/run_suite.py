#!/usr/bin/env python3
"""Runs the specification's scripts with `cloche wast` and compares with the number of files that must pass.

  run_suite.py CLOCHE SPEC [--false-assertion] [-- OPTIONS...]

Exit code 0 when every command of every script passes, 77 (skipped) when SPEC is not there.
--false-assertion instead appends a false assertion to a script and expects `cloche wast` to fail.
"""
import os
import re
import subprocess
import sys
import tempfile

# Folder, features on top of 3.0, number of scripts. Features differ because proposals contradict each other.
FOLDERS = [
    ("core", [], 258),
    ("custom", [], 3),
    ("legacy", ["legacy-exceptions"], 4),
    ("proposals/threads", ["threads"], 15),
    ("proposals/custom-page-sizes", ["custom-page-sizes"], 5),
    ("proposals/wide-arithmetic", ["wide-arithmetic"], 1),
    # This project's own scripts, beside this file.
    (os.path.dirname(os.path.abspath(__file__)), [], 1),
]


def skips():
    """Paths relative to SPEC that skips.txt leaves out."""
    paths = set()
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "skips.txt"), encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                path, reason = line.rstrip("\n").split("\t", 1)
                assert reason.strip(), f"{path} is skipped without a reason"
                assert not path.startswith("core/"), f"{path} is WebAssembly 3.0 and cannot be skipped"
                paths.add(path)
    return paths


def scripts(spec, folder):
    found = []
    for top, _, files in os.walk(os.path.join(spec, folder)):
        found += [os.path.join(top, file) for file in files if file.endswith(".wast")]
    return sorted(found)


def run_folder(cloche, spec, folder, features, count, options):
    files = scripts(spec, folder)
    if len(files) != count:
        print(f"{folder}: {len(files)} scripts, expected {count}")
        return False
    left_out = skips()
    for file in [f for f in files if os.path.relpath(f, spec) in left_out]:
        print(f"skipped {os.path.relpath(file, spec)}: see skips.txt")
        files.remove(file)
    switches = [word for feature in features for word in ("--feature", feature)]
    run = subprocess.run([cloche, "wast", *switches, *options, *files], capture_output=True, text=True)
    lines = run.stdout.splitlines()
    print(f"{os.path.basename(folder)}: {lines[-1] if lines else 'no output'}")
    if run.returncode != 0:
        print(run.stderr[:4000])
    return run.returncode == 0


def false_assertion(cloche, spec):
    """A script with a false assertion appended must fail, in its last line."""
    for name in ("i32.wast", "call.wast", "simd/simd_i32x4_arith.wast"):
        with open(os.path.join(spec, "core", name), encoding="utf-8") as file:
            text = file.read()
        text += '\n(module (func (export "one") (result i32) (i32.const 1)))\n(assert_return (invoke "one") (i32.const 2))'
        with tempfile.NamedTemporaryFile("w", suffix=".wast", delete=False) as copy:
            copy.write(text)
        run = subprocess.run([cloche, "wast", copy.name], capture_output=True, text=True)
        os.remove(copy.name)
        last = text.count("\n") + 1
        if run.returncode != 1 or not re.search(rf":{last}: ", run.stderr):
            print(f"{name} with a false assertion: exit code {run.returncode}, {run.stderr!r}")
            return False
    return True


def main():
    words = sys.argv[1:]
    options = []
    if "--" in words:
        options = words[words.index("--") + 1:]
        words = words[:words.index("--")]
    cloche, spec = words[:2]
    if not os.path.isdir(spec):
        print(f"skipped: no specification tests at {spec}; set CLOCHE_SHARED_DIR to run them")
        return 77
    if "--false-assertion" in words:
        return 0 if false_assertion(cloche, spec) else 1
    good = [run_folder(cloche, spec, *folder, options) for folder in FOLDERS]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
