"""What kafka-ingest and kinesis-ingest make of keys, headers, places and schema-registry frames, judged by both readers."""

import json
import random
import struct
import uuid
import zlib
from datetime import datetime

import fastavro
import pytest
from kafka_events import CLUSTER, kafka_event, kafka_record
from readers import DEAD_LETTERS, exists, pyiceberg_table, rows
from runtime_api import Function
from sensors import ARRIVAL_MS, STREAM, kinesis_event, sequence_number
from support import ROOT

DONE = {"batchItemFailures": []}
EVENTS = "events_db.audit"
SHARDS = "events_db.shards"
COMMON = [
    ("id", "long", None), ("again", "double", "id"), ("key_text", "string", "@key"), ("key_bytes", "binary", "@key"),
    ("topic", "string", "@topic"), ("place", "string", "@partition"), ("position", "string", "@offset"),
    ("at", "timestamp", "@timestamp"),
]  # fmt: skip
COLUMNS = COMMON + [
    ("trace", "string", "@header:trace"), ("blob", "binary", "@header:blob"), ("partition", "int", "@partition"),
    ("offset", "long", "@offset"),
]  # fmt: skip
WHEN = 1_795_000_000_123
MOMENT = datetime(2026, 11, 18, 11, 6, 40, 123000)
UUID = uuid.UUID("0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0")


@pytest.fixture
def environment(tmp_path):
    """A lake whose tables are filled from every part of the records of two topics, and of a Kinesis stream."""
    definition = json.loads((ROOT / "lake.json").read_text())
    letters = next(table for table in definition["tables"] if table["name"] == DEAD_LETTERS)

    def table(name: str, columns: list) -> dict:
        columns = [{"name": name, "type": kind, **({"from": source} if source else {})} for name, kind, source in columns]
        return {"name": name, "columns": columns}

    streams = [
        ({"kind": "kafka", "topic": "audit"}, EVENTS), ({"kind": "kafka", "topic": "more"}, EVENTS),
        ({"kind": "kinesis", "name": "sensor-readings"}, SHARDS),
    ]  # fmt: skip
    made = {
        "databases": [{"name": "events_db"}, {"name": "lake_db"}],
        "tables": [table(EVENTS, COLUMNS), table(SHARDS, COMMON), letters],
        "streams": [
            {"name": source.get("topic", source.get("name")), "source": source, "table": table} for source, table in streams
        ],
        "deadLetterTable": DEAD_LETTERS,
    }
    (tmp_path / "lake.json").write_text(json.dumps(made))
    return {"LAKE_DEFINITION": str(tmp_path / "lake.json")}


@pytest.fixture
def function(tmp_path, environment):
    with Function("kafka-ingest", tmp_path, environment) as running:
        yield running


def send(function, records):
    outcome = function.invoke(kafka_event(records))
    assert outcome.reply == DONE, function.log_text()


def letters(lake) -> list[dict]:
    return pyiceberg_table(lake, DEAD_LETTERS).scan().to_arrow().to_pylist()


def test_keys_headers_and_places_fill_columns(function, tmp_path):
    full = [("trace", "first"), ("blob", bytes(range(256))), ("trace", "låst"), ("other", b"\xff")]
    send(function, [
        kafka_record("audit", 3, 2**53 + 1, WHEN, "BTC/USD", {"id": 2**63 - 1}, full),
        kafka_record("more", 0, 0, None, None, {"id": 2, "key_text": "no", "again": "no"}),
        kafka_record("more", 0, 1, 0, b"", {"id": None}, [("trace", ""), ("blob", "")]),
    ])  # fmt: skip
    expected = [
        (2**63 - 1, float(2**63 - 1), "BTC/USD", b"BTC/USD", "audit", "3", str(2**53 + 1), MOMENT, "låst",
         bytes(range(256)), 3, 2**53 + 1),
        (2, 2.0, None, None, "more", "0", "0", None, None, None, 0, 0),
        (None, None, "", b"", "more", "0", "1", datetime(1970, 1, 1), "", b"", 0, 1),
    ]  # fmt: skip
    assert rows(tmp_path, EVENTS) == sorted(expected, key=repr)


def test_a_key_or_header_that_does_not_fit_is_a_dead_letter(function, tmp_path):
    bad = [
        ({"key": b"\xff\xfe"}, "key_text", "badString"), ({"headers": [("trace", b"\x80")]}, "trace", "badString"),
        ({"timestamp": 253_402_300_800_000}, "at", "outOfRange"),
    ]  # fmt: skip
    send(function, [kafka_record("audit", offset=i, value={"id": i}, **part) for i, (part, _, _) in enumerate(bad)]
         + [kafka_record("audit", offset=len(bad), value={"id": 99})])  # fmt: skip
    assert [row[0] for row in rows(tmp_path, EVENTS)] == [99]
    found = {letter["sequence_number"]: (letter["field"], letter["error_code"]) for letter in letters(tmp_path)}
    assert found == {str(i): (field, code) for i, (_, field, code) in enumerate(bad)}


def test_kinesis_records_have_the_same_parts(tmp_path, environment):
    with Function("kinesis-ingest", tmp_path, environment) as function:
        assert function.invoke(kinesis_event([{"id": 1}, {"id": 2}])).reply == DONE
    at = datetime(2026, 11, 18, 11, 6, 40)
    assert STREAM.endswith("/sensor-readings") and ARRIVAL_MS == 1_795_000_000_000
    assert not exists(tmp_path, EVENTS), "the topics' table is the other function's"
    assert rows(tmp_path, SHARDS) == sorted([
        (i + 1, i + 1.0, f"device-{i}", f"device-{i}".encode(), "sensor-readings", "shardId-000000000000",
         sequence_number(i), at.replace(microsecond=i * 1000))
        for i in range(2)
    ], key=repr)  # fmt: skip


def confluent(schema: int, payload: bytes) -> bytes:
    return struct.pack(">bI", 0, schema) + payload


def glue(payload: bytes, compression: int = 0) -> bytes:
    return bytes([3, compression]) + UUID.bytes + payload


def avro(document: dict) -> bytes:
    import io

    schema = fastavro.parse_schema({"type": "record", "name": "r", "fields": [{"name": "id", "type": "long"}]})
    out = io.BytesIO()
    fastavro.schemaless_writer(out, schema, document)
    return out.getvalue()


def test_framed_json_is_decoded_and_all_else_in_frames_is_a_dead_letter(function, tmp_path):
    def text(number: int) -> bytes:
        return json.dumps({"id": number}).encode()

    good = [text(0), confluent(1, text(1)), glue(text(2)), confluent(2**32 - 1, b" \n" + text(3)), glue(b"\t" + text(4))]
    bad = [
        (confluent(42, avro({"id": 7})), "Confluent", "42"), (glue(avro({"id": 7})), "Glue", str(UUID)),
        (confluent(43, b"\x00\x0a\x03BTC"), "Confluent", "43"), (glue(zlib.compress(text(5)), 5), "Glue", str(UUID)),
        (confluent(44, b""), "Confluent", "44"), (glue(b""), "Glue", str(UUID)), (glue(text(5), 9), "Glue", str(UUID)),
        (confluent(45, text(5)[:-1]), "Confluent", "45"), (glue(b"[1]"), "Glue", str(UUID)),
        (b"\x00\x00", "Confluent", "cut short"), (glue(b"")[:10], "Glue", "cut short"),
    ]  # fmt: skip
    records = good + [payload for payload, _, _ in bad]
    send(function, [kafka_record("audit", offset=i, value=value) for i, value in enumerate(records)])
    assert sorted(row[0] for row in rows(tmp_path, EVENTS)) == list(range(len(good)))
    found = {letter["raw"]: letter for letter in letters(tmp_path)}
    assert set(found) == {payload for payload, _, _ in bad}, "the frame stays with the bytes"
    for payload, registry, schema in bad:
        assert registry in found[payload]["error"] and schema in found[payload]["error"], found[payload]["error"]
    print(f"Avro by fastavro {fastavro.__version__}")


def test_mutated_records_never_stop_the_function(function, tmp_path):
    """Whatever a value, a key or a header holds, it is a row, a dead letter or a tombstone."""
    numbers = random.Random(5)
    seeds = [confluent(7, b'{"id": 1}'), glue(b'{"id": 2, "x": [1]}'), b'{"id": 3}', glue(zlib.compress(b"{}"), 5)]
    records = []
    for offset in range(3000):
        value = bytearray(numbers.choice(seeds))
        for _ in range(numbers.randint(0, 3)):
            if value:
                place = numbers.randrange(len(value))
                action = numbers.randrange(3)
                if action == 0:
                    value[place] = numbers.choice([0, 3, 5, 123, numbers.randrange(256)])
                elif action == 1:
                    del value[place]
                else:
                    del value[place:]
        headers = [(numbers.choice(["trace", "blob", "é", ""]), numbers.randbytes(numbers.randint(0, 4)))
                   for _ in range(numbers.randint(0, 2))]  # fmt: skip
        key = numbers.choice([None, b"", b"k", numbers.randbytes(3)])
        records.append(kafka_record("audit", offset % 2, offset, WHEN + offset, key, bytes(value), headers))
    send(function, records)
    made, refused = len(rows(tmp_path, EVENTS)), len(letters(tmp_path))
    print(f"{made} rows, {refused} dead letters")
    assert made + refused == 3000 and made > 300 and refused > 300
    send(function, records)
    assert len(rows(tmp_path, EVENTS)) == made and len(letters(tmp_path)) == refused


def test_bad_records_stop_a_stream_that_asks_for_it(tmp_path, environment):
    text = (tmp_path / "lake.json").read_text()
    made = json.loads(text)
    for stream in made["streams"]:
        stream["onBadRecord"] = "fail"
    (tmp_path / "lake.json").write_text(json.dumps(made))
    records = [kafka_record("audit", 2, offset, value={"id": offset}) for offset in range(6)]
    more = [kafka_record("more", 0, offset, value={"id": 100 + offset}) for offset in range(3)]
    with Function("kafka-ingest", tmp_path, environment) as function:
        for _ in range(2):
            outcome = function.invoke(kafka_event(records[:4] + [kafka_record("audit", 2, 4, value=b"no")] + records[5:] + more))
            assert outcome.error["errorType"] == "Ingest.Uncommitted"
            assert "audit-2 from 4" in outcome.error["errorMessage"] and "badJSON" in outcome.error["errorMessage"]
            assert sorted(row[0] for row in rows(tmp_path, EVENTS)) == [0, 1, 2, 3, 100, 101, 102]
        # Whoever puts it right (here, by a record in its place) gets the rest.
        send(function, records + more)
    assert sorted(row[0] for row in rows(tmp_path, EVENTS)) == [0, 1, 2, 3, 4, 5, 100, 101, 102]
    summary = pyiceberg_table(tmp_path, EVENTS).current_snapshot().summary
    assert set(json.loads(summary[f"swiftlake.offsets.{CLUSTER}"])) == {"audit-2", "more-0"}
