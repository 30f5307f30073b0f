"""Fetches modules as they are shipped on the npm registry: an exact version, checked against its hash."""

import base64
import fcntl
import hashlib
import shutil
import subprocess
import tarfile

from .errors import Failure, Skip


def check_integrity(archive, integrity):
    """`integrity` is what npm calls so: sha512-BASE64. Raises Failure when the archive is another one."""
    kind, _, wanted = integrity.partition("-")
    got = base64.b64encode(hashlib.new(kind, archive.read_bytes()).digest()).decode()
    if got != wanted:
        raise Failure(f"{archive.name} has the hash {kind}-{got}, expected {integrity}")


def extract(archive, members, folder):
    """Unpacks the files whose names, without package/ in front, begin with one of `members`; nothing else."""
    with tarfile.open(archive) as tar:
        for entry in tar:
            name = entry.name.removeprefix("package/")
            if not entry.isfile() or ".." in name.split("/") or not name.startswith(tuple(members)):
                continue
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with tar.extractfile(entry) as source, target.open("wb") as copy:
                shutil.copyfileobj(source, copy)


def fetch(root, description):
    """The folder with the package's files, fetched only once. Raises Skip or Failure."""
    package, version = description["package"], description["version"]
    folder = root / "sources" / f"{package.replace('/', '+')}-{version}"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (folder / ".complete").exists():
            return folder
        npm = shutil.which("npm")
        if not npm:
            raise Skip("npm not found: install the Debian packages nodejs npm")
        command = [npm, "pack", "--loglevel=error", f"{package}@{version}", "--pack-destination", str(folder)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=600, stdin=subprocess.DEVNULL)
        except subprocess.TimeoutExpired:
            raise Skip("npm did not answer within ten minutes") from None
        if done.returncode != 0:
            raise Skip(f"npm could not fetch {package}@{version}: {done.stderr.strip()[-200:]}")
        archive = folder / done.stdout.split()[-1]
        check_integrity(archive, description["integrity"])
        extract(archive, description["members"], folder)
        if "unpack" in description:  # an archive inside the package
            extract(folder / description["unpack"], description["unpack_members"], folder / "unpacked")
        archive.unlink()
        (folder / ".complete").touch()
    return folder
