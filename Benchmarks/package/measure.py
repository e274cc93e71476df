"""Measures the zips that `./build.sh package` wrote: their sizes, and the start of the packaged kinesis-ingest to its first
poll, with a lake on this machine and no network, beside a plain C loop in the same run."""

import os
import statistics
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUNTIME = ROOT / "Benchmarks" / "runtime"
DIST = ROOT / os.environ.get("SWIFTLAKE_DIST", "dist")
STARTS, LARGEST = 100, 8_000_000

sys.path.insert(0, str(ROOT / "Tests" / "Integration"))


def sizes():
    """Prints what each zip and each file in it takes."""
    print(f"{'bytes':44}{'unpacked':>12}{'in the zip':>12}  hold")
    for path in sorted(DIST.glob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                print(f"  {entry.filename:42}{entry.file_size:12,}{entry.compress_size:12,}")
        print(f"{path.name:44}{'':12}{path.stat().st_size:12,}  ≤ {LARGEST:,}")


def build(folder: Path) -> tuple[Path, Path]:
    """The C loop, static as functions are, and the harness."""
    for name, options in (("loop", ["-static"]), ("harness", [])):
        source = RUNTIME / f"{name}.c"
        subprocess.run(["cc", "-O2", "-D_GNU_SOURCE", "-w", *options, "-o", folder / name, source], check=True)
    return folder / "loop", folder / "harness"


def lake(folder: Path, bootstrap: Path) -> dict[str, str]:
    """The environment of a function whose tables are there already, with some commits in them."""
    from runtime_api import Function
    from sensors import kinesis_event, readings

    (folder / "lake").mkdir()
    with Function("kinesis-ingest", folder / "lake", program=str(bootstrap)) as function:
        for first in range(0, 1000, 100):
            assert function.invoke(kinesis_event(readings(100), first)).reply == {"batchItemFailures": []}
    return {
        "LAKE_CATALOG": f"sqlite:///{folder}/lake/catalog.db", "LAKE_WAREHOUSE": f"file://{folder}/lake/warehouse",
        "LAKE_DEFINITION": str(ROOT / "lake.json"), "AWS_LAMBDA_LOG_LEVEL": "ERROR",
    }  # fmt: skip


def start(harness: Path, program: Path, environment: dict[str, str]) -> tuple[float, int]:
    """Microseconds to the first poll, and the peak of memory until then in kB."""
    command, variables = [harness, program, "0", "100"], {"PATH": os.environ["PATH"], **environment}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=variables)
    first, memory = [line for line in done.stdout.splitlines() if not line.startswith("{")]
    return float(first), int(memory)


def main():
    sizes()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        loop, harness = build(folder)
        with zipfile.ZipFile(DIST / "kinesis-ingest.zip") as archive:
            archive.extractall(folder / "function")
        bootstrap = folder / "function" / "bootstrap"
        bootstrap.chmod(0o755)
        environment = lake(folder, bootstrap)
        programs = {"C loop": loop, "kinesis-ingest": bootstrap}
        measured = {program: [] for program in programs}
        # Taking turns, so that whatever else the machine does is shared.
        for _ in range(STARTS):
            for program, path in programs.items():
                measured[program].append(start(harness, path, environment))
        print(f"\n{'':28}{'C loop':>10}{'function':>10}{'ratio':>8}  hold")
        for what, index, hold in (("start to first poll, µs", 0, "≤ 2.0"), ("memory then, kB", 1, "")):
            c, function = (statistics.median(pair[index] for pair in measured[program]) for program in programs)
            print(f"{what:28}{c:10.0f}{function:10.0f}{function / c:8.2f}  {hold}")
        c, function = (min(first for first, _ in measured[program]) for program in programs)
        print(f"{'fastest start, µs':28}{c:10.0f}{function:10.0f}{function / c:8.2f}")


if __name__ == "__main__":
    main()
