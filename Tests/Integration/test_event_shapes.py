"""Kinesis events of mixed shapes through kinesis-ingest, judged by Python's json: every record is made bad, so that the
dead-letter table shows what the function read of it."""

import base64
import json
import random
from datetime import datetime, timedelta

import pytest
from readers import DEAD_LETTERS, pyiceberg_table
from runtime_api import Function
from sensors import STREAM

KEYS = ["k", "", "ключ", "a\"b\\c/d", "\u0000\u001f", "😀", "e\u0301é", "x" * 256, "data", "\u2028"]


def text_of(numbers: random.Random, text: str) -> str:
    """A JSON string for the text, with some characters escaped that need not be."""
    parts = []
    for character in text:
        if character in "\"\\" or ord(character) < 0x20 or numbers.random() < 0.02:
            if character == "/" or (character in "\"\\" and numbers.random() < 0.5):
                parts.append("\\" + character)
            else:
                units = character.encode("utf-16-be")
                parts += [f"\\u{units[i : i + 2].hex()}" for i in range(0, len(units), 2)]
        else:
            parts.append(character)
    return '"' + "".join(parts) + '"'


def members(numbers: random.Random, pairs: list[tuple[str, str]]) -> str:
    """An object of these members, perhaps in another order, with others between, or with one that a later one replaces."""
    space = numbers.choice(["", "", " ", "\n\t"])
    kind = numbers.random()
    if kind < 0.2:
        numbers.shuffle(pairs)
    if 0.2 < kind < 0.3:
        pairs.insert(numbers.randrange(len(pairs) + 1), (f"new{numbers.randrange(3)}", '[{"data":"}"},null,-1e3,"\\u00e9"]'))
    if 0.3 < kind < 0.35:
        name, value = numbers.choice(pairs)
        # The earlier of two members with one name does not count.
        if name == "partitionKey":
            pairs.insert(0, (name, '"replaced"'))
    body = f",{space}".join(f"{text_of(numbers, name) if kind > 0.97 else json.dumps(name)}:{space}{value}" for name, value in pairs)
    return "{" + space + body + space + "}"


def event(numbers: random.Random, first: int, count: int) -> str:
    records = []
    for index in range(first, first + count):
        odd = numbers.random() < 0.15
        quoted = (lambda text: text_of(numbers, text)) if odd else (lambda text: json.dumps(text, ensure_ascii=False))
        time = 1_795_000_000_000 + index
        spelled = f"{time // 1000}.{time % 1000:03}"
        if odd:
            spelled = numbers.choice([spelled, f"{time}e-3", f"{spelled}000", f"{time // 1000}", f"{time / 1000:.6E}"])
        payload = b"bad %d " % index + numbers.randbytes(numbers.choice([0, 1, 2, 3, 40]))
        sequence = str(10**55 + index)
        kinesis = [
            ("kinesisSchemaVersion", '"1.0"'),
            ("partitionKey", quoted(numbers.choice(KEYS) if odd else f"key-{index}")),
            ("sequenceNumber", f'"{sequence}"'),
            ("data", quoted(base64.b64encode(payload).decode())),
            ("approximateArrivalTimestamp", spelled),
        ]
        record = [
            ("kinesis", members(numbers, kinesis) if odd else "{" + ",".join(f'"{k}":{v}' for k, v in kinesis) + "}"),
            ("eventSource", '"aws:kinesis"'),
            ("eventID", f'"shardId-000000000000:{sequence}"'),
            ("eventSourceARN", quoted(STREAM)),
        ]
        records.append(members(numbers, record) if odd else "{" + ",".join(f'"{k}":{v}' for k, v in record) + "}")
    return '{"Records":[' + numbers.choice([",", ", ", " ,\n"]).join(records) + "]}"


@pytest.mark.parametrize("seed", range(4))
def test_every_shape_is_read_as_python_reads_it(tmp_path, seed):
    numbers = random.Random(seed)
    expected = []
    with Function("kinesis-ingest", tmp_path) as function:
        for start in range(0, 1200, 400):
            text = event(numbers, start, 400)
            for record in json.loads(text)["Records"]:
                kinesis = record["kinesis"]
                milliseconds = round(kinesis["approximateArrivalTimestamp"] * 1000)
                expected.append(
                    (
                        kinesis["sequenceNumber"], kinesis["partitionKey"], base64.b64decode(kinesis["data"]),
                        record["eventSourceARN"], datetime(1970, 1, 1) + timedelta(milliseconds=milliseconds),
                    )
                )
            outcome = function.invoke(text.encode())
            assert outcome.reply == {"batchItemFailures": []}, outcome.error or function.log_text()[-2000:]
    letters = pyiceberg_table(tmp_path, DEAD_LETTERS).scan().to_arrow().to_pylist()
    found = sorted(
        (row["sequence_number"], row["partition_key"], row["raw"], row["source"], row["arrived_at"]) for row in letters
    )
    assert found == sorted(expected)
    print(f"{len(found)} records of mixed shapes, as Python's json reads them")
