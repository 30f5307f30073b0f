#!/usr/bin/env python3
"""Tests of the scripts themselves: that a difference is found, whatever it is in, and that descriptions are sound."""

import dataclasses
import pathlib
import sys
import tempfile
import unittest

from corpus import catalog, debian, npm, workload
from corpus.errors import Failure

PRINT = "import sys; sys.stdout.write({!r}); sys.exit({})"


class Comparing(unittest.TestCase):
    """A program made of Python texts: what natively is printed, and what the engine prints."""

    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)
        (self.folder / "files").mkdir()
        (self.folder / "files" / "input").write_text("given")
        self.program = catalog.Program("sample", self.folder, "", True, None, None, {}, (), (), (self.folder / "files",), ())

    def native(self, code):
        script = self.folder / "native"
        script.write_text(f"#!{sys.executable}\n{code}\n")
        script.chmod(0o755)
        return script

    def session(self, native, engine, **fields):
        run = catalog.Run(name="it", args=(), **fields)
        built = {"native": self.native(native), "guest": self.folder / "module"}
        script = self.folder / "engine.py"
        script.write_text(engine)
        with workload.Session(self.program, built, f"{sys.executable} {script} {{module}} {{args}}", 60) as session:
            session.run(run)

    def test_same(self):
        self.session(PRINT.format("text", 3), PRINT.format("text", 3), exit=3)

    def test_other_output(self):
        with self.assertRaisesRegex(Failure, "standard output differs from offset 2"):
            self.session(PRINT.format("text", 0), PRINT.format("teXt", 0))

    def test_missing_output(self):
        with self.assertRaisesRegex(Failure, "standard output differs from offset 4, of 4 and 5 bytes"):
            self.session(PRINT.format("text\n", 0), PRINT.format("text", 0))

    def test_other_exit_code(self):
        with self.assertRaisesRegex(Failure, "exit code 1, expected 0"):
            self.session(PRINT.format("text", 0), PRINT.format("text", 1))

    def test_native_exit_code(self):
        with self.assertRaisesRegex(Failure, "natively: exit code 1, expected 0"):
            self.session(PRINT.format("text", 1), PRINT.format("text", 1))

    def test_other_file(self):
        write = "open('out', 'w').write('{}')"
        with self.assertRaisesRegex(Failure, "out differs from offset 0"):
            self.session(write.format("a"), write.format("b"), outputs=("out",))

    def test_missing_file(self):
        with self.assertRaisesRegex(Failure, "out is not there"):
            self.session("open('out', 'w').write('a')", "", outputs=("out",))

    def test_lines(self):
        self.session(PRINT.format("= 1\nnoise\n", 0), PRINT.format("= 1\nother noise\n", 0), lines="^=")
        with self.assertRaises(Failure):
            self.session(PRINT.format("= 1\n", 0), PRINT.format("= 2\n", 0), lines="^=")

    def test_files_are_copies(self):
        overwrite = "open('input', 'w').write('changed')"
        self.session(overwrite, overwrite, outputs=("input",))
        self.assertEqual((self.folder / "files" / "input").read_text(), "given")

    def test_expected_file(self):
        (self.folder / "wanted").write_text("text")
        program = dataclasses.replace(self.program, npm={})
        built = {"guest": "module"}
        script = self.folder / "engine.py"
        script.write_text(PRINT.format("texT", 0))
        with workload.Session(program, built, f"{sys.executable} {script}", 60) as session:
            with self.assertRaisesRegex(Failure, "standard output differs from offset 3"):
                session.run(catalog.Run(name="it", args=(), expect="wanted"))


class Fetching(unittest.TestCase):
    def test_integrity(self):
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"archive")
            file.flush()
            with self.assertRaisesRegex(Failure, "has the hash sha512-"):
                npm.check_integrity(pathlib.Path(file.name), "sha512-AAAA")

    def test_one_line_sources(self):
        text = "deb [arch=amd64] http://mirror/debian stable main contrib\n# deb x stable y\ndeb http://other/x other main\n"
        self.assertEqual(debian.one_line_sources(text, {"stable"}),
                         ["deb-src [arch=amd64] http://mirror/debian stable main contrib"])

    def test_stanza_sources(self):
        text = ("Types: deb\nURIs: http://mirror/debian\nSuites: stable stable-updates\nComponents: main\n"
                "Signed-By: /key.gpg\n\nTypes: deb\nEnabled: no\nURIs: http://off/\nSuites: stable\n")
        self.assertEqual(debian.stanza_sources(text, {"stable"}),
                         ["deb-src [signed-by=/key.gpg] http://mirror/debian stable main"])


class Catalog(unittest.TestCase):
    def test_every_program(self):
        programs = catalog.all_programs()
        registered = (pathlib.Path(__file__).parent / "CMakeLists.txt").read_text().split()
        for name, program in programs.items():
            with self.subTest(name):
                self.assertTrue(program.runs)
                self.assertTrue(any(word.strip(")") == name for word in registered), "is not in CMakeLists.txt")
                names = [run.name for run in program.runs]
                self.assertEqual(len(names), len(set(names)))
                for run in program.runs:
                    if run.expect not in ("native", "none"):
                        self.assertTrue((program.folder / run.expect).is_file(), run.expect)


if __name__ == "__main__":
    unittest.main()
