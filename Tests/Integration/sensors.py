"""Sensor readings and the Kinesis events that carry them, the same for the same seed."""

import base64
import json
import random
from datetime import datetime, timedelta

STREAM = "arn:aws:kinesis:eu-west-1:123456789012:stream/sensor-readings"
FIRST_SEQUENCE = 49_590_338_271_490_256_608_559_692_538_361_571_095_921_575_989_136_588_898
START = datetime(2026, 11, 20, 10, 0, 0)
ARRIVAL_MS = 1_795_000_000_000
# The property that holds the stream's offsets, in snapshot summaries and on the table.
OFFSETS = f"swiftlake.offsets.{STREAM}"


def readings(count: int, seed: int = 1, devices: int = 20, per_hour: int = 4000) -> list[dict]:
    """Readings in order of time, as devices send them."""
    numbers = random.Random(seed)
    step = timedelta(microseconds=3_600_000_000 // per_hour)
    made = []
    for index in range(count):
        moment = START + index * step
        made.append(
            {
                "temperature": numbers.randint(-10, 60),
                "cpu": round(numbers.uniform(0, 100), 2),
                "ram": round(numbers.uniform(0, 100), 2),
                "hd": round(numbers.uniform(0, 100), 2),
                "timestamp": moment.strftime("%Y-%m-%d %H:%M:%S.%f"),
                "timestamp_sent": moment.strftime("%Y-%m-%d %H"),
                "id_device": numbers.randint(1, devices),
            }
        )
    return made


def payload(reading) -> bytes:
    """What a device puts into the stream."""
    return reading if isinstance(reading, bytes) else json.dumps(reading).encode()


def kinesis_event(batch, first: int = 0, shard: str = "shardId-000000000000", stream: str = STREAM) -> dict:
    """An event with these payloads, whose sequence numbers start at `first` and arrive a millisecond apart."""
    records = []
    for index, reading in enumerate(batch, first):
        sequence = str(FIRST_SEQUENCE + index * 7)
        records.append(
            {
                "eventID": f"{shard}:{sequence}",
                "eventName": "aws:kinesis:record",
                "eventSource": "aws:kinesis",
                "eventVersion": "1.0",
                "invokeIdentityArn": "arn:aws:iam::123456789012:role/ingest",
                "awsRegion": "eu-west-1",
                "eventSourceARN": stream,
                "kinesis": {
                    "kinesisSchemaVersion": "1.0",
                    "partitionKey": f"device-{index % 20}",
                    "sequenceNumber": sequence,
                    "data": base64.b64encode(payload(reading)).decode(),
                    "approximateArrivalTimestamp": (ARRIVAL_MS + index) / 1000,
                },
            }
        )
    return {"Records": records}


def sequence_number(index: int) -> str:
    """The sequence number that kinesis_event gives to its index-th payload."""
    return str(FIRST_SEQUENCE + index * 7)


def as_row(reading: dict) -> tuple:
    """The row a reading becomes, with the columns in the table's order."""
    return (
        reading["temperature"],
        reading["cpu"],
        reading["ram"],
        reading["hd"],
        datetime.strptime(reading["timestamp"], "%Y-%m-%d %H:%M:%S.%f"),
        datetime.strptime(reading["timestamp_sent"], "%Y-%m-%d %H"),
        reading["id_device"],
    )


def assert_chain(table, size: int):
    """Each snapshot took the next `size` records of one shard, and names the last of the one before."""
    previous = None
    for index, snapshot in enumerate(table.snapshots()):
        (mark,) = json.loads(snapshot.summary[OFFSETS]).values()
        first, last = sequence_number(index * size), sequence_number((index + 1) * size - 1)
        assert mark == [previous, first, last, ARRIVAL_MS + (index + 1) * size - 1]
        previous = last
    assert table.properties[OFFSETS] == table.current_snapshot().summary[OFFSETS]
