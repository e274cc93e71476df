"""`swiftlake up` as a process, and what DuckDB finds when it compares the producers' log with the tables."""

import json
import os
import signal
import subprocess
import threading
import time
from pathlib import Path

import pyarrow
from quotes_reference import Reference
from readers import DEAD_LETTERS, exists, pyiceberg_table
from support import ROOT, binary, duckdb_connection

READINGS, TRADES, QUOTES = "iot_db.sensor_readings", "crypto_db.crypto_trader", "crypto_db.crypto_quote"
KINESIS = "arn:aws:kinesis:local:000000000000:stream/sensor-readings"
CLUSTER = "arn:aws:kafka:local:000000000000:cluster/twin/00000000-0000-0000-0000-000000000000-1"
# Short windows: within a minute many of them end.
LENGTH_S, DELAY_S = 5, 10
LOG = """{shard: 'VARCHAR', "offset": 'BIGINT', sequenceNumber: 'VARCHAR', timestampMs: 'BIGINT', key: 'VARCHAR',
    value: 'VARCHAR', valueBase64: 'VARCHAR'}"""
# JSON functions refuse what is no JSON: such a record counts as an empty object.
GOOD_READINGS = r"""
SELECT * FROM (SELECT *, CASE WHEN json_valid(value) THEN value ELSE '{}' END AS json FROM readings_log)
WHERE json_type(json, '$.temperature') IN ('BIGINT', 'UBIGINT') AND try_cast(json ->> '$.id_device' AS INTEGER) IS NOT NULL
    AND regexp_full_match(json ->> '$.timestamp_sent', '\d{4}-\d\d-\d\d \d\d')
"""
READING_ROWS = """
SELECT CAST(json ->> '$.temperature' AS INTEGER) AS temperature, CAST(json ->> '$.cpu' AS DOUBLE) AS cpu,
    CAST(json ->> '$.ram' AS DOUBLE) AS ram, CAST(json ->> '$.hd' AS DOUBLE) AS hd,
    CAST(json ->> '$.timestamp' AS TIMESTAMP) AS timestamp,
    CAST((json ->> '$.timestamp_sent') || ':00:00' AS TIMESTAMP) AS timestamp_sent,
    CAST(json ->> '$.id_device' AS INTEGER) AS id_device
FROM good_readings
"""
GOOD_TRADES = """
SELECT * FROM (SELECT *, CASE WHEN json_valid(value) THEN value ELSE '{}' END AS json FROM trades_log)
WHERE try_cast(json ->> '$.transaction_id' AS BIGINT) IS NOT NULL AND json_type(json, '$.quantity') IN ('BIGINT', 'UBIGINT')
    AND try_cast(json ->> '$.transaction_timestamp' AS TIMESTAMPTZ) IS NOT NULL
"""
TRADE_ROWS = """
SELECT CAST(json ->> '$.transaction_id' AS BIGINT) AS transaction_id, json ->> '$.document_id' AS document_id,
    json ->> '$.asset_id' AS asset_id, json ->> '$.asset_type' AS asset_type,
    CAST(CAST(json ->> '$.transaction_timestamp' AS TIMESTAMPTZ) AS TIMESTAMP) AS transaction_timestamp,
    json ->> '$.trade_type' AS trade_type, CAST(json ->> '$.quantity' AS INTEGER) AS quantity,
    CAST(CAST(json ->> '$.transaction_timestamp' AS TIMESTAMPTZ) AS DATE) AS ref_date
FROM good_trades
"""


def short_windows(folder: Path) -> Path:
    """The repository's lake with windows of five seconds, and without the job that would put readings into a test's own stream."""
    definition = json.loads((ROOT / "lake.json").read_text())
    definition["schedules"] = [schedule for schedule in definition["schedules"] if schedule["job"] != "simulate-sensors"]
    for stream in definition["streams"]:
        if "window" in stream:
            stream["window"] = {"length": f"{LENGTH_S}s", "delay": f"{DELAY_S}s", "maximumAhead": "10m"}
    path = folder / "lake.json"
    path.write_text(json.dumps(definition))
    return path


class Up:
    """A running `swiftlake up`. Its output is read all the time."""

    running: list["Up"] = []

    def __init__(self, lake: Path, *arguments, definition: Path | None = None, program: str | None = None, environment=None, prefix=()):
        variables = {name: value for name, value in os.environ.items() if not name.startswith(("LAKE_", "AWS_", "KAFKA_"))}
        if definition:
            variables["LAKE_DEFINITION"] = str(definition)
        command = [*prefix, program or binary("swiftlake"), "up", "--lake", str(lake), "--plain", *map(str, arguments)]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**variables, **(environment or {})},
            start_new_session=True,
        )  # fmt: skip
        Up.running.append(self)
        self.lines: dict[str, list[str]] = {"out": [], "err": []}
        self.threads = [
            threading.Thread(target=self._read, args=(pipe, self.lines[name]), daemon=True)
            for name, pipe in (("out", self.process.stdout), ("err", self.process.stderr))
        ]
        for thread in self.threads:
            thread.start()

    @staticmethod
    def _read(pipe, lines: list[str]):
        for line in pipe:
            lines.append(line.rstrip("\n"))

    @classmethod
    def end_all(cls):
        """Ends what a test that failed has left."""
        while cls.running:
            cls.running.pop().process.kill()

    def interrupt(self):
        """Ctrl-C."""
        self.process.send_signal(signal.SIGINT)

    def kill(self):
        """Ends the twin itself, and nothing that it has started."""
        self.process.kill()
        self.process.wait()

    def wait_for(self, text: str, seconds: float = 30):
        """Returns once it has said this."""
        until = time.monotonic() + seconds
        while text not in self.text:
            assert self.process.poll() is None and time.monotonic() < until, self.text
            time.sleep(0.05)

    def wait(self, seconds: float = 180) -> int:
        code = self.process.wait(seconds)
        if self in Up.running:
            Up.running.remove(self)
        for thread in self.threads:
            thread.join(5)
        return code

    @property
    def text(self) -> str:
        return "\n".join(self.lines["out"] + self.lines["err"])


def run(lake: Path, *arguments, expected: int = 0, **options) -> str:
    """Runs a twin to its end, and returns what it said."""
    up = Up(lake, *arguments, **options)
    code = up.wait(900)
    assert code == expected, (code, up.text)
    return up.text


class Check:
    """Every record of the producers' log is in the tables once, as DuckDB sees them."""

    def __init__(self, lake: Path, length: int = LENGTH_S, delay: int = DELAY_S, kinesis: str = KINESIS, cluster: str = CLUSTER):
        self.lake, self.kinesis, self.cluster = lake, kinesis, cluster
        self.taken: list[str] = []
        self.windows = (length * 1_000_000, delay * 1_000_000)
        self.connection = duckdb_connection()
        self.connection.execute("SET TimeZone = 'UTC'")

    def read_logs(self, *names: str):
        """The logs of the streams on this machine."""
        streams = {"readings": "sensor-readings", "trades": "coinbase-trades", "quotes": "coinbase-currencies"}
        for name, stream in streams.items():
            if names and name not in names:
                continue
            files = f"{self.lake}/twin/streams/{stream}/*.jsonl"
            self.connection.execute(
                f"CREATE TABLE {name}_log AS FROM read_json('{files}', format = 'newline_delimited', columns = {LOG})"
            )
            gaps = self.value(f'SELECT count(*) FROM (SELECT shard FROM {name}_log GROUP BY shard HAVING max("offset") + 1 <> count(*))')
            assert gaps == 0, f"the log of {stream} has gaps"
        return self

    def take(self, name: str, records: list[tuple]):
        """Records that an independent reader found: shard, offset, sequence number, time and value."""
        names = ["shard", "offset", "sequenceNumber", "timestampMs", "value"]
        types = [pyarrow.string(), pyarrow.int64(), pyarrow.string(), pyarrow.int64(), pyarrow.string()]
        columns = [pyarrow.array(column, kind) for column, kind in zip(zip(*records), types)]
        self.connection.register(f"{name}_found", pyarrow.table(columns, names=names))
        self.connection.execute(f"CREATE TABLE {name}_log AS FROM {name}_found")
        self.taken.append(name)

    def value(self, query: str):
        return self.connection.execute(query).fetchone()[0]

    def view(self, name: str, table: str):
        location = pyiceberg_table(self.lake, table).metadata_location.removeprefix("file://")
        self.connection.execute(f"CREATE OR REPLACE VIEW {name} AS FROM iceberg_scan('{location}')")

    def differences(self, expected: str, found: str):
        """Rows that only one side has, or has more often."""
        both = [f"SELECT * FROM {expected}", f"SELECT COLUMNS(*) FROM (SELECT {self.columns(expected)} FROM {found})"]
        for what, first, second in (("missing", *both), ("too many", *both[::-1])):
            rows = self.connection.execute(f"({first}) EXCEPT ALL ({second})").fetchall()
            assert not rows, f"{found}: {len(rows)} rows {what}, such as {rows[:3]}"

    def columns(self, table: str) -> str:
        return ", ".join(f'"{row[0]}"' for row in self.connection.execute(f"DESCRIBE {table}").fetchall())

    def readings(self) -> tuple[int, int]:
        """Records, and bad ones among them."""
        self.connection.execute(f"CREATE TABLE good_readings AS {GOOD_READINGS}")
        self.connection.execute(f"CREATE TABLE expected_readings AS {READING_ROWS}")
        return self.rows("readings", READINGS, self.kinesis)

    def trades(self) -> tuple[int, int]:
        self.connection.execute(f"CREATE TABLE good_trades AS {GOOD_TRADES}")
        self.connection.execute(f"CREATE TABLE expected_trades AS {TRADE_ROWS}")
        found = self.rows("trades", TRADES, self.cluster)
        distinct = self.value("SELECT count(*) = count(DISTINCT transaction_id) FROM found_trades")
        assert distinct, "a trade is in the table twice"
        return found

    def rows(self, name: str, table: str, source: str) -> tuple[int, int]:
        self.view(f"found_{name}", table)
        self.differences(f"expected_{name}", f"found_{name}")
        bad = f'SELECT * FROM {name}_log ANTI JOIN good_{name} USING (shard, "offset")'
        letters = self.letters(name, bad, source)
        made, rows = (self.value(f"SELECT count(*) FROM {name}") for name in (f"{name}_log", f"found_{name}"))
        assert rows + letters == made, f"{name}: {rows} rows and {letters} dead letters of {made} records"
        return made, letters

    def letters(self, name: str, bad: str, source: str) -> int:
        """The dead letters of a stream against the bad records of its log: place and bytes."""
        self.connection.execute(
            f'CREATE OR REPLACE TABLE bad_{name} AS SELECT shard, coalesce(sequenceNumber, CAST("offset" AS VARCHAR)) AS '
            f"sequence_number, encode(value) AS raw FROM ({bad})"
        )
        if not exists(self.lake, DEAD_LETTERS) or not pyiceberg_table(self.lake, DEAD_LETTERS).snapshots():
            assert self.value(f"SELECT count(*) FROM bad_{name}") == 0
            return 0
        self.view("letters", DEAD_LETTERS)
        shards = f"SELECT DISTINCT shard FROM {name}_log"
        self.connection.execute(
            f"CREATE OR REPLACE VIEW letters_of_{name} AS SELECT shard, sequence_number, raw FROM letters WHERE source = '{source}' AND shard IN ({shards})"
        )
        self.differences(f"bad_{name}", f"letters_of_{name}")
        return self.value(f"SELECT count(*) FROM bad_{name}")

    def quotes(self) -> tuple[int, int, int]:
        """Records, bad ones among them, and the windows that they became: those that ended, as rows, and those that are
        open, in the state beside the offsets."""
        records = self.connection.execute(
            "SELECT CAST(regexp_extract(shard, '[0-9]+$') AS INTEGER), \"offset\", timestampMs, value FROM quotes_log ORDER BY 1, 2"
        ).fetchall()
        reference = Reference(self.connection, [(*place, value.encode()) for *place, value in records], *self.windows)
        table = pyiceberg_table(self.lake, QUOTES)
        if reference.value("SELECT count(*) FROM quotes"):
            self.view("found_quotes", QUOTES)
            differences = reference.differences("found_quotes")
            assert not differences, (len(differences), differences[:5])
        else:
            assert table.scan().to_arrow().num_rows == 0
        assert sorted(self.open_windows(table)) == sorted(reference.open_windows())
        bad = 'SELECT * FROM quotes_log SEMI JOIN (SELECT partition, "offset" FROM bad_records) AS bad ON bad."offset" = quotes_log."offset" AND ends_with(shard, \'-\' || bad.partition)'
        letters = self.letters("quotes", bad, self.cluster)
        return len(records), letters, reference.value("SELECT count(*) FROM quotes")

    def open_windows(self, table) -> list[tuple]:
        found = []
        prefix = f"swiftlake.state.windows.{self.cluster}/coinbase-currencies-"
        summary = table.current_snapshot().summary if table.current_snapshot() else None
        for name in summary.additional_properties if summary else []:
            if name.startswith(prefix):
                state = json.loads(summary[name])
                for symbol, (_, *prices) in state["symbols"].items():
                    for (start, end), price in zip(state["windows"], prices):
                        if price is not None:
                            found.append((int(name.removeprefix(prefix)), symbol, start, end, price))
        return found

    def all(self) -> int:
        """Everything; returns how many records there are. Streams whose records were not taken have their logs here."""
        self.read_logs(*(name for name in ("readings", "trades", "quotes") if name not in self.taken))
        readings, trades, quotes = self.readings(), self.trades(), self.quotes()
        print(
            f"{self.lake.name}: {readings[0]} readings ({readings[1]} bad), {trades[0]} trades ({trades[1]} bad), {quotes[0]} "
            f"quotes ({quotes[1]} bad) as {quotes[2]} windows: each in the tables once, as DuckDB has them"
        )
        return readings[0] + trades[0] + quotes[0]
