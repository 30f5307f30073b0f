#!/usr/bin/env python3
"""Installs a build into an empty folder, moves it, and builds and runs tests/install/project against the moved copy."""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys

PROJECT = pathlib.Path(__file__).resolve().parent / "project"
README = PROJECT.parents[2] / "README.md"
EXPECTED = {
    "embedding": "14\nhost saw 42\n2 vowels at 64\nfreed 64\n65536 then 131072\nunreachable\nunreachable\n"
                 "  0: $fail at 0xe2, 22:25\ninvalid 1:27\nstatus 2\n",
    "readme": "guest: adding up\ncalc: 38\ncrash: unreachable\n",
}
SOURCES = {"embedding": PROJECT / "main.cpp", "readme": PROJECT / "readme.cpp"}


def run(*command, env=None):
    done = subprocess.run([str(word) for word in command], env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\nexit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def install(options, folder):
    """An installed copy that is not where it was installed to: nothing in it may depend on the place."""
    shutil.rmtree(folder, ignore_errors=True)
    run(options.cmake, "--install", options.build, "--prefix", folder / "first")
    (folder / "first").rename(folder / "moved")
    return folder / "moved"


def find_package(options, folder):
    prefix = install(options, folder)
    run(options.cmake, "-S", PROJECT, "-B", folder / "build", "-G", options.generator,
        f"-DCMAKE_CXX_COMPILER={options.compiler}", f"-DCMAKE_PREFIX_PATH={prefix}", "-DCMAKE_BUILD_TYPE=Release")
    run(options.cmake, "--build", folder / "build")
    return prefix, folder / "build"


def pkg_config(options, folder):
    if not shutil.which("pkg-config"):
        print("skipped: there is no pkg-config")
        sys.exit(77)
    prefix = install(options, folder)
    where = next(prefix.rglob("cloche.pc")).parent
    env = os.environ | {"PKG_CONFIG_PATH": str(where)}
    flags = run("pkg-config", "--cflags", "--libs", "cloche", env=env).split()
    for name, source in SOURCES.items():
        run(options.compiler, "-std=c++20", "-Wall", "-Wextra", "-Werror", source, *flags, "-o", folder / name)
    return prefix, folder


def check_readme():
    """The README shows the program that is tested."""
    lines = ["    " + line if line else "" for line in SOURCES["readme"].read_text().splitlines()]
    if "\n".join(lines) not in README.read_text():
        sys.exit(f"{README} does not show {SOURCES['readme']}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("variant", choices=["find_package", "pkg_config"])
    for name in ["build", "work"]:
        parser.add_argument("--" + name, type=pathlib.Path, required=True)
    for name in ["cmake", "compiler", "generator"]:
        parser.add_argument("--" + name, required=True)
    options = parser.parse_args()

    folder = options.work / options.variant
    check_readme()
    prefix, programs = globals()[options.variant](options, folder)
    for name, expected in EXPECTED.items():
        output = run(programs / name)
        if output != expected:
            sys.exit(f"{name}: expected:\n{expected}got:\n{output}")
    command = prefix / "bin" / "cloche"
    if command.exists():
        run(command, "--version")


if __name__ == "__main__":
    main()
