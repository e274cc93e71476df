"""kinesis-ingest killed at any point of a commit, and between the dead letters' commit and the rows', then retried."""

import shutil
from pathlib import Path

import pytest
from readers import DEAD_LETTERS, READINGS, exists, pyiceberg_table, rows
from runtime_api import Function, Outcome
from sensors import as_row, kinesis_event, readings

BATCH = readings(30)
BAD = [b"{", b'{"cpu": "high"}', b"\xff"]
FIRST = kinesis_event(BATCH[:10])
SECOND = kinesis_event(BATCH[10:20] + BAD + BATCH[20:], first=10)
KILLED = -9
DONE = {"batchItemFailures": []}


def run_and_retry(lake: Path, start: str, environment=None, command=None) -> Outcome:
    """One run that may be killed, then the retry; both readers judge the lake after each."""
    lake.mkdir()
    if start == "begun":
        with Function("kinesis-ingest", lake) as function:
            assert function.invoke(FIRST).reply == DONE
    with Function("kinesis-ingest", lake, environment, command) as function:
        if start == "empty":
            outcome = function.invoke(FIRST)
        if start == "begun" or outcome.exit_status is None:
            outcome = function.invoke(SECOND)
    for name in (READINGS, DEAD_LETTERS):
        if exists(lake, name):
            found = rows(lake, name)
            assert len(found) == len(set(map(repr, found))), "a killed commit must not double a row"
    with Function("kinesis-ingest", lake) as function:
        assert function.invoke(FIRST).reply == DONE, function.log_text()
        assert function.invoke(SECOND).reply == DONE, function.log_text()
    assert rows(lake) == sorted(map(as_row, BATCH), key=repr)
    assert len(rows(lake, DEAD_LETTERS)) == len(BAD)
    letters = pyiceberg_table(lake, DEAD_LETTERS).scan().to_arrow().to_pylist()
    assert sorted(letter["raw"] for letter in letters) == sorted(BAD)
    shutil.rmtree(lake)
    return outcome


@pytest.mark.parametrize("start", ["empty", "begun"])
def test_killed_at_every_step_of_a_commit(tmp_path, start):
    """LAKE_KILL_AT_STEP=N ends the process at its N-th visible step: before and after each file, swap and deletion."""
    step = 1
    while run_and_retry(tmp_path / f"step-{step}", start, {"LAKE_KILL_AT_STEP": str(step)}).exit_status == KILLED:
        step += 1
    print(f"{step - 1} steps, from a lake that is {start}")
    assert step - 1 >= 16, "the hook must see both commits: each file and each swap, before and after"


@pytest.mark.long
@pytest.mark.parametrize("start", ["empty", "begun"])
@pytest.mark.parametrize("calls", ["openat", "write,pwrite64", "link,linkat,rename,renameat,renameat2", "fsync,fdatasync"])
def test_killed_at_every_system_call_that_writes(tmp_path, start, calls):
    """strace delivers the kill as the N-th such call begins: the binary itself takes no part in it."""
    call = 1
    while True:
        command = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"inject={calls}:signal=KILL:when={call}"]
        outcome = run_and_retry(tmp_path / f"call-{call}", start, command=command)
        if outcome.exit_status is None:
            break
        call += 1
    print(f"{call - 1} calls of {calls}, from a lake that is {start}")
    assert call > 1, "the sweep must have killed something"
