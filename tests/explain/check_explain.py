#!/usr/bin/env python3
"""Compares what `cloche explain` prints with golden/, and what it says of real programs with what must be true of them.

    check_explain.py CLOCHE SHARED_DIR     compares
    check_explain.py CLOCHE --update       writes golden/ anew; read the difference before keeping it
"""

import html.parser
import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
from golden import Golden  # noqa: E402

GOLDEN = HERE / "golden"
EXAMPLES = HERE.parents[1] / "examples"

# Name in golden/, and the arguments.
CASES = [
    ("calc.txt", [EXAMPLES / "calc.wat", "--func", "calc"]),
    ("calc.md", [EXAMPLES / "calc.wat", "--func", "calc", "--markdown"]),
    ("calc.json", [EXAMPLES / "calc.wat", "--func", "calc", "--json"]),
    ("calc.html", [EXAMPLES / "calc.wat", "--func", "calc", "--html"]),
    ("clamp.txt", [EXAMPLES / "clamp.wat"]),
    ("families.txt", [HERE / "families.wat"]),
    ("families.md", [HERE / "families.wat", "--markdown"]),
    ("families.json", [HERE / "families.wat", "--json"]),
    ("escapes.txt", [HERE / "escapes.wat"]),
    ("escapes.md", [HERE / "escapes.wat", "--markdown"]),
    ("escapes.json", [HERE / "escapes.wat", "--json"]),
    ("escapes.html", [HERE / "escapes.wat", "--html"]),
]


def explain(cloche, arguments, code=0):
    """Runs in the folder of the file, so that nothing printed depends on where the project lies."""
    path = pathlib.Path(arguments[0])
    done = subprocess.run([cloche, "explain", path.name, *arguments[1:]], cwd=path.parent, capture_output=True, timeout=300,
                          stdin=subprocess.DEVNULL)
    if done.returncode != code:
        raise SystemExit(f"explain {arguments}: exit code {done.returncode}, expected {code}: {done.stderr.decode()}")
    return done.stdout.decode() + done.stderr.decode()


def compare(cloche, update):
    golden = Golden(GOLDEN, update)
    for name, arguments in CASES:
        golden.compare(name, explain(cloche, arguments))
    return golden.failures


def check_calc(cloche):
    """The five stacks of the smallest example."""
    function = json.loads(explain(cloche, [EXAMPLES / "calc.wat", "--func", "calc", "--json"]))["functions"][0]
    stacks = [row["stack"] for row in function["rows"]]
    expected = [["a"], ["a", "b"], ["a+b"], ["a+b", "2"], ["(a+b)*2"]]
    if stacks != expected:
        print(f"calc: {stacks}, expected {expected}")
    return stacks != expected


class Page(html.parser.HTMLParser):
    """The elements of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags = set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)


def check_escapes(cloche):
    page = explain(cloche, [HERE / "escapes.wat", "--html"])
    strange = Page(page).tags - {"html", "meta", "title", "style", "h2", "code", "table", "tr", "th", "td", "p"}
    failures = 0
    if strange or "\x1b" in page or "src=" in page or "http" in page:
        print(f"escapes: the page is not escaped or needs something else: {strange}")
        failures += 1
    if "\x1b" in explain(cloche, [HERE / "escapes.wat"]):
        print("escapes: a control character reaches the terminal")
        failures += 1
    return failures


def check_usage(cloche):
    explain(cloche, [HERE / "families.wat", "--func", "nobody"], code=2)
    explain(cloche, [HERE / "families.wat", "--func", "log"], code=2)
    explain(cloche, [HERE / "families.wat", "--func", "999"], code=2)
    with tempfile.TemporaryDirectory() as folder:
        broken = pathlib.Path(folder) / "broken.wat"
        broken.write_text("(module (func (result i32)))")
        explain(cloche, [broken], code=1)


def height_problems(function):
    """Rules that hold for the rows of any function."""
    for row in function["rows"]:
        if not row["reached"] and row["stack"] is not None:
            yield f"{row['step']}: a stack where nothing leads"
        if row["instruction"].startswith("local.get") and row["reached"] and not row["stack"]:
            yield f"{row['step']}: local.get leaves nothing"
        if len(row["stack"] or []) > 24 or any(len(item) > 64 for item in row["stack"] or []):
            yield f"{row['step']}: too much is shown"


def check_programs(cloche, shared):
    programs = sorted(pathlib.Path(shared).glob("programs/**/*.wasm"))
    if not programs:
        print(f"real programs are left out: {shared}/programs is not there")
    failures = 0
    for program in programs:
        if program.stat().st_size > 300_000:
            continue  # the small ones have every kind of instruction already
        for function in json.loads(explain(cloche, [program, "--json"]))["functions"]:
            for problem in height_problems(function):
                failures += 1
                print(f"{program.name}: {function['name']}: {problem}")
    return failures


def main():
    cloche = str(pathlib.Path(sys.argv[1]).resolve())
    update = sys.argv[2:] == ["--update"]
    failures = compare(cloche, update)
    if not update:
        failures += check_calc(cloche) + check_escapes(cloche) + check_programs(cloche, sys.argv[2])
        check_usage(cloche)
    print(f"{failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
