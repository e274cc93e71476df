"""Decoding speed as a ratio: base64 and JSON of one 6 MB event's readings to columns, against Python's base64 with
orjson (and the standard json), which stop at dictionaries. Needs orjson, and SWIFTLAKE_BIN pointing at a release build.

    python Benchmarks/decoding/measure.py [READINGS [ROUNDS]]
"""

import base64
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import orjson

from readings import readings

ROOT = Path(__file__).resolve().parents[2]
COLUMNS = (
    "temperature:int,cpu:double,ram:double,hd:double,timestamp:timestamp,"
    "timestamp_sent:timestamp:format=yyyy-MM-dd HH,id_device:int"
)


def ours(path: str, rounds: int) -> float:
    """Median milliseconds of a round of the decoder."""
    folder = Path(os.environ.get("SWIFTLAKE_BIN", ROOT / ".build" / "release"))
    done = subprocess.run(
        [folder / "conformance", "decode-speed", COLUMNS, path, str(rounds)], check=True, capture_output=True
    )
    return sorted(int(line) for line in done.stdout.split())[rounds // 2] / 1e6


def python(records: list, loads, rounds: int) -> float:
    """Median milliseconds of a round of a Python parser."""
    spent = []
    for _ in range(rounds):
        start = time.perf_counter_ns()
        for record in records:
            loads(base64.b64decode(record))
        spent.append(time.perf_counter_ns() - start)
    return sorted(spent)[rounds // 2] / 1e6


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 7894
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    records = [base64.b64encode(text.encode()) for text in readings(count)]
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"\n".join(records) + b"\n")
        file.flush()
        decoder = ours(file.name, rounds)
    print(f"{count} readings, {sum(map(len, records)) / 1e6:.2f} MB of base64, median of {rounds} rounds")
    print(f"decoder, to columns            {decoder:8.2f} ms")
    for name, loads in (("orjson " + orjson.__version__, orjson.loads), ("json", json.loads)):
        peer = python(records, loads, max(5, rounds // 5))
        print(f"base64 + {name:14}        {peer:8.2f} ms   {peer / decoder:5.1f} x ours")


if __name__ == "__main__":
    main()
