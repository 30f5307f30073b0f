"""The large modules that validation is measured on, fetched from npm once."""

import pathlib
import shutil
import subprocess
import tarfile

# Package, version, path of the module inside the package.
DEFAULT = (("esbuild-wasm", "0.28.2", "package/esbuild.wasm"),)
LARGE = (("@yowasp/clang", "22.0.0-git20542-10", "package/gen/llvm.core.wasm"),)


def fetch(out, package, version, member):
    """Returns the module's path, or None and why it is not there."""
    name = pathlib.PurePosixPath(member).name
    target = out / name
    if target.exists():
        return target, ""
    npm = shutil.which("npm")
    if not npm:
        return None, f"{name}: skipped, since npm is not installed to fetch {package}@{version}"
    out.mkdir(parents=True, exist_ok=True)
    command = [npm, "pack", "--loglevel=error", f"{package}@{version}", "--pack-destination", str(out)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    except subprocess.TimeoutExpired:
        return None, f"{name}: skipped, npm did not answer within ten minutes"
    if done.returncode != 0:
        return None, f"{name}: skipped, npm could not fetch {package}@{version}: {done.stderr.strip()[-200:]}"
    archive = out / done.stdout.split()[-1]
    with tarfile.open(archive) as tar:
        found = [entry for entry in tar.getmembers() if entry.isfile() and entry.name.endswith(member)]
        if not found:
            return None, f"{name}: skipped, {package}@{version} does not contain {member}"
        partial = target.with_suffix(".part")
        with tar.extractfile(found[0]) as source, partial.open("wb") as copy:
            shutil.copyfileobj(source, copy)
        partial.rename(target)
    archive.unlink()
    return target, ""


def fetch_all(out, large):
    """Returns the modules' paths and messages about those that are missing."""
    paths, messages = [], []
    for package, version, member in DEFAULT + (LARGE if large else ()):
        path, message = fetch(out, package, version, member)
        if path:
            paths.append(path)
        else:
            messages.append(message)
    return paths, messages
