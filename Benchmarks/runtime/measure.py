"""Measures the runtime against a plain C loop in one run, and prints ratios: start to first poll, warm round trip,
events of 6 MB, peak memory. Needs cc and swift; builds both, static. `python3 measure.py [--swift PROGRAM]`"""

import argparse
import statistics
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
STARTS, ROUNDS, LARGE_ROUNDS, LARGE = 60, 4000, 60, 6_000_000


def build(folder: Path) -> dict[str, Path]:
    for name, options in (("loop", ["-static"]), ("harness", [])):
        subprocess.run(
            ["cc", "-O2", "-D_GNU_SOURCE", "-w", *options, "-o", folder / name, HERE / f"{name}.c"], check=True)
    return {name: folder / name for name in ("loop", "harness")}


def build_swift() -> Path:
    command = ["swift", "build", "-c", "release", "--package-path", str(HERE / "noop"), "-Xswiftc", "-static-executable"]
    subprocess.run(command, check=True)
    shown = subprocess.run([*command, "--show-bin-path"], check=True, capture_output=True, text=True)
    return Path(shown.stdout.strip()) / "noop"


def run(harness: Path, program: Path, rounds: int, size: int) -> tuple[float, list[float], int]:
    """Start, round trips (both in µs) and peak memory in kB."""
    done = subprocess.run([harness, program, str(rounds), str(size)], check=True, capture_output=True, text=True)
    numbers = done.stdout.split()
    return float(numbers[0]), [float(number) for number in numbers[1:-1]], int(numbers[-1])


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--swift", type=Path, help="a built no-op function to measure instead of building one")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        built = build(Path(folder))
        stripped = Path(folder) / "noop"
        subprocess.run(["strip", "-o", stripped, given.swift or build_swift()], check=True)
        programs = {"C loop": built["loop"], "Swift": stripped}
        starts = {name: [] for name in programs}
        warm = {name: [] for name in programs}
        large = {name: [] for name in programs}
        memory = dict.fromkeys(programs, 0)
        # Taking turns, so that whatever else the machine does is shared.
        for _ in range(STARTS):
            for name, program in programs.items():
                starts[name].append(run(built["harness"], program, 1, 100)[0])
        for _ in range(5):
            for name, program in programs.items():
                warm[name] += run(built["harness"], program, ROUNDS // 5, 100)[1][50:]
                _, trips, peak = run(built["harness"], program, LARGE_ROUNDS // 5, LARGE)
                large[name] += trips[2:]
                memory[name] = max(memory[name], peak)
        print(f"{'':28}{'C loop':>10}{'Swift':>10}{'ratio':>8}  hold")
        for what, values, hold in (
            ("start to first poll, µs", starts, 2.0), ("warm round trip, µs", warm, 1.25),
            ("round trip of 6 MB, µs", large, None),
        ):
            c, swift = (statistics.median(values[name]) for name in programs)
            limit = f"≤ {hold}" if hold else ""
            print(f"{what:28}{c:10.1f}{swift:10.1f}{swift / c:8.2f}  {limit}")
        c, swift = memory.values()
        print(f"{'peak memory with 6 MB, kB':28}{c:10}{swift:10}{swift / c:8.2f}")
        print(f"stripped binary: {stripped.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
