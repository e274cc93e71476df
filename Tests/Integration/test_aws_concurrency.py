"""Eight shipped functions append to one table on S3 at once: with a shard each, and all with the same shard, whose
records each of them is sent in pieces of its own, as two pollers of one partition would. Every record lands once."""

import json
import random
import threading

import pytest
from aws_lakes import AWSLake, packaged
from runtime_api import Function
from sensors import STREAM, as_row, kinesis_event, readings, sequence_number

PROCESSES = 8
RECORDS_OF_A_BATCH = 6
FEW, MANY = 6, 50
# One of each kind of catalog; the two ways to sign in to a REST catalog commit alike.
KINDS = ["glue", "rest-oauth2", "sqlite"]


def sizes() -> list:
    """Each kind of catalog with a few batches, and with as many as the sweep asks for."""
    return [
        pytest.param(kind, batches, id=f"{kind}-{batches}", marks=[pytest.mark.long] if batches == MANY else [])
        for batches in (FEW, MANY)
        for kind in KINDS
    ]


def deliver(function: Function, stream: list, ends: list[int], shard: str):
    """Sends a shard's records as Lambda does: a batch up to each of these ends, and on from the record that a reply
    names as not committed."""
    place, tries = 0, 0
    while place < len(stream):
        end = next(end for end in ends if end > place)
        outcome = function.invoke(kinesis_event(stream[place:end], first=place, shard=shard), timeout=180)
        assert outcome.reply is not None, (outcome, function.log_text()[-3000:])
        reported = outcome.reply["batchItemFailures"]
        if not reported:
            place = end
            continue
        tries += 1
        assert tries < 100, function.log_text()[-3000:]
        sequence = reported[0]["itemIdentifier"]
        place = next(index for index in range(place, end) if sequence_number(index) == sequence)


def run(lake: AWSLake, shards: list[tuple[str, list, list[int]]]) -> list[dict]:
    """Delivers each shard's records, up to each of its ends in turn, by a function of its own, all at once; what the
    functions logged."""
    functions = [Function("kinesis-ingest", None, lake.environment(), program=packaged("kinesis-ingest")) for _ in shards]
    failures: list = []
    gate = threading.Barrier(len(shards))

    def work(function, shard, stream, ends):
        try:
            gate.wait()
            deliver(function, stream, ends, shard)
        except BaseException as error:  # the thread's failure is the test's
            failures.append(error)

    threads = [
        threading.Thread(target=work, args=(function, shard, stream, ends))
        for function, (shard, stream, ends) in zip(functions, shards)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    logs = [line for function in functions for line in function.logs()]
    for function in functions:
        function.__exit__()
    assert not failures, failures
    return logs


def fields(line: dict) -> dict:
    """What a log line says besides its sentence."""
    return line.get("fields", {})


def conflicts_resolved(logs: list[dict]) -> int:
    """Appends that got in although another commit had come first: they swapped, or computed their rows, again."""
    lines = [fields(line) for line in logs]
    return sum(
        int(line.get("rows") or 0) > 0 and (int(line.get("swaps") or 1) > 1 or int(line.get("recomputed") or 0) > 0)
        for line in lines
    )


def audit(lake: AWSLake, expected: list[dict]):
    """Each record exactly once, offsets in an unbroken chain, and no file that nothing refers to."""
    assert lake.rows() == sorted(map(as_row, expected), key=repr)
    table = lake.table()
    marks: dict = {}
    for index, snapshot in enumerate(table.snapshots()):
        stored = json.loads(snapshot.summary[f"swiftlake.offsets.{STREAM}"])
        if index == 0 and snapshot.parent_snapshot_id is not None:
            marks = stored  # what came before it has expired
            continue
        moved = {shard: mark for shard, mark in stored.items() if marks.get(shard) != mark}
        for shard, (previous, first, last, _) in moved.items():
            assert previous == (marks[shard][2] if shard in marks else None), "a commit that did not follow the last"
            assert previous is None or int(first) > int(previous)
            assert int(last) >= int(first)
        assert set(marks) <= set(stored), "a shard was forgotten"
        marks = stored


@pytest.mark.parametrize("kind,batches", sizes())
def test_eight_processes_with_a_shard_each(new_lake, kind, batches):
    lake = new_lake(kind)
    count = batches * RECORDS_OF_A_BATCH
    ends = list(range(RECORDS_OF_A_BATCH, count + 1, RECORDS_OF_A_BATCH))
    shards = [(f"shardId-{number:012}", readings(count, seed=number), ends) for number in range(PROCESSES)]
    logs = run(lake, shards)
    audit(lake, [reading for _, stream, _ in shards for reading in stream])
    resolved = conflicts_resolved(logs)
    print(f"\n{kind}: {PROCESSES} × {batches} batches with a shard each, {resolved} of them after conflicts")
    assert resolved > 0, "eight writers at once must have come in one another's way"


@pytest.mark.parametrize("kind,batches", sizes())
def test_eight_pollers_of_one_shard(new_lake, kind, batches):
    lake = new_lake(kind)
    count = batches * RECORDS_OF_A_BATCH
    stream = readings(count)
    numbers = random.Random(batches)
    cuts = [sorted(numbers.sample(range(1, count), batches - 1)) + [count] for _ in range(PROCESSES)]
    # Whoever made the table would be through with the stream before the others had found it.
    before = readings(1, seed=PROCESSES)
    run(lake, [("shardId-000000000001", before, [1])])
    logs = run(lake, [("shardId-000000000000", stream, ends) for ends in cuts])
    audit(lake, before + stream)
    recomputed = sum(int(fields(line).get("recomputed") or 0) > 0 for line in logs)
    replayed = sum(int(fields(line).get("replayed") or 0) for line in logs)
    print(f"\n{kind}: {PROCESSES} pollers × {batches} batches of one shard: {replayed} records found in the table,")
    print(f"{conflicts_resolved(logs)} appends after conflicts, {recomputed} batches cut anew after another took records")
    assert replayed > 0 and recomputed > 0
