"""Builds what is measured: each kernel as WebAssembly and natively, the launcher, and the modules for start-up."""

import dataclasses
import os
import pathlib
import re
import shutil
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
KERNELS = HERE.parent / "kernels"

# Both sides get the same flags. -fno-builtin: a loop stays a loop and no library call takes its place.
# -ffp-contract=off: no fused multiply-add on one side only.
COMMON_FLAGS = ["-std=c17", "-O3", "-Wall", "-Wextra", "-ffreestanding", "-fno-builtin", "-ffp-contract=off"]
WASM_FLAGS = ["--target=wasm32"]
NATIVE_FLAGS = ["-fno-math-errno"]
LINK_FLAGS = ["--no-entry", "--stack-first", "-z", "stack-size=262144"]

# Features beyond the first version of WebAssembly that a kernel may ask for, and what tells the compiler.
FEATURE_FLAGS = {"simd": ["-msimd128"]}

METADATA = re.compile(r"^// bench: group=(\w+) result=(i32|i64) n=(\d+) quick=(\d+)(?: features=(\w+))?$")

# (module (func (export "run") (result i32) (i32.const 42)))
TRIVIAL_MODULE = bytes.fromhex(
    "0061736d 01000000"
    "01 05 01 60 00 01 7f"  # type section: [] -> [i32]
    "03 02 01 00"  # function section: one function of type 0
    "07 07 01 03 72756e 00 00"  # export section: "run", function 0
    "0a 06 01 04 00 41 2a 0b"  # code section: i32.const 42, end
)
TRIVIAL_TEXT = '(module (func (export "run") (result i32) (i32.const 42)))\n'


class BuildError(Exception):
    """Something needed is missing or does not compile; the text says what to do."""


@dataclasses.dataclass(frozen=True)
class Kernel:
    """One kernel, as its first line describes it, and where its programs are."""

    name: str
    group: str
    bits: int  # width of the result
    n: int
    quick_n: int
    wasm: pathlib.Path
    native: pathlib.Path
    features: tuple  # what an engine must have to run it


def tool(variable, names, package):
    """The path of a tool: the environment variable, or the first name found on PATH."""
    for name in [os.environ.get(variable), *names]:
        path = name and shutil.which(name)
        if path:
            return path
    raise BuildError(f"{names[0]} not found: install the Debian package {package}, or set {variable}")


def kernels(out, pattern):
    """All kernels whose name or group matches the regular expression `pattern`, by name."""
    found = []
    for source in sorted(KERNELS.glob("*.c")):
        with source.open() as lines:
            match = METADATA.match(lines.readline().rstrip())
        if not match:
            raise BuildError(f"{source}: the first line must be // bench: group=… result=… n=… quick=…")
        group, result, n, quick, feature = match.groups()
        if re.search(pattern, source.stem) or re.search(pattern, group):
            wasm, native = out / f"{source.stem}.wasm", out / f"{source.stem}.native"
            found.append(Kernel(source.stem, group, int(result[1:]), int(n), int(quick), wasm, native,
                                (feature,) if feature else ()))
    return found


def run(command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode != 0:
        raise BuildError(f"{' '.join(map(str, command))}\n{done.stderr}")


def is_fresh(target, sources):
    return target.exists() and all(target.stat().st_mtime >= source.stat().st_mtime for source in sources)


def build_kernel(kernel, clang, linker):
    source = KERNELS / f"{kernel.name}.c"
    depends = [source, KERNELS / "bench.h", HERE / "native_main.c", HERE / "build.py"]
    # clang's own link step would run whatever wasm-opt is on PATH; calling the linker ourselves does not.
    if not is_fresh(kernel.wasm, depends):
        wasm_object = kernel.wasm.with_suffix(".wasm.o")
        features = [flag for feature in kernel.features for flag in FEATURE_FLAGS[feature]]
        run([clang, *WASM_FLAGS, *features, *COMMON_FLAGS, "-c", source, "-o", wasm_object])
        run([linker, *LINK_FLAGS, wasm_object, "-o", kernel.wasm])
    if not is_fresh(kernel.native, depends):
        native_object = kernel.native.with_suffix(".native.o")
        run([clang, *NATIVE_FLAGS, *COMMON_FLAGS, "-c", source, "-o", native_object])
        run([clang, "-O2", f"-DBENCH_RESULT=uint{kernel.bits}_t", HERE / "native_main.c", native_object,
             "-o", kernel.native])


def build_all(out, pattern):
    """Builds everything into the folder `out`. Returns the kernels. Raises BuildError."""
    out.mkdir(parents=True, exist_ok=True)
    clang = tool("CLOCHE_BENCH_CLANG", ["clang-19", "clang"], "clang-19")
    linker = tool("CLOCHE_BENCH_WASM_LD", ["wasm-ld-19", "wasm-ld"], "lld-19")
    for name in ("launch", "empty"):
        if not is_fresh(out / name, [HERE / f"{name}.c"]):
            run([clang, "-O2", HERE / f"{name}.c", "-o", out / name])
    (out / "trivial.wasm").write_bytes(TRIVIAL_MODULE)
    (out / "trivial.wat").write_text(TRIVIAL_TEXT)
    chosen = kernels(out, pattern)
    for kernel in chosen:
        build_kernel(kernel, clang, linker)
    return chosen
