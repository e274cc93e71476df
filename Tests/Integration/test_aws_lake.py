"""The shipped kinesis-ingest on S3, with a Glue, a REST and a SQLite catalog; pyiceberg and DuckDB judge its tables, and
pyiceberg's own catalogs append to them in between."""

import math

import pytest
from aws_lakes import KINDS, AWSLake, packaged
from readers import DEAD_LETTERS, READINGS
from runtime_api import Function
from sensors import OFFSETS, as_row, assert_chain, kinesis_event, readings, sequence_number

DONE = {"batchItemFailures": []}


@pytest.fixture(params=KINDS)
def lake(request, new_lake):
    return new_lake(request.param)


@pytest.fixture
def glue_lake(new_lake):
    return new_lake("glue")


def ingest(lake: AWSLake, **changes) -> Function:
    return Function("kinesis-ingest", None, lake.environment(**changes), program=packaged("kinesis-ingest"))


def send(function: Function, batch, first: int = 0):
    outcome = function.invoke(kinesis_event(batch, first=first))
    assert outcome.reply == DONE, function.log_text()


def test_rows_are_what_went_in(lake):
    batch = readings(9000)
    with ingest(lake) as function:
        send(function, batch)
    assert lake.rows() == sorted(map(as_row, batch), key=repr)
    files = lake.table().inspect.files().to_pylist()
    assert len(files) == 3, "a file for each hour"
    assert sum(file["record_count"] for file in files) == 9000


def test_pyiceberg_appends_in_between(lake):
    """Its own catalog of the same kind, to a table that a warm function keeps in mind."""
    batch = readings(60)
    with ingest(lake) as function:
        send(function, batch[:20])
        table = lake.table()
        table.append(table.scan().to_arrow().slice(0, 5))
        send(function, batch[10:40], first=10)
        table = lake.table()
        table.append(table.scan().to_arrow().slice(0, 5))
        table.append(table.scan().to_arrow().slice(0, 5))
        send(function, batch[30:], first=30)
    found = lake.rows()
    assert len(found) == 60 + 15
    assert set(found) == set(map(as_row, batch))
    snapshots = lake.table().snapshots()
    assert [OFFSETS in s.summary.additional_properties for s in snapshots] == [True, False, True, False, False, True]
    assert lake.keys() <= lake.referenced() | (lake.referenced(DEAD_LETTERS) if lake.exists(DEAD_LETTERS) else set())


def test_a_table_that_pyiceberg_made(lake):
    """Its columns in another order, without our properties, with rows that are in it already."""
    with ingest(lake) as function:
        send(function, readings(5))
    made = lake.table()
    rows = made.scan().to_arrow()
    catalog = lake.catalog()
    catalog.drop_table(READINGS)
    location = f"{lake.warehouse}/iot_db/anew"
    catalog.create_table(READINGS, made.schema(), location=location, partition_spec=made.spec()).append(rows)
    batch = readings(30, seed=2)
    with ingest(lake, LAKE_CREATE_TABLES="0") as function:
        send(function, batch[:15])
        send(function, batch[15:], first=15)
    assert lake.rows() == sorted(map(as_row, readings(5) + batch), key=repr)


def test_replays_add_nothing_in_warm_and_cold_processes(lake):
    batch = readings(100)
    for _ in range(2):
        with ingest(lake) as function:
            send(function, batch[:60])
            send(function, batch[:60])
            send(function, batch[30:], first=30)
            assert "already in the table" in function.log_text()
    assert lake.rows() == sorted(map(as_row, batch), key=repr)
    assert len(lake.table().snapshots()) == 2


def test_offsets_form_a_chain_that_can_be_audited(lake):
    batch = readings(90)
    with ingest(lake) as function:
        for start in range(0, 90, 30):
            send(function, batch[start : start + 30], first=start)
    table = lake.table()
    assert_chain(table, 30)


def test_bad_records_become_dead_letters_and_the_rest_rows(lake):
    batch = readings(10)
    bad = [b"{", b'{"temperature": "warm"}', b"\xff\xfe"]
    with ingest(lake) as function:
        for _ in range(2):
            send(function, batch[:5] + bad + batch[5:])
    assert lake.rows() == sorted(map(as_row, batch), key=repr)
    letters = lake.table(DEAD_LETTERS).scan().to_arrow().to_pylist()
    assert sorted(letter["raw"] for letter in letters) == sorted(bad)
    assert len(lake.rows(DEAD_LETTERS)) == 3


def test_nothing_but_the_tables_files_is_left_behind(lake):
    with ingest(lake) as function:
        for start in range(0, 100, 20):
            send(function, readings(20, seed=start) + [b"bad"], first=start * 2)
    assert lake.keys() == lake.referenced() | lake.referenced(DEAD_LETTERS)


def test_doubles_keep_every_bit(lake):
    values = [0.1, 1e-308, 5e-324, 1.7976931348623157e308, -0.0, 2.2250738585072014e-308, 123456789.123456789]
    with ingest(lake) as function:
        send(function, [{**reading, "cpu": value} for reading, value in zip(readings(len(values)), values)])
    found = [row[1] for row in lake.rows()]
    assert sorted(map(float.hex, found)) == sorted(map(float.hex, values))
    assert any(value == 0 and math.copysign(1, value) < 0 for value in found)


def test_glue_shows_the_table_as_other_engines_expect_it(glue_lake, glue):
    client = glue.client()
    with ingest(glue_lake) as function:
        send(function, readings(10))
        first = client.get_table(DatabaseName="iot_db", Name="sensor_readings")["Table"]
        kept = ("Name", "TableType", "Parameters", "StorageDescriptor", "Description", "Owner", "Retention")
        changed = {name: first[name] for name in kept if name in first}
        changed["Parameters"] = {**first["Parameters"], "owner-team": "iot"}
        changed["Description"] = "Edited in the console"
        client.update_table(DatabaseName="iot_db", TableInput=changed, VersionId=first["VersionId"])
        send(function, readings(10), first=10)
    second = client.get_table(DatabaseName="iot_db", Name="sensor_readings")["Table"]
    table = glue_lake.table()
    assert first["TableType"] == second["TableType"] == "EXTERNAL_TABLE"
    assert first["Parameters"]["table_type"].upper() == "ICEBERG"
    assert "previous_metadata_location" in second["Parameters"]
    assert second["Parameters"]["metadata_location"] == table.metadata_location
    assert second["Parameters"]["previous_metadata_location"] == table.metadata.metadata_log[-1].metadata_file
    assert second["Parameters"]["owner-team"] == "iot"
    assert second["Description"] == "Edited in the console"
    assert second["StorageDescriptor"]["Location"] == table.location()
    columns = second["StorageDescriptor"]["Columns"]
    assert [(column["Name"], column["Type"]) for column in columns] == [
        ("temperature", "int"), ("cpu", "double"), ("ram", "double"), ("hd", "double"),
        ("timestamp", "timestamp"), ("timestamp_sent", "timestamp"), ("id_device", "int"),
    ]  # fmt: skip
    for column, field in zip(columns, table.schema().fields):
        assert column["Comment"] == field.doc
        assert column["Parameters"]["iceberg.field.id"] == str(field.field_id)
        assert column["Parameters"]["iceberg.field.optional"] == "true"
        assert column["Parameters"]["iceberg.field.current"] == "true"
    updates = [request for operation, request in glue.calls if operation == "UpdateTable"]
    assert len(updates) == 3
    for request in (updates[0], updates[2]):
        assert request["SkipArchive"] is True and len(request["VersionId"]) == 32


def test_a_table_that_is_missing_on_aws_is_not_made_unasked(glue_lake):
    with ingest(glue_lake, LAKE_CREATE_TABLES=None) as function:
        outcome = function.invoke(kinesis_event(readings(3)))
        assert outcome.reply == {"batchItemFailures": [{"itemIdentifier": sequence_number(0)}]}
        assert "bootstrap-tables" in function.log_text() and READINGS in function.log_text()
    assert not glue_lake.keys()
