"""What an append costs as a table's history grows: Swiftlake in memory (the commit's own work, by the processor's
clock) and on files beside a SQLite catalog, and pyiceberg on files beside a SQLite catalog, in one run. Also the
dearest append, which is one that merges manifests, and loading the metadata of a long history.

Files lie in /dev/shm where there is one: Swiftlake waits for the disk with each file and pyiceberg does not, and what
a disk takes for that says nothing about either. BENCH_FOLDER names another folder, to measure just that.

    SWIFTLAKE_BIN=.build/release python Benchmarks/commit/measure.py [APPENDS IN MEMORY [ON FILES [BY PYICEBERG]]]
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("SWIFTLAKE_BIN", ROOT / ".build" / "release")) / "conformance"
# Half the width of the window whose median stands for the nth append: one append is too few to go by.
HALF = 20
FOLDER = os.environ.get("BENCH_FOLDER", "/dev/shm" if Path("/dev/shm").is_dir() else None)


def around(times, place):
    """Median of the appends around the nth, or of the last ones up to it, in milliseconds."""
    half = min(HALF, place // 2)
    end = min(place + half, len(times))
    return statistics.median(times[end - 2 * half : end])


def bench(*arguments):
    done = subprocess.run([PROGRAM, "commit-bench", *map(str, arguments)], capture_output=True, check=True, text=True)
    return [line.split() for line in done.stdout.splitlines()]


def swiftlake(place, count):
    """Milliseconds of each append, and of those that merged manifests."""
    lines = bench("append", place, count)
    times = [float(microseconds) / 1000 for microseconds, _ in lines]
    return times, [spent for spent, (_, merged) in zip(times, lines) if merged != "0"]


def pyiceberg(folder, count):
    """Milliseconds of each append of one small table."""
    import pyarrow
    from pyiceberg.catalog.sql import SqlCatalog

    catalog = SqlCatalog("bench", uri=f"sqlite:///{folder}/catalog.db", warehouse=f"file://{folder}")
    catalog.create_namespace("iot_db")
    rows = pyarrow.table({"temperature": [21], "cpu": [0.5], "id_device": [7]})
    table = catalog.create_table("iot_db.sensor_readings", rows.schema)
    times = []
    for _ in range(count):
        start = time.perf_counter()
        table.append(rows)
        times.append((time.perf_counter() - start) * 1000)
    return times


def report(label, times, places, merges=()):
    base = around(times, 100)
    places = [place for place in places if place <= len(times)]
    medians = [(place, around(times, place)) for place in places]
    cells = "".join(f"{place:8,}th{spent:8.2f} ms ({spent / base:4.2f})" for place, spent in medians)
    print(f"{label:20}{cells}")
    if merges:
        print(
            f"{'':4}{len(merges)} merges of manifests: median {statistics.median(merges):.1f} ms, dearest "
            f"{max(merges):.1f} ms; mean of all appends {statistics.fmean(times):.2f} ms, dearest {max(times):.1f} ms"
        )


def main():
    counts = [int(text) for text in sys.argv[1:]]
    in_memory, on_files, by_peer = counts + [10_000, 1_000, 300][len(counts) :]
    print("median milliseconds around the nth append (ratio to the 100th)")
    memory, merges = swiftlake("memory", in_memory)
    report("Swiftlake in memory", memory, (100, 300, in_memory), merges)
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        files, merges = swiftlake(folder, on_files)
    report("Swiftlake on files", files, (10, 100, 300, on_files), merges)
    import importlib.metadata

    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        peer = pyiceberg(folder, by_peer)
    name = f"pyiceberg {importlib.metadata.version('pyiceberg')}"
    report(name, peer, (10, 100, by_peer))
    places = [place for place in (10, 100, by_peer) if place <= min(len(peer), len(files))]
    ratios = "  ".join(f"{place}th {around(peer, place) / around(files, place):.1f} x" for place in places)
    print(f"{name} against Swiftlake on files: {ratios}")
    print("loading table metadata")
    for snapshots in (1_000, 10_000):
        lines = bench("load", snapshots, 15)
        spent = statistics.median(float(line[0]) for line in lines[1:]) / 1000
        print(f"{snapshots:8,} snapshots, {int(lines[0][0]) / 1e6:5.2f} MB {spent:9.2f} ms")


if __name__ == "__main__":
    main()
