"""What kinesis-ingest costs: cold start, the round trip of one record, a 6 MB event, and peak memory.

The 6 MB event is 7,894 readings. Its peers decode the same event in Python (base64 and JSON, orjson where it is
installed) and write the same rows to snappy Parquet with PyArrow, DuckDB and Polars where they are installed; they
neither commit nor keep offsets. All on one core, medians over several runs.
"""

import base64
import io
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests" / "Integration"))

from sensors import kinesis_event, readings  # noqa: E402

RECORDS = 7894
CORE = min(os.sched_getaffinity(0))


def static_binary(name: str) -> str:
    return str(Path(os.environ.get("SWIFTLAKE_STATIC_BIN", ROOT / ".build-static" / "release")) / name)


class Warm:
    """A function's process behind a bare socket: no HTTP library between the clock and it."""

    def __init__(self, lake: Path):
        self.listener = socket.create_server(("127.0.0.1", 0))
        environment = {
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self.listener.getsockname()[1]}",
            "LAKE_DEFINITION": os.environ.get("BENCH_DEFINITION", str(ROOT / "lake.json")),
            "LAKE_CATALOG": f"sqlite:///{lake}/catalog.db",
            "LAKE_WAREHOUSE": f"file://{lake}/warehouse",
            "AWS_LAMBDA_LOG_LEVEL": "ERROR",
        }
        started = time.perf_counter()
        self.process = subprocess.Popen(
            [static_binary("kinesis-ingest")], env=environment, stdout=subprocess.DEVNULL,
            preexec_fn=lambda: os.sched_setaffinity(0, {CORE}),
        )
        self.connection, _ = self.listener.accept()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._read_request()
        self.start_ms = (time.perf_counter() - started) * 1000
        self.count = 0

    def _read_request(self) -> bytes:
        received = b""
        while b"\r\n\r\n" not in received:
            received += self.connection.recv(1 << 16)
        head, body = received.split(b"\r\n\r\n", 1)
        length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")), 0)
        while len(body) < length:
            body += self.connection.recv(1 << 16)
        return body

    def invoke(self, body: bytes) -> float:
        """Milliseconds from the event's first byte to the whole reply."""
        self.count += 1
        head = (
            f"HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: {self.count}\r\n"
            f"Lambda-Runtime-Deadline-Ms: {int(time.time() * 1000) + 60_000}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        started = time.perf_counter()
        self.connection.sendall(head.encode() + body)
        reply = self._read_request()
        elapsed = (time.perf_counter() - started) * 1000
        assert reply == b'{"batchItemFailures":[]}', reply
        self.connection.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
        self._read_request()
        return elapsed

    def peak_memory_mib(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024

    def close(self):
        self.process.kill()
        self.process.wait()
        self.connection.close()
        self.listener.close()


def timed(body, runs: int) -> list[float]:
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        body()
        times.append((time.perf_counter() - started) * 1000)
    return times


def peers(event: bytes) -> dict:
    """Closures that turn the event into snappy Parquet bytes, by name."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        from orjson import loads
    except ImportError:
        loads = json.loads

    def rows():
        return [loads(base64.b64decode(record["kinesis"]["data"])) for record in loads(event)["Records"]]

    def arrow():
        sink = io.BytesIO()
        pq.write_table(pa.Table.from_pylist(rows()), sink, compression="snappy")
        return sink.getvalue()

    def duck():
        import duckdb

        with tempfile.TemporaryDirectory() as folder:
            table = pa.Table.from_pylist(rows())  # noqa: F841 — DuckDB finds it by name
            connection = duckdb.connect(config={"threads": 1})
            connection.execute(f"copy table to '{folder}/x.parquet' (format parquet, compression snappy)")
            return Path(f"{folder}/x.parquet").read_bytes()

    found = {"PyArrow": arrow, "DuckDB": duck}
    try:
        import polars
    except ImportError:
        return found

    def polar():
        sink = io.BytesIO()
        polars.DataFrame(rows()).write_parquet(sink, compression="snappy")
        return sink.getvalue()

    return {**found, "Polars": polar}


def main():
    os.sched_setaffinity(0, os.sched_getaffinity(0))
    batch = readings(RECORDS)
    event = json.dumps(kinesis_event(batch), separators=(",", ":")).encode()
    print(f"event: {len(event):,} bytes, {RECORDS:,} records; medians")
    with tempfile.TemporaryDirectory() as folder:
        lake = Path(folder)
        starts = []
        for _ in range(20):
            warm = Warm(lake)
            starts.append(warm.start_ms)
            warm.close()
        print(f"start to first poll, no tables yet     {statistics.median(starts):8.2f} ms")
        warm = Warm(lake)
        first = warm.invoke(json.dumps(kinesis_event(batch[:1])).encode())
        print(f"first record, both tables created      {first:8.2f} ms")
        warm.close()
        starts = []
        for _ in range(20):
            warm = Warm(lake)
            starts.append(warm.start_ms)
            warm.close()
        print(f"start to first poll, table loaded      {statistics.median(starts):8.2f} ms")
        warm = Warm(lake)
        singles = [warm.invoke(json.dumps(kinesis_event(batch[:1], first=10 + i)).encode()) for i in range(50)]
        print(f"warm, one record, committed and fsync  {statistics.median(singles):8.2f} ms")
        replays = [warm.invoke(json.dumps(kinesis_event(batch[:1], first=10)).encode()) for i in range(200)]
        print(f"warm, one record, replayed             {statistics.median(replays):8.3f} ms")
        warm.close()
        warm = Warm(lake)
        large = []
        for run in range(1, 12):
            shifted = kinesis_event(batch, first=100_000 * run)
            large.append(warm.invoke(json.dumps(shifted, separators=(",", ":")).encode()))
        ours = statistics.median(large)
        print(f"warm, {RECORDS:,} records, committed        {ours:8.2f} ms")
        print(f"peak memory after those                {warm.peak_memory_mib():8.1f} MiB")
        warm.close()
        files = sorted(lake.rglob("sensor_readings*/data/**/*.parquet"), key=lambda path: path.stat().st_size)
    for name, encode in peers(event).items():
        encode()
        median = statistics.median(timed(encode, 7))
        print(f"{name:8} event to Parquet, no commit     {median:8.2f} ms   {median / ours:5.1f} x ours")


if __name__ == "__main__":
    main()
