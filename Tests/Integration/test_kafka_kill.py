"""kafka-ingest killed at any point of its commits of two topics, and between the dead letters' commit and the rows', then
sent the batch again, cut differently."""

import json
import shutil
from pathlib import Path

import pytest
from kafka_events import CLUSTER, TRADES, as_trade_row, kafka_event, kafka_record, trade_records, trades
from readers import DEAD_LETTERS, exists, pyiceberg_rows, pyiceberg_table, rows
from runtime_api import Function, Outcome
from support import ROOT

DONE = {"batchItemFailures": []}
KILLED = -9
ORDERS = "crypto_db.orders"
BATCH = trades(24)
BAD = [b"{", b'{"quantity": "many"}', b"\x00\x00\x00\x00\x01\x02"]


@pytest.fixture
def environment(tmp_path):
    """The repository's lake, with a second topic and a table for it."""
    definition = json.loads((ROOT / "lake.json").read_text())
    table = next(table for table in definition["tables"] if table["name"] == TRADES)
    definition["tables"].append({**table, "name": ORDERS})
    definition["streams"].append({"name": "orders", "source": {"kind": "kafka", "topic": "orders"}, "table": ORDERS})
    (tmp_path / "lake.json").write_text(json.dumps(definition))
    return {"LAKE_DEFINITION": str(tmp_path / "lake.json")}


def records() -> list[dict]:
    bad = [kafka_record(partition=1, offset=12 + i, value=value) for i, value in enumerate(BAD)]
    return (
        trade_records(BATCH[:12], partition=1) + bad + trade_records(BATCH[12:], partition=1, first=12 + len(BAD))
        + trade_records(BATCH[:8], topic="orders") + [kafka_record("orders", offset=8)]
    )  # fmt: skip


def run_and_retry(lake: Path, start: str, environment: dict, kill: dict | None = None, command=None) -> Outcome:
    """One run that may be killed, which pyiceberg judges, then the retries, which both readers judge."""
    lake.mkdir()
    whole, begun = kafka_event(records()), kafka_event(trade_records(BATCH[:5], partition=1))
    if start == "begun":
        with Function("kafka-ingest", lake, environment) as function:
            assert function.invoke(begun).reply == DONE
    with Function("kafka-ingest", lake, {**environment, **(kill or {})}, command) as function:
        outcome = function.invoke(whole)
    for name in (TRADES, ORDERS, DEAD_LETTERS):
        if exists(lake, name):
            found = pyiceberg_rows(lake, name)
            assert len(found) == len(set(map(repr, found))), "a killed commit must not double a row"
    with Function("kafka-ingest", lake, environment) as function:
        for batch in (records()[:7], records()[3:30], records()):
            assert function.invoke(kafka_event(batch)).reply == DONE, function.log_text()
    assert rows(lake, TRADES) == sorted(map(as_trade_row, BATCH), key=repr)
    assert rows(lake, ORDERS) == sorted(map(as_trade_row, BATCH[:8]), key=repr)
    letters = pyiceberg_table(lake, DEAD_LETTERS).scan().to_arrow().to_pylist()
    assert sorted(letter["raw"] for letter in letters) == sorted(BAD)
    summary = pyiceberg_table(lake, ORDERS).current_snapshot().summary
    assert json.loads(summary[f"swiftlake.offsets.{CLUSTER}"])["orders-0"][2] == "8"
    shutil.rmtree(lake)
    return outcome


@pytest.mark.parametrize("start", ["empty", pytest.param("begun", marks=pytest.mark.long)])
def test_killed_at_every_step_of_its_commits(tmp_path, environment, start):
    """LAKE_KILL_AT_STEP=N ends the process at its N-th visible step: before and after each file, swap and deletion."""
    step = 1
    while True:
        outcome = run_and_retry(tmp_path / f"step-{step}", start, environment, {"LAKE_KILL_AT_STEP": str(step)})
        if outcome.exit_status != KILLED:
            break
        step += 1
    print(f"{step - 1} steps, from a lake that is {start}")
    assert step - 1 >= 24, "the hook must see three commits: each file and each swap, before and after"


@pytest.mark.long
@pytest.mark.parametrize("calls", ["openat", "write,pwrite64", "link,linkat,rename,renameat,renameat2", "fsync,fdatasync"])
def test_killed_at_every_system_call_that_writes(tmp_path, environment, calls):
    """strace delivers the kill as the N-th such call begins: the binary itself takes no part in it."""
    call = 1
    while True:
        command = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"inject={calls}:signal=KILL:when={call}"]
        outcome = run_and_retry(tmp_path / f"call-{call}", "empty", environment, command=command)
        if outcome.exit_status is None:
            break
        call += 1
    print(f"{call - 1} calls of {calls}")
    assert call > 1, "the sweep must have killed something"
