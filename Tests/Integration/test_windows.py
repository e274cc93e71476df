"""crypto_quote against DuckDB's own answer, over generated records that come out of order, late, ahead, bad and again, in
batches cut at random, to functions that are killed at random."""

import json
import random
import threading
import time

import pytest
from quote_records import STATE, TABLE, TOPIC, Deliveries, event, flat, records
from quotes_reference import Reference
from readers import DEAD_LETTERS, exists, pyiceberg_table
from runtime_api import Function
from support import duckdb_connection

DONE = {"batchItemFailures": []}
KILLED = -9


def deliver_all(lake, streams, seed: int, largest: int, kills: float) -> dict:
    """Sends everything until it is taken. Every function dies at a step of a commit, a share `kills` of them at one of
    the first; some die at any moment before."""
    numbers = random.Random(seed)
    deliveries = Deliveries(streams, numbers, largest)
    counts = {"batches": 0, "killed": 0}
    function = None
    try:
        while ranges := deliveries.next():
            if function is None:
                soon = numbers.random() < kills
                step = numbers.randint(1, 60) if soon else numbers.randint(61, 200)
                function = Function("kafka-ingest", lake, {"LAKE_KILL_AT_STEP": str(step)})
            timer = None
            if numbers.random() < kills / 10:
                timer = threading.Timer(numbers.uniform(0, 0.08), function.process.kill)
                timer.start()
            outcome = function.invoke(event(streams, ranges))
            counts["batches"] += 1
            if timer:
                timer.cancel()
            if outcome.exit_status is not None:
                assert outcome.exit_status == KILLED, function.log_text()
                counts["killed"] += 1
                function.__exit__()
                function = None
                continue
            assert outcome.reply == DONE, function.log_text()
            deliveries.taken(ranges)
            if function.process.poll() is not None or (timer and not _survives(function)):
                function.__exit__()
                function = None
    finally:
        if function:
            function.__exit__()
    return counts


def _survives(function: Function) -> bool:
    """Whether a function that a timer aimed at, perhaps too late to be heard of, is alive."""
    time.sleep(0.1)
    return function.process.poll() is None


def check(lake, reference: Reference):
    """The table's rows, its dead letters, and what is still open, against the reference."""
    table = pyiceberg_table(lake, TABLE)
    location = table.metadata_location.removeprefix("file://")
    reference.connection.execute(f"CREATE OR REPLACE VIEW found AS FROM iceberg_scan('{location}')")
    differences = reference.differences("found")
    assert not differences, (len(differences), differences[:10])

    letters = pyiceberg_table(lake, DEAD_LETTERS).scan().to_arrow().to_pylist() if exists(lake, DEAD_LETTERS) else []
    found = sorted((int(row["shard"].removeprefix(f"{TOPIC}-")), int(row["sequence_number"])) for row in letters)
    assert found == reference.bad_records()

    summary = table.current_snapshot().summary
    late, still_open = {}, []
    for name in summary.additional_properties:
        if name.startswith(STATE):
            partition, state = int(name.removeprefix(STATE)), json.loads(summary[name])
            if state["late"]:
                late[partition] = state["late"]
            for symbol, (_, *prices) in state["symbols"].items():
                for (start, end), value in zip(state["windows"], prices):
                    if value is not None:
                        still_open.append((partition, symbol, start, end, value))
    assert late == reference.late()
    assert sorted(still_open) == sorted(reference.open_windows())


def run(lake, count: int, seed: int, largest: int, kills: float):
    streams = records(count, seed)
    began = time.monotonic()
    counts = deliver_all(lake, streams, seed, largest, kills)
    seconds = time.monotonic() - began
    with duckdb_connection() as connection:
        reference = Reference(connection, flat(streams))
        rows = reference.value("SELECT count(*) FROM quotes")
        late = sum(reference.late().values())
        bad = len(reference.bad_records())
        opened = len(reference.open_windows())
        check(lake, reference)
    print(
        f"seed {seed}: {count} records in {counts['batches']} batches, {counts['killed']} of them killed, {seconds:.1f} s: "
        f"{rows} rows, {late} late bars, {bad} dead letters, {opened} open windows, all as DuckDB has them"
    )
    assert rows > count / 20 and late > count / 500 and bad > count / 200 and opened > 0
    return counts


def test_a_hundred_thousand_records(tmp_path):
    counts = run(tmp_path, 100_000, seed=1, largest=3_000, kills=0.5)
    assert counts["killed"] >= 5


@pytest.mark.parametrize("seed", [2, 3])
def test_small_batches(tmp_path, seed):
    """Most batches close no window, and their commits only carry the state on."""
    counts = run(tmp_path, 4_000, seed=seed, largest=100, kills=0.6)
    assert counts["killed"] >= 5


@pytest.mark.long
@pytest.mark.parametrize("seed", range(10, 20))
def test_more_seeds(tmp_path, seed):
    run(tmp_path, 100_000, seed=seed, largest=random.Random(seed).choice([500, 2_000, 20_000]), kills=0.6)
