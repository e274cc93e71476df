"""Tables that our commits make, read and written in turn by pyiceberg and DuckDB."""

import json
import os
import statistics
import subprocess
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from support import binary, conformance, duckdb_connection, sql_catalog

TABLE = "db.events"
FIELDS = pa.schema(
    [
        pa.field("id", pa.int64(), metadata={"PARQUET:field_id": "1"}),
        pa.field("word", pa.string(), metadata={"PARQUET:field_id": "2"}),
    ]
)


def batch(folder: Path, shard: str, first: int, last: int) -> dict:
    """A batch of one row an offset, whose ids tell shard and offset."""
    path = folder / f"{shard}-{first}.parquet"
    base = int(shard) * 1_000_000
    rows = pa.table(
        {"id": [base + i for i in range(first, last + 1)], "word": [f"w{i}" for i in range(first, last + 1)]},
        schema=FIELDS,
    )
    pq.write_table(rows, path)
    return {"shard": shard, "first": str(first), "last": str(last), "timestamp": last, "path": str(path),
            "rows": last - first + 1}


def batches(folder: Path, shard: str, count: int, size: int = 2, start: int = 0) -> list:
    return [batch(folder, shard, start + i * size + 1, start + (i + 1) * size) for i in range(count)]


def written(folder: Path, name: str, value: list) -> Path:
    path = folder / f"{name}.json"
    path.write_text(json.dumps(value))
    return path


def append(lake: Path, file: Path, *options) -> list:
    """Lines of `shard offset outcome microseconds`."""
    done = conformance("commits", "append", lake, TABLE, file, *options)
    return [line.split() for line in done.stdout.decode().splitlines()]


@pytest.fixture
def lake(tmp_path):
    folder = tmp_path / "lake"
    folder.mkdir()
    (tmp_path / "in").mkdir()
    return folder


def ids_by_pyiceberg(lake: Path) -> list:
    return sorted(sql_catalog(lake).load_table(TABLE).scan().to_arrow()["id"].to_pylist())


def ids_by_duckdb(lake: Path) -> list:
    location = sql_catalog(lake).load_table(TABLE).metadata_location
    rows = duckdb_connection().execute(f"select id from iceberg_scan('{location}') order by id").fetchall()
    return [row[0] for row in rows]


def audit(lake: Path, source: str = "test") -> dict:
    """Follows every shard's chain of previous, first and last through the history; returns the last watermarks."""
    table = sql_catalog(lake).load_table(TABLE)
    marks: dict = {}
    started = False
    for snapshot in table.metadata.snapshots:
        text = (snapshot.summary or {}).get(f"swiftlake.offsets.{source}")
        if text is None:
            continue
        now = json.loads(text)
        for shard, (previous, first, last, _) in now.items():
            known = marks.get(shard)
            if known == now[shard]:
                continue
            if started and known is None:
                assert previous is None, (shard, now)
            if known is not None:
                assert previous == known[2], (shard, known, now)
            assert previous is None or int(previous) < int(first)
            assert int(first) <= int(last)
        assert set(marks) <= set(now), "every live shard is carried forward"
        marks, started = now, True
    assert table.properties.get(f"swiftlake.offsets.{source}") == json.dumps(marks, separators=(",", ":"))
    return marks


def test_pyiceberg_lists_opens_and_reads(lake, tmp_path):
    conformance("commits", "create", lake, TABLE, "owner=me")
    append(lake, written(tmp_path, "b", batches(tmp_path / "in", "1", 3)))
    catalog = sql_catalog(lake)
    assert catalog.list_namespaces() == [("db",)]
    assert catalog.list_tables("db") == [("db", "events")]
    table = catalog.load_table(TABLE)
    assert table.properties["owner"] == "me"
    assert table.format_version == 2
    assert [s.sequence_number for s in table.metadata.snapshots] == [1, 2, 3]
    assert [e.snapshot_id for e in table.history()] == [s.snapshot_id for s in table.metadata.snapshots]
    assert len(table.metadata.metadata_log) == 3
    assert table.current_snapshot().summary["total-records"] == "6"
    files = table.inspect.files().to_pylist()
    assert sum(f["record_count"] for f in files) == 6
    for file in files:
        assert os.path.getsize(file["file_path"].removeprefix("file://")) == file["file_size_in_bytes"]
    expected = [1_000_000 + i for i in range(1, 7)]
    assert ids_by_pyiceberg(lake) == expected
    assert ids_by_duckdb(lake) == expected
    for snapshot, rows in zip(table.metadata.snapshots, (2, 4, 6)):
        assert table.scan(snapshot_id=snapshot.snapshot_id).to_arrow().num_rows == rows


def test_pyiceberg_commits_in_between(lake, tmp_path):
    conformance("commits", "create", lake, TABLE)
    rounds = batches(tmp_path / "in", "1", 6)
    expected = set()
    for number, one in enumerate(rounds):
        append(lake, written(tmp_path, "one", [one]))
        expected |= {1_000_000 + i for i in range(int(one["first"]), int(one["last"]) + 1)}
        table = sql_catalog(lake).load_table(TABLE)
        if number == 1:
            table.append(pa.table({"id": [7], "word": ["foreign"]}, schema=FIELDS))
            expected.add(7)
        if number == 2:
            table.delete("id = 1000001")
            expected.remove(1_000_001)
        if number == 3:
            table.overwrite(pa.table({"id": [8], "word": ["foreign"]}, schema=FIELDS), "id = 7")
            expected -= {7}
            expected.add(8)
        assert ids_by_pyiceberg(lake) == sorted(expected)
        assert ids_by_duckdb(lake) == sorted(expected)
    replay = append(lake, written(tmp_path, "all", rounds))
    assert [line[2] for line in replay] == ["replay"] * 6
    assert ids_by_pyiceberg(lake) == sorted(expected)
    audit(lake)
    with sql_catalog(lake).load_table(TABLE).update_schema() as update:
        from pyiceberg.types import StringType

        update.add_column("more", StringType())
    more = batches(tmp_path / "in", "1", 1, start=100)
    append(lake, written(tmp_path, "more", more))
    assert len(ids_by_pyiceberg(lake)) == len(expected) + 2
    assert len(ids_by_duckdb(lake)) == len(expected) + 2


def test_pyiceberg_expires_and_offsets_survive(lake, tmp_path):
    """Another engine that expires every snapshot of ours leaves the mirror in the table's properties."""
    conformance("commits", "create", lake, TABLE)
    rounds = batches(tmp_path / "in", "1", 3)
    append(lake, written(tmp_path, "b", rounds))
    table = sql_catalog(lake).load_table(TABLE)
    ours = [s.snapshot_id for s in table.metadata.snapshots]
    table.append(pa.table({"id": [7], "word": ["foreign"]}, schema=FIELDS))
    table = sql_catalog(lake).load_table(TABLE)
    table.maintenance.expire_snapshots().by_ids(ours).commit()
    assert len(sql_catalog(lake).load_table(TABLE).metadata.snapshots) == 1
    replay = append(lake, written(tmp_path, "all", rounds))
    assert [line[2] for line in replay] == ["replay"] * 3
    assert append(lake, written(tmp_path, "next", batches(tmp_path / "in", "1", 1, start=6)))[0][2] == "committed"
    assert len(ids_by_pyiceberg(lake)) == 9


def test_writers_in_parallel_take_each_batch_once(lake, tmp_path):
    """Six processes are all given the same batches of three shards, as overlapping invocations are."""
    conformance("commits", "create", lake, TABLE, "commit.retry.num-retries=50", "commit.retry.min-wait-ms=5",
                "commit.retry.max-wait-ms=100")
    shards = [batches(tmp_path / "in", shard, 8) for shard in ("1", "2", "3")]
    program = binary("conformance")
    running = []
    for number in range(6):
        order = shards[number % 3:] + shards[:number % 3]
        mixed = [one for group in zip(*order) for one in group]
        file = written(tmp_path, f"w{number}", mixed)
        running.append(subprocess.Popen([program, "commits", "append", str(lake), TABLE, str(file)],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE))
    committed = 0
    for process in running:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err.decode()
        committed += sum(line.split()[2] == "committed" for line in out.decode().splitlines())
    assert committed == 24
    expected = sorted(int(s) * 1_000_000 + i for s in ("1", "2", "3") for i in range(1, 17))
    assert ids_by_pyiceberg(lake) == expected
    assert ids_by_duckdb(lake) == expected
    marks = audit(lake)
    assert {shard: mark[2] for shard, mark in marks.items()} == {"1": "16", "2": "16", "3": "16"}
    orphans = json.loads(conformance("commits", "orphans", lake, TABLE).stdout)
    assert orphans == [], "losers clean up after themselves"


def test_killed_at_every_step_and_sent_again(lake, tmp_path):
    """SIGKILL before and after every put, swap and delete; the retry leaves each row once and no reader in trouble."""
    conformance("commits", "create", lake, TABLE, "swiftlake.delete.min-age-ms=0",
                "write.metadata.previous-versions-max=2", "swiftlake.snapshots.max=2")
    append(lake, written(tmp_path, "first", batches(tmp_path / "in", "1", 3)))
    program = binary("conformance")
    start, stop, kills = 6, 0, 0
    while True:
        file = written(tmp_path, "k", [batch(tmp_path / "in", "1", start + 1, start + 2)])
        done = subprocess.run([program, "commits", "append", str(lake), TABLE, str(file), "--stop", str(stop)],
                              capture_output=True)
        if done.returncode == 0:
            break
        assert done.returncode == -9, done.stderr.decode()
        kills += 1
        before = ids_by_pyiceberg(lake)
        assert len(before) == len(set(before))
        append(lake, file)
        start, stop = start + 2, stop + 1
        assert ids_by_pyiceberg(lake) == [1_000_000 + i for i in range(1, start + 1)]
    assert kills >= 14, kills
    assert ids_by_duckdb(lake) == [1_000_000 + i for i in range(1, start + 3)]
    audit(lake)
    left = json.loads(conformance("commits", "orphans", lake, TABLE, "--delete").stdout)
    assert left, "the killed processes left files"
    assert json.loads(conformance("commits", "orphans", lake, TABLE).stdout) == []
    assert len(ids_by_duckdb(lake)) == start + 2
    print(f"killed at {kills} steps; {len(left)} files left behind were found and deleted")


def test_cost_stays_flat_over_many_appends(lake, tmp_path):
    conformance("commits", "create", lake, TABLE, "swiftlake.delete.min-age-ms=0")
    lines = append(lake, written(tmp_path, "many", batches(tmp_path / "in", "1", 600)))
    assert [line[2] for line in lines] == ["committed"] * 600
    times = [int(line[3]) for line in lines]
    hundredth, last = statistics.median(times[90:110]), statistics.median(times[580:600])
    print(f"append 100: {hundredth} us, append 600: {last} us, ratio {last / hundredth:.2f}, longest {max(times)} us")
    table = sql_catalog(lake).load_table(TABLE)
    assert len(table.metadata.snapshots) == 200
    assert len(table.metadata.metadata_log) == 100
    assert len(table.metadata.snapshot_log) == 200
    assert len(table.current_snapshot().manifests(table.io)) <= 110
    files = list((lake / "db" / "events" / "metadata").iterdir())
    kinds = {
        "metadata": sum(f.name.endswith(".metadata.json") for f in files),
        "manifest list": sum(f.name.startswith("snap-") for f in files),
        "manifest": sum("-m" in f.name and not f.name.startswith("snap-") for f in files),
    }
    print(kinds, "manifests of the current snapshot:", len(table.current_snapshot().manifests(table.io)))
    assert kinds["metadata"] == 101
    assert kinds["manifest list"] == 200
    assert kinds["manifest"] <= 420
    expected = [1_000_000 + i for i in range(1, 1201)]
    assert ids_by_pyiceberg(lake) == expected
    assert ids_by_duckdb(lake) == expected
    oldest = table.metadata.snapshots[0]
    assert table.scan(snapshot_id=oldest.snapshot_id).to_arrow().num_rows == 2 * oldest.sequence_number
    audit(lake)
    assert json.loads(conformance("commits", "orphans", lake, TABLE).stdout) == []
    assert table.current_snapshot().summary["total-data-files"] == "600"


def test_tags_are_kept_and_deletes_stop_expiry(lake, tmp_path):
    conformance("commits", "create", lake, TABLE, "swiftlake.delete.min-age-ms=0", "swiftlake.snapshots.max=3",
                "commit.manifest.min-count-to-merge=3")
    append(lake, written(tmp_path, "a", batches(tmp_path / "in", "1", 2)))
    table = sql_catalog(lake).load_table(TABLE)
    tagged = table.current_snapshot().snapshot_id
    table.manage_snapshots().create_tag(tagged, "keep").commit()
    append(lake, written(tmp_path, "b", batches(tmp_path / "in", "1", 10, start=4)))
    table = sql_catalog(lake).load_table(TABLE)
    assert tagged in [s.snapshot_id for s in table.metadata.snapshots]
    assert len(table.metadata.snapshots) == 4
    assert table.scan(snapshot_id=tagged).to_arrow().num_rows == 4
    table.delete("id = 1000001")
    append(lake, written(tmp_path, "c", batches(tmp_path / "in", "1", 10, start=24)))
    table = sql_catalog(lake).load_table(TABLE)
    operations = [s.summary.operation.value for s in table.metadata.snapshots]
    assert len(operations) > 4, operations
    assert "overwrite" in operations or "delete" in operations
    assert len(ids_by_pyiceberg(lake)) == 43
    assert len(ids_by_duckdb(lake)) == 43
    assert table.scan(snapshot_id=tagged).to_arrow().num_rows == 4
