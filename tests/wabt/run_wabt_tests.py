#!/usr/bin/env python3
"""Runs wabt's own tests against the commands under its names, and holds the outcome against docs/wabt-differences.md.

  run_wabt_tests.py BINDIR [--tests CHECKOUT] [--update] [--show] [FILE-OR-FOLDER...]
  run_wabt_tests.py --self-test

CHECKOUT (or the variable CLOCHE_WABT_TESTS) is a checkout of wabt; nothing in it is changed. Without one the test is
skipped. Names are as in the list: dump/basic.txt, or dump for all of a folder; without names it is all of FOLDERS.

A test passes when exit codes, stdout and stderr are what the file says. Where only stderr differs the outcome is "message":
the command says it in other words. Anything else is "output". Every file that does not pass must stand in the list under
its outcome, and no other: so the list is neither too short nor too long. --update writes the list of messages anew and adds
files to that of outputs, with no reason yet, which fails until somebody gives one. --show prints what differs.
"""
import argparse
import concurrent.futures
import difflib
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

PROJECT = pathlib.Path(__file__).resolve().parents[2]
LIST = PROJECT / "docs" / "wabt-differences.md"
FOLDERS = ["parse", "roundtrip", "dump", "interp", "typecheck", "desugar", "stats", "strip", "binary", "wast2json"]
SKIPPED = 77
TIMEOUT = 120

# What a TOOL directive stands for (test/README.md of wabt): commands, and arguments of the last one, as directives.
ASSEMBLE = ("RUN", "{wat2wasm} {in_file} -o {temp_file}.wasm")
GENERATE = ("RUN", "{gen_wasm_py} {in_file} -o {temp_file}.wasm")
SCRIPT = ("RUN", "{wast2json} {in_file} -o {temp_file}.json")
LISTING = ("RUN", "{wasm-objdump} -r -d {temp_file}.wasm")
RUN_ALL = ("RUN", "{wasm-interp} {temp_file}.wasm --run-all-exports")
TOOLS = {
    "wat2wasm": [("RUN", "{wat2wasm}"), ("ARGS", "{in_file} -o {out_dir}/out.wasm")],
    "wast2json": [("RUN", "{wast2json}"), ("ARGS", "{in_file} -o {out_dir}/out.json")],
    "wat-desugar": [("RUN", "{wat-desugar} {in_file}")],
    "run-objdump": [ASSEMBLE, LISTING],
    "run-objdump-gen-wasm": [GENERATE, LISTING],
    "run-objdump-spec": [SCRIPT, ("RUN", "{wasm-objdump} -r -d")],
    "run-roundtrip": [("RUN", "{python} test/run-roundtrip.py {in_file} -v --bindir={bindir} --no-error-cmdline -o {out_dir}")],
    "run-interp": [ASSEMBLE, RUN_ALL],
    "run-interp-wasi": [ASSEMBLE, ("RUN", "{wasm-interp} --wasi {temp_file}.wasm")],
    "run-interp-spec": [SCRIPT, ("RUN", "{spectest-interp} {temp_file}.json")],
    "run-gen-wasm": [GENERATE, ("RUN", "{wasm-validate} {temp_file}.wasm"), ("RUN", "{wasm2wat} {temp_file}.wasm")],
    "run-gen-wasm-bad": [GENERATE, ("RUN", "{wasm-validate} {temp_file}.wasm"), ("ERROR", "1"),
                         ("RUN", "{wasm2wat} {temp_file}.wasm"), ("ERROR", "1")],
    "run-gen-wasm-interp": [GENERATE, ("RUN", "{wasm-interp} --run-all-exports {temp_file}.wasm")],
    "run-gen-wasm-strip": [GENERATE, ("RUN", "{wasm-strip} {temp_file}.wasm"), ("RUN", "{wasm-objdump} -h {temp_file}.wasm")],
    "run-stats": [ASSEMBLE, ("RUN", "{wasm-stats} {temp_file}.wasm")],
}
NAMES = ["wat2wasm", "wasm2wat", "wast2json", "wat-desugar", "wasm-objdump", "wasm-interp", "spectest-interp", "wasm-stats",
         "wasm-validate", "wasm-strip"]


class BadTest(Exception):
    pass


class Run:
    """A command of a test: its words, still with {placeholders}, what it reads, how it must end."""

    def __init__(self, words):
        self.words, self.stdin, self.code = words, None, 0


class Case:
    """A test file, taken apart."""

    def __init__(self, data):
        self.runs, self.environment, self.skip, self.input_file = [], {}, False, None
        parts = {"HEADER": [], "INPUT": [], "STDOUT": [], "STDERR": []}
        part = "HEADER"
        for line in data.splitlines(keepends=True):
            block = re.match(rb"\s*\(;; (STDOUT|STDERR) ;;;\s*$", line)
            if block:
                part = block.group(1).decode()
                continue
            comment = re.match(rb"\s*;;;(.*)$", line)
            if comment and part == "HEADER":
                self.directive(*(word.strip() for word in comment.group(1).decode().split(":", 1)))
            elif comment and part in ("STDOUT", "STDERR"):
                part = "NONE"
                continue
            elif part == "HEADER":
                part = "INPUT"
            if part != "NONE":
                parts[part].append(line)
        self.stdout, self.stderr = b"".join(parts["STDOUT"]), b"".join(parts["STDERR"])
        self.input = b"\n" * len(parts["HEADER"]) + b"".join(parts["INPUT"])
        if not self.runs:
            raise BadTest("no commands")

    @staticmethod
    def placeholders(text):
        """wabt's %(name)s as {name}."""
        return [re.sub(r"%\(([^)]*)\)s", r"{\1}", word) for word in shlex.split(text)]

    def chosen(self, suffix):
        return self.runs if suffix == "*" else [self.runs[int(suffix) if suffix else -1]]

    def directive(self, key, value):
        if key == "TOOL":
            if value not in TOOLS:
                raise BadTest(f"tool {value}")
            for each in TOOLS[value]:
                self.directive(*each)
        elif key == "RUN":
            self.runs.append(Run(self.placeholders(value)))
        elif key.startswith("ARGS"):
            for run in self.chosen(key[4:]):
                run.words = run.words + self.placeholders(value)
        elif key.startswith("ERROR"):
            for run in self.chosen(key[5:]):
                run.code = int(value)
        elif key == "STDIN":
            self.runs[-1].stdin = self.placeholders(value)[0]
        elif key == "STDIN_FILE":
            self.input_file = value
        elif key == "ENV":
            self.environment = dict(pair.split("=") for pair in value.split())
        elif key in ("SKIP", "PLATFORMS", "NOT-PLATFORMS"):
            self.skip = key == "SKIP" or ("Linux" in value.split()) == (key == "NOT-PLATFORMS")
        elif key not in ("SLOW", "TODO", "NOTE"):
            raise BadTest(f"directive {key}")


def execute(case, name, bindir, root):
    """Runs a case in `root`, a folder that looks like the checkout; (exit codes are right, stdout, stderr)."""
    in_file = pathlib.Path("out", "test", case.input_file and str(pathlib.Path(name).parent / pathlib.Path(case.input_file).name) or name)
    out_dir = in_file.with_suffix("")
    (root / out_dir).mkdir(parents=True, exist_ok=True)
    (root / in_file).write_bytes((root / case.input_file).read_bytes() if case.input_file else case.input)
    values = {tool: str(bindir / tool) for tool in NAMES}
    values |= {"in_file": str(in_file), "out_dir": str(out_dir), "temp_file": str(out_dir / in_file.stem), "bindir": str(bindir),
               "python": sys.executable, "gen_wasm_py": f"{sys.executable}\0test/gen-wasm.py"}
    stdout, stderr = b"", b""
    for run in case.runs:
        words = [part for word in run.words for part in word.format_map(values).split("\0")]
        redirect = None
        if len(words) > 2 and words[-2] == ">":
            words, redirect = words[:-2], words[-1]
        stdin = (root / run.stdin.format_map(values)).read_bytes() if run.stdin else b""
        try:
            done = subprocess.run(words, cwd=root, input=stdin, capture_output=True, timeout=TIMEOUT,
                                  env=os.environ | case.environment)
        except (OSError, subprocess.TimeoutExpired) as problem:
            return False, stdout, stderr + f"{problem}\n".encode()
        if redirect:
            (root / redirect).write_bytes(done.stdout)
        else:
            stdout += done.stdout
        stderr += done.stderr
        if done.returncode != run.code:
            return False, stdout, stderr + f"exit code {done.returncode}, expected {run.code}\n".encode()
    return True, stdout, stderr


def same(expected, actual):
    """Empty lines do not count, as in wabt's runner."""
    return [line for line in expected.splitlines() if line] == [line for line in actual.splitlines() if line]


def difference(expected, actual, what):
    text = [data.decode(errors="replace").splitlines() for data in (expected, actual)]
    return "\n".join(difflib.unified_diff(*text, f"expected {what}", what, lineterm=""))


SAME_PLACE = {}  # of files whose messages differ: whether the first message is about the same place


def outcome(checkout, bindir, root, name):
    """("pass" | "message" | "output" | "skip", what differs)"""
    try:
        case = Case((checkout / "test" / name).read_bytes())
    except BadTest as problem:
        return "output", f"the file is not understood: {problem}"
    if case.skip:
        return "skip", ""
    code, stdout, stderr = execute(case, name, bindir, root)
    if code and same(case.stdout, stdout):
        if same(case.stderr, stderr):
            return "pass", ""
        SAME_PLACE[name] = first_place(case.stderr) is not None and first_place(case.stderr) == first_place(stderr)
        return "message", difference(case.stderr, stderr, "stderr")
    return "output", "\n".join([difference(case.stdout, stdout, "stdout"), difference(case.stderr, stderr, "stderr")])


def scratch_root(checkout, folder):
    """A folder with links to what the tests read of the checkout, and an `out` of its own."""
    for entry in ("test", "third_party", "wasm2c"):
        if (checkout / entry).exists():
            (folder / entry).symlink_to(checkout / entry)
    return folder


def find_tests(checkout, names):
    files = []
    for name in names:
        path = checkout / "test" / name
        files += sorted(path.rglob("*.txt")) if path.is_dir() else [path]
    return [str(file.relative_to(checkout / "test")) for file in files]


# ---- the list

ROW = re.compile(r"^\| `([^`]+)` \|(.*)\|$", re.M)
OUTPUTS, MESSAGES, SCORES = "## Outputs that differ", "## Messages that differ", "## Scores"


def section(text, title):
    """The place of the section under a title: from its line to the next title."""
    begin = text.index(title)
    end = text.find("\n## ", begin + 1)
    return begin, len(text) if end < 0 else end + 1


def read_list(text):
    """{file: reason} of outputs, {file} of messages."""
    outputs = text[slice(*section(text, OUTPUTS))]
    messages = text[slice(*section(text, MESSAGES))]
    return {name: reason.strip() for name, reason in ROW.findall(outputs)}, set(re.findall(r"^    (\S+\.txt)$", messages, re.M))


def write_list(text, outputs, messages, scores):
    def replace(title, keep, lines):
        nonlocal text
        begin, end = section(text, title)
        head = text[begin:end].split(keep)[0].rstrip("\n") + "\n\n"
        text = text[:begin] + head + "\n".join(lines) + "\n\n" + text[end:]

    replace(SCORES, "| folder", ["| folder | files | as wabt, byte for byte | other words in messages | of these, at wabt's place | other output |", "|---|---|---|---|---|---|"] + scores)
    replace(OUTPUTS, "| file", ["| file | reason |", "|---|---|"] + [f"| `{name}` | {reason} |" for name, reason in sorted(outputs.items())])
    replace(MESSAGES, "\n    ", [f"    {name}" for name in sorted(messages)])
    return text.rstrip("\n") + "\n"


def compare(results, listed_outputs, listed_messages):
    """What the list says wrongly about the files that ran."""
    for name, result in sorted(results.items()):
        if result == "output" and name not in listed_outputs:
            yield f"{name}: its output differs, and it is not listed"
        if result == "message" and name not in listed_messages and name not in listed_outputs:
            yield f"{name}: its messages differ, and it is not listed"
        if result in ("pass", "message") and name in listed_outputs:
            yield f"{name}: is listed among the outputs that differ, and does not"
        if result in ("pass", "output") and name in listed_messages:
            yield f"{name}: is listed among the messages that differ, and does not belong there"
        if result == "output" and name in listed_outputs and not listed_outputs[name]:
            yield f"{name}: its output differs, and the list gives no reason"


PLACE = re.compile(rb"^(\S+?:(?:\d+:\d+|[0-9a-f]{7})): (?:error|warning): ", re.M)


def first_place(stderr):
    """What stands before the first message: the file, and line and column or an offset."""
    found = PLACE.search(re.sub(rb"\033\[\d*m", b"", stderr))
    return found and found.group(1)


def score_rows(results):
    rows = []
    for folder in FOLDERS:
        counts = {kind: sum(result == kind for name, result in results.items() if name.split("/")[0] == folder)
                  for kind in ("pass", "message", "output")}
        placed = sum(SAME_PLACE.get(name, False) for name, result in results.items() if name.split("/")[0] == folder)
        rows.append(f"| {folder} | {sum(counts.values())} | {counts['pass']} | {counts['message']} | {placed} | {counts['output']} |")
    return rows


def self_test():
    case = Case(b";;; TOOL: run-objdump\n;;; ARGS1: -x\n;;; ERROR: 1\n(module)\n(;; STDOUT ;;;\na\n;;; STDOUT ;;)\n(;; STDERR ;;;\nb\n;;; STDERR ;;)\n")
    assert [run.words[0] for run in case.runs] == ["{wat2wasm}", "{wasm-objdump}"] and case.runs[1].words[-1] == "-x"
    assert (case.runs[0].code, case.runs[1].code) == (0, 1)
    assert (case.stdout, case.stderr, case.input) == (b"a\n", b"b\n", b"\n\n\n(module)\n")
    text = f"x\n{SCORES}\n\n{OUTPUTS}\ntext\n\n| file | reason |\n|---|---|\n| `d/a.txt` | because |\n\n{MESSAGES}\ntext\n\n    d/m.txt\n"
    outputs, messages = read_list(text)
    assert (outputs, messages) == ({"d/a.txt": "because"}, {"d/m.txt"})
    assert read_list(write_list(text, outputs, messages, ["| d | 2 | 0 | 1 | 0 | 1 |"])) == (outputs, messages)
    assert not list(compare({"d/a.txt": "output", "d/m.txt": "message", "d/p.txt": "pass"}, outputs, messages))
    for results in ({"d/x.txt": "output"}, {"d/x.txt": "message"}, {"d/a.txt": "pass"}, {"d/m.txt": "pass"}, {"d/m.txt": "output"}):
        assert list(compare(results, outputs, messages)), results
    assert list(compare({"d/a.txt": "output"}, {"d/a.txt": ""}, messages))
    assert first_place(b"\033[1mf.txt:3:4: \033[31merror: \033[0mno\n") == b"f.txt:3:4" and first_place(b"x\nf.wasm:000001a: error: no\n") == b"f.wasm:000001a"
    assert first_place(b"0000008: error: no\n") is None
    print("the runner is sound")
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bindir", nargs="?")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--tests", default=os.environ.get("CLOCHE_WABT_TESTS"))
    for flag in ("--update", "--show", "--self-test"):
        parser.add_argument(flag, action="store_true")
    options = parser.parse_intermixed_args()
    if options.self_test:
        return self_test()
    if not options.tests:
        print("skipped: CLOCHE_WABT_TESTS does not name a checkout of wabt")
        return SKIPPED
    checkout, bindir = pathlib.Path(options.tests).resolve(), pathlib.Path(options.bindir).resolve()
    files = find_tests(checkout, options.names or FOLDERS)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="cloche-wabt-"))
    try:
        root = scratch_root(checkout, folder)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            outcomes = dict(zip(files, pool.map(lambda name: outcome(checkout, bindir, root, name), files)))
    finally:
        shutil.rmtree(folder)
    results = {name: kind for name, (kind, _) in outcomes.items()}
    if options.show:
        for name, (kind, text) in outcomes.items():
            if kind not in ("pass", "skip"):
                print(f"==== {name}: {kind}\n{text}")
    print("folder: files, as wabt, other words in messages, of these at wabt's place, other output")
    print("\n".join(score_rows(results)))
    text = LIST.read_text()
    outputs, messages = read_list(text)
    if options.update:
        kept = lambda name: name not in results
        outputs = {name: reason for name, reason in outputs.items() if kept(name) or results[name] == "output"}
        outputs |= {name: "" for name, kind in results.items() if kind == "output" and name not in outputs}
        messages = {name for name in messages if kept(name)} | {name for name, kind in results.items() if kind == "message"}
        scores = score_rows(results) if not options.names else [row for row in text[slice(*section(text, SCORES))].splitlines() if re.match(r"\| \w+ \| \d", row)]
        LIST.write_text(write_list(text, outputs, messages, scores))
    problems = list(compare(results, outputs, messages))
    print("\n".join(problems) if problems else "the list in docs/wabt-differences.md is right")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
