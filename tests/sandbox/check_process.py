#!/usr/bin/env python3
"""The command as a process: what a guest inherits, which descriptors are open, and streams in every state.

  check_process.py CLOCHE [TEST…]

Guests are small modules whose exit code is the errno of the call that is tried.
"""
import fcntl
import os
import pathlib
import pty
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import unittest

CLOCHE = None
BADF, AGAIN, FBIG, NOSPC, PIPE = 8, 6, 22, 51, 64

IMPORTS = """
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_fdstat_get" (func $fd_fdstat_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_prestat_get" (func $fd_prestat_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_prestat_dir_name" (func $dir_name (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $environ_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_get" (func $environ_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
"""
# 0: an iovec; 8: a count; 16: sizes; 65536: a buffer
COMMON = IMPORTS + """
  (memory (export "memory") 8)
  (func $write (param $fd i32) (param $at i32) (param $size i32) (result i32)
    (i32.store (i32.const 0) (local.get $at))
    (i32.store (i32.const 4) (local.get $size))
    (call $fd_write (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8)))
  (func $check (param $errno i32)
    (if (local.get $errno) (then (call $proc_exit (local.get $errno)))))
"""


def guest(start, data=""):
    return f'(module {COMMON} {data} (func (export "_start") {start}))'


GUESTS = {
    # Writes 4096 bytes to a stream; the exit code is the errno.
    "write1.wat": guest("(call $check (call $write (i32.const 1) (i32.const 65536) (i32.const 4096)))"),
    "write2.wat": guest("(call $check (call $write (i32.const 2) (i32.const 65536) (i32.const 4096)))"),
    # Reads; the exit code is the errno, or 100 and the number of bytes.
    "read.wat": guest("""
      (i32.store (i32.const 0) (i32.const 65536))
      (i32.store (i32.const 4) (i32.const 10))
      (call $check (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
      (call $proc_exit (i32.add (i32.const 100) (i32.load (i32.const 8))))"""),
    # Three lines, a call each.
    "lines.wat": guest("""
      (call $check (call $write (i32.const 1) (i32.const 1024) (i32.const 4)))
      (call $check (call $write (i32.const 1) (i32.const 1028) (i32.const 4)))
      (call $check (call $write (i32.const 1) (i32.const 1032) (i32.const 6)))""",
                       r'(data (i32.const 1024) "one\ntwo\nthree\n")'),
    # A title, a colored word, a question that terminals answer.
    "escapes.wat": guest("(call $check (call $write (i32.const 1) (i32.const 1024) (i32.const 28)))",
                         r'(data (i32.const 1024) "\1b]0;title\07\1b[31mred\1b[0m\1b[6n.\n")'),
    # The arguments, a line, the environment, a line, the granted directories.
    "dump.wat": guest("""
      (local $fd i32)
      (call $check (call $args_sizes_get (i32.const 16) (i32.const 20)))
      (call $check (call $args_get (i32.const 4096) (i32.const 65536)))
      (call $check (call $write (i32.const 1) (i32.const 65536) (i32.load (i32.const 20))))
      (call $check (call $write (i32.const 1) (i32.const 1024) (i32.const 1)))
      (call $check (call $environ_sizes_get (i32.const 16) (i32.const 20)))
      (call $check (call $environ_get (i32.const 4096) (i32.const 65536)))
      (call $check (call $write (i32.const 1) (i32.const 65536) (i32.load (i32.const 20))))
      (call $check (call $write (i32.const 1) (i32.const 1024) (i32.const 1)))
      (local.set $fd (i32.const 3))
      (block $done
        (loop $next
          (br_if $done (call $fd_prestat_get (local.get $fd) (i32.const 16)))
          (call $check (call $dir_name (local.get $fd) (i32.const 65536) (i32.load (i32.const 20))))
          (call $check (call $write (i32.const 1) (i32.const 65536) (i32.load (i32.const 20))))
          (call $check (call $write (i32.const 1) (i32.const 1024) (i32.const 1)))
          (local.set $fd (i32.add (local.get $fd) (i32.const 1)))
          (br $next)))""", r'(data (i32.const 1024) "\n")'),
    # Says so, waits for input, and exits with the number of descriptors from 0 to 1023 that are open to it.
    "count.wat": guest("""
      (local $fd i32) (local $open i32)
      (loop $next
        (if (i32.eqz (call $fd_fdstat_get (local.get $fd) (i32.const 256)))
          (then (local.set $open (i32.add (local.get $open) (i32.const 1)))))
        (local.set $fd (i32.add (local.get $fd) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $fd) (i32.const 1024))))
      (call $check (call $write (i32.const 1) (i32.const 1024) (i32.const 6)))
      (i32.store (i32.const 0) (i32.const 65536))
      (i32.store (i32.const 4) (i32.const 10))
      (call $check (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
      (call $proc_exit (local.get $open))""", r'(data (i32.const 1024) "ready\n")'),
    # Copies standard input to standard output; when the output can take nothing, it polls until it can.
    "patient.wat": f"""(module {COMMON}
      (data (i32.const 128) "\\07\\00\\00\\00\\00\\00\\00\\00" "\\02" "\\00\\00\\00\\00\\00\\00\\00" "\\01")
      (func $write_all (param $size i32)
        (local $at i32) (local $errno i32)
        (local.set $at (i32.const 65536))
        (loop $more
          (local.set $errno (call $write (i32.const 1) (local.get $at) (local.get $size)))
          (if (i32.eq (local.get $errno) (i32.const {AGAIN}))
            (then
              (call $check (call $poll_oneoff (i32.const 128) (i32.const 192) (i32.const 1) (i32.const 224)))
              (br $more)))
          (call $check (local.get $errno))
          (local.set $at (i32.add (local.get $at) (i32.load (i32.const 8))))
          (local.set $size (i32.sub (local.get $size) (i32.load (i32.const 8))))
          (br_if $more (local.get $size))))
      (func (export "_start")
        (loop $more
          (i32.store (i32.const 0) (i32.const 65536))
          (i32.store (i32.const 4) (i32.const 300000))
          (call $check (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
          (if (i32.load (i32.const 8))
            (then
              (call $write_all (i32.load (i32.const 8)))
              (br $more))))))""",
}

# Guests with threads: the main one calls, the other one changes under it what the calls are about.
THREADED = """(module
  (import "env" "memory" (memory 8 8 shared))
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close" (func $fd_close (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_renumber" (func $fd_renumber (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (export "memory" (memory 0))
  (func $exit_if (param $condition i32) (param $code i32)
    (if (local.get $condition) (then (call $proc_exit (local.get $code)))))
  (func $spawn_or_exit
    (call $exit_if (i32.le_s (call $spawn (i32.const 0)) (i32.const 0)) (i32.const 70)))
  ;; opens the 13 bytes at 1024; the descriptor is at 64
  (func $open (result i32)
    (call $path_open (i32.const 3) (i32.const 1) (i32.const 1024) (i32.const 13) (i32.const 0)
      (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 64)))
"""

GUESTS["changed-path.wat"] = THREADED + """
  (data (i32.const 1024) "in-dir/secret") (data (i32.const 1040) "in-dir/secret") (data (i32.const 1056) "../out/secret")
  (func (export "wasi_thread_start") (param i32 i32)
    (loop $forever
      (memory.copy (i32.const 1024) (i32.const 1056) (i32.const 13))
      (memory.copy (i32.const 1024) (i32.const 1040) (i32.const 13))
      (br $forever)))
  (func (export "_start")
    (local $opened i32) (local $refused i32) (local $rounds i32) (local $errno i32)
    (call $spawn_or_exit)
    (i32.store (i32.const 0) (i32.const 4096))  ;; an iovec
    (i32.store (i32.const 4) (i32.const 16))
    (loop $more
      (local.set $rounds (i32.add (local.get $rounds) (i32.const 1)))
      (local.set $errno (call $open))
      (if (local.get $errno)
        (then (local.set $refused (i32.add (local.get $refused) (i32.eq (local.get $errno) (i32.const 76)))))
        (else
          (local.set $opened (i32.add (local.get $opened) (i32.const 1)))
          (call $exit_if (call $fd_read (i32.load (i32.const 64)) (i32.const 0) (i32.const 1) (i32.const 8)) (i32.const 71))
          (call $exit_if (i32.ne (i32.load8_u (i32.const 4096)) (i32.const 105)) (i32.const 99))  ;; not the i of "inside"
          (call $exit_if (call $fd_close (i32.load (i32.const 64))) (i32.const 72))))
      (br_if $more (i32.lt_u (local.get $rounds) (i32.const 5000)))
      (br_if $more (i32.and (i32.lt_u (local.get $rounds) (i32.const 2000000))
                            (i32.or (i32.eqz (local.get $opened)) (i32.eqz (local.get $refused))))))
    (call $exit_if (i32.or (i32.eqz (local.get $opened)) (i32.eqz (local.get $refused))) (i32.const 73))
    (call $proc_exit (i32.const 0))))"""

GUESTS["changed-list.wat"] = THREADED + """
  (func (export "wasi_thread_start") (param i32 i32)
    (loop $forever
      (i64.store (i32.const 0) (i64.const 0x00000010_fffffff8))  ;; 16 bytes outside
      (i64.store (i32.const 0) (i64.const 0x00000000_00001000))
      (i64.store (i32.const 0) (i64.const 0xffffffff_00001000))  ;; as many as there are not
      (i64.store (i32.const 0) (i64.const 0x00000001_00001000))
      (br $forever)))
  (func (export "_start")
    (local $rounds i32) (local $errno i32)
    (call $spawn_or_exit)
    (loop $more
      (local.set $errno (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 64)))
      (call $exit_if (i32.and (i32.ne (local.get $errno) (i32.const 0)) (i32.ne (local.get $errno) (i32.const 21)))
        (i32.const 71))
      (local.set $rounds (i32.add (local.get $rounds) (i32.const 1)))
      (br_if $more (i32.lt_u (local.get $rounds) (i32.const 20000))))
    (call $proc_exit (i32.const 0))))"""

# Each thread has its own part of the memory, so that only the descriptors are fought over.
GUESTS["changed-descriptors.wat"] = THREADED + """
  (data (i32.const 1024) "in-dir/secret")
  (func $churn (param $thread i32)
    (local $part i32)
    (local.set $part (i32.add (i32.const 4096) (i32.mul (local.get $thread) (i32.const 256))))
    (i32.store (local.get $part) (i32.add (local.get $part) (i32.const 64)))  ;; an iovec of 16 bytes
    (i32.store offset=4 (local.get $part) (i32.const 16))
    (drop (call $path_open (i32.const 3) (i32.const 1) (i32.const 1024) (i32.const 13) (i32.const 0)
      (i64.const 2) (i64.const 0) (i32.const 0) (i32.add (local.get $part) (i32.const 32))))
    (drop (call $fd_read (i32.const 4) (local.get $part) (i32.const 1) (i32.add (local.get $part) (i32.const 40))))
    (drop (call $fd_renumber (i32.const 5) (i32.const 4)))
    (drop (call $fd_close (i32.const 4)))
    (drop (call $fd_close (i32.const 6))))
  (func (export "wasi_thread_start") (param $thread i32) (param i32)
    (loop $forever (call $churn (local.get $thread)) (br $forever)))
  (func (export "_start")
    (local $rounds i32)
    (call $spawn_or_exit)
    (call $spawn_or_exit)
    (loop $more
      (call $churn (i32.const 0))
      (local.set $rounds (i32.add (local.get $rounds) (i32.const 1)))
      (br_if $more (i32.lt_u (local.get $rounds) (i32.const 5000))))
    (call $proc_exit (i32.const 0))))"""


class ProcessTest(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory(prefix="cloche-process-")
        self.addCleanup(self.scratch.cleanup)
        self.dir = pathlib.Path(self.scratch.name)
        for name, text in GUESTS.items():
            (self.dir / name).write_text(text)
        for name in ("granted", "other"):
            (self.dir / name).mkdir()

    def command(self, *words):
        return [CLOCHE, "run", *map(str, words)]

    def run_guest(self, *words, **options):
        options.setdefault("stdin", subprocess.DEVNULL)
        options.setdefault("timeout", 120)
        return subprocess.run(self.command(*words), cwd=self.dir, **options)

    def errno_of(self, *words, **options):
        """Runs a guest whose exit code is an errno."""
        options.setdefault("stdout", subprocess.DEVNULL)
        options.setdefault("stderr", subprocess.DEVNULL)
        return self.run_guest(*words, **options).returncode


class Inherited(ProcessTest):
    """SAFETY 53: nothing is inherited."""

    def test_no_environment_and_only_given_arguments(self):
        env = {**os.environ, "SECRET": "token", "HOME": "/root"}
        done = self.run_guest("--dir", f"{self.dir}/granted::/data", "--env", "A=1", "dump.wat", "--", "x", "--env", "B=2",
                              env=env, stdout=subprocess.PIPE)
        self.assertEqual(done.returncode, 0)
        self.assertEqual(done.stdout, b"dump.wat\0x\0--env\0B=2\0\nA=1\0\n/data\n")
        self.assertNotIn(self.scratch.name.encode(), done.stdout)

    def test_variables_are_passed_on_by_name_only(self):
        done = self.run_guest("--env-inherit", "PASSED", "--env-inherit", "UNSET", "dump.wat",
                              env={"PASSED": "yes", "KEPT": "no"}, stdout=subprocess.PIPE)
        self.assertEqual(done.stdout, b"dump.wat\0\nPASSED=yes\0\n")

    def test_descriptors_of_the_parent_are_not_the_guests(self):
        with open("/etc/passwd", "rb") as secret, open(self.dir / "log", "wb") as log:
            done = self.run_guest("--dir", "granted", "count.wat", stdout=subprocess.PIPE,
                                  pass_fds=(secret.fileno(), log.fileno()))
        self.assertEqual(done.stdout, b"ready\n")
        self.assertEqual(done.returncode, 4)  # three streams and a directory


class Descriptors(ProcessTest):
    """Acceptance 4: no descriptor is open but what was granted."""

    def start_waiting(self, *words, **options):
        """A guest that has said "ready" and waits for input."""
        child = subprocess.Popen(self.command(*words), cwd=self.dir, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **options)
        self.addCleanup(child.communicate)
        self.assertEqual(child.stdout.readline(), b"ready\n")
        return child

    def open_files(self, child):
        folder = pathlib.Path(f"/proc/{child.pid}/fd")
        return {int(entry.name): os.readlink(entry) for entry in folder.iterdir()}

    def test_a_running_guest_has_its_streams_only(self):
        child = self.start_waiting("count.wat")
        self.assertEqual(sorted(self.open_files(child)), [0, 1, 2])

    def test_a_running_guest_has_its_streams_and_its_directories(self):
        read, write = os.pipe()
        self.addCleanup(os.close, read)
        self.addCleanup(os.close, write)
        child = self.start_waiting("--dir", "granted", "--dir-ro", "other::/o", "count.wat", pass_fds=(read, write))
        files = self.open_files(child)
        granted = sorted(files[number] for number in files if number > 2)
        self.assertEqual(granted, [str(self.dir / "granted"), str(self.dir / "other")])
        self.assertEqual(len(files), 5)

    def test_what_is_open_would_be_closed_by_exec(self):
        child = self.start_waiting("--dir", "granted", "count.wat")
        for number in self.open_files(child):
            if number > 2:
                flags = re.search(r"^flags:\s*(\d+)", pathlib.Path(f"/proc/{child.pid}/fdinfo/{number}").read_text(), re.M)
                self.assertTrue(int(flags.group(1), 8) & os.O_CLOEXEC, number)

    def trace(self, *words, **options):
        """The system calls of a run, a line each."""
        if not shutil.which("strace"):
            self.skipTest("strace is not installed (Debian package strace)")
        log = self.dir / "trace"
        probe = subprocess.run(["strace", "-o", log, "true"], stderr=subprocess.PIPE)
        if probe.returncode != 0:
            self.skipTest(f"strace cannot trace here: {probe.stderr.decode(errors='replace').strip()}")
        environment = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}  # leaks cannot be looked for under a tracer
        done = subprocess.run(["strace", "-f", "-o", log, *self.command(*words)], cwd=self.dir, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, env=environment, timeout=120, **options)
        lines = [re.sub(r"^\d+\s+", "", line) for line in log.read_text().splitlines()]
        return done, lines

    def still_open(self, lines):
        """The descriptors above 2 that a trace leaves open: {number: the call that made it}."""
        files = {}
        for line in lines:
            made = re.match(r"(openat2?|open|socket|accept4?|eventfd2|epoll_create1|signalfd4|timerfd_create|memfd_create|"
                            r"dup|inotify_init1|pidfd_open|userfaultfd)\(.*= (\d+)(<.*)?$", line)
            copied = re.match(r"(?:dup[23]\(\d+, (\d+)|fcntl\(\d+, F_DUPFD(?:_CLOEXEC)?, .*= (\d+))", line)
            closed = re.match(r"close\((\d+)\)\s+= 0", line)
            swept = re.match(r"close_range\((\d+), (\d+), 0\)\s+= 0", line)
            if made and int(made.group(2)) > 2:
                files[int(made.group(2))] = line
            elif copied and int(copied.group(1) or copied.group(2)) > 2:
                files[int(copied.group(1) or copied.group(2))] = line
            elif closed:
                files.pop(int(closed.group(1)), None)
            elif swept:
                for number in range(int(swept.group(1)), min(int(swept.group(2)), 4096) + 1):
                    files.pop(number, None)
        return files

    def test_strace_sees_nothing_left_open_but_what_was_granted(self):
        done, lines = self.trace("--dir", "granted", "--dir-ro", "other", "lines.wat")
        self.assertEqual(done.stdout, b"one\ntwo\nthree\n")
        start = next(i for i, line in enumerate(lines) if re.match(r"writev?\(1, .*one", line))
        files = self.still_open(lines[:start])
        self.assertEqual(len(files), 2, files)
        for call in files.values():
            self.assertRegex(call, r'"(granted|other)".*O_DIRECTORY')
            self.assertIn("O_CLOEXEC", call)

    def test_strace_sees_every_descriptor_made_close_on_exec(self):
        _, lines = self.trace("--dir", "granted", "lines.wat")
        for line in lines:
            if re.search(r'"/proc/self/(cmdline|environ|maps|exe)"', line):
                continue  # the runtime of a sanitizer, before the program begins
            if re.match(r"open(at2?)?\(", line) and re.search(r"= \d+$", line):
                self.assertIn("O_CLOEXEC", line)

    def test_strace_sees_as_many_writes_as_the_guest_makes(self):
        _, lines = self.trace("lines.wat")
        writes = [line for line in lines if re.match(r"writev?\(1, ", line)]
        self.assertEqual(len(writes), 3, writes)


class Streams(ProcessTest):
    """SAFETY 54: streams that are closed, full, broken, slow."""

    def test_closed_streams_are_bad_descriptors(self):
        for guest_name, number in (("write1.wat", 1), ("write2.wat", 2), ("read.wat", 0)):
            child = subprocess.Popen(self.command(guest_name), cwd=self.dir, preexec_fn=lambda: os.close(number))
            self.assertEqual(child.wait(), BADF, guest_name)

    def test_all_closed(self):
        child = subprocess.Popen(self.command("--dir", "granted", "write1.wat"), cwd=self.dir,
                                 preexec_fn=lambda: os.closerange(0, 3))
        self.assertEqual(child.wait(), BADF)

    def test_a_full_device(self):
        with open("/dev/full", "wb") as full:
            self.assertEqual(self.errno_of("write1.wat", stdout=full), NOSPC)
            self.assertEqual(self.errno_of("write2.wat", stderr=full), NOSPC)
        self.assertEqual(self.errno_of("--stdout", "/dev/full", "write1.wat"), NOSPC)

    def test_a_pipe_that_nobody_reads(self):
        read, write = os.pipe()
        os.close(read)
        self.assertEqual(self.errno_of("write1.wat", stdout=write), PIPE)
        os.close(write)

    def test_a_file_beyond_its_size_limit(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        with open(self.dir / "out", "wb") as out:
            self.assertEqual(self.errno_of("write1.wat", stdout=out, preexec_fn=limit), FBIG)

    def test_the_end_of_input(self):
        self.assertEqual(self.errno_of("read.wat"), 100)
        self.assertEqual(self.errno_of("read.wat", stdin=None, input=b"abc"), 103)

    def test_input_that_is_not_open_for_reading(self):
        with open(self.dir / "out", "wb") as out:
            self.assertIn(self.errno_of("read.wat", stdin=out), (BADF, 76))

    def copy_slowly(self, is_nonblocking):
        """Copies a megabyte through pipes of which the second is read a little at a time."""
        data = bytes(i * 31 % 251 for i in range(1 << 20))
        read, write = os.pipe()
        if is_nonblocking:
            fcntl.fcntl(write, fcntl.F_SETFL, os.O_NONBLOCK | fcntl.fcntl(write, fcntl.F_GETFL))
        child = subprocess.Popen(self.command("patient.wat"), cwd=self.dir, stdin=subprocess.PIPE, stdout=write)
        os.close(write)
        feeder = threading.Thread(target=lambda: (child.stdin.write(data), child.stdin.close()))
        feeder.start()
        got = bytearray()
        while piece := os.read(read, 50_000):
            got += piece
        feeder.join()
        os.close(read)
        self.assertEqual(child.wait(), 0)
        self.assertEqual(bytes(got), data)
        return child

    def test_nothing_is_lost_in_a_slow_pipe(self):
        self.copy_slowly(False)

    def test_nothing_is_lost_in_a_slow_pipe_that_does_not_wait(self):
        self.copy_slowly(True)

    def test_waiting_for_a_full_pipe_is_not_done_by_asking_again_and_again(self):
        # The pipe is full and nobody reads it for a while: the guest must sleep.
        read, write = os.pipe()
        fcntl.fcntl(write, fcntl.F_SETFL, os.O_NONBLOCK | fcntl.fcntl(write, fcntl.F_GETFL))
        try:
            while True:
                os.write(write, b"x" * 4096)
        except BlockingIOError:
            pass
        child = subprocess.Popen(self.command("patient.wat"), cwd=self.dir, stdin=subprocess.PIPE, stdout=write)
        os.close(write)
        child.stdin.write(b"y" * 1000)
        child.stdin.close()
        while not self.sleeps(child):
            self.assertIsNone(child.poll())
            time.sleep(0.01)
        before = self.switches(child)
        time.sleep(0.2)
        self.assertLessEqual(self.switches(child) - before, 2)
        got = b""
        while piece := os.read(read, 65536):
            got += piece
        os.close(read)
        self.assertEqual(child.wait(), 0)
        self.assertEqual(got.lstrip(b"x"), b"y" * 1000)

    def status(self, child):
        return pathlib.Path(f"/proc/{child.pid}/status").read_text()

    def sleeps(self, child):
        """Whether the child sleeps in poll."""
        try:
            return "poll" in pathlib.Path(f"/proc/{child.pid}/wchan").read_text() or (
                pathlib.Path(f"/proc/{child.pid}/syscall").read_text().split()[0] in ("7", "271"))
        except PermissionError:
            self.skipTest("the system does not say in which call a process waits")

    def switches(self, child):
        """How often the child went to sleep so far."""
        return int(re.search(r"^voluntary_ctxt_switches:\s*(\d+)", self.status(child), re.M).group(1))

    def test_the_state_of_streams_is_not_changed_for_others(self):
        read, write = os.pipe()
        before = fcntl.fcntl(write, fcntl.F_GETFL)
        self.assertEqual(self.errno_of("lines.wat", stdout=write), 0)
        self.assertEqual(fcntl.fcntl(write, fcntl.F_GETFL), before)
        self.assertEqual(os.read(read, 100), b"one\ntwo\nthree\n")
        os.close(read)
        os.close(write)


class Terminal(ProcessTest):
    """SAFETY 55: what reaches a terminal."""

    SENT = b"\x1b]0;title\x07\x1b[31mred\x1b[0m\x1b[6n.\n"

    def on_terminal(self, *options):
        parent, child = pty.openpty()
        done = self.run_guest(*options, "escapes.wat", stdout=child)
        os.close(child)
        output = b""
        try:
            while piece := os.read(parent, 1000):
                output += piece
        except OSError:  # how a terminal ends
            pass
        os.close(parent)
        self.assertEqual(done.returncode, 0)
        return output.replace(b"\r\n", b"\n")

    def test_harmful_sequences_do_not_reach_a_terminal(self):
        self.assertEqual(self.on_terminal(), b"\x1b[31mred\x1b[0m.\n")

    def test_all_of_them_when_asked_for(self):
        self.assertEqual(self.on_terminal("--terminal", "raw"), self.SENT)

    def test_none_when_asked_for(self):
        self.assertEqual(self.on_terminal("--terminal", "plain"), b"red.\n")

    def test_files_and_pipes_get_every_byte(self):
        done = self.run_guest("escapes.wat", stdout=subprocess.PIPE)
        self.assertEqual(done.stdout, self.SENT)
        self.run_guest("--stdout", "out", "escapes.wat")
        self.assertEqual((self.dir / "out").read_bytes(), self.SENT)


class Threads(ProcessTest):
    """Calls whose arguments another thread of the guest changes while they are looked at."""

    # A thread sanitizer would report the guest's races in its own memory, which are meant.
    RACING = {**os.environ, "TSAN_OPTIONS": "report_bugs=0"}

    def setUp(self):
        super().setUp()
        (self.dir / "granted/in-dir").mkdir()
        (self.dir / "granted/in-dir/secret").write_text("inside")
        (self.dir / "out").mkdir()
        (self.dir / "out/secret").write_text("canary")

    def test_a_path_that_changes_leads_nowhere_else(self):
        for options in ([], ["--no-openat2"]):
            self.assertEqual(self.errno_of(*options, "--dir", "granted", "changed-path.wat", env=self.RACING), 0)

    def test_a_list_that_changes_reaches_no_other_memory(self):
        self.assertEqual(self.errno_of("changed-list.wat", env=self.RACING), 0)

    def test_descriptors_that_others_close_and_move(self):
        self.assertEqual(self.errno_of("--dir", "granted", "changed-descriptors.wat"), 0)


def main():
    global CLOCHE
    CLOCHE = os.path.abspath(sys.argv[1])
    result = unittest.main(argv=[sys.argv[0], *sys.argv[2:]], verbosity=2, exit=False).result
    if result.skipped and not result.failures and not result.errors and len(result.skipped) == result.testsRun:
        return 77
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
