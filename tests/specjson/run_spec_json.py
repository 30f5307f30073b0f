#!/usr/bin/env python3
"""Runs the specification's scripts as `wast2json` and `spectest-interp` see them.

  run_spec_json.py CLOCHE SPEC SHARD/SHARDS

Every script must become JSON, and every command of it must then pass. As many commands must run as `cloche wast` counts,
so none gets lost on the way. Exit code 77 (skipped) when SPEC is not there. A false assertion must not pass, either; that
is checked first.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

# Folder, flags of spectest-interp and of `cloche wast`. Features differ because proposals contradict each other.
FOLDERS = [
    ("core", [], []),
    ("custom", [], []),
    ("legacy", ["--enable-exceptions"], ["--feature", "legacy-exceptions"]),
    ("proposals/threads", ["--enable-threads"], ["--feature", "threads"]),
    ("proposals/custom-page-sizes", ["--enable-custom-page-sizes"], ["--feature", "custom-page-sizes"]),
    ("proposals/wide-arithmetic", ["--enable-wide-arithmetic"], ["--feature", "wide-arithmetic"]),
]


def run(*words):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, errors="replace")


def tally(text, pattern):
    """(passed, total) as the last line that matches says, or None."""
    found = re.findall(pattern, text, re.M)
    return tuple(map(int, found[-1])) if found else None


def problem_of(cloche, script, flags, wast_flags, folder):
    """What is wrong with a script, or None."""
    json = pathlib.Path(folder) / "script.json"
    written = run(cloche, "wast2json", script, "-o", json, "--enable-all")
    if written.returncode != 0:
        return "wast2json: " + written.stderr[:600]
    ran = run(cloche, "spectest-interp", json, *flags)
    counted = tally(ran.stdout, r"^(\d+)/(\d+) tests passed\.$")
    if ran.returncode != 0 or counted is None or counted[0] != counted[1]:
        failures = [line for line in ran.stdout.splitlines() if " passed" not in line]
        return f"exit code {ran.returncode}: " + "\n".join(failures[-5:]) + ran.stderr[:600]
    expected = tally(run(cloche, "wast", *wast_flags, script).stdout, r" (\d+)/(\d+) commands$")
    registrations = json.read_text(errors="replace").count('"type": "register"')  # which only cloche wast counts
    if expected is None or counted[1] + registrations != expected[1]:
        return f"{counted} commands and {registrations} registrations, but cloche wast has {expected}"
    return None


def check_false_assertion(cloche):
    with tempfile.TemporaryDirectory() as folder:
        script = pathlib.Path(folder) / "false.wast"
        script.write_text('(module (func (export "f") (result i32) (i32.const 1)))\n'
                          '(assert_return (invoke "f") (i32.const 1))\n(assert_return (invoke "f") (i32.const 2))\n')
        json = pathlib.Path(folder) / "false.json"
        assert run(cloche, "wast2json", script, "-o", json).returncode == 0
        ran = run(cloche, "spectest-interp", json)
        wanted = f"{script}:3: mismatch in result 0 of assert_return: expected i32:2, got i32:1\n2/3 tests passed.\n"
        assert (ran.returncode, ran.stdout) == (1, wanted), (ran.returncode, ran.stdout)


def main():
    cloche, spec, shard = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
    check_false_assertion(cloche)
    if not spec.is_dir():
        print(f"skipped: there are no specification tests at {spec}")
        return 77
    number, shards = map(int, shard.split("/"))
    scripts = [(script, flags, wast_flags) for folder, flags, wast_flags in FOLDERS
               for script in sorted((spec / folder).rglob("*.wast"))]
    mine = scripts[number - 1::shards]
    failed = 0
    for script, flags, wast_flags in mine:
        with tempfile.TemporaryDirectory() as folder:
            problem = problem_of(cloche, script, flags, wast_flags, folder)
        if problem:
            failed += 1
            print(f"{script.relative_to(spec)}: {problem}")
    print(f"{len(mine) - failed}/{len(mine)} of {len(scripts)} scripts")
    return 1 if failed or not mine else 0


if __name__ == "__main__":
    sys.exit(main())
