#!/usr/bin/env python3
"""Runs the prebuilt tests of the WASI test suite, each on a copy of its folder.

  run_testsuite.py CLOCHE TESTS [--shard I/N] [--only GLOB] [-- OPTION...]

TESTS is the folder that holds the suite's modules, each with a JSON beside it: args, env, root (a folder beside it that
is granted as /), stdin, stdout, exit_code; without one the defaults hold. Options after -- go to `cloche run`. Exits with
77 when the folder is absent.
"""
import argparse
import fnmatch
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

TIMEOUT_S = 120
EXPECTED_TESTS = 87  # fewer were found when the suite is not what this script was written for


def expectations(module):
    description = module.with_suffix(".json")
    return json.loads(description.read_text()) if description.exists() else {}


def command_line(cloche, options, module, test, scratch):
    line = [cloche, "run", *options]
    if "root" in test:
        root = pathlib.Path(scratch) / "root"
        shutil.copytree(module.parent / test["root"], root, symlinks=True)
        line += ["--dir", f"{root}::/"]
    for name, value in test.get("env", {}).items():
        line += ["--env", f"{name}={value}"]
    return [*line, str(module), "--", *test.get("args", [])]


def run(cloche, options, module):
    """What is wrong with the test's outcome; nothing when it passes."""
    test = expectations(module)
    with tempfile.TemporaryDirectory(prefix="cloche-wasi-") as scratch:
        line = command_line(cloche, options, module, test, scratch)
        # A pipe that never delivers anything, where a test says nothing: some want a read that waits.
        stdin = subprocess.PIPE
        process = subprocess.Popen(line, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            if "stdin" in test:
                out, err = process.communicate(test["stdin"].encode(), timeout=TIMEOUT_S)
            else:
                process.wait(timeout=TIMEOUT_S)
                out, err = process.stdout.read(), process.stderr.read()
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return f"did not end within {TIMEOUT_S} s"
        finally:
            for stream in (process.stdin, process.stdout, process.stderr):
                stream.close()
    problems = []
    if process.returncode != test.get("exit_code", 0):
        problems.append(f"exit code {process.returncode}, expected {test.get('exit_code', 0)}")
    if "stdout" in test and out.decode() != test["stdout"]:
        problems.append(f"stdout {out!r}, expected {test['stdout']!r}")
    return "" if not problems else "; ".join(problems) + "\n    " + err.decode(errors="replace").strip().replace("\n", "\n    ")


def main():
    arguments = sys.argv[1:]
    options = []
    if "--" in arguments:
        at = arguments.index("--")
        arguments, options = arguments[:at], arguments[at + 1:]
    parser = argparse.ArgumentParser()
    parser.add_argument("cloche")
    parser.add_argument("tests", type=pathlib.Path)
    parser.add_argument("--shard", default="0/1")
    parser.add_argument("--only", default="*")
    given = parser.parse_args(arguments)
    if not given.tests.is_dir():
        print(f"skipped: there is no {given.tests}; CLOCHE_SHARED_DIR names the folder that holds it")
        return 77
    modules = sorted(given.tests.rglob("*.wasm"))
    if len(modules) < EXPECTED_TESTS:
        print(f"{len(modules)} tests in {given.tests}, expected {EXPECTED_TESTS}")
        return 1
    shard, shards = map(int, given.shard.split("/"))
    modules = [module for module in modules[shard::shards] if fnmatch.fnmatch(module.stem, given.only)]
    failed = 0
    for module in modules:
        problem = run(given.cloche, options, module)
        failed += bool(problem)
        print(f"{'FAIL' if problem else 'ok  '} {module.relative_to(given.tests)} {problem}", flush=True)
    print(f"{len(modules) - failed} passed of {len(modules)}")
    return 1 if failed or not modules else 0


if __name__ == "__main__":
    sys.exit(main())
