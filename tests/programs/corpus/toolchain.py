"""Compiles a program's sources twice: for this machine, and to WebAssembly with Debian's clang and wasi-libc."""

import concurrent.futures
import fcntl
import hashlib
import os
import pathlib
import shutil
import subprocess

from . import debian
from .errors import Failure, Skip

HERE = pathlib.Path(__file__).resolve().parent.parent
RUNTIME = HERE / "runtime"
SYSROOT_INCLUDE = pathlib.Path("/usr/include/wasm32-wasi")

# -nostdlibinc: otherwise clang falls back to this machine's own headers where wasi-libc has none.
GUEST_FLAGS = ["--target=wasm32-wasi", "-nostdlibinc", "-isystem", RUNTIME / "include"]
EMULATED = {"SIGNAL": "signal", "PROCESS_CLOCKS": "process-clocks", "GETPID": "getpid", "MMAN": "mman"}
# No -O here: with it clang runs whatever wasm-opt is on PATH, and an old one breaks modules.
GUEST_LINK = ["--target=wasm32-wasi", "-Wl,--stack-first", "-Wl,-z,stack-size=1048576"]
COMMON = ["-O3", "-w", "-ffp-contract=off"]  # -w: warnings of other people's code are not ours to mend
SETJMP = ["-mllvm", "-wasm-enable-eh", "-mllvm", "-wasm-enable-sjlj"]
EXNREF = ["-mllvm", "-wasm-enable-exnref"]  # WebAssembly 3.0's exceptions; without it clang emits the legacy ones


def find_tool(variable, names, package):
    for name in [os.environ.get(variable) if variable else None, *names]:
        if name and (path := shutil.which(name)):
            return path
    raise Skip(f"{names[0]} not found: install the Debian package {package}")


class Toolchain:
    """The tools, found once. Raises Skip for what is missing."""

    def __init__(self):
        self.cc = find_tool("CLOCHE_PROGRAMS_CC", ["clang-19"], "clang-19")
        self.cxx = find_tool("CLOCHE_PROGRAMS_CXX", ["clang++-19"], "clang-19")
        self.linker = find_tool("CLOCHE_PROGRAMS_WASM_LD", ["wasm-ld-19"], "lld-19")
        self.cache = [ccache] if (ccache := shutil.which("ccache")) else []
        needed = {"wasi-libc": SYSROOT_INCLUDE / "stdio.h",
                  "libclang-rt-19-dev-wasm32":
                      pathlib.Path("/usr/lib/llvm-19/lib/clang/19/lib/wasi/libclang_rt.builtins-wasm32.a")}
        for package, file in needed.items():
            if not file.exists():
                raise Skip(f"{file} not found: install the Debian package {package}")


def run(command, **options):
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, stdin=subprocess.DEVNULL, errors="replace", **options)
    if done.returncode != 0:
        raise Failure(f"{' '.join(words)[:400]} …\n{(done.stderr + done.stdout).strip()[-2000:]}")
    return done


def is_cxx(source):
    return pathlib.Path(source).suffix in (".cc", ".cpp", ".cxx")


class Sources:
    """The files of one program: those of its package, and its own."""

    def __init__(self, program, package):
        self.program, self.package = program, package
        build = program.build
        self.own = {side: [program.folder / name for name in build.get(f"own_{side}", ())]
                    for side in ("native", "guest")}
        self.files = [program.folder / name for name in build.get("own", ())]
        for pattern in build.get("sources", ()):
            found = sorted(package.glob(pattern))
            if not found:
                raise Failure(f"{program.name}: {package.name} has no file {pattern}")
            excluded = {package / name for name in build.get("exclude", ())}
            self.files += [file for file in found if file not in excluded]
        self.includes = [program.folder, *(package / name for name in build.get("include", ()) if package)]

    def flags(self):
        words = [f"-I{folder}" for folder in self.includes]
        return words + list(self.program.build.get("flags", ()))


def guest_flags(build, legacy):
    """Flags of every guest file; those of setjmp change how all calls are compiled."""
    setjmp = SETJMP + ([] if legacy else EXNREF) if build.get("setjmp") else []
    return [*GUEST_FLAGS, *(f"-D_WASI_EMULATED_{name}" for name in EMULATED), *setjmp]


def compile_all(jobs):
    """Runs the compiler commands, as many at a time as there are cores."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        list(pool.map(run, jobs))


def compile_words(tools, sources, source, flags, language_flags):
    """The compiler and its flags for one file."""
    if source.suffix == ".s":
        return [tools.cc, *(flag for flag in map(str, flags) if flag.startswith(("--target", "-matomics", "-mbulk")))]
    language, compiler = ("c++", tools.cxx) if is_cxx(source) else ("c", tools.cc)
    return [*tools.cache, compiler, *language_flags[language], *COMMON, *sources.flags(), *flags]


def compile_side(tools, sources, side, out, flags, language_flags):
    """Compiles every file into the folder `out`. Returns the objects."""
    out.mkdir(parents=True, exist_ok=True)
    objects, jobs = [], []
    for number, source in enumerate(sources.files + sources.own[side]):
        target = out / f"{number}-{source.stem}.o"
        jobs.append([*compile_words(tools, sources, source, flags, language_flags), "-c", source, "-o", target])
        objects.append(target)
    compile_all(jobs)
    return objects


def build_native(tools, sources, out):
    """Builds the native program; returns its path."""
    build = sources.program.build
    flags = ["-fno-math-errno", *build.get("native_flags", ())]
    objects = compile_side(tools, sources, "native", out / "native.objects", flags, {"c": ["-std=gnu17"], "c++": ["-std=c++20"]})
    linker = tools.cxx if any(map(is_cxx, sources.files)) else tools.cc
    target = out / f"{sources.program.name}.native"
    run([linker, *objects, *build.get("native_link", ()), "-lm", "-o", target])
    return target


def runtime_files(build):
    """Which of our own small runtime a module is linked with."""
    files = [] if build.get("freestanding") else ["missing.c"]
    return files + (["setjmp.c", "setjmp_tag.s"] if build.get("setjmp") else [])


def build_guest(tools, sources, out, legacy=False):
    """Builds the module; returns its path. `legacy`: with the exceptions from before WebAssembly 3.0."""
    build = sources.program.build
    folder = out / ("legacy.objects" if legacy else "guest.objects")
    headers = ["-isystem", SYSROOT_INCLUDE]
    cxx_headers = ["-isystem", SYSROOT_INCLUDE / "c++/v1", *headers]
    flags = guest_flags(build, legacy)
    languages = {"c": [*headers, "-std=gnu17"], "c++": [*cxx_headers, "-std=c++20", "-fno-exceptions"]}
    objects = compile_side(tools, sources, "guest", folder, [*flags, *build.get("guest_flags", ())], languages)
    for file in runtime_files(build):
        objects.append(folder / f"{file}.o")
        words = [*flags, *headers, "-O2"] if file.endswith(".c") else GUEST_FLAGS[:1]
        run([tools.cc, *words, "-c", RUNTIME / file, "-o", objects[-1]])
    cxx = any(map(is_cxx, sources.files))
    if cxx and not pathlib.Path("/usr/lib/wasm32-wasi/libc++abi.a").exists():
        raise Skip("libc++abi.a not found: install the Debian packages libc++-19-dev-wasm32 libc++abi-19-dev-wasm32")
    target = out / f"{sources.program.name}{'.legacy' if legacy else ''}.wasm"
    libraries = [] if build.get("freestanding") else [f"-lwasi-emulated-{name}" for name in EMULATED.values()]
    link = [tools.cxx if cxx else tools.cc, *GUEST_LINK, *(["-fno-exceptions"] if cxx else [])]
    run([*link, *objects, *libraries, *build.get("guest_link", ()), "-o", target])
    return target


def fingerprint(program, package):
    """Changes with everything that decides what is built."""
    digest = hashlib.sha256()
    files = sorted(file for file in program.folder.rglob("*") if file.suffix in (".c", ".h", ".cpp", ".hpp", ".s"))
    files += sorted(file for file in RUNTIME.rglob("*") if file.is_file()) + [pathlib.Path(__file__)]
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    digest.update(repr((program.build, package and package.name)).encode())
    return digest.hexdigest()


def prepare(program, package):
    """Runs the commands that make generated sources, once, in the package's folder."""
    commands = program.build.get("prepare", ())
    stamp, want = package / ".cloche-prepared", repr(commands)
    if not commands or (stamp.exists() and stamp.read_text() == want):
        return
    for tool, debian_package in program.build.get("prepare_needs", {}).items():
        find_tool("", [tool], debian_package)
    for command in commands:
        run(["sh", "-ec", command], cwd=package)
    stamp.write_text(want)


def targets(program, out):
    """What there is to build: {"native", "guest"[, "legacy"]: path}."""
    built = {"native": out / f"{program.name}.native"}
    if not program.npm:
        built["guest"] = out / f"{program.name}.wasm"
    if program.build.get("setjmp"):
        built["legacy"] = out / f"{program.name}.legacy.wasm"
    return built


def build(program, root):
    """Builds what is not up to date. Returns its paths by kind. Raises Skip or Failure."""
    out = root / program.name
    out.mkdir(parents=True, exist_ok=True)
    with (out / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        package = debian.fetch(root, program.debian) if program.debian else None
        stamp, want = out / ".stamp", fingerprint(program, package)
        built = targets(program, out)
        wanted = list(built.values())
        if package:
            built["package"] = package
        if stamp.exists() and stamp.read_text() == want and all(file.exists() for file in wanted):
            return built
        tools = Toolchain()
        if package:
            prepare(program, package)
        sources = Sources(program, package)
        build_native(tools, sources, out)
        if "guest" in built:
            build_guest(tools, sources, out)
        if "legacy" in built:
            build_guest(tools, sources, out, legacy=True)
        stamp.write_text(want)
        return built
