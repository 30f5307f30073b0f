"""Fetches Debian source packages with apt, without touching the system's own configuration.

apt gets a folder of its own below the build folder: lists, cache, and the system's sources with `deb` turned into
`deb-src`. It checks what it fetches against the signed release files, so a package needs no checksum here.
"""

import fcntl
import os
import pathlib
import re
import shutil
import subprocess

from .errors import Skip

SYSTEM_SOURCES = pathlib.Path("/etc/apt")


def codename():
    """The Debian release this machine runs, such as bookworm. Raises Skip elsewhere."""
    try:
        text = pathlib.Path("/etc/os-release").read_text()
    except OSError:
        text = ""
    match = re.search(r"^VERSION_CODENAME=(\S+)$", text, re.M)
    if not match or not shutil.which("apt-get"):
        raise Skip("not a Debian system, so there are no Debian source packages")
    return match.group(1)


def one_line_sources(text, suites):
    """deb-src lines for the deb lines of a sources.list whose suite is one of `suites`."""
    lines = []
    for line in text.splitlines():
        match = re.match(r"deb\s+(\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+(.*)$", line.strip())
        if match and match.group(3) in suites:
            lines.append(f"deb-src {match.group(1) or ''}{match.group(2)} {match.group(3)} {match.group(4)}")
    return lines


def stanza_sources(text, suites):
    """The same for the stanzas of a .sources file, as one-line entries."""
    lines = []
    for stanza in re.split(r"\n\s*\n", text):
        fields = dict(re.findall(r"^([A-Za-z-]+):\s*(.*)$", stanza, re.M))
        if "deb" not in fields.get("Types", "").split() or fields.get("Enabled", "yes").lower() == "no":
            continue
        key = fields.get("Signed-By", "").strip()
        option = f"[signed-by={key}] " if key.startswith("/") else ""
        for uri in fields.get("URIs", "").split():
            for suite in fields.get("Suites", "").split():
                if suite in suites:
                    lines.append(f"deb-src {option}{uri} {suite} {fields.get('Components', 'main')}")
    return lines


def source_lines():
    """deb-src lines for this machine's Debian mirrors."""
    name = codename()
    suites = {name, f"{name}-updates", f"{name}-security"}
    lines = []
    for file in [SYSTEM_SOURCES / "sources.list", *sorted((SYSTEM_SOURCES / "sources.list.d").glob("*"))]:
        if file.is_file() and file.suffix in (".list", ".sources"):
            parse = stanza_sources if file.suffix == ".sources" else one_line_sources
            lines += parse(file.read_text(errors="replace"), suites)
    if not lines:
        raise Skip(f"/etc/apt names no mirror of {name}")
    return list(dict.fromkeys(lines))


class Apt:
    """apt with a configuration of its own in the folder `home`."""

    def __init__(self, home):
        self.home = home
        self.config = home / "apt.conf"

    def run(self, words, cwd):
        """Raises Skip with the last of what apt said."""
        done = subprocess.run(["apt-get", "-q", *words], cwd=cwd, capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, env=self.environment())
        if done.returncode != 0:
            said = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
            raise Skip(f"apt-get {words[0]} failed: {' / '.join(said[-3:])}")

    def environment(self):
        return os.environ | {"LC_ALL": "C", "APT_CONFIG": str(self.config), "DEBIAN_FRONTEND": "noninteractive"}

    def configure(self):
        """Writes the configuration and gets the lists, once."""
        if (self.home / "ready").exists():
            return
        for folder in ("lists/partial", "cache/archives/partial"):
            (self.home / folder).mkdir(parents=True, exist_ok=True)
        sources = self.home / "sources.list"
        sources.write_text("\n".join(source_lines()) + "\n")
        self.config.write_text(f'Dir::Etc::SourceList "{sources}";\n'
                               'Dir::Etc::SourceParts "-";\n'
                               f'Dir::State::Lists "{self.home / "lists"}";\n'
                               f'Dir::Cache "{self.home / "cache"}";\n'
                               'APT::Sandbox::User "root";\n')  # the build folder may be closed to user _apt
        self.run(["update", "-o", "APT::Update::Error-Mode=any"], self.home)
        (self.home / "ready").touch()


def unpacked(folder, package):
    found = sorted(path for path in folder.glob("*") if path.is_dir())
    return found[0] if (folder / ".complete").exists() and found else None


def fetch(root, package):
    """The unpacked source of a Debian package below `root`/sources; fetched only once. Raises Skip."""
    folder = root / "sources" / package
    if found := unpacked(folder, package):
        return found
    if not shutil.which("dpkg-source"):
        raise Skip("dpkg-source not found: install the Debian package dpkg-dev")
    root.mkdir(parents=True, exist_ok=True)
    with (root / "apt.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if found := unpacked(folder, package):
            return found
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        apt = Apt(root / "apt")
        apt.configure()
        apt.run(["source", "--download-only", "--only-source", package], folder)
        description = next(folder.glob("*.dsc"))
        # apt has checked the hashes; the maintainer's signature needs keys that few machines have.
        done = subprocess.run(["dpkg-source", "--no-check", "-x", description.name], cwd=folder, capture_output=True,
                              text=True)
        if done.returncode != 0:
            raise Skip(f"{package}: dpkg-source failed: {done.stderr.strip()[-300:]}")
        (folder / ".complete").touch()
    return unpacked(folder, package)
