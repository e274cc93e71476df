"""kinesis-ingest against a loopback Runtime API; pyiceberg and DuckDB judge the tables it wrote."""

import json
import math
import time

import pytest
from readers import DEAD_LETTERS, data_files, files_on_disk, pyiceberg_table, rows
from runtime_api import Function
from sensors import OFFSETS, STREAM, as_row, assert_chain, kinesis_event, readings, sequence_number


@pytest.fixture
def function(tmp_path):
    with Function("kinesis-ingest", tmp_path) as running:
        yield running


def test_rows_are_what_went_in(function, tmp_path):
    batch = readings(9000)
    outcome = function.invoke(kinesis_event(batch))
    assert outcome.reply == {"batchItemFailures": []}, function.log_text()
    assert rows(tmp_path) == sorted(map(as_row, batch), key=repr)


def test_partitions_and_statistics_are_what_went_in(function, tmp_path):
    batch = readings(9000)
    function.invoke(kinesis_event(batch))
    table = pyiceberg_table(tmp_path)
    assert [field.name for field in table.spec().fields] == ["timestamp_sent_hour"]
    files = table.inspect.files().to_pylist()
    assert len(files) == 3
    by_hour = {}
    for reading in batch:
        by_hour.setdefault(reading["timestamp_sent"], []).append(reading)
    assert sum(file["record_count"] for file in files) == len(batch)
    for file in files:
        metrics = file["readable_metrics"]
        hour = metrics["timestamp_sent"]["lower_bound"].strftime("%Y-%m-%d %H")
        expected = by_hour[hour]
        assert file["record_count"] == len(expected)
        for name in ("temperature", "cpu", "ram", "hd", "id_device"):
            values = [reading[name] for reading in expected]
            assert metrics[name]["lower_bound"] == min(values)
            assert metrics[name]["upper_bound"] == max(values)
            assert metrics[name]["null_value_count"] == 0
            assert metrics[name]["value_count"] == len(expected)
        assert f"timestamp_sent_hour={hour.replace(' ', '-')}" in file["file_path"]


def test_pruning_by_partition_and_bounds_finds_the_rows(function, tmp_path):
    batch = readings(9000)
    function.invoke(kinesis_event(batch))
    table = pyiceberg_table(tmp_path)
    found = table.scan(row_filter="timestamp_sent == '2026-11-20T11:00:00' and temperature > 58").to_arrow().num_rows
    assert found == sum(r["timestamp_sent"] == "2026-11-20 11" and r["temperature"] > 58 for r in batch)
    assert len(list(table.scan(row_filter="timestamp_sent == '2026-11-20T11:00:00'").plan_files())) == 1


def test_a_replay_adds_nothing_and_says_so(function, tmp_path):
    event = kinesis_event(readings(50))
    function.invoke(event)
    before = rows(tmp_path), data_files(tmp_path), len(pyiceberg_table(tmp_path).snapshots())
    outcome = function.invoke(event)
    assert outcome.reply == {"batchItemFailures": []}
    assert (rows(tmp_path), data_files(tmp_path), len(pyiceberg_table(tmp_path).snapshots())) == before
    assert "already in the table" in function.log_text()


def test_it_is_measured_how_old_the_newest_row_of_a_commit_is(function):
    """By the stream's own times of arrival: of good records, and only where there are rows to see."""

    def arrived(payloads, first: int, age_ms: int) -> dict:
        event = kinesis_event(payloads, first)
        now = time.time() * 1000
        for record in event["Records"]:
            record["kinesis"]["approximateArrivalTimestamp"] = (now - age_ms) / 1000
        return event

    def lines() -> list[dict]:
        return [line for line in function.logs() if "Freshness" in line]

    old, fresh = readings(20), readings(20, seed=2)
    event = arrived(old, 0, 90_000)
    event["Records"] += arrived(fresh, 20, 20_000)["Records"] + arrived([b"no"], 40, 0)["Records"]
    assert function.invoke(event).reply == {"batchItemFailures": []}, function.log_text()
    (line,) = lines()
    assert 20_000 <= line["Freshness"] < 50_000
    assert line["Table"] == "iot_db.sensor_readings" and "Stream" not in line
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert directive == {
        "Namespace": "Swiftlake", "Dimensions": [["Table"]], "Metrics": [{"Name": "Freshness", "Unit": "Milliseconds"}],
    }  # fmt: skip
    # Neither a replay nor dead letters alone are rows of the table.
    function.invoke(event)
    function.invoke(arrived([b"no"], 50, 0))
    assert len(lines()) == 1
    # A clock that is ahead of ours makes nothing newer than new.
    function.invoke(arrived(readings(1), 60, -3_600_000))
    assert [line["Freshness"] for line in lines()[1:]] == [0]


def test_a_replay_to_a_new_process_adds_nothing(tmp_path):
    event = kinesis_event(readings(50))
    for _ in range(2):
        with Function("kinesis-ingest", tmp_path) as running:
            assert running.invoke(event).reply == {"batchItemFailures": []}
    assert len(rows(tmp_path)) == 50


def test_a_batch_that_straddles_the_watermark_adds_only_the_rest(function, tmp_path):
    batch = readings(100)
    function.invoke(kinesis_event(batch[:60]))
    function.invoke(kinesis_event(batch[30:], first=30))
    assert rows(tmp_path) == sorted(map(as_row, batch), key=repr)


def test_shards_have_watermarks_of_their_own(function, tmp_path):
    batch = readings(40)
    function.invoke(kinesis_event(batch[:20], first=1000, shard="shardId-000000000000"))
    function.invoke(kinesis_event(batch[20:], first=0, shard="shardId-000000000001"))
    assert rows(tmp_path) == sorted(map(as_row, batch), key=repr)
    summary = pyiceberg_table(tmp_path).current_snapshot().summary
    assert set(json.loads(summary[OFFSETS])) == {"shardId-000000000000", "shardId-000000000001"}


def test_offsets_form_a_chain_that_can_be_audited(function, tmp_path):
    batch = readings(90)
    for start in range(0, 90, 30):
        function.invoke(kinesis_event(batch[start : start + 30], first=start))
    table = pyiceberg_table(tmp_path)
    assert_chain(table, 30)


def test_bad_records_become_dead_letters_and_the_rest_rows(function, tmp_path):
    batch = readings(10)
    bad = [b"{", b'{"temperature": "warm"}', b"\xff\xfe", b'{"temperature": 99999999999}', b"[" * 100_000]
    mixed = batch[:5] + bad + batch[5:]
    outcome = function.invoke(kinesis_event(mixed))
    assert outcome.reply == {"batchItemFailures": []}
    assert rows(tmp_path) == sorted(map(as_row, batch), key=repr)
    letters = pyiceberg_table(tmp_path, DEAD_LETTERS).scan().to_arrow().to_pylist()
    assert sorted(letter["raw"] for letter in letters) == sorted(bad)
    assert {letter["sequence_number"] for letter in letters} == {sequence_number(5 + i) for i in range(len(bad))}
    assert all(letter["source"] == STREAM and letter["shard"] == "shardId-000000000000" for letter in letters)
    assert all(letter["error"] for letter in letters)
    assert len(rows(tmp_path, DEAD_LETTERS)) == len(bad)
    function.invoke(kinesis_event(mixed))
    assert len(rows(tmp_path, DEAD_LETTERS)) == len(bad)
    assert len(rows(tmp_path)) == len(batch)


def test_a_batch_of_bad_records_alone_moves_the_watermark(function, tmp_path):
    function.invoke(kinesis_event([b"no", b"json"]))
    table = pyiceberg_table(tmp_path)
    assert rows(tmp_path) == []
    assert json.loads(table.current_snapshot().summary[OFFSETS])["shardId-000000000000"][2] == sequence_number(1)
    assert len(rows(tmp_path, DEAD_LETTERS)) == 2


def test_a_recreated_stream_fails_loudly(function, tmp_path):
    function.invoke(kinesis_event(readings(10), first=1000))
    again = kinesis_event(readings(10), first=0)
    for record in again["Records"]:
        record["kinesis"]["approximateArrivalTimestamp"] += 86_400
    outcome = function.invoke(again)
    assert outcome.error is not None and "recreated" in outcome.error["errorMessage"]
    assert len(rows(tmp_path)) == 10


def test_missing_and_null_members_become_nulls(function, tmp_path):
    whole = readings(1)[0]
    without = {name: value for name, value in whole.items() if name not in ("cpu", "ram")} | {"hd": None}
    function.invoke(kinesis_event([without, {**whole, "unknown": [1, {"deep": None}]}]))
    found = rows(tmp_path)
    assert sum(row[1] is None and row[2] is None and row[3] is None for row in found) == 1
    assert as_row(whole) in found


def test_pyiceberg_appends_in_between(function, tmp_path):
    batch = readings(40)
    function.invoke(kinesis_event(batch[:20]))
    table = pyiceberg_table(tmp_path)
    table.append(table.scan().to_arrow().slice(0, 5))
    function.invoke(kinesis_event(batch[10:], first=10))
    assert len(rows(tmp_path)) == 45
    assert json.loads(pyiceberg_table(tmp_path).current_snapshot().summary[OFFSETS])


def test_doubles_keep_every_bit(function, tmp_path):
    values = [0.1, 1e-308, 5e-324, 1.7976931348623157e308, -0.0, 2.2250738585072014e-308, 123456789.123456789]
    base = readings(len(values))
    function.invoke(kinesis_event([{**reading, "cpu": value} for reading, value in zip(base, values)]))
    found = [row[1] for row in rows(tmp_path)]
    assert sorted(map(float.hex, found)) == sorted(map(float.hex, values))
    assert any(value == 0 and math.copysign(1, value) < 0 for value in found)


def test_the_deadline_stops_the_work_and_the_rest_is_reported(function, tmp_path):
    function.deadline_ms = 0
    outcome = function.invoke(kinesis_event(readings(20)))
    assert outcome.reply == {"batchItemFailures": [{"itemIdentifier": sequence_number(0)}]}
    assert "deadline" in function.log_text()
    function.deadline_ms = 60_000
    assert function.invoke(kinesis_event(readings(20))).reply == {"batchItemFailures": []}
    assert len(rows(tmp_path)) == 20


def test_nothing_but_the_tables_files_is_left_behind(function, tmp_path):
    function.invoke(kinesis_event(readings(100)))
    live = {path.removeprefix(f"file://{tmp_path}/") for path in data_files(tmp_path)}
    assert {path for path in files_on_disk(tmp_path, ".parquet")} == live
