"""What an append to a lake on S3 waits for: kinesis-ingest and pyiceberg on the same tables, through proxies that add
20 ms to every request, in one run. Requests, waves (see Tests/Integration/proxies.py) and milliseconds from the first
byte of the first request to the last byte of the last reply, by the proxies' clock; then the same without a delay.

    SWIFTLAKE_BIN=.build-static/release python Benchmarks/append/measure.py [APPENDS [KIND…]]
"""

import importlib.metadata
import os
import statistics
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests" / "Integration"))
if "SWIFTLAKE_STATIC_BIN" in os.environ:
    os.environ["SWIFTLAKE_BIN"] = os.environ["SWIFTLAKE_STATIC_BIN"]

from aws_lakes import KINDS, AWSLake, packaged  # noqa: E402
from delay_proxy import DelayProxy  # noqa: E402
from glue_shim import GlueShim  # noqa: E402
from proxies import Recorder, elapsed_ms, waves  # noqa: E402
from runtime_api import Function  # noqa: E402
from sensors import kinesis_event, readings  # noqa: E402
from servers import Moto, SeaweedFS  # noqa: E402

DONE = {"batchItemFailures": []}
ROWS = 20
DELAYS = (0.020, 0.0)
PEER_APPENDS = 5


class Measured:
    """Requests, waves and milliseconds of some appends."""

    def __init__(self):
        self.requests: list[int] = []
        self.waves: list[int] = []
        self.times: list[float] = []

    def add(self, recorded):
        self.requests.append(len(recorded))
        self.waves.append(len(waves(recorded)))
        self.times.append(elapsed_ms(recorded))

    def line(self, label: str, delay: float) -> str:
        least, median = min(self.times), statistics.median(self.times)
        # Without a delay the requests of a wave do not overlap, so waves say nothing.
        waits = f" in {statistics.mode(self.waves):2} waves" if delay else ""
        counts = f"{max(self.requests):3} requests{waits}"
        return f"  {label:32}{counts}, median {median:7.1f} ms, least {least:7.1f} ms, most {max(self.times):7.1f} ms"


class Bench:
    """One lake behind proxies with one delay."""

    def __init__(self, lake: AWSLake, delay: float, stack: ExitStack):
        self.lake = lake
        self.recorder = Recorder()
        self.endpoints = {
            service: stack.enter_context(DelayProxy(service, endpoint, self.recorder, delay)).endpoint
            for service, endpoint in lake.endpoints.items()
        }
        self.sent = 0

    def function(self) -> Function:
        environment = self.lake.environment(self.endpoints)
        return Function("kinesis-ingest", None, environment, program=packaged("kinesis-ingest"))

    def append(self, function: Function, into: Measured | None = None):
        self.sent += ROWS
        outcome = function.invoke(kinesis_event(readings(ROWS, seed=self.sent), first=self.sent))
        assert outcome.reply == DONE, function.log_text()
        recorded = self.recorder.settled()
        self.recorder.clear()
        if into is not None:
            into.add(recorded)

    def warm(self, count: int) -> Measured:
        measured = Measured()
        with self.function() as function:
            for _ in range(3):
                self.append(function)
            for _ in range(count):
                self.append(function, measured)
        return measured

    def cold(self, count: int) -> Measured:
        """From the start of a process to the end of its first append."""
        measured = Measured()
        for _ in range(count):
            with self.function() as function:
                self.append(function, measured)
        return measured

    def pyiceberg(self, count: int) -> Measured:
        measured = Measured()
        table = self.lake.catalog(self.endpoints).load_table("iot_db.sensor_readings")
        rows = self.lake.table().scan().to_arrow().slice(0, ROWS)
        for index in range(count + 1):
            self.recorder.settled()
            self.recorder.clear()
            table.append(rows)
            if index:
                measured.add(self.recorder.settled())
        self.recorder.settled()
        self.recorder.clear()
        return measured


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    kinds = sys.argv[2:] or list(KINDS)
    peer_name = f"pyiceberg {importlib.metadata.version('pyiceberg')}"
    with SeaweedFS() as seaweedfs, Moto() as moto, GlueShim(moto.endpoint) as glue:
        for kind in kinds:
            for delay in DELAYS:
                moto.reset()
                glue.reset()
                with ExitStack() as stack:
                    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
                    bench = Bench(AWSLake(kind, seaweedfs, glue, folder), delay, stack)
                    warm, cold = bench.warm(count), bench.cold(max(3, count // 5))
                    peer = bench.pyiceberg(PEER_APPENDS)
                print(f"{kind}, {delay * 1000:.0f} ms added to every request", flush=True)
                print(warm.line("kinesis-ingest, warm", delay))
                print(cold.line("kinesis-ingest, from the start", delay))
                ratio = statistics.median(peer.times) / statistics.median(warm.times)
                print(peer.line(f"{peer_name}, warm", delay) + f" ({ratio:.1f} x)", flush=True)


if __name__ == "__main__":
    main()
