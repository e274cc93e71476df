"""Quotes as Alpaca's latest bars, the Kafka batches that carry them, and what DuckDB makes of the same records."""

import json
import random
from datetime import datetime, timedelta, timezone

from kafka_events import CLUSTER, kafka_event, kafka_record
from support import duckdb_connection

TOPIC = "coinbase-currencies"
START_MS = 1_795_168_800_000  # 2026-11-20T10:00:00Z
SYMBOLS = ["BTC/USD", "ETH/USD", "SOL/USD", "'; drop table/USD", "ключ/€", "a b%2F\"\\/\u0001", "😀/😀", "btc/USD", "é/USD", "e\u0301/USD"]


def bar(time: str | int, price, **others) -> dict:
    """One bar; a time in milliseconds since the epoch, or as it is to be written."""
    return {"t": iso(time) if isinstance(time, int) else time, "c": price, "o": 1, "h": 2, "l": 0.5, "v": 0.25, "n": 3, "vw": 1.5, **others}


def iso(ms: int) -> str:
    return (datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=ms)).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def quote_record(bars: dict | bytes | str | None, offset: int = 0, partition: int = 0, timestamp: int = START_MS, topic: str = TOPIC) -> dict:
    value = {"bars": bars} if isinstance(bars, dict) else bars
    return kafka_record(topic, partition, offset, timestamp, "k", value)


def quote_event(records: list[dict], cluster: str | None = CLUSTER) -> dict:
    return kafka_event(records, cluster)


def event_of(*bars: dict, first: int = 0, timestamp: int = START_MS) -> dict:
    """One record for each of these bars by symbol, in partition 0."""
    return quote_event([quote_record(each, first + place, timestamp=timestamp) for place, each in enumerate(bars)])


BAD_BARS = [
    {"t": iso(START_MS), "c": -1.0}, {"t": iso(START_MS), "c": "NaN"}, {"t": iso(START_MS)}, {"c": 1}, 7,
    {"t": "0000-01-01T00:00:00Z", "c": 1}, {"t": "99999-01-01T00:00:00Z", "c": 1}, {"t": iso(START_MS + 601_000 + 3_600_000), "c": 1},
    {"t": "9999-12-31T23:59:59Z", "c": 1}, {"t": 5, "c": 1}, {"t": iso(START_MS), "c": True},
]  # fmt: skip
BAD_VALUES = [b"", b"{", b"[1]", b"\xff\xfe", b'{"bars":7}', b'{"other":{}}', b"<html></html>", b'{"bars":{"BTC/USD":{"t":"2026-11-20T10:00:00Z","c":NaN}}}', b'{"bars":{"BTC/USD":{"t":"2026-11-20T10:00:00Z","c":1e999}}}']
BAD_SYMBOLS = ["BTCUSD", "", "/", "A/", "/B", "A/B/C", "x" * 5000 + "/USD"]


def random_records(numbers: random.Random, count: int, partitions: int = 3, bad: float = 0.05) -> list[dict]:
    """Records with out-of-order times over some minutes, some of them bad; each partition's in the order of offsets."""
    offsets = [numbers.randrange(1000) for _ in range(partitions)]
    records = []
    for index in range(count):
        partition = numbers.randrange(partitions)
        offsets[partition] += 1
        now = START_MS + index * 500
        bars = {}
        for symbol in numbers.sample(SYMBOLS, numbers.randrange(1, 5)):
            price = numbers.choice([numbers.uniform(0, 60_000), numbers.randrange(100), 0, -0.0, 1e-300, numbers.uniform(0, 1)])
            bars[symbol] = bar(now - numbers.randrange(0, 180_000), price)
        value: dict | bytes = bars
        if numbers.random() < bad:
            kind = numbers.randrange(3)
            if kind == 0:
                bars[numbers.choice(SYMBOLS)] = numbers.choice(BAD_BARS)
            elif kind == 1:
                bars[numbers.choice(BAD_SYMBOLS)] = bar(now, 1)
            else:
                value = numbers.choice(BAD_VALUES)
        records.append(quote_record(value, offsets[partition], partition, timestamp=now))
    return records


REFERENCE = r"""
with bars as (
    select r.timestamp, k as symbol, r.value -> ('/bars/' || replace(replace(k, '~', '~0'), '/', '~1')) as bar
    from records r, unnest(json_keys(r.value, '/bars')) keys(k)
    where json_valid(r.value) and json_type(r.value, '/bars') = 'OBJECT'
),
quotes as (
    select symbol, try_cast(bar ->> '/t' as timestamptz) at time zone 'UTC' as t, try_cast(bar ->> '/c' as double) as c, timestamp
    from bars
    where json_type(bar, '/t') = 'VARCHAR' and json_type(bar, '/c') in ('DOUBLE', 'UBIGINT', 'BIGINT')
      and regexp_matches(bar ->> '/t', '^\d{4}-')
)
select split_part(symbol, '/', 1) as asset_id, split_part(symbol, '/', 2) as asset_type, date_trunc('minute', t) as start, max(c) as price
from quotes
where c >= 0 and not isinf(c) and strlen(symbol) <= 64
  and regexp_full_match(symbol, '[^/]+/[^/]+', 's') and epoch_ms(t) <= timestamp + 600000 and year(t) between 1 and 9999
group by all
"""


def expected(records: list[dict]) -> dict[tuple, float]:
    """The highest price of each asset and window, by DuckDB, from the records' own text."""
    import base64

    connection = duckdb_connection()
    connection.execute("set timezone = 'UTC'; create table records(timestamp bigint, value varchar)")
    texts = []
    for record in records:
        try:
            text = base64.b64decode(record["value"]).decode()
            json.loads(text, parse_constant=lambda name: (_ for _ in ()).throw(ValueError(name)))
        except (KeyError, ValueError):
            continue
        texts.append((record["timestamp"], text))
    if texts:
        connection.executemany("insert into records values (?, ?)", texts)
    rows = connection.execute(REFERENCE).fetchall()
    return {(asset, kind, start): price for asset, kind, start, price in rows}


def held(sources) -> dict[tuple, float]:
    """The same of an index's documents, whose fields must agree with each other."""
    found = {}
    for source in sources:
        assert set(source) == {"asset_id", "asset_type", "start_window", "price_crypto", "ref_date", "@timestamp"}
        start = datetime.strptime(source["@timestamp"], "%Y-%m-%dT%H:%M:%SZ")
        assert source["start_window"] == start.strftime("%H:%M")
        assert source["ref_date"] == f"{start.year:04}-" + start.strftime("%m-%d")
        key = (source["asset_id"], source["asset_type"], start)
        assert key not in found, f"two documents for {key}"
        found[key] = source["price_crypto"]
    return found
