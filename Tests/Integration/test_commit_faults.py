"""Catalogs made by pyiceberg, lakes in awkward places, and disks that fail under a commit."""

import errno
import json
import os
import sqlite3
import subprocess
from urllib.parse import quote

import pyarrow as pa
import pytest

from support import binary, conformance, duckdb_connection, sql_catalog
from test_commit_tables import (
    FIELDS, TABLE, append, audit, batch, batches, ids_by_duckdb, ids_by_pyiceberg, written)


def refused(lake, file) -> str:
    """What an append that must fail says."""
    done = subprocess.run([binary("conformance"), "commits", "append", str(lake), TABLE, str(file)], capture_output=True)
    assert done.returncode == 1, done.stdout.decode()
    return done.stderr.decode()


def fill(folder):
    with open(folder / "filler", "wb", buffering=0) as file:
        try:
            while True:
                file.write(os.urandom(512))
        except OSError as error:
            assert error.errno == errno.ENOSPC


@pytest.fixture
def lake(tmp_path):
    folder = tmp_path / "lake"
    folder.mkdir()
    (tmp_path / "in").mkdir()
    return folder


@pytest.fixture
def small_disk(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder], check=True)
    yield folder
    # Lazily: pyiceberg keeps the catalog's file open until its engine is collected.
    subprocess.run(["umount", "-l", folder], check=True)


@pytest.mark.parametrize("version", ["v0", "v1"])
@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_tables_that_pyiceberg_made(lake, tmp_path, version, journal):
    from pyiceberg.catalog.sql import SqlCatalog
    from pyiceberg.schema import Schema
    from pyiceberg.types import LongType, NestedField, StringType

    if journal == "wal":
        with sqlite3.connect(lake / "catalog.db") as connection:
            connection.execute("PRAGMA journal_mode=WAL")
    if version == "v0":
        conformance("commits", "create", lake, "other.table")
    catalog = SqlCatalog("swiftlake", uri=f"sqlite:///{lake}/catalog.db", warehouse=f"file://{lake}")
    catalog.create_namespace("db")
    schema = Schema(NestedField(1, "id", LongType()), NestedField(2, "word", StringType()))
    table = catalog.create_table(TABLE, schema=schema)
    table.append(pa.table({"id": [7], "word": ["foreign"]}, schema=FIELDS))
    with sqlite3.connect(lake / "catalog.db") as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(iceberg_tables)")]
        assert ("iceberg_type" in columns) == (version == "v1")
    append(lake, written(tmp_path, "b", batches(tmp_path / "in", "1", 3)))
    assert ids_by_pyiceberg(lake) == ids_by_duckdb(lake) == [7] + [1_000_000 + i for i in range(1, 7)]
    assert [str(name) for name in catalog.list_tables("db")] == ["('db', 'events')"]
    catalog.load_table(TABLE).append(pa.table({"id": [8], "word": ["foreign"]}, schema=FIELDS))
    append(lake, written(tmp_path, "c", batches(tmp_path / "in", "1", 1, start=6)))
    assert len(ids_by_pyiceberg(lake)) == 10
    assert catalog.load_table(TABLE).current_snapshot().summary["total-records"] == "10"
    with sqlite3.connect(lake / "catalog.db") as connection:
        current, previous = connection.execute(
            "SELECT metadata_location, previous_metadata_location FROM iceberg_tables WHERE table_name = 'events'"
        ).fetchone()
        assert current == catalog.load_table(TABLE).metadata_location
        assert previous == catalog.load_table(TABLE).metadata.metadata_log[-1].metadata_file
    audit(lake)


@pytest.mark.parametrize("name", ["with space", "50%", "p%20q", "ünï-日本"])
def test_lakes_in_awkward_places(tmp_path, name):
    lake = tmp_path / name
    lake.mkdir()
    (tmp_path / "in").mkdir()
    conformance("commits", "create", lake, TABLE)
    append(lake, written(tmp_path, "b", batches(tmp_path / "in", "1", 2)))
    from pyiceberg.catalog.sql import SqlCatalog

    table = SqlCatalog("swiftlake", uri=f"sqlite:///{quote(str(lake))}/catalog.db").load_table(TABLE)
    assert table.location() == f"file://{lake}/db/events"
    expected = [1_000_001, 1_000_002, 1_000_003, 1_000_004]
    assert sorted(table.scan().to_arrow()["id"].to_pylist()) == expected
    rows = duckdb_connection().execute(f"select id from iceberg_scan('{table.metadata_location}')").fetchall()
    assert sorted(row[0] for row in rows) == expected
    assert json.loads(conformance("commits", "orphans", lake, TABLE).stdout) == []


def test_a_full_disk_for_files_leaves_none_behind(lake, tmp_path, small_disk):
    (lake / "db").symlink_to(small_disk)
    conformance("commits", "create", lake, TABLE)
    append(lake, written(tmp_path, "a", batches(tmp_path / "in", "1", 1)))
    fill(small_disk)
    before = sorted(path.name for path in small_disk.rglob("*"))
    file = written(tmp_path, "b", [batch(tmp_path / "in", "1", 3, 4)])
    message = refused(lake, file)
    assert "No space left on device" in message and "free some space" in message and "unavailable" in message
    assert sorted(path.name for path in small_disk.rglob("*")) == before
    assert ids_by_pyiceberg(lake) == [1_000_001, 1_000_002]
    (small_disk / "filler").unlink()
    assert append(lake, file)[0][2] == "committed"
    assert ids_by_duckdb(lake) == [1_000_001, 1_000_002, 1_000_003, 1_000_004]


def test_a_full_disk_for_the_catalog_is_a_definite_failure(lake, tmp_path, small_disk):
    (lake / "catalog.db").symlink_to(small_disk / "catalog.db")
    conformance("commits", "create", lake, TABLE)
    append(lake, written(tmp_path, "a", batches(tmp_path / "in", "1", 1)))
    fill(small_disk)
    before = sorted(path.name for path in lake.rglob("*"))
    file = written(tmp_path, "b", [batch(tmp_path / "in", "1", 3, 4)])
    message = refused(lake, file)
    assert "catalog.db" in message, message
    assert "no room for the catalog" in message and "unavailable" in message
    assert sorted(path.name for path in lake.rglob("*")) == before, "a definite failure takes its files away"
    (small_disk / "filler").unlink()
    assert append(lake, file)[0][2] == "committed"
    assert ids_by_pyiceberg(lake) == [1_000_001, 1_000_002, 1_000_003, 1_000_004]


def test_a_read_only_catalog_can_be_read(lake, tmp_path):
    conformance("commits", "create", lake, TABLE)
    append(lake, written(tmp_path, "a", batches(tmp_path / "in", "1", 1)))
    subprocess.run(["mount", "--bind", lake, lake], check=True)
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", lake], check=True)
        marks = json.loads(conformance("commits", "watermarks", lake, TABLE, "test").stdout)
        assert marks == {"1": [None, "1", "2", 2]}
        message = refused(lake, written(tmp_path, "b", [batch(tmp_path / "in", "1", 3, 4)]))
        assert "Read-only file system" in message and "mount it writable" in message
    finally:
        subprocess.run(["umount", lake], check=True)
    assert append(lake, written(tmp_path, "b", [batch(tmp_path / "in", "1", 3, 4)]))[0][2] == "committed"


def test_a_killed_sqlite_writer_does_not_stop_the_next(lake, tmp_path):
    """A process that dies inside its transaction leaves a hot journal, which the next opener rolls back."""
    conformance("commits", "create", lake, TABLE)
    append(lake, written(tmp_path, "a", batches(tmp_path / "in", "1", 1)))
    program = (
        "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); c.execute('PRAGMA cache_size=1');"
        "c.execute('BEGIN IMMEDIATE'); c.execute(\"UPDATE iceberg_tables SET metadata_location='file:///lost'\");"
        "c.execute('CREATE TABLE junk(x)');"
        "c.executemany('INSERT INTO junk VALUES (?)', [(os.urandom(3000),)] * 200); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run(["/usr/bin/env", "python3", "-c", program, str(lake / "catalog.db")])
    assert done.returncode == -9
    assert (lake / "catalog.db-journal").exists()
    assert append(lake, written(tmp_path, "b", [batch(tmp_path / "in", "1", 3, 4)]))[0][2] == "committed"
    assert len(ids_by_pyiceberg(lake)) == 4


def test_offsets_that_were_damaged_stop_the_append(lake, tmp_path):
    conformance("commits", "create", lake, TABLE)
    append(lake, written(tmp_path, "a", batches(tmp_path / "in", "1", 1)))
    path = sql_catalog(lake).load_table(TABLE).metadata_location.removeprefix("file://")
    text = open(path).read()
    assert text.count('[null,\\"1\\",\\"2\\",2]') == 2
    open(path, "w").write(text.replace('[null,\\"1\\",\\"2\\",2]', '[null,\\"1\\",\\"two\\",2]'))
    message = refused(lake, written(tmp_path, "b", [batch(tmp_path / "in", "1", 3, 4)]))
    assert "swiftlake.offsets.test" in message and "damaged" in message and "malformed" in message


def test_a_recreated_source_is_refused_loudly(lake, tmp_path):
    conformance("commits", "create", lake, TABLE)
    append(lake, written(tmp_path, "a", batches(tmp_path / "in", "1", 3)))
    again = {**batch(tmp_path / "in", "1", 1, 2), "timestamp": 1_000}
    message = refused(lake, written(tmp_path, "b", [again]))
    assert "deleted and made again" in message and "staleOffsets" in message and "shard 1" in message
