"""kafka-ingest against a loopback Runtime API, with the repository's lake.json; pyiceberg and DuckDB judge the tables."""

import json
import random
import time
from datetime import UTC, datetime

import pytest
from kafka_events import (
    BOOTSTRAP, CLUSTER, TRADES, as_trade_row, kafka_event, kafka_record, trade_records, trades,
)  # fmt: skip
from readers import DEAD_LETTERS, pyiceberg_table, rows
from runtime_api import Function
from sensors import kinesis_event, readings
from support import ROOT

DONE = {"batchItemFailures": []}
OFFSETS = f"swiftlake.offsets.{CLUSTER}"


@pytest.fixture
def function(tmp_path):
    with Function("kafka-ingest", tmp_path) as running:
        yield running


def send(function, records, **source):
    outcome = function.invoke(kafka_event(records, **source))
    assert outcome.reply == DONE, function.log_text()


def offsets(lake, source: str = CLUSTER) -> dict:
    """The last offset of each partition, as the newest snapshot has it."""
    summary = pyiceberg_table(lake, TRADES).current_snapshot().summary
    return {shard: mark[2] for shard, mark in json.loads(summary[f"swiftlake.offsets.{source}"]).items()}


def letters(lake) -> list[dict]:
    return pyiceberg_table(lake, DEAD_LETTERS).scan().to_arrow().to_pylist()


def test_rows_are_what_went_in_with_every_bit_of_their_numbers(function, tmp_path):
    batch = trades(4000)
    extremes = [0, -1, 2**53 + 1, 2**63 - 1, -(2**63), 2**62 + 1]
    batch += [{**batch[0], "transaction_id": number} for number in extremes]
    numbers = random.Random(4)
    records = []
    for partition in range(6):
        records += trade_records(batch[partition::6], first=partition * 10**12, partition=partition)
    numbers.shuffle(records)
    send(function, records)
    assert rows(tmp_path, TRADES) == sorted(map(as_trade_row, batch), key=repr)
    assert set(extremes) <= {row[0] for row in rows(tmp_path, TRADES)}
    assert [field.name for field in pyiceberg_table(tmp_path, TRADES).spec().fields] == ["ref_date"]
    assert len(offsets(tmp_path)) == 6
    send(function, records)
    assert len(rows(tmp_path, TRADES)) == len(batch)
    assert "already in the table" in function.log_text()


def test_replays_that_are_cut_differently_add_only_what_is_missing(function, tmp_path):
    """Three partitions, delivered in random cuts; every batch is sent again sometimes, and goes back behind what is
    committed."""
    numbers = random.Random(11)
    streams = {partition: trades(80, seed=partition + 1) for partition in range(3)}
    place = dict.fromkeys(streams, 0)
    while any(place[partition] < 80 for partition in streams):
        records = []
        for partition in numbers.sample(sorted(streams), numbers.randint(1, 3)):
            start = max(0, place[partition] - numbers.choice([0, 0, 3, 20]))
            end = min(80, place[partition] + numbers.randint(0, 15))
            records += trade_records(streams[partition][start:end], first=start, partition=partition)
            place[partition] = max(place[partition], end)
        if records:
            for _ in range(numbers.choice([1, 1, 2])):
                send(function, records)
    expected = [as_trade_row(trade) for stream in streams.values() for trade in stream]
    assert rows(tmp_path, TRADES) == sorted(expected, key=repr)
    assert offsets(tmp_path) == {f"coinbase-trades-{partition}": "79" for partition in streams}


def test_it_is_measured_how_old_the_newest_row_of_each_table_is(function):
    now = int(time.time() * 1000)
    times = [now - 3_600_000, None, now - 30_000, None]
    batch = [kafka_record(offset=place, timestamp=time, value=trades(1, seed=place)[0]) for place, time in enumerate(times)]
    send(function, batch)
    # Quotes that close no window are no row yet; the record that closes some makes them visible.
    minutes = [now - 600_000, now - 590_000, now - 45_000]
    quotes = [
        kafka_record("coinbase-currencies", offset=place, timestamp=time, value={
            "bars": {"BTC/USD": {"t": datetime.fromtimestamp(time / 1000, UTC).isoformat(), "c": 5.0}}})
        for place, time in enumerate(minutes)
    ]  # fmt: skip
    send(function, quotes[:2])
    send(function, quotes[2:])
    send(function, [kafka_record(offset=9, timestamp=None, value=trades(1, seed=9)[0])])
    lines = [line for line in function.logs() if "Freshness" in line]
    assert [line["Table"] for line in lines] == [TRADES, "crypto_db.crypto_quote"]
    assert 30_000 <= lines[0]["Freshness"] < 44_000 and 45_000 <= lines[1]["Freshness"] < 60_000


def test_two_copies_of_one_offset_are_one_row(function, tmp_path):
    batch = trades(5)
    records = trade_records(batch)
    send(function, records + [{**records[2], "value": records[4]["value"]}] + records[:2])
    assert rows(tmp_path, TRADES) == sorted(map(as_trade_row, batch), key=repr)


def test_tombstones_move_the_offsets_and_are_counted(function, tmp_path):
    batch = trades(3)
    send(function, trade_records(batch) + [kafka_record(offset=3, key="BTC"), kafka_record(offset=4)])
    assert len(rows(tmp_path, TRADES)) == 3
    assert offsets(tmp_path) == {"coinbase-trades-0": "4"}
    assert "2 records had no value" in function.log_text()
    assert any(line.get("Tombstones") == 2 for line in function.logs()), function.log_text()
    assert not (tmp_path / "warehouse" / "lake_db").exists()


def test_bad_records_become_dead_letters_with_key_partition_and_offset(function, tmp_path):
    batch = trades(4)
    bad = [b"{", b"", b"\xff\xfe", b'{"transaction_id": 9223372036854775808}', b'{"quantity": 3000000000}', b"[]"]
    bad += [json.dumps({**batch[0], name: "'; drop table crypto_trader; --"}).encode() for name in
            ("transaction_id", "quantity", "transaction_timestamp")]  # fmt: skip
    records = trade_records(batch[:2], partition=7)
    records += [kafka_record(partition=7, offset=2 + i, key="k", value=value, timestamp=None) for i, value in enumerate(bad)]
    records += trade_records(batch[2:], partition=7, first=2 + len(bad))
    for _ in range(2):
        send(function, records)
    assert rows(tmp_path, TRADES) == sorted(map(as_trade_row, batch), key=repr)
    found = letters(tmp_path)
    assert sorted(letter["raw"] for letter in found) == sorted(bad)
    assert {letter["sequence_number"] for letter in found} == {str(2 + i) for i in range(len(bad))}
    assert {(letter["stream"], letter["source"], letter["shard"], letter["partition_key"], letter["arrived_at"])
            for letter in found} == {("coinbase-trades", CLUSTER, "coinbase-trades-7", "k", None)}  # fmt: skip
    assert len(rows(tmp_path, DEAD_LETTERS)) == len(bad)


def test_names_that_look_like_commands_are_only_text(function, tmp_path):
    texts = ["'; drop table crypto_trader; --", '"; DELETE', "é\u0000😀\n", "../../etc/passwd", "${jndi:ldap://x}", ""]
    batch = [{**trade, "asset_id": text, "document_id": text} for trade, text in zip(trades(len(texts)), texts)]
    send(function, [kafka_record(offset=offset, key=text, value=trade) for offset, (trade, text) in enumerate(zip(batch, texts))])
    assert rows(tmp_path, TRADES) == sorted(map(as_trade_row, batch), key=repr)


def test_times_at_the_ends_of_the_calendar(function, tmp_path):
    """In records and as Kafka's own timestamps; what lies beyond is a dead letter, and nothing is forgotten for it."""
    ends = ["0001-01-01T00:00:00.000000+00:00", "9999-12-31T23:59:59.999999+00:00"]
    batch = [{**trades(1)[0], "transaction_timestamp": text} for text in ends]
    beyond = {**batch[0], "transaction_timestamp": "0001-01-01T00:00:00+01:00"}
    send(function, trade_records(trades(5, seed=2), partition=1))
    wrong = [
        kafka_record(offset=0, timestamp=-62_135_596_800_000, value=batch[0]),
        kafka_record(offset=1, timestamp=253_402_300_799_999, value=batch[1]),
        kafka_record(offset=2, timestamp=2**63 - 1, value=beyond),
        kafka_record(offset=3, timestamp=-(2**63), value=beyond),
        kafka_record(offset=4, timestamp=0, value=beyond),
    ]
    for _ in range(2):
        send(function, wrong)
        send(function, trade_records(trades(5, seed=2), partition=1))
    assert rows(tmp_path, TRADES) == sorted(map(as_trade_row, batch + trades(5, seed=2)), key=repr)
    assert len(letters(tmp_path)) == 3


def test_an_unknown_topic_stops_no_other_and_is_named(function, tmp_path):
    batch = trades(10)
    records = trade_records(batch[:3], topic="payments") + trade_records(batch)
    for _ in range(2):
        outcome = function.invoke(kafka_event(records))
        assert outcome.error["errorType"] == "Ingest.UnknownStream"
        message = outcome.error["errorMessage"]
        assert "payments" in message and "coinbase-trades" in message and "coinbase-currencies" in message
        assert "sensor-readings" not in message
        assert len(rows(tmp_path, TRADES)) == 10


def test_clusters_have_offsets_of_their_own(function, tmp_path):
    batch = trades(12)
    send(function, trade_records(batch[:4]))
    send(function, trade_records(batch[4:8]), cluster=CLUSTER.replace("-7", "-8"))
    for servers in (["b-1:9092", "b-2:9092"], ["b-2:9092", "b-1:9092"]):
        send(function, trade_records(batch[8:]), cluster=None, bootstrap=servers)
    assert rows(tmp_path, TRADES) == sorted(map(as_trade_row, batch), key=repr)
    assert offsets(tmp_path, "b-1:9092,b-2:9092") == {"coinbase-trades-0": "3"}


def test_a_recreated_topic_fails_loudly(function, tmp_path):
    send(function, trade_records(trades(10), first=1000))
    again = [{**record, "timestamp": record["timestamp"] + 86_400_000} for record in trade_records(trades(10))]
    outcome = function.invoke(kafka_event(again))
    assert outcome.error["errorType"] == "Ingest.RecreatedStream"
    assert "recreated" in outcome.error["errorMessage"] and "coinbase-trades-0" in outcome.error["errorMessage"]
    assert len(rows(tmp_path, TRADES)) == 10


def test_near_the_deadline_it_fails_with_what_is_left(function, tmp_path):
    function.deadline_ms = 0
    records = trade_records(trades(20), first=40) + trade_records(trades(2, seed=2), partition=5)
    outcome = function.invoke(kafka_event(records))
    assert outcome.error["errorType"] == "Ingest.Uncommitted"
    for words in ("deadline", "coinbase-trades-0 from 40", "coinbase-trades-5 from 0"):
        assert words in outcome.error["errorMessage"]
    function.deadline_ms = 60_000
    send(function, records)
    assert len(rows(tmp_path, TRADES)) == 22


def test_a_catalog_that_fails_loses_nothing(tmp_path):
    batch = trades(10)
    with Function("kafka-ingest", tmp_path) as function:
        send(function, trade_records(batch[:5]))
        whole = (tmp_path / "catalog.db").read_bytes()
        (tmp_path / "catalog.db").write_bytes(b"damage" * 100 + whole[600:])
        outcome = function.invoke(kafka_event(trade_records(batch[5:], first=5)))
        assert outcome.error["errorType"] == "Ingest.Uncommitted"
        assert "coinbase-trades-0 from 5" in outcome.error["errorMessage"] and "catalog.db" in outcome.error["errorMessage"]
        (tmp_path / "catalog.db").write_bytes(whole)
    with Function("kafka-ingest", tmp_path) as function:
        send(function, trade_records(batch[2:], first=2))
    assert rows(tmp_path, TRADES) == sorted(map(as_trade_row, batch), key=repr)


def replaced(event: dict, **members) -> dict:
    return {name: value for name, value in {**event, **members}.items() if value is not None}


GOOD = kafka_event(trade_records(trades(3)))
SELF_MANAGED = kafka_event(trade_records(trades(3)), cluster=None)
RECORD = GOOD["records"]["coinbase-trades-0"][0]


@pytest.mark.parametrize(
    "event, expected",
    [
        (b"", "event"),
        (b"{}", "records"),
        (b"not json", "JSON"),
        (b"[" * 100_000, "nested"),
        (json.dumps(GOOD).encode()[:700], "JSON"),
        (kinesis_event(readings(2)), "another service"),
        (replaced(GOOD, records={}), "records"),
        (replaced(GOOD, records=[]), "records"),
        (replaced(GOOD, records={"coinbase-trades-0": {}}), "coinbase-trades-0"),
        (replaced(GOOD, records={"coinbase-trades-0": [replaced(RECORD, offset="1")]}), "coinbase-trades-0[0].offset"),
        (replaced(GOOD, records={"coinbase-trades-0": [replaced(RECORD, offset=-1)]}), "offset"),
        (replaced(GOOD, records={"coinbase-trades-0": [replaced(RECORD, offset=2**63)]}), "offset"),
        (replaced(GOOD, records={"coinbase-trades-0": [replaced(RECORD, partition=None)]}), "partition"),
        (replaced(GOOD, records={"coinbase-trades-0": [replaced(RECORD, value=7)]}), "value"),
        (replaced(GOOD, records={"coinbase-trades-0": [replaced(RECORD, headers=[{"a": [300]}])]}), "headers"),
        (replaced(GOOD, eventSource=None), "eventSource"),
        (replaced(GOOD, eventSource="aws:sqs"), "aws:sqs"),
        (replaced(GOOD, eventSourceArn=None), "eventSourceArn"),
        (replaced(GOOD, eventSourceArn=""), "eventSourceArn"),
        (replaced(SELF_MANAGED, bootstrapServers=None), "bootstrapServers"),
        (replaced(SELF_MANAGED, bootstrapServers=" , "), "bootstrapServers"),
        (replaced(SELF_MANAGED, bootstrapServers=["b-1:9092"]), "bootstrapServers"),
        (replaced(SELF_MANAGED, bootstrapServers=7), "bootstrapServers"),
    ],
)
def test_an_event_that_is_none_is_a_function_error(function, tmp_path, event, expected):
    outcome = function.invoke(event)
    assert outcome.error is not None, outcome
    assert expected in outcome.error["errorMessage"] and outcome.error["errorType"]
    send(function, trade_records(trades(3)))
    assert len(rows(tmp_path, TRADES)) == 3, "the function goes on after a bad event"


def test_each_function_refuses_the_others_events(tmp_path):
    with Function("kinesis-ingest", tmp_path) as function:
        outcome = function.invoke(GOOD)
        assert outcome.error["errorType"] == "Event.WrongSource" and "aws:kafka" in outcome.error["errorMessage"]
        outcome = function.invoke(SELF_MANAGED)
        assert outcome.error["errorType"].startswith("Event.") and outcome.error["errorMessage"]
    with Function("kafka-ingest", tmp_path) as function:
        outcome = function.invoke(kinesis_event(readings(2)))
        assert outcome.error["errorType"] == "Event.WrongSource"


def test_no_payload_key_or_header_is_logged(tmp_path):
    with Function("kafka-ingest", tmp_path, {"AWS_LAMBDA_LOG_LEVEL": "TRACE"}) as function:
        values = [b"s3cr3t", b'{"transaction_id": "s3cr3t"}', b"\x00\x00\x00\x00\x07s3cr3t"]
        send(function, [kafka_record(offset=i, key="s3cr3t", value=value, headers=[("h", "s3cr3t")])
                        for i, value in enumerate(values)])  # fmt: skip
        assert "s3cr3t" not in json.dumps(function.logs())


def test_bootstrap_servers_of_msk_do_not_name_the_cluster(function, tmp_path):
    """They change when brokers are replaced; the ARN does not."""
    batch = trades(6)
    send(function, trade_records(batch[:4]), bootstrap=BOOTSTRAP)
    send(function, trade_records(batch), bootstrap=None)
    assert rows(tmp_path, TRADES) == sorted(map(as_trade_row, batch), key=repr)


def test_the_sample_events(function, tmp_path):
    """As events/README.md describes them, on a fresh lake, each sent twice."""
    for _ in range(2):
        assert function.invoke((ROOT / "events" / "kafka.json").read_bytes()).reply == DONE, function.log_text()
    assert len(rows(tmp_path, TRADES)) == 6 and min(row[0] for row in rows(tmp_path, TRADES)) > 2**53
    quotes = rows(tmp_path, "crypto_db.crypto_quote")
    assert sorted((row[0], row[1], row[2].strftime("%H:%M")) for row in quotes) == [
        (asset, "USD", minute) for asset in ("BTC", "ETH") for minute in ("10:15", "10:16")
    ]
    for _ in range(2):
        assert function.invoke((ROOT / "events" / "kafka-bad-records.json").read_bytes()).reply == DONE, function.log_text()
    assert len(rows(tmp_path, TRADES)) == 9
    assert "'; drop table crypto_trader; --" in {row[2] for row in rows(tmp_path, TRADES)}
    codes = sorted((letter["stream"], letter["error_code"]) for letter in letters(tmp_path))
    print(codes)
    assert [stream for stream, _ in codes] == ["coinbase-currencies"] * 4 + ["coinbase-trades"] * 7
