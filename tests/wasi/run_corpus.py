#!/usr/bin/env python3
"""Runs programs of the corpus by the runner that lies beside them.

  run_corpus.py CLOCHE CORPUS PROGRAM

Exits with 77 when the folder is absent.
"""
import os
import pathlib
import subprocess
import sys

TIMEOUT_FACTOR = "10"  # the limits are an optimizing compiler's; sanitizers and other tests at the same time cost more


def main():
    cloche, corpus, program = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
    runner = corpus / "run-corpus.py"
    if not runner.exists():
        print(f"skipped: there is no {runner}; CLOCHE_SHARED_DIR names the folder that holds it")
        return 77
    template = os.path.abspath(cloche) + " run {dirs} {envs} {wasm} -- {args}"
    return subprocess.run([sys.executable, str(runner), "-v", "--timeout-mult", TIMEOUT_FACTOR, "--only", program,
                           template]).returncode


if __name__ == "__main__":
    sys.exit(main())
