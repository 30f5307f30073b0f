#!/usr/bin/env python3
"""Reads the includes of every room and fails when one reaches upwards.

    check_rooms.py PROJECT       checks the project in that folder
    check_rooms.py --self-test   checks that this script can fail

A room is a folder of src/ with a CMakeLists.txt, and may include itself, the rooms after USES there, and what those
use. Public headers (include/cloche/) may include the standard library and each other, nothing else. They are written
by the room api, so rooms that do not stand on api may include only those public headers that lean on no other one.
"""

import pathlib
import re
import sys
import tempfile

DECLARATION = re.compile(r"\bcloche_(?:room|command)\s*\(([^)]*)\)")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
ROOM_ORDER = re.compile(r"foreach\s*\(\s*room\s+IN\s+ITEMS\s+([^)]*)\)")
SUFFIXES = {".cpp", ".hpp", ".h", ".def", ".inc"}
PUBLIC = "cloche/"
STANDARD = set("""
algorithm any array atomic barrier bit bitset charconv chrono codecvt compare complex concepts condition_variable
coroutine deque exception execution filesystem format forward_list fstream functional future initializer_list iomanip
ios iosfwd iostream istream iterator latch limits list locale map memory memory_resource mutex new numbers numeric
optional ostream queue random ranges ratio regex scoped_allocator semaphore set shared_mutex source_location span
sstream stack stdexcept stop_token streambuf string string_view strstream syncstream system_error thread tuple
type_traits typeindex typeinfo unordered_map unordered_set utility valarray variant vector version
cassert cctype cerrno cfenv cfloat cinttypes climits clocale cmath csetjmp csignal cstdarg cstddef cstdint cstdio
cstdlib cstring ctime cuchar cwchar cwctype
""".split())


def without_comments(cmake):
    return re.sub(r"#[^\n]*", "", cmake)


def read_uses(file):
    """The rooms that a CMakeLists.txt lists after USES."""
    declaration = DECLARATION.search(without_comments(file.read_text()))
    if not declaration:
        return None
    uses, reading = [], False
    for word in declaration.group(1).split()[1:]:
        if word.isupper():
            reading = word == "USES"
        elif reading:
            uses.append(word)
    return uses


def find_cycle(uses):
    """A list of rooms each of which uses the next and the last the first, or None."""
    done, path = set(), []

    def visit(room):
        if room in path:
            return path[path.index(room):]
        if room in done:
            return None
        path.append(room)
        for used in uses.get(room, []):
            if cycle := visit(used):
                return cycle
        path.pop()
        done.add(room)
        return None

    for room in uses:
        if cycle := visit(room):
            return cycle
    return None


def closure(uses, room):
    reached, todo = set(), [room]
    while todo:
        one = todo.pop()
        if one not in reached:
            reached.add(one)
            todo.extend(uses.get(one, []))
    return reached


def includes(file):
    """(line, "<" or '"', what) for each include in a file."""
    text = file.read_text(errors="replace")
    for match in INCLUDE.finditer(text):
        yield text.count("\n", 0, match.start(2)) + 1, match.group(1), match.group(2)


def check_graph(project, uses):
    for room, used in uses.items():
        for one in used:
            if one not in uses:
                yield f"src/{room}/CMakeLists.txt: uses {one}, which is no room"
    if cycle := find_cycle(uses):
        yield "rooms in a circle: " + " -> ".join(cycle + cycle[:1])
    order = ROOM_ORDER.search(without_comments((project / "CMakeLists.txt").read_text()))
    order = order.group(1).split() if order else []
    for room in uses:
        if room not in order:
            yield f"CMakeLists.txt: src/{room} is missing from the list of rooms"
    for place, room in enumerate(order):
        for used in uses.get(room, []):
            if used not in order[:place]:
                yield f"CMakeLists.txt: {room} stands before {used}, which it uses"


def check_room(project, uses, room, leaves):
    """leaves: the public headers that include no other."""
    allowed = closure(uses, room)
    for file in sorted((project / "src" / room).rglob("*")):
        if file.suffix not in SUFFIXES:
            continue
        for line, kind, what in includes(file):
            where = f"{file.relative_to(project)}:{line}"
            target = what.split("/")[0]
            if what.startswith(PUBLIC):
                if not (project / "include" / what).exists():
                    yield f"{where}: there is no include/{what}"
                elif "api" not in allowed and what not in leaves:
                    yield f"{where}: {room} reaches up to the public header {what}"
            elif kind == "<":
                continue
            elif target not in uses:
                yield f'{where}: "{what}" does not name a room; includes are written "ROOM/FILE"'
            elif target not in allowed:
                yield f"{where}: {room} reaches up to {target} ({what}); it uses {', '.join(sorted(allowed - {room})) or 'none'}"
            elif not (project / "src" / what).exists():
                yield f"{where}: there is no src/{what}"


def check_public(project):
    for file in sorted((project / "include").rglob("*")):
        if file.suffix not in SUFFIXES:
            continue
        for line, _, what in includes(file):
            if what.startswith(PUBLIC) and (project / "include" / what).exists():
                continue
            if what not in STANDARD:
                yield f"{file.relative_to(project)}:{line}: a public header must not include {what}"


def public_leaves(project):
    return {PUBLIC + file.name for file in (project / "include" / "cloche").glob("*")
            if file.suffix in SUFFIXES and not any(what.startswith(PUBLIC) for _, _, what in includes(file))}


def check(project):
    """All that is wrong, one string each."""
    uses = {}
    for file in sorted((project / "src").glob("*/CMakeLists.txt")):
        listed = read_uses(file)
        if listed is None:
            return [f"{file.relative_to(project)}: declares no room"]
        uses[file.parent.name] = listed
    problems = list(check_graph(project, uses))
    leaves = public_leaves(project)
    for room in uses:
        problems.extend(check_room(project, uses, room, leaves))
    problems.extend(check_public(project))
    return problems


# A project in which nothing is wrong, and changes that each make one thing wrong.
GOOD = {
    "CMakeLists.txt": "foreach(room IN ITEMS low middle api)\nendforeach()\n",
    "src/low/CMakeLists.txt": "cloche_room(low)\n",
    "src/low/a.hpp": '#include <vector>\n#include "cloche/leaf.hpp"\n',
    "src/middle/CMakeLists.txt": "# a comment\ncloche_room(middle USES low LINKS Some::lib)\n",
    "src/middle/b.cpp": '#include "low/a.hpp"\n#include "middle/b.hpp"\n',
    "src/middle/b.hpp": "#pragma once\n",
    "src/api/CMakeLists.txt": "cloche_command(thing\n  USES middle\n)\n",
    "src/api/c.cpp": '#include "low/a.hpp"\n#include "cloche/all.hpp"\n',
    "include/cloche/leaf.hpp": "#include <cstdint>\n",
    "include/cloche/all.hpp": '#include "cloche/leaf.hpp"\n',
}
BAD = [
    ("reaches up to middle", {"src/low/a.hpp": '#include "middle/b.hpp"\n'}),
    ("reaches up to middle", {"src/low/deep/x.def": '// text\n  #  include "middle/b.hpp"\n'}),
    ("reaches up to the public header", {"src/middle/b.hpp": '#include "cloche/all.hpp"\n'}),
    ("no include/cloche/none.hpp", {"src/api/c.cpp": "#include <cloche/none.hpp>\n"}),
    ("does not name a room", {"src/middle/b.hpp": '#include "b.hpp"\n'}),
    ("no src/low/none.hpp", {"src/middle/b.hpp": '#include "low/none.hpp"\n'}),
    ("rooms in a circle", {"src/low/CMakeLists.txt": "cloche_room(low USES middle)\n"}),
    ("which is no room", {"src/low/CMakeLists.txt": "cloche_room(low USES lower)\n"}),
    ("declares no room", {"src/low/CMakeLists.txt": "add_library(low)\n"}),
    ("missing from the list", {"src/extra/CMakeLists.txt": "cloche_room(extra)\n"}),
    ("stands before low", {"CMakeLists.txt": "foreach(room IN ITEMS middle low api)\nendforeach()\n"}),
    ("must not include low/a.hpp", {"include/cloche/all.hpp": '#include "low/a.hpp"\n'}),
    ("must not include sys/mman.h", {"include/cloche/all.hpp": "#include <sys/mman.h>\n"}),
    ("must not include cloche/none.hpp", {"include/cloche/all.hpp": '#include "cloche/none.hpp"\n'}),
]


def problems_of(tree):
    with tempfile.TemporaryDirectory() as folder:
        project = pathlib.Path(folder)
        for path, text in tree.items():
            (project / path).parent.mkdir(parents=True, exist_ok=True)
            (project / path).write_text(text)
        return check(project)


def self_test():
    failures = []
    if problems := problems_of(GOOD):
        failures.append(f"a good tree was refused: {problems}")
    for expected, change in BAD:
        problems = problems_of(GOOD | change)
        if not any(expected in problem for problem in problems):
            failures.append(f"expected “{expected}” for {change}, got {problems}")
    return failures


def main(arguments):
    if len(arguments) != 1:
        sys.exit(__doc__)
    problems = self_test() if arguments[0] == "--self-test" else check(pathlib.Path(arguments[0]))
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
