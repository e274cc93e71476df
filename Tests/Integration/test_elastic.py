"""kafka-elastic against osmem-server, an emulator of OpenSearch; DuckDB says which documents there must be."""

import json
import random
import struct
from datetime import datetime

import pytest
from aws_lakes import packaged
from osmem import Osmem
from quotes import START_MS, SYMBOLS, TOPIC, bar, event_of, expected, held, quote_event, quote_record, random_records
from readers import DEAD_LETTERS, exists, pyiceberg_table, rows
from runtime_api import Function

DONE = {"batchItemFailures": []}


@pytest.fixture(scope="module")
def server():
    with Osmem() as osmem:
        print("checked against osmem-server, " + str(osmem.call("GET", "/")[1]["version"]))
        yield osmem


@pytest.fixture
def osmem(server):
    server.clear()
    yield server


@pytest.fixture
def function(osmem, tmp_path):
    with started(osmem, tmp_path) as running:
        yield running


def started(osmem, lake) -> Function:
    """The shipped function, with a lake of its own for the dead letters."""
    return Function("kafka-elastic", lake, {"ELASTICSEARCH_URL": osmem.url}, program=packaged("kafka-elastic"))


def send(function: Function, event: dict):
    outcome = function.invoke(event)
    assert outcome.reply == DONE, (outcome.error, function.log_text()[-3000:])


def letters(lake) -> list[dict]:
    return pyiceberg_table(lake, DEAD_LETTERS).scan().to_arrow().to_pylist() if exists(lake, DEAD_LETTERS) else []


def metrics(function: Function) -> dict:
    return [line for line in function.logs() if "_aws" in line][-1]


def test_a_document_has_the_fields_of_its_asset_and_window(function, osmem):
    send(function, event_of({"BTC/USD": bar("2026-11-20T10:07:42.5Z", 58_000.25)}))
    assert osmem.documents() == {
        "BTC/USD/2026-11-20T10:07:00Z": {
            "asset_id": "BTC", "asset_type": "USD", "start_window": "10:07", "price_crypto": 58_000.25,
            "ref_date": "2026-11-20", "@timestamp": "2026-11-20T10:07:00Z",
        }
    }  # fmt: skip
    version = osmem.document("BTC/USD/2026-11-20T10:07:00Z")["_version"]
    assert version == struct.unpack(">q", struct.pack(">d", 58_000.25))[0]


def test_the_running_maximum_rises_and_never_falls(function, osmem):
    prices = [5.0, 7.5, 7.25, 0.0, 1e-300, 7.5, 1e9, 3]
    seen = []
    for offset, price in enumerate(prices):
        send(function, event_of({"BTC/USD": bar(START_MS, price)}, first=offset))
        (document,) = osmem.documents().values()
        seen.append(document["price_crypto"])
    assert seen == [max(prices[: place + 1]) for place in range(len(prices))]
    counts = metrics(function)
    assert (counts["DocumentsIndexed"], counts["DocumentsUnchanged"]) == (0, 1)


def test_minus_zero_is_zero_and_loses_to_every_price(function, osmem):
    send(function, event_of({"BTC/USD": bar(START_MS, -0.0)}))
    assert osmem.document("BTC/USD/2026-11-20T10:00:00Z")["_version"] == 0
    send(function, event_of({"BTC/USD": bar(START_MS, 5e-324)}, first=1))
    assert osmem.document("BTC/USD/2026-11-20T10:00:00Z")["_source"]["price_crypto"] == 5e-324


def test_the_template_gives_the_fields_their_types_and_is_made_once(function, osmem):
    assert osmem.call("GET", "/_index_template/crypto_quote")[0] == 404
    send(function, event_of({"BTC/USD": bar(START_MS, 5)}))
    mapping = osmem.call("GET", "/crypto_quote/_mapping")[1]["crypto_quote"]["mappings"]
    types = {name: value["type"] for name, value in mapping["properties"].items()}
    assert types == {
        "asset_id": "keyword", "asset_type": "keyword", "start_window": "keyword", "price_crypto": "double",
        "ref_date": "date", "@timestamp": "date",
    }  # fmt: skip
    osmem.call("DELETE", "/_index_template/crypto_quote")
    send(function, event_of({"BTC/USD": bar(START_MS, 6)}, first=1))
    assert osmem.call("GET", "/_index_template/crypto_quote")[0] == 404, "once a process"


def test_a_template_that_exists_is_left_alone(function, osmem):
    mine = {"index_patterns": ["crypto_quote"], "priority": 7, "template": {"mappings": {"properties": {"asset_id": {"type": "text"}}}}}
    assert osmem.call("PUT", "/_index_template/crypto_quote", mine)[0] == 200
    send(function, event_of({"BTC/USD": bar(START_MS, 5)}))
    (kept,) = osmem.call("GET", "/_index_template/crypto_quote")[1]["index_templates"]
    assert kept["index_template"]["priority"] == 7


def test_the_dashboards_questions_have_answers(function, osmem):
    send(function, quote_event(random_records(random.Random(3), 400, bad=0)))
    assets = {"terms": {"field": "asset_id", "size": 20}}
    price = {"price": {"max": {"field": "price_crypto"}}}
    minutes = {"minutes": {"date_histogram": {"field": "@timestamp", "fixed_interval": "1m"}, "aggs": price}}
    reply = osmem.search({"size": 0, "aggs": {"assets": {**assets, "aggs": minutes}}})
    found = {
        (asset["key"], datetime.strptime(minute["key_as_string"][:19], "%Y-%m-%dT%H:%M:%S")): minute["price"]["value"]
        for asset in reply["aggregations"]["assets"]["buckets"]
        for minute in asset["minutes"]["buckets"]
        if minute["doc_count"]
    }
    want = {}
    for source in osmem.documents().values():
        key = (source["asset_id"], datetime.strptime(source["@timestamp"], "%Y-%m-%dT%H:%M:%SZ"))
        want[key] = max(want.get(key, 0), source["price_crypto"])
    assert found == want


@pytest.mark.parametrize("seed", range(3))
def test_documents_equal_duckdbs_maxima_however_records_come(osmem, tmp_path, seed):
    """Random cuts, replays and processes, with records and times out of order; then the whole once more in any order."""
    numbers = random.Random(seed)
    records = random_records(numbers, 1200)
    want = expected(records)
    with started(osmem, tmp_path) as one, started(osmem, tmp_path) as two:
        start = 0
        while start < len(records):
            again = max(0, start - numbers.choice([0, 0, 40]))
            end = min(len(records), start + numbers.randrange(1, 200))
            send(numbers.choice([one, two]), quote_event(records[again:end]))
            start = end
        assert held(osmem.documents().values()) == want
        letters_before = rows(tmp_path, DEAD_LETTERS)
        cut = [records[place : place + 100] for place in range(0, len(records), 100)]
        numbers.shuffle(cut)
        for batch in cut:
            send(numbers.choice([one, two]), quote_event(batch))
    assert held(osmem.documents().values()) == want
    assert rows(tmp_path, DEAD_LETTERS) == letters_before, "each bad record is a dead letter once"
    print(f"{len(records)} records, {len(want)} documents, {len(letters_before)} dead letters, as DuckDB has them")


def test_the_index_does_not_depend_on_the_order_of_batches(osmem, tmp_path):
    numbers = random.Random(9)
    records = random_records(numbers, 600, bad=0)
    batches = [records[place : place + 30] for place in range(0, len(records), 30)] * 2
    numbers.shuffle(batches)
    with started(osmem, tmp_path) as function:
        for batch in batches:
            send(function, quote_event(batch))
    assert held(osmem.documents().values()) == expected(records)


@pytest.mark.long
def test_documents_equal_duckdbs_maxima_of_many_records(osmem, tmp_path):
    records = random_records(random.Random(100), 100_000, partitions=8, bad=0.01)
    with started(osmem, tmp_path) as function:
        for start in range(0, len(records), 2_000):
            send(function, quote_event(records[max(0, start - 100) : start + 2_000]))
    want = expected(records)
    assert held(osmem.documents().values()) == want
    print(f"{len(records)} records, {len(want)} documents, as DuckDB has them")


def test_hostile_names_are_documents_of_their_own(function, osmem):
    names = SYMBOLS + ["A%2FB/C", "A/B%2FC", "*/USD", "_all/USD", "../..", "BTC /USD", "BTC/ USD", "a\nb/\u2028", "\u0000/\u0000", "x" * 60 + "/USD", "€" * 20 + "/U"]
    send(function, quote_event([quote_record({name: bar(START_MS, 1 + place) for place, name in enumerate(names)})]))
    documents = osmem.documents()
    found = {f"{source['asset_id']}/{source['asset_type']}": source["price_crypto"] for source in documents.values()}
    assert found == {name: 1 + place for place, name in enumerate(names)}
    assert len(documents) == len(names) and all(len(name.encode()) <= 512 for name in documents)
    assert osmem.document("%27%3B%20drop%20table/USD/2026-11-20T10:00:00Z")["_source"]["asset_id"] == "'; drop table"


BAD = {
    "no slash": ({"BTCUSD": bar(START_MS, 1)}, "badSymbol"),
    "two slashes": ({"A/B/C": bar(START_MS, 1)}, "badSymbol"),
    "5 KB": ({"x" * 5000 + "/USD": bar(START_MS, 1)}, "badSymbol"),
    "negative": ({"BTC/USD": bar(START_MS, -1)}, "outOfRange"),
    "NaN": (b'{"bars":{"BTC/USD":{"t":"2026-11-20T10:00:00Z","c":NaN}}}', "badJSON"),
    "NaN as text": ({"BTC/USD": bar(START_MS, "NaN")}, "wrongType"),
    "infinite": (b'{"bars":{"BTC/USD":{"t":"2026-11-20T10:00:00Z","c":1e400}}}', "outOfRange"),
    "ahead": ({"BTC/USD": bar(START_MS + 600_001, 1)}, "tooFarAhead"),
    "year 9999": ({"BTC/USD": bar("9999-12-31T23:59:30Z", 1)}, "outOfRange"),
    "year 10000": ({"BTC/USD": bar("10000-01-01T00:00:00Z", 1)}, "badTimestamp"),
    "HTML": (b"<!doctype html><html></html>", "badJSON"),
    "Avro": (b"\x00\x00\x00\x00\x07\x02\x04", "unsupportedPayload"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_record_is_a_dead_letter_and_stops_nothing(function, osmem, tmp_path, kind):
    value, code = BAD[kind]
    good = {"ETH/USD": bar(START_MS, 5)}
    for _ in range(2):
        send(function, quote_event([quote_record(good, 6), quote_record(value, 7), quote_record({"ETH/USD": bar(START_MS, 9)}, 8)]))
    assert [source["price_crypto"] for source in osmem.documents().values()] == [9]
    (letter,) = letters(tmp_path)
    assert letter["error_code"] == code and letter["table_name"] == "elasticsearch:crypto_quote"
    assert (letter["shard"], letter["sequence_number"], letter["stream"]) == (f"{TOPIC}-0", "7", "coinbase-currencies")
    assert letter["raw"] == (value if isinstance(value, bytes) else json.dumps({"bars": value}).encode())


def test_a_price_of_year_one_is_a_document(function, osmem):
    send(function, event_of({"BTC/USD": bar("0001-01-01T00:00:30Z", 1)}))
    (document,) = osmem.documents().values()
    assert (document["@timestamp"], document["ref_date"]) == ("0001-01-01T00:00:00Z", "0001-01-01")


def test_the_good_bars_of_a_bad_record_are_indexed(function, osmem, tmp_path):
    send(function, event_of({"BTC/USD": bar(START_MS, -1), "ETH/USD": bar(START_MS, 2), "nothing": bar(START_MS, 3)}))
    assert list(osmem.documents()) == ["ETH/USD/2026-11-20T10:00:00Z"]
    assert len(letters(tmp_path)) == 1


def test_frames_of_schema_registries_are_taken_off(function, osmem):
    text = json.dumps({"bars": {"BTC/USD": bar(START_MS, 5)}}).encode()
    glue = b"\x03\x00" + bytes(range(16))
    send(function, quote_event([quote_record(b"\x00\x00\x00\x00\x07" + text, 0), quote_record(glue + text.replace(b"BTC", b"ETH"), 1)]))
    assert len(osmem.documents()) == 2


def test_tombstones_and_several_partitions_of_a_self_managed_cluster(function, osmem):
    records = [quote_record(None, 0), quote_record({"BTC/USD": bar(START_MS, 5)}, 1), quote_record({"BTC/USD": bar(START_MS, 6)}, 0, 1)]
    send(function, quote_event(records, cluster=None))
    assert [source["price_crypto"] for source in osmem.documents().values()] == [6]


def test_a_topic_without_an_index_is_an_error_after_the_others(function, osmem):
    trade = quote_record(b'{"transaction_id":1}', topic="coinbase-trades")
    unknown = quote_record(b"{}", topic="elsewhere")
    outcome = function.invoke(quote_event([trade, unknown, quote_record({"BTC/USD": bar(START_MS, 5)})]))
    message = outcome.error["errorMessage"]
    assert "coinbase-trades" in message and "no index" in message and "elsewhere" in message
    assert len(osmem.documents()) == 1


def test_events_of_other_services_are_errors(function):
    for event in ({}, {"Records": []}, {"eventSource": "aws:kafka", "eventSourceArn": "a", "records": {}}, [], "x"):
        assert function.invoke(event).error["errorType"].startswith("Event."), event
    assert function.invoke(b"<html>").error["errorType"] == "Event.Malformed"


def test_the_deadline_stops_the_work_and_the_error_names_what_is_left(function, osmem):
    function.deadline_ms = 0
    outcome = function.invoke(quote_event([quote_record({"BTC/USD": bar(START_MS, 5)}, 41), quote_record({"BTC/USD": bar(START_MS, 6)}, 17, 2)]))
    assert outcome.error["errorType"] == "Elasticsearch.Incomplete"
    message = outcome.error["errorMessage"]
    assert f"{TOPIC}-0 from 41" in message and f"{TOPIC}-2 from 17" in message and "deadline" in message
    function.deadline_ms = 60_000
    send(function, quote_event([quote_record({"BTC/USD": bar(START_MS, 5)}, 41)]))
    assert len(osmem.documents()) == 1
