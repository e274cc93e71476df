"""kafka-elastic against a stub of Elasticsearch that fails in every way one can, request by request."""

import json
import time
from pathlib import Path

import pytest
from elastic_stub import BUSY, ElasticStub, Fault
from quotes import START_MS, TOPIC, bar, event_of, quote_event, quote_record
from readers import DEAD_LETTERS, exists, pyiceberg_table
from runtime_api import Function
from support import ROOT

DONE = {"batchItemFailures": []}
ID = "BTC/USD/2026-11-20T10:{:02}:00Z"


@pytest.fixture
def stub():
    with ElasticStub() as running:
        yield running


@pytest.fixture
def function(stub, tmp_path):
    with Function("kafka-elastic", tmp_path, {"ELASTICSEARCH_URL": stub.endpoint}) as running:
        yield running


def minutes(count: int, first: int = 0) -> dict:
    """One record for each minute, its price the minute's number and one half."""
    hour = START_MS + 3_600_000
    return event_of(*({"BTC/USD": bar(START_MS + place * 60_000, place + 0.5)} for place in range(count)), first=first, timestamp=hour)


def send(function: Function, event: dict):
    outcome = function.invoke(event)
    assert outcome.reply == DONE, (outcome.error, function.log_text()[-3000:])


def fails(function: Function, event: dict) -> str:
    outcome = function.invoke(event)
    assert outcome.error is not None and outcome.error["errorType"] == "Elasticsearch.Incomplete", outcome
    return outcome.error["errorMessage"]


def letters(lake: Path) -> list[dict]:
    return pyiceberg_table(lake, DEAD_LETTERS).scan().to_arrow().to_pylist() if exists(lake, DEAD_LETTERS) else []


def metric(function: Function, name: str):
    return [line for line in function.logs() if "_aws" in line][-1][name]


def test_only_documents_that_were_turned_away_are_sent_again(function, stub):
    stub.faults = [Fault(items=lambda place: 429 if place in (1, 3) else None), Fault(items=lambda place: 503 if place == 0 else None)]
    send(function, minutes(5))
    assert [len(request.documents) for request in stub.bulks] == [5, 2, 1]
    assert [action["index"]["_id"] for action, _ in stub.bulks[1].documents] == [ID.format(1), ID.format(3)]
    assert len(stub.documents) == 5
    assert metric(function, "DocumentsResent") == 3 and metric(function, "DocumentsIndexed") == 5


def test_a_server_that_stays_busy_leaves_the_rest_to_the_next_try(function, stub):
    function.deadline_ms = 6_000
    stub.always = Fault(items=lambda place: 429 if place == 0 else None)
    message = fails(function, minutes(3, first=20))
    assert f"{TOPIC}-0 from 20" in message and "es_rejected_execution_exception [429]" in message
    assert len(stub.documents) == 2 and len(stub.bulks) >= 2
    stub.always = None
    send(function, minutes(3, first=20))
    assert len(stub.documents) == 3


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_request_that_fails_as_a_whole_is_sent_again(function, stub, status):
    stub.faults = [Fault(status=status), Fault(status=status, acts=True)]
    send(function, minutes(2))
    assert len(stub.bulks) == 3 and len(stub.documents) == 2


def test_the_server_says_when_to_come_back(function, stub):
    stub.faults = [Fault(status=503, fields={"Retry-After": "2"})]
    start = time.monotonic()
    send(function, minutes(1))
    assert time.monotonic() - start >= 2


@pytest.mark.parametrize("fault", [Fault(cut=0), Fault(cut=0, acts=True, status=200), Fault(cut=5), Fault(cut=-5)])
def test_a_connection_that_ends_early_is_no_loss(function, stub, fault):
    stub.faults = [fault]
    send(function, minutes(3))
    assert len(stub.documents) == 3 and len(stub.bulks) == 2


def test_a_large_request_is_halved_until_it_is_taken(function, stub):
    stub.maximum_bytes = 1000
    send(function, minutes(20))
    assert len(stub.documents) == 20
    sizes = [len(request.documents) for request in stub.bulks]
    assert sizes[0] == 20 and max(sizes[1:]) <= 10
    assert sum(sizes) < 100 and metric(function, "DeadLetters") == 0


def test_a_single_document_that_is_too_large_is_a_dead_letter(function, stub, tmp_path):
    stub.maximum_bytes = 250
    long = "x" * 50 + "/USD"
    send(function, quote_event([quote_record({"BTC/USD": bar(START_MS, 1)}, 4), quote_record({long: bar(START_MS, 2)}, 5)]))
    assert list(stub.documents) == [ID.format(0)]
    (letter,) = letters(tmp_path)
    assert letter["sequence_number"] == "5" and "413" in letter["error"] and letter["error_code"] == "refused"


def test_a_large_batch_goes_in_requests_below_ten_megabytes(function, stub):
    bars = [{f"{place}-{index}/{'€' * 10}": bar(START_MS, 1 + index) for index in range(100)} for place in range(400)]
    send(function, event_of(*bars))
    assert len(stub.documents) == 40_000
    sizes = [len(request.text) for request in stub.bulks]
    assert len(sizes) == 2 and 5_000_000 < sizes[0] < 10_000_000
    assert all(request.fields["content-encoding"] == "gzip" and len(request.body) < len(request.text) / 4 for request in stub.bulks)


def test_a_document_that_does_not_fit_the_mapping_is_a_dead_letter(function, stub, tmp_path):
    """The record with the highest price goes there; nothing of the others of its minute is in the index."""
    prices = [3, 8, 8, 5]
    event = event_of(*({"BTC/USD": bar(START_MS, price), "ETH/USD": bar(START_MS, price)} for price in prices), first=30)
    for _ in range(2):
        stub.faults = [Fault(items=lambda place: 400 if place == 0 else None)]
        send(function, event)
    assert [source["asset_id"] for source in stub.sources.values()] == ["ETH"]
    (letter,) = letters(tmp_path)
    assert letter["sequence_number"] == "31" and letter["table_name"] == "elasticsearch:crypto_quote"
    assert json.loads(letter["raw"])["bars"]["BTC/USD"]["c"] == 8
    assert "mapper_parsing_exception [400]: failed to parse field [x] of type [long]" in letter["error"]
    assert "secret-name" not in letter["error"] and "secret-name" not in function.log_text()


def test_no_dead_letter_overtakes_a_record_that_must_come_again(function, stub, tmp_path):
    """Else the dead-letter table would take the earlier record, when it comes again and is bad, for one it has."""
    event = minutes(4, first=50)
    stub.faults = [Fault(items=lambda place: {1: (403, {"type": "security_exception", "reason": "no"}), 3: 400}.get(place))]
    message = fails(function, event)
    assert f"{TOPIC}-0 from 51" in message and "security_exception [403]" in message
    assert letters(tmp_path) == []
    stub.faults = [Fault(items=lambda place: 400 if place in (1, 3) else None)]
    send(function, event)
    assert sorted(letter["sequence_number"] for letter in letters(tmp_path)) == ["51", "53"]


INDEX_FAULTS = {
    "closed": (400, {"type": "index_closed_exception", "reason": "closed"}),
    "alias": (400, {"type": "illegal_argument_exception", "reason": "no write index is defined for alias [crypto_quote]"}),
    "missing": (404, {"type": "index_not_found_exception", "reason": "no such index"}),
    "blocked": (403, {"type": "cluster_block_exception", "reason": "index [crypto_quote] blocked"}),
}


@pytest.mark.parametrize("kind", INDEX_FAULTS)
def test_an_index_that_cannot_be_written_to_loses_nothing(function, stub, tmp_path, kind):
    stub.always = Fault(items=lambda place: INDEX_FAULTS[kind])
    message = fails(function, minutes(2, first=7))
    assert f"{TOPIC}-0 from 7" in message and INDEX_FAULTS[kind][1]["type"] in message
    assert letters(tmp_path) == []
    stub.always = None
    send(function, minutes(2, first=7))
    assert len(stub.documents) == 2


WRONG_REPLIES = {
    "HTML": Fault(status=200, body=b"<!doctype html><html><body>Sign in</body></html>", fields={"Content-Type": "text/html"}),
    "empty": Fault(status=200, body=b""),
    "truncated": Fault(edit=lambda body: body[: len(body) // 2]),
    "no items": Fault(status=200, body=b'{"took":1,"errors":false}'),
    "one item less": Fault(edit=lambda body: json.dumps({**json.loads(body), "items": json.loads(body)["items"][1:]}).encode()),
    "one item more": Fault(edit=lambda body: json.dumps({**json.loads(body), "items": json.loads(body)["items"] * 2}).encode()),
    "no status": Fault(status=200, body=b'{"items":[{"index":{}},{"index":{}},{"index":{}}]}'),
    "huge": Fault(edit=lambda body: body + b" " * 3_000_000),
    "redirect": Fault(status=302, body=b"", fields={"Location": "http://127.0.0.1:1/"}),
    "404": Fault(status=404, body=b'{"error":"no handler"}'),
    "400": Fault(status=400, body=b'{"error":{"type":"illegal_argument_exception","reason":"Malformed action"},"status":400}'),
}


@pytest.mark.parametrize("kind", WRONG_REPLIES)
def test_a_wrong_reply_is_an_error_and_nothing_is_lost(function, stub, tmp_path, kind):
    stub.always = WRONG_REPLIES[kind]
    message = fails(function, minutes(3, first=12))
    assert f"{TOPIC}-0 from 12" in message and "elasticsearch Bulk" in message
    assert "Sign in" not in message and letters(tmp_path) == []
    stub.always = None
    send(function, minutes(3, first=12))
    assert len(stub.documents) == 3


def test_a_slow_server_is_left_at_the_deadline(function, stub):
    function.deadline_ms = 3_000
    stub.always = Fault(delay=10)
    start = time.monotonic()
    message = fails(function, minutes(3, first=12))
    assert f"{TOPIC}-0 from 12" in message and time.monotonic() - start < 3.5


def test_bad_records_are_dead_letters_although_the_server_is_away(stub, tmp_path):
    """Those before the first record that must come again; the others when it has come."""
    with Function("kafka-elastic", tmp_path, {"ELASTICSEARCH_URL": "http://127.0.0.1:9"}) as function:
        event = quote_event([quote_record(b"no", 3), quote_record({"BTC/USD": bar(START_MS, 1)}, 4), quote_record(b"json", 5)])
        assert f"{TOPIC}-0 from 4" in fails(function, event)
    assert [letter["sequence_number"] for letter in letters(tmp_path)] == ["3"]
    with Function("kafka-elastic", tmp_path, {"ELASTICSEARCH_URL": stub.endpoint}) as function:
        send(function, event)
    assert sorted(letter["sequence_number"] for letter in letters(tmp_path)) == ["3", "5"]


def test_dead_letters_are_there_before_success_is_told(stub, tmp_path):
    """Without its table, the invocation fails; the good records are indexed all the same."""
    environment = {"ELASTICSEARCH_URL": stub.endpoint, "LAKE_CREATE_TABLES": "0"}
    event = quote_event([quote_record({"BTC/USD": bar(START_MS, 1)}, 4), quote_record(b"json", 5)])
    with Function("kafka-elastic", tmp_path, environment) as function:
        message = fails(function, event)
    assert f"{TOPIC}-0 from 5" in message and "bootstrap-tables" in message
    assert len(stub.documents) == 1


def test_records_that_fail_the_stream_stop_its_partition_alone(stub, tmp_path):
    definition = json.loads((ROOT / "lake.json").read_text())
    for stream in definition["streams"]:
        stream["onBadRecord"] = "fail"
    path = tmp_path / "lake.json"
    path.write_text(json.dumps(definition))
    records = [
        quote_record({"BTC/USD": bar(START_MS, 1)}, 1), quote_record({"BTC/USD": bar(START_MS, 9), "X": 1}, 2),
        quote_record({"ETH/USD": bar(START_MS, 3)}, 1, 1),
    ]  # fmt: skip
    with Function("kafka-elastic", tmp_path, {"ELASTICSEARCH_URL": stub.endpoint, "LAKE_DEFINITION": str(path)}) as function:
        assert f"{TOPIC}-0 from 2" in fails(function, quote_event(records))
    assert {name: source["price_crypto"] for name, source in stub.sources.items()} == {
        ID.format(0): 1, ID.format(0).replace("BTC", "ETH"): 3,
    }  # fmt: skip


@pytest.mark.parametrize("status", [403, 400])
def test_templates_that_are_not_ours_to_make_stop_nothing(function, stub, status):
    stub.template_status = status
    send(function, minutes(1))
    assert len(stub.documents) == 1
    assert any("no index template was made" in str(line.get("message")) for line in function.logs())


def test_a_template_that_cannot_be_asked_for_is_asked_for_again(function, stub):
    stub.template_status = 500
    assert "IndexTemplate" in fails(function, minutes(1))
    assert stub.bulks == []
    stub.template_status = None
    send(function, minutes(1))
    assert list(stub.templates) == ["crypto_quote"]


def test_a_template_that_another_function_just_made_is_fine(stub, tmp_path):
    """It is there between our look and our try to make it."""
    asked = []

    class Racing(dict):
        def __contains__(self, name):
            asked.append(name)
            return len(asked) > 1

    stub.templates = Racing()
    with Function("kafka-elastic", tmp_path, {"ELASTICSEARCH_URL": stub.endpoint}) as function:
        send(function, minutes(1))
    assert [request.method for request in stub.requests[:3]] == ["GET", "PUT", "GET"]
    assert len(stub.documents) == 1


def test_errors_of_an_item_may_be_texts(function, stub):
    stub.faults = [Fault(items=lambda place: (429, BUSY["reason"]))]
    send(function, minutes(1))
    assert len(stub.documents) == 1
