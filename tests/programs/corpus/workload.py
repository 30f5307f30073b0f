"""Runs a program's workloads, natively and in an engine, and compares everything that can be seen from outside:
standard output, exit code, and files.
"""

import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile

from .errors import Failure


class Scratch:
    """A folder with copies of a program's files, removed at the end. The guest gets it as its only directory."""

    def __init__(self, program, extra=()):
        self.holder = tempfile.TemporaryDirectory(prefix=f"cloche-{program.name}-")
        self.path = pathlib.Path(self.holder.name)
        for files in filter(pathlib.Path.is_dir, program.files):
            shutil.copytree(files, self.path, dirs_exist_ok=True)
        for source, name in extra:
            target = self.path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if pathlib.Path(source).is_dir():
                shutil.copytree(source, target, dirs_exist_ok=True)
            else:
                shutil.copyfile(source, target)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.holder.cleanup()


def engine_command(template, module, args):
    """The words of an engine's command line: {module} is the file, {args} the guest's arguments. Run in the scratch
    folder, the engine grants the guest that folder as its working directory."""
    words = []
    for word in shlex.split(template):
        if word == "{args}":
            words += args
        else:
            words.append(word.replace("{module}", str(module)))
    return words


def cloche_template(cloche, program, options=()):
    """How Cloche runs a program."""
    words = [str(cloche), "run", *options, *program.options]
    for feature in program.features:
        words += ["--feature", feature]
    return shlex.join(words) + " --dir . {module} -- {args}"


def execute(command, run, scratch, timeout_s, environment=None):
    """Runs one command in the scratch folder. Returns its exit code, output and messages. Raises Failure."""
    stdin = open(scratch / run.stdin, "rb") if run.stdin else subprocess.DEVNULL
    try:
        done = subprocess.run([str(word) for word in command], cwd=scratch, stdin=stdin, capture_output=True,
                              timeout=timeout_s, env=environment)
    except subprocess.TimeoutExpired:
        raise Failure(f"no end within {timeout_s} s: {shlex.join(map(str, command))}") from None
    finally:
        if run.stdin:
            stdin.close()
    return done


def excerpt(data, at=0):
    """What stands at that offset, for a message."""
    return repr(data[max(at - 40, 0):at + 120])


def compare_bytes(what, got, wanted):
    """Raises Failure at the first difference."""
    if got == wanted:
        return
    at = next((i for i, (a, b) in enumerate(zip(got, wanted)) if a != b), min(len(got), len(wanted)))
    raise Failure(f"{what} differs from offset {at}, of {len(got)} and {len(wanted)} bytes\n"
                  f"  got      {excerpt(got, at)}\n  expected {excerpt(wanted, at)}")


def check_exit(done, wanted, who):
    if done.returncode != wanted:
        said = (done.stderr or done.stdout).decode(errors="replace").strip()[-1500:]
        raise Failure(f"{who}: exit code {done.returncode}, expected {wanted}\n{said}")


def matching_lines(run, output):
    """The lines of an output that are compared."""
    if run.lines is None:
        return output
    return b"".join(line for line in output.splitlines(keepends=True) if re.search(run.lines.encode(), line))


class Session:
    """The runs of one program in one engine. A run that continues finds what the one before it left behind."""

    def __init__(self, program, built, template, timeout_s):
        self.program, self.built, self.template, self.timeout_s = program, built, template, timeout_s
        self.native = self.guest = None  # scratch folders
        self.messages = b""  # what the engine wrote to standard error in the last run

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for scratch in (self.native, self.guest):
            if scratch:
                scratch.__exit__()

    def renew(self):
        self.__exit__()
        extra = self.built.get("files", ())
        self.native, self.guest = Scratch(self.program, extra), Scratch(self.program, extra)

    def execute_native(self, run):
        # A guest is given no environment, so neither is the native program.
        done = execute([self.built["native"], *run.args], run, self.native.path, self.timeout_s, environment={})
        check_exit(done, run.exit, f"{self.program.name} {run.name}, natively")
        return done.stdout

    def run(self, run):
        """Runs one workload and compares. Raises Failure."""
        if not run.continues or self.guest is None:
            self.renew()
        what = f"{self.program.name} {run.name}"
        module = self.guest.path / run.module if run.module else self.built["guest"]
        wanted = None
        if run.expect == "native" or self.program.npm is None:
            native = self.execute_native(run)  # also where only a later run compares what it leaves behind
            wanted = native if run.expect == "native" else None
        elif run.expect != "none":
            wanted = (self.program.folder / run.expect).read_bytes()
        got = execute(engine_command(self.template, module, run.args), run, self.guest.path, self.timeout_s)
        self.messages = got.stderr
        check_exit(got, run.exit, what)
        if wanted is not None:
            compare_bytes(f"{what}: standard output", matching_lines(run, got.stdout), matching_lines(run, wanted))
        for name in run.outputs:
            self.compare_output(f"{what}: {name}", name, run)

    def compare_output(self, what, name, run):
        got = self.guest.path / name
        if not got.is_file() or got.stat().st_size == 0:
            raise Failure(f"{what} is not there, or empty")
        if run.expect == "native":
            compare_bytes(what, got.read_bytes(), (self.native.path / name).read_bytes())
