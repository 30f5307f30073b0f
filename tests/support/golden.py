"""Files of expected output: compared, or written anew with --update."""

import difflib
import pathlib


class Golden:
    """A folder of expected output. `failures` counts what differed."""

    def __init__(self, folder, update=False):
        self.folder, self.update, self.failures = pathlib.Path(folder), update, 0

    def compare(self, name, found):
        """Compares with the file of that name, or writes it. Prints the first differences."""
        file = self.folder / name
        if self.update:
            file.write_text(found, encoding="utf-8")
            return
        expected = file.read_text(encoding="utf-8") if file.exists() else ""
        if found == expected:
            return
        self.failures += 1
        print(f"{name} differs:")
        lines = difflib.unified_diff(expected.splitlines(), found.splitlines(), "expected", "found", lineterm="", n=1)
        print("\n".join(f"  {line}" for line in list(lines)[:60]))


def expect(what, found, expected):
    """1 after saying so when they differ, otherwise 0."""
    if found != expected:
        print(f"{what}: {found}, expected {expected}")
    return int(found != expected)
