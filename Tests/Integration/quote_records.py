"""Records of Alpaca's latest bars, the same for the same seed: mostly in order, some late, ahead, bad or far away; and
the deliveries of them that Lambda may make."""

import json
import random
from datetime import datetime, timedelta, timezone

from kafka_events import CLUSTER, kafka_event, kafka_record

TOPIC = "coinbase-currencies"
TABLE = "crypto_db.crypto_quote"
STATE = f"swiftlake.state.windows.{CLUSTER}/{TOPIC}-"
START = datetime(2026, 11, 20, 10, 0, 0)
EPOCH = datetime(1970, 1, 1)
SYMBOLS = [
    ["BTC/USD", "ETH/USD", "'; drop table/USD"],
    ["SOL/USD", "LTC/EUR"],
    ["DOGE/USD", "é/USD", "e\u0301/USD", 'quo"te\\/U\n'],
    ["AVAX/USD"],
]
BAD_PAYLOADS = [
    b"", b"{", b"<html>no</html>", b"[]", b"null", b"\xff\xfe", b'{"bars":[]}', b'{"bars":null}', b"{}",
    b'{"bars":{"BTC/USD":{"t":"2026-11-20T10:00:00Z","c":NaN}}}', b'{"bars":{"BTC/USD":{"t":"2026-11-20T10:00:00Z"}}',
]
BAD_BARS = [
    {"t": None, "c": 1}, {"c": 1}, {"t": "2026-11-20T10:00:00Z"}, {"t": "yesterday", "c": 1}, {"t": 5, "c": 1},
    {"t": "2026-02-30T10:00:00Z", "c": 1}, {"t": "9999-12-31T23:59:30Z", "c": 1}, {"t": "0000-01-01T00:00:00Z", "c": 1},
    {"t": "2026-11-20T10:00:00Z", "c": "1"}, {"t": "2026-11-20T10:00:00Z", "c": -1}, {"t": "2026-11-20T10:00:00Z", "c": None},
    {"t": "9999-12-31T23:00:00Z", "c": 1}, [], None, "bar",
]
BAD_SYMBOLS = ["BTC", "/USD", "BTC/", "A/B/C", "", "/", "'; drop table", "A" * 61 + "/USD"]


def iso(time: datetime, numbers: random.Random) -> str:
    """The moment in one of the forms that ISO 8601 allows."""
    form = numbers.random()
    if form < 0.8:
        return time.isoformat() + "Z"
    if form < 0.85:
        return time.isoformat(sep=" ")
    if form < 0.9:
        return time.isoformat(timespec="microseconds") + "789Z"
    if time.year == 1:
        return time.isoformat(timespec="minutes")
    zone = timezone(timedelta(minutes=numbers.choice([-570, -60, 60, 330])))
    return time.replace(tzinfo=timezone.utc).astimezone(zone).isoformat()


def price(numbers: random.Random):
    kind = numbers.random()
    if kind < 0.9:
        return round(numbers.uniform(1, 60_000), numbers.randint(0, 6))
    if kind < 0.95:
        return numbers.randint(0, 10**6)
    return numbers.choice([0, 0.0, -0.0, 5e-324, 1e-300, 1.7e308, 0.1 + 0.2, 12345678901234567890, 1e16])


def records(count: int, seed: int, partitions: int = 4) -> list[list[tuple[int, bytes]]]:
    """Kafka timestamp and payload of each record, by partition."""
    numbers = random.Random(seed)
    made: list[list[tuple[int, bytes]]] = []
    for partition in range(partitions):
        now, stream = START + timedelta(seconds=numbers.randint(0, 300)), []
        for _ in range(count // partitions):
            now += timedelta(microseconds=numbers.choice([0, 1_000_000, 5_000_000, numbers.randint(1, 9_000_000)]))
            stream.append(record(now, SYMBOLS[partition % len(SYMBOLS)], numbers))
        made.append(stream)
    return made


def record(now: datetime, symbols: list[str], numbers: random.Random) -> tuple[int, bytes]:
    timestamp = int((now - EPOCH).total_seconds() * 1000)
    if numbers.random() < 0.004:
        return timestamp, numbers.choice(BAD_PAYLOADS)
    bars: dict = {}
    for symbol in numbers.sample(symbols, numbers.randint(1, len(symbols))):
        bars[symbol] = {"t": iso(moment(now, numbers), numbers), "c": price(numbers), "v": 0.5, "n": 3, "x": {"y": [1]}}
    if numbers.random() < 0.006:
        bars[numbers.choice(symbols)] = numbers.choice(BAD_BARS)
    if numbers.random() < 0.004:
        bars[numbers.choice(BAD_SYMBOLS)] = {"t": iso(now, numbers), "c": 1}
    if numbers.random() < 0.002:
        timestamp = numbers.choice([0, -1])
    items = list(bars.items())
    numbers.shuffle(items)
    return timestamp, json.dumps({"bars": dict(items), "next": None}, ensure_ascii=numbers.random() < 0.5).encode()


def moment(now: datetime, numbers: random.Random) -> datetime:
    """When a bar of a record was: mostly a little before the record, sometimes at one of the bounds, or past it."""
    kind = numbers.random()
    if kind < 0.70:
        return now - timedelta(microseconds=numbers.randint(0, 5_000_000))
    if kind < 0.94:
        return now - timedelta(microseconds=numbers.randint(0, 150_000_000))
    if kind < 0.97:
        return now.replace(second=0, microsecond=0) - timedelta(minutes=numbers.randint(0, 4), microseconds=numbers.choice([0, 1]))
    if kind < 0.985:
        return now - timedelta(seconds=numbers.randint(150, 3_000))
    if kind < 0.9992:
        return now + timedelta(seconds=numbers.choice([1, 2, 60]))
    if kind < 0.9994:
        return numbers.choice([datetime(1, 1, 1), datetime(1969, 12, 31, 23, 59, 59, 999_999), datetime(1600, 2, 29)])
    # The clock is ahead: up to ten minutes are taken, and from the next microsecond on none.
    truncated = now.replace(microsecond=now.microsecond // 1000 * 1000)
    ahead = numbers.choice([240_000_000, 600_000_000, 600_000_001, 600_001_000, 3_600_000_000, 10**13])
    return truncated + timedelta(microseconds=ahead)


def flat(streams: list[list[tuple[int, bytes]]]) -> list[tuple[int, int, int, bytes]]:
    """As the reference takes them."""
    return [
        (partition, offset, timestamp, payload)
        for partition, stream in enumerate(streams)
        for offset, (timestamp, payload) in enumerate(stream)
    ]


def event(streams: list[list[tuple[int, bytes]]], ranges: dict[int, range]) -> dict:
    """The Kafka event with these offsets of these partitions."""
    return kafka_event(
        [
            kafka_record(TOPIC, partition, offset, streams[partition][offset][0], key=b"k", value=streams[partition][offset][1])
            for partition, offsets in ranges.items()
            for offset in offsets
        ]
    )


class Deliveries:
    """What is sent of the streams: each partition in order, in batches cut at random, some of it again."""

    def __init__(self, streams: list[list[tuple[int, bytes]]], numbers: random.Random, largest: int):
        self.streams = streams
        self.numbers = numbers
        self.largest = largest
        self.places = [0] * len(streams)

    def next(self) -> dict[int, range] | None:
        """The offsets of the next batch; None when everything has been taken. They may reach back behind what has been
        taken, or be only of that."""
        left = [partition for partition, place in enumerate(self.places) if place < len(self.streams[partition])]
        if not left:
            return None
        chosen = self.numbers.sample(left, self.numbers.randint(1, len(left)))
        ranges = {}
        for partition in chosen:
            place = self.places[partition]
            if self.numbers.random() < 0.05:
                ranges[partition] = range(max(0, place - self.largest), place) or range(0, 1)
                continue
            start = max(0, place - self.numbers.choice([0, 0, 0, 1, 10, 200]))
            size = self.numbers.choice([1, 5, self.largest // 10, self.largest // 2, self.largest])
            ranges[partition] = range(start, min(len(self.streams[partition]), place + max(1, size)))
        return ranges

    def taken(self, ranges: dict[int, range]):
        for partition, offsets in ranges.items():
            self.places[partition] = max(self.places[partition], offsets.stop)
