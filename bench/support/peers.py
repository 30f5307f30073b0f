"""Peers that are fetched from npm once."""

import shutil
import subprocess
import sys

BINARYEN = "binaryen@132.0.0"


def binaryen(out):
    """The folder of binaryen's commands, which node runs; an empty one when they cannot be had."""
    commands = out / "node_modules" / ".bin"
    npm = shutil.which("npm")
    if not commands.exists() and npm:
        out.mkdir(parents=True, exist_ok=True)
        done = subprocess.run([npm, "install", "--loglevel=error", "--no-audit", "--no-fund", "--prefix", str(out), BINARYEN],
                              capture_output=True, text=True, timeout=600, check=False)
        if done.returncode != 0:
            print(f"npm could not fetch {BINARYEN}: {done.stderr.strip()[-200:]}", file=sys.stderr)
    return str(commands)
