"""kinesis-ingest into a table of plain Parquet files: folders as Hive names them, read by DuckDB, and told to Glue."""

import json
import random
import threading
from pathlib import Path
from urllib.parse import unquote

import pyarrow.parquet as parquet
import pytest
from aws_lakes import AWSLake
from runtime_api import Function
from sensors import STREAM, kinesis_event, payload, readings, sequence_number
from servers import ACCESS_KEY, REGION, SECRET_KEY
from support import ROOT, duckdb_connection

NAME = "iot_db.sensor_readings"
SHARD = "shardId-000000000000"
NULL = "__HIVE_DEFAULT_PARTITION__"


@pytest.fixture
def definition(tmp_path) -> str:
    """The lake's definition with the readings in plain files, partitioned by the text of the hour sent."""
    value = json.loads((ROOT / "lake.json").read_text())
    table = next(table for table in value["tables"] if table["name"] == NAME)
    table |= {"format": "parquet", "partition": ["timestamp_sent"]}
    table.pop("retention")
    path = tmp_path / "definition.json"
    path.write_text(json.dumps(value))
    return str(path)


def folder(lake: Path) -> Path:
    return lake / "warehouse" / "iot_db" / "sensor_readings" / "data"


def row(reading: dict) -> tuple:
    return (reading["id_device"], reading["temperature"], reading["cpu"], reading["timestamp"], reading["timestamp_sent"])


COLUMNS = """id_device, temperature, cpu, strftime("timestamp", '%Y-%m-%d %H:%M:%S.%f'), timestamp_sent"""


def duckdb_rows(pattern: str, connection=None) -> list[tuple]:
    connection = connection or duckdb_connection()
    return sorted(connection.execute(
        f"select {COLUMNS} from read_parquet('{pattern}', hive_partitioning = true, hive_types_autocast = false)"
    ).fetchall())


def ingest(function: Function, batch, first=0, **options) -> dict:
    outcome = function.invoke(kinesis_event(batch, first=first, **options))
    assert outcome.error is None and outcome.reply is not None, (outcome.error, function.log_text())
    return outcome.reply


def settings(definition: str, **more) -> dict:
    return {"LAKE_DEFINITION": definition, **more}


def test_folders_and_files_are_what_hive_expects(tmp_path, definition):
    batch = readings(9000, per_hour=4000)
    with Function("kinesis-ingest", tmp_path, settings(definition)) as function:
        assert ingest(function, batch) == {"batchItemFailures": []}
    data = folder(tmp_path)
    assert sorted(path.name for path in data.iterdir()) == [f"timestamp_sent=2026-11-20 {hour}" for hour in (10, 11, 12)]
    (file,) = (data / "timestamp_sent=2026-11-20 11").iterdir()
    first, last = (sequence_number(index).zfill(56) for index in (4000, 7999))
    assert file.name == f"sensor-readings-{SHARD}-{first}-{last}.parquet"
    assert parquet.read_schema(file).names == ["temperature", "cpu", "ram", "hd", "timestamp", "id_device"]
    assert duckdb_rows(f"{data}/*/*.parquet") == sorted(map(row, batch))
    print("\nDuckDB and PyArrow read 9,000 readings in three folders")


@pytest.mark.parametrize("seed", range(3))
def test_any_cut_replay_or_kill_leaves_each_record_once(tmp_path, definition, seed):
    """Batches of random bounds, some sent again, by processes of which some are killed in the middle."""
    numbers = random.Random(seed)
    batch = readings(1200, seed=seed, per_hour=200)
    numbers.shuffle(batch)  # Each batch meets many hours.
    done = kills = 0
    function = Function("kinesis-ingest", tmp_path, settings(definition))
    try:
        while done < len(batch):
            start = max(0, done - numbers.randrange(0, 120))
            end = min(len(batch), done + numbers.randrange(1, 250))
            event = kinesis_event(batch[start:end], first=start)
            if numbers.random() < 0.4:
                kills += 1
                step = settings(definition, LAKE_KILL_AT_STEP=str(numbers.randrange(0, 12)))
                with Function("kinesis-ingest", tmp_path, step) as victim:
                    victim.invoke(event)
                continue
            outcome = function.invoke(event)
            assert outcome.reply == {"batchItemFailures": []}, function.log_text()
            done = end
    finally:
        function.__exit__(None, None, None)
    assert duckdb_rows(f"{folder(tmp_path)}/*/*.parquet") == sorted(map(row, batch))
    assert_ranges(folder(tmp_path), batch)
    print(f"\nseed {seed}: {kills} processes were killed")


def assert_ranges(data: Path, batch):
    """No two files of a folder overlap, and each holds every record of its range that belongs to the folder."""
    for place in data.iterdir():
        value = place.name.removeprefix("timestamp_sent=")
        ranges = sorted(tuple(map(int, file.stem.split("-")[-2:])) for file in place.iterdir())
        assert all(one[1] < other[0] for one, other in zip(ranges, ranges[1:]))
        own = [int(sequence_number(index)) for index, reading in enumerate(batch) if reading["timestamp_sent"] == value]
        for first, last in ranges:
            (file,) = place.glob(f"*-{str(first).zfill(56)}-{str(last).zfill(56)}.parquet")
            assert parquet.read_metadata(file).num_rows == sum(first <= number <= last for number in own)


def test_concurrent_identical_batches_write_one_file(tmp_path, definition):
    batch = readings(500)
    functions = [Function("kinesis-ingest", tmp_path, settings(definition)) for _ in range(4)]
    try:
        threads = [threading.Thread(target=ingest, args=(function, batch)) for function in functions]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for function in functions:
            assert ingest(function, batch) == {"batchItemFailures": []}
    finally:
        for function in functions:
            function.__exit__(None, None, None)
    assert len(list(folder(tmp_path).glob("*/*"))) == 1
    assert duckdb_rows(f"{folder(tmp_path)}/*/*.parquet") == sorted(map(row, batch))


def test_bad_records_and_odd_values(tmp_path, definition):
    """Bad records go to the dead-letter table; any text that can name a folder does."""
    value = json.loads(Path(definition).read_text())
    table = next(table for table in value["tables"] if table["name"] == NAME)
    table["columns"].append({"name": "site", "type": "string"})
    table["partition"] = ["site", "timestamp_sent"]
    Path(definition).write_text(json.dumps(value))
    sites = ["eu/west", "100%", "a=b", "10:30", "ü 'x' \"y\" #*?\\{}[]^", "tab\there", "..", ".", None, "", "x" * 300,
             "; drop table", "%2F"]
    batch = [reading | {"site": site} for reading, site in zip(readings(len(sites)), sites)]
    with Function("kinesis-ingest", tmp_path, settings(definition)) as function:
        for _ in range(2):
            assert ingest(function, [payload(reading) for reading in batch] + [b"no json"]) == {"batchItemFailures": []}
    names = {path.name for path in folder(tmp_path).iterdir()}
    expected = {site or NULL for site in sites if site is None or len(site) < 300}
    assert {unquote(name.removeprefix("site=")) for name in names} == expected
    assert "site=ü %27x%27 %22y%22 %23%2A%3F%5C%7B}%5B%5D%5E" in names and "site=tab%09here" in names
    connection = duckdb_connection()
    rows = connection.execute(
        f"select site, count(*) from read_parquet('{folder(tmp_path)}/*/*/*.parquet', hive_partitioning = true, "
        "hive_types_autocast = false) group by site").fetchall()
    # DuckDB gives null for the folder of null.
    assert {site or NULL: count for site, count in rows} == {site: 2 if site == NULL else 1 for site in expected}
    from readers import DEAD_LETTERS, rows as lake_rows

    assert len(lake_rows(tmp_path, DEAD_LETTERS)) == 2


def partitions(glue, name: str = NAME) -> dict[tuple, str]:
    database, table = name.split(".")
    found = glue.client().get_partitions(DatabaseName=database, TableName=table)["Partitions"]
    return {tuple(partition["Values"]): partition["StorageDescriptor"]["Location"] for partition in found}


def test_glue_is_told_of_partitions(seaweedfs, glue, definition):
    lake = AWSLake("glue", seaweedfs, glue)
    environment = lake.environment(LAKE_DEFINITION=definition)
    batch = readings(300, per_hour=100)
    data = f"s3://{lake.bucket}/warehouse/iot_db/sensor_readings/data"
    with Function("kinesis-ingest", None, environment) as function:
        assert ingest(function, batch[:150]) == {"batchItemFailures": []}
        expected = {(f"2026-11-20 {hour}",): f"{data}/timestamp_sent=2026-11-20 {hour}/" for hour in (10, 11)}
        assert partitions(glue) == expected
        calls = len(glue.calls)
        assert ingest(function, batch[:150]) == {"batchItemFailures": []}
        assert len(glue.calls) == calls, "a warm process asks Glue nothing that it knows"
    # What a process that died left untold, the replay tells.
    glue.client().delete_partition(DatabaseName="iot_db", TableName="sensor_readings", PartitionValues=["2026-11-20 10"])
    with Function("kinesis-ingest", None, environment) as function:
        assert ingest(function, batch[:150]) == {"batchItemFailures": []}
        assert partitions(glue) == expected
        assert ingest(function, batch, first=0) == {"batchItemFailures": []}
    assert len(partitions(glue)) == 3
    table = glue.client().get_table(DatabaseName="iot_db", Name="sensor_readings")["Table"]
    assert [key["Name"] for key in table["PartitionKeys"]] == ["timestamp_sent"]
    assert table["PartitionKeys"][0]["Type"] == "string"
    connection = duckdb_connection()
    endpoint = seaweedfs.s3_endpoint.removeprefix("http://")
    connection.execute(
        f"CREATE SECRET (TYPE s3, KEY_ID '{ACCESS_KEY}', SECRET '{SECRET_KEY}', REGION '{REGION}', "
        f"ENDPOINT '{endpoint}', URL_STYLE 'path', USE_SSL false)")
    assert duckdb_rows(f"{data}/*/*.parquet", connection) == sorted(map(row, batch))
    print("\n300 readings in SeaweedFS by DuckDB, three partitions in moto's Glue")


def test_a_table_that_glue_has_otherwise_is_left_alone(seaweedfs, glue, definition):
    lake = AWSLake("glue", seaweedfs, glue)
    missing = lake.environment(LAKE_DEFINITION=definition, LAKE_CREATE_TABLES="0")
    with Function("kinesis-ingest", None, missing) as function:
        outcome = function.invoke(kinesis_event(readings(3)))
        assert outcome.reply["batchItemFailures"] == [{"itemIdentifier": sequence_number(0)}]
        assert "bootstrap-tables" in function.log_text()
    client = glue.client()
    client.create_database(DatabaseInput={"Name": "iot_db"})
    client.create_table(DatabaseName="iot_db", TableInput={
        "Name": "sensor_readings", "Parameters": {"table_type": "ICEBERG", "metadata_location": "s3://x/y"}})
    with Function("kinesis-ingest", None, missing) as function:
        outcome = function.invoke(kinesis_event(readings(3)))
        assert outcome.reply["batchItemFailures"] == [{"itemIdentifier": sequence_number(0)}]
        assert "Iceberg table in Glue" in function.log_text()
    assert seaweedfs.keys(lake.bucket) == []
    assert STREAM.endswith("sensor-readings")
