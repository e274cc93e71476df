"""Several warm functions on one table and one shard, with batches that overlap and come in any order a retry may bring:
each row and each dead letter is in the lake exactly once."""

import random
import threading

import pytest
from readers import DEAD_LETTERS, exists, pyiceberg_table, rows
from runtime_api import Function
from sensors import ARRIVAL_MS, as_row, kinesis_event, readings, sequence_number
from support import sql_catalog

DONE = {"batchItemFailures": []}


def poison(index: int) -> bytes:
    return b'{"temperature": "warm %d"}' % index


def deliver(function: Function, stream: list, numbers: random.Random, shard: str, failures: list):
    """Sends a shard's records as Lambda does: in order, in batches cut anew each time, some sent again, and on from the
    record that a reply names."""
    try:
        place, last, tries = 0, len(stream), 0
        while place < last:
            start = max(0, place - numbers.choice([0, 0, 1, 7]))
            end = min(last, place + numbers.randint(1, 12))
            outcome = function.invoke(kinesis_event(stream[start:end], first=start, shard=shard), timeout=120)
            assert outcome.reply is not None, outcome
            reported = outcome.reply["batchItemFailures"]
            if not reported:
                place = end
                continue
            tries += 1
            assert tries < 200, function.log_text()
            sequence = reported[0]["itemIdentifier"]
            place = next(index for index in range(last) if sequence_number(index) == sequence)
            assert start <= place < end
    except BaseException as error:  # the thread's failure is the test's
        failures.append(error)


def check(lake, expected: list[tuple], letters: list[bytes]):
    assert rows(lake) == sorted(expected, key=repr)
    found = []
    if exists(lake, DEAD_LETTERS):
        found = [row["raw"] for row in pyiceberg_table(lake, DEAD_LETTERS).scan().to_arrow().to_pylist()]
    assert sorted(found) == sorted(letters)


@pytest.mark.parametrize("seed", [1, 2])
def test_functions_that_race_for_one_shard(tmp_path, seed):
    good = readings(60, seed=seed)
    stream = [poison(index) if index % 9 == 4 else reading for index, reading in enumerate(good)]
    with Function("kinesis-ingest", tmp_path) as first, Function("kinesis-ingest", tmp_path) as second, Function(
        "kinesis-ingest", tmp_path
    ) as third:
        failures: list = []
        threads = [
            threading.Thread(
                target=deliver,
                args=(function, stream, random.Random(seed * 10 + index), "shardId-000000000000", failures),
            )
            for index, function in enumerate((first, second, third))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failures, failures
    bad = [poison(index) for index in range(60) if index % 9 == 4]
    check(tmp_path, [as_row(record) for record in stream if isinstance(record, dict)], bad)


def test_functions_with_a_shard_each(tmp_path):
    shards = {f"shardId-{number:012}": readings(40, seed=number) for number in range(3)}
    functions = [Function("kinesis-ingest", tmp_path) for _ in shards]
    failures: list = []
    threads = [
        threading.Thread(target=deliver, args=(function, stream, random.Random(number), shard, failures))
        for number, (function, (shard, stream)) in enumerate(zip(functions, shards.items()))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for function in functions:
        function.__exit__()
    assert not failures, failures
    check(tmp_path, [as_row(reading) for stream in shards.values() for reading in stream], [])


def test_functions_that_are_killed_while_others_go_on(tmp_path):
    """A process dies at some step of a commit, and another, warm all the time, takes the batch again."""
    good = readings(48)
    stream = [poison(index) if index % 6 == 2 else reading for index, reading in enumerate(good)]
    numbers = random.Random(5)
    with Function("kinesis-ingest", tmp_path) as survivor:
        for start in range(0, 48, 6):
            batch = kinesis_event(stream[max(0, start - 3) : start + 6], first=max(0, start - 3))
            step = {"LAKE_KILL_AT_STEP": str(numbers.randint(1, 20))}
            with Function("kinesis-ingest", tmp_path, step) as victim:
                victim.invoke(batch)
            assert survivor.invoke(batch).reply == DONE, survivor.log_text()
    bad = [poison(index) for index in range(48) if index % 6 == 2]
    check(tmp_path, [as_row(record) for record in stream if isinstance(record, dict)], bad)


def test_a_table_rolled_back_under_a_warm_function(tmp_path):
    """Nothing is acknowledged on the word of a version that somebody has rolled back."""
    batch = readings(30)
    with Function("kinesis-ingest", tmp_path) as function:
        for start in range(0, 30, 10):
            function.invoke(kinesis_event(batch[start : start + 10], first=start))
        table = pyiceberg_table(tmp_path)
        earlier = table.snapshots()[0]
        with table.manage_snapshots() as snapshots:
            snapshots.rollback_to_snapshot(earlier.snapshot_id)
        # The mirror in the table's properties says more than the rows that are left, so it must not count.
        assert function.invoke(kinesis_event(batch[10:], first=10)).reply == DONE, function.log_text()
    check(tmp_path, [as_row(reading) for reading in batch], [])


def test_a_table_rolled_back_to_before_its_first_offsets(tmp_path):
    """The properties still mirror the offsets, but the rows are gone: they must come in again."""
    batch = readings(21)
    with Function("kinesis-ingest", tmp_path) as function:
        function.invoke(kinesis_event(batch[1:2], first=1))
    catalog = sql_catalog(tmp_path)
    made = catalog.load_table("iot_db.sensor_readings")
    rows_of_one = made.scan().to_arrow()
    catalog.drop_table("iot_db.sensor_readings")
    table = catalog.create_table(
        "iot_db.sensor_readings", made.schema(), location=f"file://{tmp_path}/anew", partition_spec=made.spec())
    table.append(rows_of_one)
    for _ in range(2):
        with Function("kinesis-ingest", tmp_path) as function:
            assert function.invoke(kinesis_event(batch[11:], first=11)).reply == DONE, function.log_text()
            check(tmp_path, [as_row(reading) for reading in batch[1:2] + batch[11:]], [])
            table = pyiceberg_table(tmp_path)
            with table.manage_snapshots() as snapshots:
                snapshots.rollback_to_snapshot(table.snapshots()[0].snapshot_id)
            assert function.invoke(kinesis_event(batch[11:], first=11)).reply == DONE, function.log_text()
        check(tmp_path, [as_row(reading) for reading in batch[1:2] + batch[11:]], [])


def test_a_table_dropped_under_a_warm_function(tmp_path):
    batch = readings(20)
    with Function("kinesis-ingest", tmp_path) as function:
        assert function.invoke(kinesis_event(batch)).reply == DONE
        sql_catalog(tmp_path).drop_table("iot_db.sensor_readings")
        again = function.invoke(kinesis_event(batch)).reply
        assert again == {"batchItemFailures": [{"itemIdentifier": sequence_number(0)}]}
        assert function.invoke(kinesis_event(batch)).reply == DONE, function.log_text()
    check(tmp_path, [as_row(reading) for reading in batch], [])


def test_arrival_times_that_no_clock_shows(tmp_path):
    """A hand-made event may carry any number as its arrival time; the bad record still becomes a dead letter."""
    with Function("kinesis-ingest", tmp_path) as function:
        for index, time in enumerate([9e15, -9e15, -1, 0, 1e15, ARRIVAL_MS * 1000]):
            event = kinesis_event([b"bad %d" % index], first=index, shard=f"shardId-{index:012}")
            event["Records"][0]["kinesis"]["approximateArrivalTimestamp"] = time
            assert function.invoke(event).reply == DONE, function.log_text()
    check(tmp_path, [], [b"bad %d" % index for index in range(6)])


def test_ten_thousand_bad_records_and_a_large_one(tmp_path):
    with Function("kinesis-ingest", tmp_path) as function:
        small = [b"bad %d" % index for index in range(10_000)]
        assert function.invoke(kinesis_event(small)).reply == DONE, function.log_text()
        large = bytes(random.Random(1).randbytes(1 << 20))
        assert function.invoke(kinesis_event([large], first=10_000)).reply == DONE, function.log_text()
    check(tmp_path, [], small + [large])


@pytest.mark.parametrize("key", ["", "é", "\U0001f600", "\u0000", "\\\"\n", "e\u0301" * 100, "x" * 256])
def test_partition_keys_of_any_text(tmp_path, key):
    with Function("kinesis-ingest", tmp_path) as function:
        event = kinesis_event([b"bad", readings(1)[0], b"worse"])
        for record in event["Records"]:
            record["kinesis"]["partitionKey"] = key
        for _ in range(2):
            assert function.invoke(event).reply == DONE, function.log_text()
    letters = pyiceberg_table(tmp_path, DEAD_LETTERS).scan().to_arrow().to_pylist()
    assert [letter["partition_key"] for letter in letters] == [key, key]
    assert len(rows(tmp_path, DEAD_LETTERS)) == 2 and len(rows(tmp_path)) == 1
