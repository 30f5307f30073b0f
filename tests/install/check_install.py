#!/usr/bin/env python3
"""Installs a build into an empty folder, moves it, and builds and runs tests/install/project against the moved copy."""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys

PROJECT = pathlib.Path(__file__).resolve().parent / "project"
EXPECTED = "14\nhost saw 42\n65536 then 131072\nunreachable\ninvalid 1:15\n"


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
    return prefix, folder / "build" / "embedding"


def pkg_config(options, folder):
    if not shutil.which("pkg-config"):
        print("skipped: there is no pkg-config")
        sys.exit(77)
    prefix = install(options, folder)
    where = next(prefix.rglob("cloche.pc")).parent
    env = os.environ | {"PKG_CONFIG_PATH": str(where)}
    flags = run("pkg-config", "--cflags", "--libs", "cloche", env=env).split()
    run(options.compiler, "-std=c++20", "-Wall", "-Wextra", "-Werror", PROJECT / "main.cpp", *flags,
        "-o", folder / "embedding")
    return prefix, folder / "embedding"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("variant", choices=["find_package", "pkg_config"])
    for name in ["build", "work"]:
        parser.add_argument("--" + name, type=pathlib.Path, required=True)
    for name in ["cmake", "compiler", "generator"]:
        parser.add_argument("--" + name, required=True)
    options = parser.parse_args()

    folder = options.work / options.variant
    prefix, program = globals()[options.variant](options, folder)
    output = run(program)
    if output != EXPECTED:
        sys.exit(f"expected:\n{EXPECTED}got:\n{output}")
    command = prefix / "bin" / "cloche"
    if command.exists():
        run(command, "--version")


if __name__ == "__main__":
    main()
