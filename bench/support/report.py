"""Turns measurements into the tables that people read. Everything here is Markdown, on the terminal too."""

import math


def geomean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


def table(header, rows, left=1):
    """A Markdown table with aligned columns; the first `left` columns are left-aligned, the others right-aligned."""
    cells = [header, *rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(header))]
    widths = [max(width, 3) for width in widths]

    def line(row):
        padded = [cell.ljust(w) if i < left else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths))]
        return "| " + " | ".join(padded) + " |"

    rule = "| " + " | ".join("-" * w if i < left else "-" * (w - 1) + ":" for i, w in enumerate(widths)) + " |"
    return "\n".join([line(header), rule, *map(line, rows)]) + "\n"


def ratios(results, engine, base, statistic):
    """{kernel: engine's time / base's time} where both have samples."""
    return {
        kernel: getattr(row[engine], statistic) / max(getattr(row[base], statistic), 1e-6)
        for kernel, row in results.items()
        if engine in row and base in row and row[engine].cpu_s and row[base].cpu_s
    }


def mean_ratio(results, engine, base, statistic="minimum"):
    """The geometric mean over the kernels both ran, or None."""
    values = list(ratios(results, engine, base, statistic).values())
    return geomean(values) if values else None


def number(value, digits=2):
    return "-" if value is None else f"{value:.{digits}f}"


def times_table(kernels, results, names):
    """Minimum and median CPU time in milliseconds."""
    rows = []
    for kernel in kernels:
        row = [kernel.name, kernel.group]
        for name in names:
            samples = results[kernel.name].get(name)
            good = samples and samples.cpu_s
            missing = "failed" if samples and samples.error else "-"  # "-": it lacks a feature, or there is none
            row.append(f"{samples.minimum * 1e3:.1f} / {samples.median * 1e3:.1f}" if good else missing)
        rows.append(row)
    return table(["CPU ms, minimum / median", "group", *names], rows, left=2)


def ratio_table(kernels, results, names, base):
    """Ratio of minima to `base`, and at the end the geometric means of minima and of medians."""
    rows = []
    columns = {name: ratios(results, name, base, "minimum") for name in names}
    for kernel in kernels:
        rows.append([kernel.name, *(number(columns[name].get(kernel.name)) for name in names)])
    for label, statistic in (("**geometric mean**", "minimum"), ("geometric mean of medians", "median")):
        rows.append([label, *(number(mean_ratio(results, name, base, statistic)) for name in names)])
    return table([f"time / {base}", *names], rows)


def group_table(kernels, results, names, base):
    """Geometric means per group of kernels."""
    rows = []
    for group in sorted({kernel.group for kernel in kernels}):
        part = {kernel.name: results[kernel.name] for kernel in kernels if kernel.group == group}
        rows.append([f"{group} ({len(part)})", *(number(mean_ratio(part, name, base)) for name in names)])
    return table([f"time / {base}", *names], rows)


def kernel_errors(results):
    return [
        f"{kernel} on {name}: {samples.error}"
        for kernel, row in results.items()
        for name, samples in row.items()
        if samples.error
    ]


def kernel_section(kernels, results, engine_names):
    """The section about kernels, and the list of failures."""
    return "\n".join(["## Kernels\n", *comparison(kernels, results, engine_names), *failures(results)])


def program_section(programs, results, engine_names):
    """The same about whole programs, with the largest resident size."""
    parts = ["## Programs\n", *comparison(programs, results, engine_names)]
    names = ["native", *engine_names]
    rows = []
    for program in programs:
        sizes = [results[program.name].get(name) for name in names]
        rows.append([program.name, *(f"{s.max_rss_kib / 1024:.0f}" if s and s.cpu_s else "-" for s in sizes)])
    return "\n".join([*parts, table(["max RSS MiB", *names], rows), *failures(results)])


def first_section(programs, results, engine_names):
    """How soon large modules say something, and what they hold then."""
    rows = []
    for program in programs:
        for name in engine_names:
            samples = results[program.name].get(name)
            if not samples or not samples.cpu_s:
                continue
            rows.append([program.name, name, f"{samples.minimum:.3f} / {samples.median:.3f}",
                         f"{samples.max_rss_kib / 1024:.0f}"])
    header = ["first output", "engine", "CPU s, minimum / median", "max RSS MiB"]
    return "\n".join(["## First output of large modules\n", table(header, rows, left=2), *failures(results)])


def comparison(kernels, results, engine_names):
    """Tables of times, of ratios to native, and of ratios to wasm3 where that was measured."""
    parts = [times_table(kernels, results, ["native", *engine_names])]
    bases = [("native", engine_names)]
    if "wasm3" in engine_names and len(engine_names) > 1:
        bases.append(("wasm3", [name for name in engine_names if name != "wasm3"]))
    for base, names in bases if engine_names else []:
        parts.append(ratio_table(kernels, results, names, base))
        if len({kernel.group for kernel in kernels}) > 1:
            parts.append(group_table(kernels, results, names, base))
    return parts


def failures(results):
    errors = kernel_errors(results)
    return ["Failures:\n\n" + "".join(f"- {error}\n" for error in errors)] if errors else []


def speed(size_bytes, row):
    """Megabytes (10^6 bytes) per second of CPU time, from the fastest run; None without one."""
    return size_bytes / 1e6 / min(row["cpu_s"]) if row and row.get("cpu_s") else None


def faster_than(base, row, key):
    """How many times faster the fastest run of `row` is than that of `base`; None if either has none."""
    return min(base[key]) / max(min(row[key]), 1e-6) if base.get(key) and row.get(key) else None


def validation_section(results):
    rows = []
    for module, row in results.items():
        base = row.get("wasm-validate") or {}
        for name, used in row.items():
            if name == "bytes":
                continue
            label = f"{module} ({row['bytes'] / 1e6:.1f} MB), {name}"
            if "error" in used:
                rows.append([label, "failed: " + used["error"].replace("\n", " ")[:60], *["-"] * 5])
                continue
            times = sorted(used["cpu_s"])
            faster, faster_user = (faster_than(base, used, key) for key in ("cpu_s", "user_s"))
            rows.append([label, f"{times[0]:.4f} / {times[len(times) // 2]:.4f}", f"{min(used['user_s']):.4f}",
                         number(speed(row["bytes"], used), 1), number(faster, 1), number(faster_user, 1),
                         f"{used['max_rss_kib'] / 1024:.0f}"])
    header = ["load and validate", "CPU s, min / median", "user s", "MB/s of CPU", "x wasm-validate", "x in user time",
              "max RSS MiB"]
    return "## Load and validate\n\n" + table(header, rows)


def startup_section(results):
    empty = results.get("empty native program", {}).get("cpu_ms_mean")
    rows = []
    for name, row in results.items():
        if "error" in row:
            rows.append([name, "failed: " + row["error"].replace("\n", " ")[:60], "-", "-", "-", "-"])
            continue
        ratio = row["cpu_ms_mean"] / empty if empty else None
        rows.append([name, f"{row['cpu_ms_mean']:.2f}", f"{row['cpu_ms_median']:.2f}", f"{row['cpu_ms_min']:.2f}",
                     number(ratio), f"{row['max_rss_kib'] / 1024:.2f}"])
    header = ["trivial module", "CPU ms, mean", "median", "minimum", "x empty", "max RSS MiB"]
    return "## Start-up\n\n" + table(header, rows)


def verdict(value, goal, at_least):
    if value is None:
        return "not measured"
    return "met" if (value >= goal if at_least else value <= goal) else "missed"


def goals_section(kernel_results, first_results, validation_results, startup_results, judge):
    """What the project promises beside what this run measured; `judge`: say whether each goal is met."""
    interpreter = mean_ratio(kernel_results, "cloche", "wasm3")
    unquickened = mean_ratio(kernel_results, "cloche --no-quicken", "wasm3")
    validate_speeds, validate_ratios = [], []
    for row in validation_results.values():
        mine, theirs = speed(row["bytes"], row.get("cloche")), speed(row["bytes"], row.get("wasm-validate"))
        validate_speeds += [mine] if mine else []
        validate_ratios += [mine / theirs] if mine and theirs else []
    mine = startup_results.get("cloche", {})
    empty = startup_results.get("empty native program", {})
    start = mine["cpu_ms_mean"] / empty["cpu_ms_mean"] if "cpu_ms_mean" in mine and "cpu_ms_mean" in empty else None
    resident = mine["max_rss_kib"] / 1024 if "max_rss_kib" in mine else None
    large = first_results.get("clang", {}).get("cloche")
    first = large.minimum if large and large.cpu_s else None
    held = large.max_rss_kib * 1024 / 1e6 if first else None
    rows = [
        ("interpreter, time / wasm3", "<= 0.8 (aim 0.6)", interpreter, 0.8, False),
        ("interpreter unquickened, time / wasm3", "<= 1.8", unquickened, 1.8, False),
        ("load and validate, MB/s of CPU", ">= 250 (aim 350)", min(validate_speeds, default=None), 250, True),
        ("load and validate, x wasm-validate", ">= 20", min(validate_ratios, default=None), 20, True),
        ("start-up, CPU / empty native program", "<= 2", start, 2, False),
        ("start-up, max RSS in MB (10^6 bytes)", "< 3", resident and resident * 1.048576, 3, False),
        ("75 MB module to its first output, CPU s", "<= 0.25", first, 0.25, False),
        ("75 MB module, max RSS in MB (10^6 bytes)", "<= 100", held, 100, False),
    ]
    body = [
        [name, goal, number(value), verdict(value, bound, at_least) if judge else ""]
        for name, goal, value, bound, at_least in rows
    ]
    return "## Goals\n\n" + table(["goal", "wanted", "measured", ""], body, left=2)
