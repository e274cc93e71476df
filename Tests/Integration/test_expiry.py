"""Expiry of snapshots that pyiceberg's overwrites and deletions made between our appends: what is left can be read in
full, and nothing else is left."""

import random
import time
from pathlib import Path

import pyarrow as pa
import pytest
from aws_lakes import AWSLake
from evolution_calls import EvolutionCalls, by_duckdb, local_table

TABLE = "db.events"
COLUMNS = [{"name": "id", "type": "long"}, {"name": "word", "type": "string"}]
SCHEMA = pa.schema([("id", pa.int64()), ("word", pa.string())])
ALL = {"age": 0, "minimum": 1, "superseded": 0}


def rows_at(table, snapshot_id: int) -> list[tuple]:
    return sorted((row["id"], row["word"]) for row in table.scan(snapshot_id=snapshot_id).to_arrow().to_pylist())


def on_disk(lake: Path) -> set[str]:
    return {f"file://{path}" for path in (lake / "db").rglob("*") if path.is_file()}


def reachable(table) -> set[str]:
    """Every file that the table names, by pyiceberg: entries of deleted files too."""
    found = {table.metadata_location} | {entry.metadata_file for entry in table.metadata.metadata_log}
    for snapshot in table.snapshots():
        found.add(snapshot.manifest_list)
        for manifest in snapshot.manifests(table.io):
            found.add(manifest.manifest_path)
            for entry in manifest.fetch_manifest_entry(table.io, discard_deleted=False):
                found.add(entry.data_file.file_path)
    return found


@pytest.mark.parametrize("seed", range(3))
def test_histories_of_two_writers_shrink_to_what_is_kept(tmp_path, seed):
    numbers = random.Random(seed)
    offset = expired = deleted = 0
    with EvolutionCalls(tmp_path) as calls:
        calls.ok("create", TABLE, columns=COLUMNS, properties={
            "write.metadata.previous-versions-max": "1000", "commit.manifest.min-count-to-merge": "4"})
        for step in range(22):
            table = local_table(tmp_path, TABLE)
            choice = numbers.randrange(7)
            if choice <= 2 or not table.snapshots():
                count = numbers.randrange(1, 5)
                rows = [{"id": offset + i + 1, "word": f"w{(offset + i) % 3}"} for i in range(count)]
                calls.ok("append", TABLE, rows=rows, first=str(offset + 1), last=str(offset + count))
                offset += count
            elif choice == 3:
                table.delete(f"id = {numbers.randrange(1, offset + 1)}")
            elif choice == 4:
                table.overwrite(pa.table({"id": [-step], "word": ["o"]}, schema=SCHEMA), f"word = 'w{step % 3}'")
            elif choice == 5:
                snapshot = numbers.choice(table.snapshots()).snapshot_id
                with table.manage_snapshots() as manage:
                    if numbers.random() < 0.5:
                        manage.create_tag(snapshot, f"t{step}")
                    else:
                        manage.create_branch(snapshot, f"b{step}", min_snapshots_to_keep=2)
            else:
                kept = {snapshot.snapshot_id: rows_at(table, snapshot.snapshot_id) for snapshot in table.snapshots()}
                time.sleep(0.002)
                report = calls.ok("expire", TABLE, **ALL)
                assert report["fault"] is None and report["undeleted"] == []
                expired += len(report["expired"])
                deleted += report["data-files"] + report["metadata-files"]
                table = local_table(tmp_path, TABLE)
                left = {snapshot.snapshot_id for snapshot in table.snapshots()}
                assert left == set(kept) - set(report["expired"])
                for snapshot in left:
                    assert rows_at(table, snapshot) == kept[snapshot]
                assert sorted(row["id"] for row in by_duckdb(table)) == sorted(
                    row[0] for row in kept[table.current_snapshot().snapshot_id])
                assert on_disk(tmp_path) == reachable(table)
                assert calls.ok("watermark", TABLE)["last"] == (str(offset) if offset else None)
    print(f"\nseed {seed}: {expired} snapshots expired, {deleted} files deleted; pyiceberg reads all that is left")
    assert expired


def test_offsets_survive_the_last_snapshot_that_had_them(tmp_path):
    with EvolutionCalls(tmp_path) as calls:
        calls.ok("create", TABLE, columns=COLUMNS)
        calls.ok("append", TABLE, rows=[{"id": 1, "word": "a"}], first="1", last="1")
        local_table(tmp_path, TABLE).overwrite(pa.table({"id": [2], "word": ["b"]}, schema=SCHEMA))
        time.sleep(0.002)
        report = calls.ok("expire", TABLE, **ALL)
        # pyiceberg overwrites in two steps, a deletion and an append.
        assert len(report["expired"]) == 2 and report["data-files"] == 1
        table = local_table(tmp_path, TABLE)
        assert len(table.snapshots()) == 1
        assert "swiftlake.offsets.test" not in table.current_snapshot().summary.additional_properties
        assert calls.ok("watermark", TABLE)["last"] == "1"
        again = calls("append", TABLE, rows=[{"id": 1, "word": "a"}], first="1", last="1")
        assert again["code"] == "staleOffsets"
        calls.ok("append", TABLE, rows=[{"id": 3, "word": "c"}], first="2", last="2")
    assert rows_at(local_table(tmp_path, TABLE), None) == [(2, "b"), (3, "c")]


def test_the_tables_properties_decide(tmp_path):
    with EvolutionCalls(tmp_path) as calls:
        calls.ok("create", TABLE, columns=COLUMNS, properties={
            "history.expire.max-snapshot-age-ms": "3600000", "history.expire.min-snapshots-to-keep": "2",
            "swiftlake.snapshots.max": "5"})
        for number in range(4):
            calls.ok("append", TABLE, rows=[{"id": number, "word": "a"}])
        now = int(time.time() * 1000)
        assert calls.ok("expire", TABLE, now=now)["expired"] == []
        assert len(calls.ok("expire", TABLE, now=now + 3_700_000)["expired"]) == 2
        # Young, but too many; and those of the last ten minutes stay for their readers.
        for number in range(5):
            local_table(tmp_path, TABLE).overwrite(pa.table({"id": [number], "word": ["o"]}, schema=SCHEMA))
        now = int(time.time() * 1000)
        assert calls.ok("expire", TABLE, now=now)["expired"] == []
        report = calls.ok("expire", TABLE, now=now + 601_000)
        assert len(report["expired"]) == 7 and report["attempts"] == 1 and report["bytes"] > 0
        assert len(local_table(tmp_path, TABLE).snapshots()) == 5
        calls.evolve(TABLE, {"change": "set-properties", "properties": {"gc.enabled": "false"}})
        refused = calls("expire", TABLE, **ALL)
        assert refused["code"] == "invalid" and "gc.enabled" in refused["error"]


@pytest.mark.parametrize("kind", ["glue", "rest-oauth2"])
def test_expiry_on_every_catalog(kind, request, seaweedfs):
    lake = AWSLake(kind, seaweedfs, request.getfixturevalue("glue") if kind == "glue" else None)
    with EvolutionCalls(lake.environment()) as calls:
        calls.ok("create", TABLE, columns=COLUMNS)
        for number in range(3):
            calls.ok("append", TABLE, rows=[{"id": number, "word": "a"}], first=str(number), last=str(number))
        lake.catalog().load_table(TABLE).overwrite(pa.table({"id": [7], "word": ["o"]}, schema=SCHEMA))
        first = lake.catalog().load_table(TABLE).snapshots()[0].snapshot_id
        time.sleep(0.002)
        report = calls.ok("expire", TABLE, **ALL)
        assert first in report["expired"] and report["fault"] is None and report["undeleted"] == []
        assert report["data-files"] == 3 and report["metadata-files"] > 0
        table = lake.catalog().load_table(TABLE)
        assert len(table.snapshots()) == 1
        assert rows_at(table, None) == [(7, "o")]
        assert [row[0] for row in lake.duckdb_rows(table.metadata_location)] == [7]
        left = {key for key in lake.keys() if key.endswith((".parquet", ".avro"))}
        assert left == {key for key in lake.referenced(TABLE) if key.endswith((".parquet", ".avro"))}
        assert calls.ok("watermark", TABLE)["last"] == "2"
    print(f"\n{kind}: {len(report['expired'])} snapshots expired with {report['data-files']} data files")
