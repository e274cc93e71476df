"""Quote windows when several functions run at once, when one dies at any step, and when others change the table: always
against DuckDB's own answer."""

import json
import random
import threading

import pytest
from kafka_events import CLUSTER
from quote_records import STATE, TABLE, TOPIC, Deliveries, event, flat, records
from quotes_reference import Reference
from readers import DEAD_LETTERS, exists, pyiceberg_table
from runtime_api import Function
from support import ROOT, duckdb_connection
from test_windows import DONE, KILLED, check


def check_streams(lake, streams) -> int:
    with duckdb_connection() as connection:
        reference = Reference(connection, flat(streams))
        check(lake, reference)
        return reference.value("SELECT count(*) FROM quotes")


def metric(function: Function, name: str) -> list:
    return [line[name] for line in function.logs() if name in line and "_aws" in line]


def bar(symbol: str, minute: int, price: float) -> tuple[int, bytes]:
    time = f"2026-11-20T{10 + minute // 60:02}:{minute % 60:02}:00Z"
    return 1_795_168_800_000 + minute * 60_000, json.dumps({"bars": {symbol: {"t": time, "c": price}}}).encode()


def test_functions_with_partitions_of_their_own(tmp_path):
    """Three functions at once, each with its partitions: they share the table, but no entry of state."""
    streams = records(6_000, seed=31)
    owned = [[0], [1], [2, 3]]
    failures: list = []

    def take(partitions, seed):
        try:
            own = [stream if number in partitions else [] for number, stream in enumerate(streams)]
            deliveries = Deliveries(own, random.Random(seed), 300)
            with Function("kafka-ingest", tmp_path) as function:
                while ranges := deliveries.next():
                    outcome = function.invoke(event(streams, ranges), timeout=120)
                    assert outcome.reply == DONE, function.log_text()
                    deliveries.taken(ranges)
        except BaseException as error:  # the thread's failure is the test's
            failures.append(error)

    threads = [threading.Thread(target=take, args=(partitions, seed)) for seed, partitions in enumerate(owned)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures
    print(f"{check_streams(tmp_path, streams)} rows by three functions at once, all as DuckDB has them")


@pytest.mark.parametrize("seed", [41, 42])
def test_functions_that_race_for_the_same_partitions(tmp_path, seed):
    """A replay that overlaps is sent to another function while the first is still at work: one of the two computes its
    windows again, from what the other has stored."""
    streams = records(1_200, seed=seed)
    failures: list = []

    def take(index):
        try:
            deliveries = Deliveries(streams, random.Random(seed * 10 + index), 60)
            with Function("kafka-ingest", tmp_path) as function:
                while ranges := deliveries.next():
                    outcome = function.invoke(event(streams, ranges), timeout=120)
                    if outcome.reply == DONE:
                        deliveries.taken(ranges)
                    else:
                        assert outcome.error["errorType"] == "Ingest.Uncommitted", function.log_text()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=take, args=(index,)) for index in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures
    print(f"{check_streams(tmp_path, streams)} rows by three functions that raced, all as DuckDB has them")


def test_killed_at_every_step(tmp_path):
    """Also between the commit of the dead letters and that of the rows and windows."""
    streams = records(600, seed=51)
    half = [len(stream) // 2 for stream in streams]
    first = event(streams, {number: range(0, place) for number, place in enumerate(half)})
    second = event(streams, {number: range(max(0, place - 9), len(streams[number])) for number, place in enumerate(half)})
    step, between = 0, 0
    while True:
        step += 1
        lake = tmp_path / f"step-{step}"
        lake.mkdir()
        with Function("kafka-ingest", lake) as function:
            assert function.invoke(first).reply == DONE, function.log_text()
        before = pyiceberg_table(lake, TABLE).metadata_location
        letters = len(pyiceberg_table(lake, DEAD_LETTERS).scan().to_arrow())
        with Function("kafka-ingest", lake, {"LAKE_KILL_AT_STEP": str(step)}) as function:
            outcome = function.invoke(second)
        if outcome.exit_status is None:
            break
        assert outcome.exit_status == KILLED
        if pyiceberg_table(lake, TABLE).metadata_location == before:
            between += len(pyiceberg_table(lake, DEAD_LETTERS).scan().to_arrow()) > letters
        with Function("kafka-ingest", lake) as function:
            assert function.invoke(second).reply == DONE, function.log_text()
        check_streams(lake, streams)
    print(f"killed at each of {step - 1} steps, {between} of them between dead letters and rows")
    assert step > 16 and between > 0


def test_an_asset_on_two_partitions_is_alarmed(tmp_path):
    """The rows are written all the same, once for each partition."""
    streams = [[bar("BTC/USD", minute, 1 + minute) for minute in range(8)] for _ in range(2)]
    streams += [[bar("ETH/USD", minute, 5) for minute in range(8)]]
    with Function("kafka-ingest", tmp_path) as function:
        for ranges in ({2: range(0, 8)}, {0: range(0, 4)}):
            assert function.invoke(event(streams, ranges)).reply == DONE
        assert metric(function, "AssetsOnSeveralPartitions") == []
        for ranges in ({1: range(0, 4)}, {0: range(4, 8), 1: range(4, 8)}):
            assert function.invoke(event(streams, ranges)).reply == DONE
        assert metric(function, "AssetsOnSeveralPartitions") == [1, 1]
        alarms = [line for line in function.logs() if line.get("level") == "ERROR"]
        assert len(alarms) == 2 and all("two partitions" in json.dumps(line) for line in alarms), alarms
    check_streams(tmp_path, streams)


def test_a_partition_is_far_behind_the_others(tmp_path):
    """A partition's watermark is its own: what one has closed long ago is open for another."""
    streams = [[bar("BTC/USD", minute, 1) for minute in range(0, 600, 5)], [bar("ETH/USD", minute, 2) for minute in range(60)]]
    with Function("kafka-ingest", tmp_path) as function:
        assert function.invoke(event(streams, {0: range(0, 120)})).reply == DONE
        assert function.invoke(event(streams, {1: range(0, 60)})).reply == DONE
        assert metric(function, "RecordsLate") == []
    assert check_streams(tmp_path, streams) == 120 - 1 + 60 - 3


def test_bad_records_that_stop_the_stream(tmp_path):
    """Nothing of a bad record is taken until the definition lets it pass; then its good bars are."""
    streams = [[bar("BTC/USD", minute, minute) for minute in range(12)]]
    both = {"bars": {"BTC/USD": {"t": "2026-11-20T10:05:00Z", "c": 900}, "BTC": {"t": "2026-11-20T10:05:00Z", "c": 1}}}
    streams[0][6] = (streams[0][6][0], json.dumps(both).encode())
    definition = tmp_path / "lake.json"
    lake = json.loads((ROOT / "lake.json").read_text())
    next(stream for stream in lake["streams"] if stream["name"] == TOPIC)["onBadRecord"] = "fail"
    definition.write_text(json.dumps(lake))
    whole = event(streams, {0: range(0, 12)})
    with Function("kafka-ingest", tmp_path, {"LAKE_DEFINITION": str(definition)}) as function:
        for _ in range(2):
            assert function.invoke(whole).error["errorType"] == "Ingest.Uncommitted"
    assert not exists(tmp_path, DEAD_LETTERS)
    check_streams(tmp_path, [streams[0][:6]])
    (mark,) = json.loads(pyiceberg_table(tmp_path, TABLE).properties[f"swiftlake.offsets.{CLUSTER}"]).values()
    assert mark[2] == "5"
    with Function("kafka-ingest", tmp_path) as function:
        assert function.invoke(whole).reply == DONE
    check_streams(tmp_path, streams)


def test_a_table_rolled_back_under_a_warm_function(tmp_path):
    """Windows go back with the offsets, and both come in again."""
    streams = records(800, seed=61)
    ends = [len(stream) for stream in streams]
    with Function("kafka-ingest", tmp_path) as function:
        for part in range(4):
            ranges = {number: range(end * part // 4, end * (part + 1) // 4) for number, end in enumerate(ends)}
            assert function.invoke(event(streams, ranges)).reply == DONE
        table = pyiceberg_table(tmp_path, TABLE)
        with table.manage_snapshots() as snapshots:
            snapshots.rollback_to_snapshot(table.snapshots()[0].snapshot_id)
        ranges = {number: range(end // 4 - 5, end) for number, end in enumerate(ends)}
        assert function.invoke(event(streams, ranges)).reply == DONE, function.log_text()
    check_streams(tmp_path, streams)


def test_windows_whose_snapshots_another_engine_expired(tmp_path):
    """The table's properties mirror them, with the offsets."""
    streams = [[bar("BTC/USD", minute, 1 + minute) for minute in range(20)]]
    with Function("kafka-ingest", tmp_path) as function:
        assert function.invoke(event(streams, {0: range(0, 10)})).reply == DONE
    table = pyiceberg_table(tmp_path, TABLE)
    ours = [snapshot.snapshot_id for snapshot in table.snapshots()]
    table.append(table.scan().to_arrow().slice(0, 0))
    table.maintenance.expire_snapshots().by_ids(ours).commit()
    assert all(STATE + "0" not in snapshot.summary.additional_properties for snapshot in table.snapshots())
    with Function("kafka-ingest", tmp_path) as function:
        assert function.invoke(event(streams, {0: range(8, 20)})).reply == DONE, function.log_text()
        assert metric(function, "RecordsReplayed") == [2]
    check_streams(tmp_path, streams)
