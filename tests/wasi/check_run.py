#!/usr/bin/env python3
"""`cloche run` with WASI programs as a shell meets it: exit codes, streams, grants, signals, messages.

  check_run.py CLOCHE [--only REGEX]

Each test is a function test_NAME(run), where run(ARGUMENT..., **options) gives the finished process.
"""
import argparse
import os
import pty
import re
import select
import signal
import subprocess
import sys
import tempfile

PREAMBLE = """(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_fdstat_get" (func $fd_fdstat_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $environ_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_get" (func $environ_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "sock_accept" (func $sock_accept (param i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func $say (param $at i32) (param $size i32)
    (i32.store (i32.const 8) (local.get $at)) (i32.store (i32.const 12) (local.get $size))
    (if (call $fd_write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 16)) (then (unreachable))))
"""


def strings(what):
    return f"""(func (export "_start")
      (drop (call ${what}_sizes_get (i32.const 0) (i32.const 4)))
      (drop (call ${what}_get (i32.const 100) (i32.const 1000)))
      (call $say (i32.const 1000) (i32.load (i32.const 4))))"""


PROGRAMS = {
    "hello": '(data (i32.const 100) "hello\\n") (func (export "_start") (call $say (i32.const 100) (i32.const 6)))',
    "exit300": '(func (export "_start") (call $proc_exit (i32.const 300)))',
    "trap": '(func $inner (unreachable)) (func (export "_start") (call $inner))',
    "args": strings("args"),
    "environ": strings("environ"),
    "loop": '(data (i32.const 100) "ready") (func (export "_start") (call $say (i32.const 100) (i32.const 5))'
            " (loop $l (br $l)))",
    "sleep": '(data (i32.const 100) "ready") (func (export "_start") (call $say (i32.const 100) (i32.const 5))'
             " (i64.store (i32.const 224) (i64.const -1))"
             " (drop (call $poll_oneoff (i32.const 200) (i32.const 300) (i32.const 1) (i32.const 400))) (unreachable))",
    "read": '(data (i32.const 100) "ready") (func (export "_start") (call $say (i32.const 100) (i32.const 5))'
            " (i32.store (i32.const 8) (i32.const 100)) (i32.store (i32.const 12) (i32.const 5))"
            " (drop (call $fd_read (i32.const 0) (i32.const 8) (i32.const 1) (i32.const 16))) (unreachable))",
    "accept": '(data (i32.const 100) "ready") (func (export "_start") (call $say (i32.const 100) (i32.const 5))'
              " (drop (call $sock_accept (i32.const 3) (i32.const 0) (i32.const 16))) (unreachable))",
    # Reads once and exits with the errno, or with 100 + the size.
    "read1": '(func (export "_start") (local $errno i32)'
             " (i32.store (i32.const 8) (i32.const 100)) (i32.store (i32.const 12) (i32.const 5))"
             " (local.set $errno (call $fd_read (i32.const 0) (i32.const 8) (i32.const 1) (i32.const 16)))"
             " (if (local.get $errno) (then (call $proc_exit (local.get $errno))))"
             " (call $proc_exit (i32.add (i32.const 100) (i32.load (i32.const 16)))))",
    # Writes a byte to descriptor 1 and exits with the errno.
    "write1": '(data (i32.const 100) "x") (func (export "_start")'
              " (i32.store (i32.const 8) (i32.const 100)) (i32.store (i32.const 12) (i32.const 1))"
              " (call $proc_exit (call $fd_write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 16))))",
    # Exits with the number of descriptors that are open, of the first 64.
    "open": '(func (export "_start") (local $fd i32) (local $open i32)'
            " (loop $next (local.set $open (i32.add (local.get $open)"
            "   (i32.eqz (call $fd_fdstat_get (local.get $fd) (i32.const 100)))))"
            "  (local.set $fd (i32.add (local.get $fd) (i32.const 1)))"
            "  (br_if $next (i32.lt_u (local.get $fd) (i32.const 64)))) (call $proc_exit (local.get $open)))",
    # A loop that writes until it fails, and exits with the errno.
    "flood": '(func (export "_start") (local $errno i32)'
             " (i32.store (i32.const 8) (i32.const 0)) (i32.store (i32.const 12) (i32.const 65536))"
             " (loop $l (local.set $errno (call $fd_write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 16)))"
             "  (br_if $l (i32.eqz (local.get $errno)))) (call $proc_exit (local.get $errno)))",
    "escapes": '(data (i32.const 100) "\\1b[31mred\\1b[0m\\1b]0;title\\07.\\1b[6n!") (func (export "_start")'
               " (call $say (i32.const 100) (i32.const 28)))",
    "reactor": '(global $ready (mut i32) (i32.const 0)) (func (export "_initialize") (global.set $ready (i32.const 40)))'
               ' (func (export "add") (param i32) (result i32) (i32.add (global.get $ready) (local.get 0)))'
               ' (func (export "quit") (call $proc_exit (i32.const 9)))'
               ' (func (export "argc") (result i32) (drop (call $args_sizes_get (i32.const 0) (i32.const 4)))'
               " (i32.load (i32.const 0)))",
}
MODULES = {
    "library": '(module (func (export "answer") (result i32) (i32.const 42)))',
    "user": '(module (import "lib" "answer" (func $answer (result i32))) (func (export "f") (result i32) (call $answer)))',
    "wasi-user": '(module (import "lib" "answer" (func $answer (result i32)))'
                 ' (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32))) (memory (export "memory") 1)'
                 ' (func (export "_start") (call $exit (call $answer))))',
    "typo": '(module (import "wasi_snapshot_preview1" "fd_wriet" (func (param i32 i32 i32 i32) (result i32)))'
            ' (func (export "_start")))',
    "preview0": '(module (import "wasi_unstable" "proc_exit" (func (param i32))) (func (export "_start")))',
    "preview2": '(module (import "wasi:cli/environment@0.2.0" "get-arguments" (func (param i32)))'
                ' (func (export "_start")))',
    # A reactor whose thread ends the program while a call into it is under way.
    "thread-reactor": '(module (import "env" "memory" (memory 1 1 shared))'
                      ' (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))'
                      ' (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32))) (export "memory" (memory 0))'
                      ' (func (export "wasi_thread_start") (param i32 i32) (if (local.get 1) (then (call $exit (i32.const 21))))'
                      " (unreachable))"
                      ' (func (export "f") (param i32) (drop (call $spawn (local.get 0))) (loop $l (br $l))))',
    "several": '(module (import "env" "a" (func)) (import "env" "b" (global i32)) (import "gojs" "c" (func)))',
}


class Runner:
    def __init__(self, cloche, folder):
        self.cloche, self.folder = cloche, folder

    def path(self, name):
        return os.path.join(self.folder, name)

    def line(self, arguments):
        return [self.cloche, "run", *arguments]

    def __call__(self, *arguments, **options):
        options.setdefault("stdin", subprocess.DEVNULL)
        return subprocess.run(self.line(arguments), capture_output="stdout" not in options, cwd=self.folder, timeout=120,
                              **options)

    def start(self, *arguments, **options):
        return subprocess.Popen(self.line(arguments), cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                **options)


def expect(process, code, out=None, err=None):
    problems = []
    if process.returncode != code:
        problems.append(f"exit code {process.returncode}, expected {code}")
    if out is not None and process.stdout != out:
        problems.append(f"stdout {process.stdout!r}, expected {out!r}")
    if err is not None and not re.search(err, process.stderr.decode()):
        problems.append(f"stderr {process.stderr.decode()!r}, expected /{err}/")
    assert not problems, "; ".join(problems) + f" (stderr: {process.stderr!r})"


def test_output_and_status(run):
    expect(run("hello.wat"), 0, b"hello\n", "^$")
    expect(run("exit300.wat"), 300 % 256, b"", "^$")


def test_trap(run):
    expect(run("trap.wat"), 134, b"", r"trap: unreachable\n  0: \$inner at .*\n  1: \$_start at ")


def test_arguments(run):
    expect(run("args.wat"), 0, b"args.wat\0")
    expect(run("args.wat", "--", "-x", "two words", ""), 0, b"args.wat\0-x\0two words\0\0")
    expect(run("--argv0", "prog", "args.wat", "one"), 0, b"prog\0one\0")
    expect(run("args.wat", "--", "--argv0", "x"), 0, b"args.wat\0--argv0\0x\0")


def test_environment(run):
    expect(run("environ.wat", env={**os.environ, "SECRET": "1"}), 0, b"")
    expect(run("--env", "A=b=c", "--env-inherit", "GIVEN", "--env-inherit", "NOT_SET_ANYWHERE", "environ.wat",
               env={**os.environ, "GIVEN": "2"}), 0, b"A=b=c\0GIVEN=2\0")
    expect(run("--env", "novalue", "environ.wat"), 2, b"", "NAME=VALUE")


def test_stream_files(run):
    expect(run("--stdout", "out.txt", "hello.wat"), 0, b"")
    with open(run.path("out.txt"), "rb") as file:
        assert file.read() == b"hello\n"
    expect(run("--stdin", "out.txt", "read1.wat"), 105)
    expect(run("--stdin", "absent.txt", "read1.wat"), 1, b"", "cannot open absent.txt: No such file")


def test_closed_streams(run):
    """A stream that the shell has closed is badf, and no file that is granted takes its number."""
    for name, stream in (("read1.wat", 0), ("write1.wat", 1)):
        process = subprocess.run(run.line(["--dir", ".", name]), cwd=run.folder, stdin=subprocess.DEVNULL,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=120,
                                 preexec_fn=lambda stream=stream: os.close(stream))
        assert process.returncode == 8, (name, process)


def test_full_and_broken_streams(run):
    with open("/dev/full", "wb") as full:
        expect(run("write1.wat", stdout=full, stderr=subprocess.PIPE), 51)  # nospc
    reader, writer = os.pipe()
    os.close(reader)
    expect(run("flood.wat", stdout=writer, stderr=subprocess.PIPE), 64)  # pipe
    os.close(writer)


def test_only_what_is_granted_is_open(run):
    reader, writer = os.pipe()
    os.set_inheritable(reader, True)
    options = {"close_fds": False}
    expect(run("open.wat", **options), 3)
    expect(run("--dir", ".", "--dir-ro", ".::/two", "open.wat", **options), 5)
    os.close(reader)
    os.close(writer)


def ends_after_ready(run, expected, signal_number=None, arguments=()):
    """Starts a program that says when it waits, sends the signal if there is one, and wants it to end."""
    process = run.start(*arguments, stdin=subprocess.PIPE)
    assert process.stdout.read(5) == b"ready", process.stderr.read()
    if signal_number is not None:
        process.send_signal(signal_number)
    code = process.wait(timeout=120)
    err = process.stderr.read()
    for stream in (process.stdin, process.stdout, process.stderr):
        stream.close()
    assert code == expected, (arguments, code, err)
    return err


WAITING = (["loop.wat"], ["sleep.wat"], ["read.wat"], ["--listen", "127.0.0.1:0", "accept.wat"])


def test_timeout(run):
    for arguments in WAITING:
        err = ends_after_ready(run, 124, arguments=["--timeout", "300ms", *arguments])
        assert b"timed out after 300ms" in err, err
    expect(run("--timeout", "soon", "hello.wat"), 2, b"", "'soon' is no duration")
    expect(run("--timeout", "1h", "hello.wat"), 0, b"hello\n")


def test_interrupt(run):
    for arguments in WAITING:
        ends_after_ready(run, 130, signal.SIGINT, arguments)
        ends_after_ready(run, 143, signal.SIGTERM, arguments)


def test_reactor(run):
    expect(run("reactor.wat", "--invoke", "add", "2"), 0, b"42\n")
    expect(run("reactor.wat", "--invoke", "quit"), 9, b"")
    expect(run("reactor.wat", "--invoke", "argc"), 0, b"1\n")


def test_threads_end_a_reactors_call(run):
    expect(run("thread-reactor.wat", "--invoke", "f", "1"), 21, b"", "^$")
    expect(run("thread-reactor.wat", "--invoke", "f", "0"), 134, b"", "trap: unreachable")


def test_preload(run):
    expect(run("--preload", "lib=library.wat", "user.wat"), 0, b"42\n")
    expect(run("--preload", "lib=library.wat", "wasi-user.wat"), 42)
    expect(run("--preload", "library.wat", "user.wat"), 2, b"", "NAME=FILE")
    expect(run("--preload", "lib=absent.wat", "user.wat"), 1, b"", "absent.wat.*No such file")


def test_missing_imports(run):
    expect(run("user.wat"), 1, b"", r'unknown import: "lib" "answer", func \[\] -> \[i32\]\n  --preload lib=FILE')
    expect(run("typo.wat"), 1, b"", "did you mean fd_write")
    expect(run("preview0.wat"), 1, b"", "preview 0")
    expect(run("preview2.wat"), 1, b"", "component")
    expect(run("several.wat"), 1, b"", r'unknown imports:\n  "env" "a", func(.|\n)*"env" "b", global i32(.|\n)*GOOS=wasip1')


def test_a_trace_goes_to_its_file(run):
    """A program's grants close all other descriptors, but not the trace's."""
    process = subprocess.run([run.cloche, "trace", "--output", "trace.txt", "hello.wat"], cwd=run.folder,
                             stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
    expect(process, 0, b"hello\n")
    with open(run.path("trace.txt"), "rb") as file:
        assert b"call" in file.read()


def test_refused_grants(run):
    expect(run("--dir", "absent", "hello.wat"), 1, b"", "cannot open the directory absent: No such file")
    expect(run("--dir", "hello.wat::/", "hello.wat"), 1, b"", "Not a directory")
    expect(run("--listen", "nohost:1", "hello.wat"), 1, b"", "cannot listen on nohost")
    expect(run("--listen", "1", "hello.wat"), 2, b"", "ADDRESS:PORT")


def on_a_terminal(run, *arguments):
    """What the program's terminal is sent."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(run.line(arguments), cwd=run.folder, stdin=subprocess.DEVNULL, stdout=follower,
                               stderr=subprocess.PIPE)
    os.close(follower)
    out = b""
    while True:
        try:
            part = os.read(leader, 4096)
        except OSError:  # nobody holds the other end any more
            break
        if not part:
            break
        out += part
    process.wait(timeout=120)
    process.stderr.close()
    os.close(leader)
    return out


def test_terminal(run):
    assert on_a_terminal(run, "escapes.wat") == b"\033[31mred\033[0m.!"
    assert on_a_terminal(run, "--terminal", "plain", "escapes.wat") == b"red.!"
    assert on_a_terminal(run, "--terminal", "raw", "escapes.wat") == b"\033[31mred\033[0m\033]0;title\007.\033[6n!"
    # A pipe gets everything.
    expect(run("escapes.wat"), 0, b"\033[31mred\033[0m\033]0;title\007.\033[6n!")


def test_a_terminal_sees_each_line_at_once(run):
    """What was written is there while the program still runs."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(run.line(["loop.wat"]), cwd=run.folder, stdin=subprocess.DEVNULL, stdout=follower,
                               stderr=subprocess.DEVNULL)
    os.close(follower)
    assert select.select([leader], [], [], 120)[0]
    assert os.read(leader, 5) == b"ready"
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=120) == 130
    os.close(leader)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("cloche")
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    failed = passed = 0
    with tempfile.TemporaryDirectory(prefix="cloche-run-") as folder:
        for name, body in PROGRAMS.items():
            with open(os.path.join(folder, name + ".wat"), "w") as file:
                file.write(PREAMBLE + body + ")")
        for name, text in MODULES.items():
            with open(os.path.join(folder, name + ".wat"), "w") as file:
                file.write(text)
        run = Runner(os.path.abspath(given.cloche), folder)
        for name, test in sorted(globals().items()):
            if not name.startswith("test_") or not re.search(given.only, name):
                continue
            try:
                test(run)
                passed += 1
            except (AssertionError, subprocess.TimeoutExpired) as problem:
                failed += 1
                print(f"FAILED {name}: {problem!r}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
