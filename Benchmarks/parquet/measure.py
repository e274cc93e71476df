"""Encodes the sensor readings of one 6 MB event as snappy Parquet with Swiftlake, PyArrow, DuckDB and Polars, on one
core and in one run, and prints time and bytes as ratios to Swiftlake's. Only encoding is timed: every program has the
same rows in its own columns in memory, and writes to memory, or where it cannot, to a file in /dev/shm.

    SWIFTLAKE_BIN=.build/release python Benchmarks/parquet/measure.py [ROUNDS]
"""

import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("SWIFTLAKE_BIN", ROOT / ".build" / "release")) / "conformance"


def measure(rounds, encode):
    """Fastest and median seconds of a function that returns the file's bytes, and their number."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        size = encode()
        times.append(time.perf_counter() - start)
    return min(times), statistics.median(times), size


def swiftlake(path, rounds):
    done = subprocess.run([PROGRAM, "parquet-bench", path, str(rounds)], capture_output=True, check=True, text=True)
    result = json.loads(done.stdout)
    return result["fastest"], result["median"], path.stat().st_size


def pyarrow_encoder(path):
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(path, use_threads=False)

    def encode():
        sink = io.BytesIO()
        pyarrow.parquet.write_table(table, sink, compression="snappy")
        return sink.tell()

    return f"PyArrow {pyarrow.__version__}", encode


def duckdb_encoder(path, folder):
    import duckdb

    connection = duckdb.connect(config={"threads": 1})
    connection.execute(f"CREATE TABLE readings AS SELECT * FROM read_parquet('{path}')")
    target = folder / "duckdb.parquet"

    def encode():
        connection.execute(f"COPY readings TO '{target}' (FORMAT parquet, COMPRESSION snappy)")
        return target.stat().st_size

    return f"DuckDB {duckdb.__version__}", encode


def polars_encoder(path):
    os.environ["POLARS_MAX_THREADS"] = "1"
    import polars

    frame = polars.read_parquet(path)

    def encode():
        sink = io.BytesIO()
        frame.write_parquet(sink, compression="snappy")
        return sink.tell()

    return f"Polars {polars.__version__}", encode


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        compare(rounds)
    finally:
        os.sched_setaffinity(0, cores)


def compare(rounds):
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as name:
        folder = Path(name)
        path = folder / "swiftlake.parquet"
        results = [("Swiftlake", *swiftlake(path, rounds))]
        encoders = [pyarrow_encoder(path), duckdb_encoder(path, folder)]
        try:
            encoders.append(polars_encoder(path))
        except ImportError:
            print("Polars is not installed: pip install polars")
        results += [(label, *measure(rounds, encode)) for label, encode in encoders]
    _, fastest, median, size = results[0]
    print(f"{'':18}{'fastest':>11}{'median':>11}{'bytes':>9}   ratios to Swiftlake (fastest, median, bytes)")
    for label, least, middle, bytes_ in results:
        ratios = f"{least / fastest:6.2f} {middle / median:6.2f} {bytes_ / size:6.3f}"
        print(f"{label:18}{least * 1e3:8.3f} ms{middle * 1e3:8.3f} ms{bytes_:9,}   {ratios}")


if __name__ == "__main__":
    main()
