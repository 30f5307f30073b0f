"""The programs, each a folder with a program.toml. README.md beside it says what the keys mean."""

import dataclasses
import pathlib
import tomllib

from .errors import Failure

HERE = pathlib.Path(__file__).resolve().parent.parent


@dataclasses.dataclass(frozen=True)
class Run:
    """One workload: how the program is called, and what it needs and leaves behind."""

    name: str
    args: tuple
    stdin: str | None = None  # a file of the scratch folder
    exit: int = 0
    outputs: tuple = ()  # files that must come out the same as natively
    continues: bool = False  # in the folder that the run before it left behind
    expect: str = "native"  # what standard output is compared with: the native program, a file of ours, or "none"
    lines: str | None = None  # only lines that match this regular expression are compared
    module: str | None = None  # instead of the program: a module that an earlier run left in the scratch folder
    small: bool = False  # quick enough for an engine built with sanitizers
    bench: tuple = ()  # bench/run.py measures it, with these arguments
    first: bool = False  # bench/run.py measures how soon a large module says something


@dataclasses.dataclass(frozen=True)
class Program:
    """One program.toml."""

    name: str
    folder: pathlib.Path
    summary: str
    quick: bool
    debian: str | None
    npm: dict | None
    build: dict
    features: tuple  # features that are not on by default, for `cloche run --feature`
    options: tuple  # more options for `cloche run`
    files: tuple  # folders whose files it gets, those of others first
    runs: tuple


def make_run(name, table):
    known = {field.name for field in dataclasses.fields(Run)}
    unknown = set(table) - known
    if unknown:
        raise Failure(f"{name}: a run has no key {', '.join(sorted(unknown))}")
    return Run(**{key: tuple(value) if isinstance(value, list) else value for key, value in table.items()})


def load(folder):
    """Reads one program's description. Raises Failure."""
    try:
        table = tomllib.loads((folder / "program.toml").read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise Failure(f"{folder / 'program.toml'}: {error}") from None
    return Program(
        name=folder.name,
        folder=folder,
        summary=table["summary"],
        quick=table.get("quick", False),
        debian=table.get("debian"),
        npm=table.get("npm"),
        build=table.get("build", {}),
        features=tuple(table.get("features", ())),
        options=tuple(table.get("options", ())),
        files=tuple(HERE / name / "files" for name in (*table.get("files_of", ()), folder.name)),
        runs=tuple(make_run(folder.name, run) for run in table.get("run", ())),
    )


def all_programs():
    """Every program, by name."""
    return {file.parent.name: load(file.parent) for file in sorted(HERE.glob("*/program.toml"))}
