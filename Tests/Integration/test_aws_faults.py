"""Every request of an append meets every fault, from the first of the process on: once, as a passing fault that the
function gets over by itself, and lastingly, until Lambda's retry. Each row is there exactly once, no live file is gone,
nothing that certainly failed leaves a file behind, and the message names service, operation, request and remedy."""

import re

import pytest
from aws_lakes import AWSLake, packaged
from fault_proxies import FAULTS, FaultPlan, FaultProxy
from fault_replies import REQUEST_ID
from proxies import Request
from readers import READINGS
from runtime_api import Function, Outcome
from sensors import as_row, kinesis_event, readings

DONE = {"batchItemFailures": []}
BATCH = 5
# The time that Lambda gives an invocation, in milliseconds: a function that gets no answer must come back by then.
DEADLINE_MS = 6_000
# Faults whose reply is the service's own error, with a request id.
REPLIED = ("internal error", "slow down", "throttled", "expired credentials")
SILENT = ("no answer", "no answer after the server acted")
# What certainly did not happen, so that nothing of it may stay.
DEFINITE = ("throttled", "expired credentials")


class Sweep:
    """One lake, whose function's requests all pass through fault proxies."""

    def __init__(self, lake: AWSLake):
        self.lake = lake
        self.plan = FaultPlan()
        self.proxies = {name: FaultProxy(name, to, self.plan) for name, to in self.lake.endpoints.items()}
        self.environment = self.lake.environment({name: proxy.endpoint for name, proxy in self.proxies.items()})
        self.sent = 0
        self.messages: dict[tuple, str] = {}
        with self.function() as function:
            for _ in range(2):
                assert function.invoke(self.next_event()).reply == DONE, function.log_text()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for proxy in self.proxies.values():
            proxy.__exit__()

    def function(self) -> Function:
        return Function("kinesis-ingest", None, self.environment, program=packaged("kinesis-ingest"))

    def next_event(self) -> dict:
        batch = readings(BATCH, seed=self.sent)
        self.sent += BATCH
        return kinesis_event(batch, first=self.sent - BATCH)

    def requests_of_an_append(self) -> list[Request]:
        """What a fresh process asks for until its first append is done, if nothing fails."""
        self.plan.begin()
        with self.function() as function:
            assert function.invoke(self.next_event()).reply == DONE, function.log_text()
        return list(self.plan.requests)

    def meet(self, fault: str, at: int, is_lasting: bool):
        """One append by a fresh process, whose request with this number meets the fault; then the retry."""
        event = self.next_event()
        self.plan.begin(fault, at, is_lasting)
        place = f"{fault}, {'lastingly' if is_lasting else 'once'}, at request {at}"
        with self.function() as function:
            function.deadline_ms = DEADLINE_MS
            outcome = function.invoke(event, timeout=DEADLINE_MS / 1000 + 20)
            struck = self.plan.struck
            assert struck is not None, f"{place}: the append had only {self.plan.count} requests"
            place += f" ({struck.service} {struck.operation})"
            self.plan.heal()
            assert outcome.exit_status is None, f"{place}: the process ended: {function.log_text()}"
            if outcome.reply != DONE:
                message = self.message(outcome, function)
                self.messages[(struck.service, struck.operation.split(" ")[0], fault)] = message
                check_message(message, struck, fault, place)
                function.deadline_ms = 60_000
                again = function.invoke(event)
                assert again.reply == DONE, f"{place}: the retry: {function.log_text()}"

    def message(self, outcome: Outcome, function: Function) -> str:
        """What the function said about its failure, on one line."""
        if outcome.error is not None:
            return outcome.error["errorMessage"]
        errors = [line for line in outcome.logs if "nothing is lost, but" in str(line)]
        assert errors, f"no error was logged: {function.log_text()}"
        return str(errors[-1].get("message"))

    def audit(self) -> set[str]:
        """Every row once, every file that any version of the table refers to in its place; the files that nothing
        refers to."""
        expected = [as_row(r) for start in range(0, self.sent, BATCH) for r in readings(BATCH, seed=start)]
        assert self.lake.rows() == sorted(expected, key=repr)
        keys, referenced = self.lake.keys(), self.lake.referenced()
        assert referenced <= keys, f"live files were deleted: {sorted(referenced - keys)}"
        return keys - referenced


def check_message(message: str, struck: Request, fault: str, place: str):
    names = {
        "GET": "GetObject|LoadTable|GetConfig", "PUT": "PutObject", "DELETE": "DeleteObject",
        "POST": "DeleteObjects|UpdateTable|CommitTable|Token",
    }  # fmt: skip
    operation = names.get(struck.operation.split(" ")[0], struck.operation)
    if fault == "refused" or struck.operation.startswith("HEAD"):
        operation = "[A-Z][a-z]+[A-Z][a-z]+"  # whatever the service is asked for next
    assert "\n" not in message, place
    assert re.search({"rest": "iceberg"}.get(struck.service, struck.service), message), f"{place}: no service in: {message}"
    assert re.search(operation, message, re.I), f"{place}: no {operation} in: {message}"
    if fault in REPLIED:
        assert REQUEST_ID in message, f"{place}: no request id in: {message}"
    assert re.search(r"; [a-z]+ ", message), f"{place}: nothing to do in: {message}"


@pytest.fixture
def new_sweep(new_lake):
    made = []

    def make(kind: str) -> Sweep:
        made.append(Sweep(new_lake(kind)))
        return made[-1]

    yield make
    for sweep in made:
        sweep.__exit__()


def cases() -> list:
    """All faults on Glue, but for those that cost a time-out each; the sweep has the rest, on every catalog."""
    made = []
    for kind in ("glue", "rest-oauth2", "rest-sigv4", "sqlite"):
        for fault in FAULTS:
            is_long = kind != "glue" or fault in SILENT
            made.append(pytest.param(kind, fault, marks=[pytest.mark.long] if is_long else []))
    return made


@pytest.mark.parametrize("kind,fault", cases())
def test_a_passing_fault_at_every_request(new_sweep, kind, fault):
    sweep = new_sweep(kind)
    requests = sweep.requests_of_an_append()
    for number in range(1, len(requests) + 1):
        sweep.meet(fault, number, is_lasting=False)
    orphans = sweep.audit()
    print(f"\n{kind}: {fault}: once at each of {len(requests)} requests, {len(orphans)} files of no table left")
    for message in sweep.messages.values():
        print("   ", message)
    assert not orphans, orphans


def lasting(sweep: Sweep, fault: str, numbers):
    for number in numbers:
        sweep.meet(fault, number, is_lasting=True)
    orphans = sweep.audit()
    print(f"\n{sweep.lake.kind}: {fault}: lastingly at {len(numbers)} requests, {len(orphans)} files of no table left")
    for message in sweep.messages.values():
        print("   ", message)
    if fault in DEFINITE:
        assert not orphans, orphans


@pytest.mark.long
@pytest.mark.parametrize("kind,fault", cases())
def test_a_lasting_fault_at_every_request(new_sweep, kind, fault):
    sweep = new_sweep(kind)
    lasting(sweep, fault, range(1, len(sweep.requests_of_an_append()) + 1))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_lasting_fault_where_it_matters_most(new_sweep, fault):
    """At a file and at the swap, on Glue; and silence, that passes, at the same two."""
    sweep = new_sweep("glue")
    requests = sweep.requests_of_an_append()
    puts = [number for number, request in enumerate(requests, 1) if request.operation.startswith("PUT")]
    places = (puts[0], len(requests))
    for number in places if fault in SILENT else ():
        sweep.meet(fault, number, is_lasting=False)
    lasting(sweep, fault, places)


def test_the_table_is_named_in_the_message(new_sweep):
    sweep = new_sweep("glue")
    requests = sweep.requests_of_an_append()
    sweep.meet("expired credentials", len(requests), is_lasting=True)
    ((_, message),) = sweep.messages.items()
    assert READINGS in message
