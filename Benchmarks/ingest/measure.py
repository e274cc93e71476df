"""What kinesis-ingest costs: cold start, the round trip of one record, a 6 MB event, and peak memory.

The 6 MB event is 7,894 readings. Its peers decode the same event in Python (base64 and JSON, orjson where it is
installed) and write the same rows to snappy Parquet with PyArrow, DuckDB and Polars where they are installed; they
neither commit nor keep offsets. Our rows go to snappy too, on a file system in memory where there is one. All on one
core, medians over several runs; the start is measured beside a C loop's.
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


def settings(lake: Path) -> dict[str, str]:
    return {
        "LAKE_DEFINITION": str(lake / "lake.json"),
        "LAKE_CATALOG": f"sqlite:///{lake}/catalog.db",
        "LAKE_WAREHOUSE": f"file://{lake}/warehouse",
        "AWS_LAMBDA_LOG_LEVEL": "ERROR",
    }


class Warm:
    """A function's process behind a bare socket: no HTTP library between the clock and it."""

    def __init__(self, lake: Path):
        self.listener = socket.create_server(("127.0.0.1", 0))
        environment = settings(lake) | {"AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self.listener.getsockname()[1]}"}
        self.process = subprocess.Popen(
            [static_binary("kinesis-ingest")], env=environment, stdout=subprocess.DEVNULL,
            preexec_fn=lambda: os.sched_setaffinity(0, {CORE}),
        )
        self.connection, _ = self.listener.accept()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._read_request()
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


def with_snappy(lake: Path) -> None:
    """The project's own definition, with the codec that the peers use."""
    definition = json.loads((ROOT / "lake.json").read_text())
    for table in definition["tables"]:
        table.setdefault("properties", {})["write.parquet.compression-codec"] = "snappy"
    (lake / "lake.json").write_text(json.dumps(definition))


def starts(lake: Path, rounds: int = 40) -> dict[str, float]:
    """Medians of milliseconds from starting a program to its first poll, taking turns."""
    sources = ROOT / "Benchmarks" / "runtime"
    for name, options in (("loop", ["-static"]), ("harness", [])):
        subprocess.run(["cc", "-O2", "-D_GNU_SOURCE", "-w", *options, "-o", lake / name, sources / f"{name}.c"], check=True)
    subprocess.run(["strip", "-o", lake / "function", static_binary("kinesis-ingest")], check=True)
    times = {"loop": [], "function": []}
    for _ in range(rounds):
        for name in times:
            done = subprocess.run(
                [lake / "harness", lake / name, "0", "100"], env=settings(lake), check=True, capture_output=True, text=True)
            times[name].append(float(done.stdout.split()[0]) / 1000)
    return {name: statistics.median(values) for name, values in times.items()}


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
            decoded = pa.Table.from_pylist(rows())  # noqa: F841 — DuckDB finds it by name
            connection = duckdb.connect(config={"threads": 1})
            connection.execute(f"copy decoded to '{folder}/x.parquet' (format parquet, compression snappy)")
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
    batch = readings(RECORDS, per_hour=RECORDS * 2)
    event = json.dumps(kinesis_event(batch), separators=(",", ":")).encode()
    print(f"event: {len(event):,} bytes, {RECORDS:,} records of one partition; medians")
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory() as disk, tempfile.TemporaryDirectory(dir=memory) as folder:
        lake = Path(folder)
        with_snappy(lake)
        print(start_line("no table yet", starts(lake)))
        warm = Warm(lake)
        created = warm.invoke(json.dumps(kinesis_event(batch[:1])).encode())
        print(f"first record of all, table created   {created:8.2f} ms")
        warm.close()
        print(start_line("table loaded", starts(lake)))
        warm = Warm(lake)
        singles = [warm.invoke(json.dumps(kinesis_event(batch[:1], first=10 + i)).encode()) for i in range(100)]
        print(f"warm, one record, committed          {statistics.median(singles):8.2f} ms")
        replays = [warm.invoke(json.dumps(kinesis_event(batch[:1], first=10)).encode()) for _ in range(200)]
        print(f"warm, one record, replayed           {statistics.median(replays):8.3f} ms")
        large = []
        for run in range(1, 24):
            shifted = kinesis_event(batch, first=100_000 * run)
            large.append(warm.invoke(json.dumps(shifted, separators=(",", ":")).encode()))
        ours = statistics.median(large)
        print(f"warm, {RECORDS:,} records, committed       {ours:8.2f} ms, fastest {min(large):.2f}")
        print(f"peak memory after those              {warm.peak_memory_mib():8.1f} MiB")
        warm.close()
        lake = Path(disk)
        with_snappy(lake)
        warm = Warm(lake)
        warm.invoke(json.dumps(kinesis_event(batch[:1])).encode())
        singles = [warm.invoke(json.dumps(kinesis_event(batch[:1], first=10 + i)).encode()) for i in range(50)]
        print(f"warm, one record, durable on a disk  {statistics.median(singles):8.2f} ms")
        warm.close()
    os.sched_setaffinity(0, {CORE})
    for name, encode in peers(event).items():
        encode()
        median = statistics.median(timed(encode, 7))
        print(f"{name:8} event to Parquet, no commit   {median:8.2f} ms, {median / ours:5.1f} x ours with its commit")


def start_line(what: str, medians: dict[str, float]) -> str:
    loop, function = medians["loop"], medians["function"]
    return f"start to first poll, {what:16}{function:8.2f} ms, {function / loop:5.2f} x a C loop's {loop:.2f} (hold 2)"


if __name__ == "__main__":
    main()
