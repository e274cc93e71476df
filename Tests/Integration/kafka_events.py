"""Kafka batches as Lambda's event source mappings send them, made from records in plain Python values."""

import base64
import json
import random
from datetime import datetime, timedelta, timezone

TRADES = "crypto_db.crypto_trader"
CLUSTER = "arn:aws:kafka:eu-west-1:123456789012:cluster/lake/5a3b7c1e-0f0b-4c8e-9d59-1c2d3e4f5a6b-7"
BOOTSTRAP = "b-2.lake.example:9098,b-1.lake.example:9098"


def kafka_record(
    topic: str = "coinbase-trades",
    partition: int = 0,
    offset: int = 0,
    timestamp: int | None = 1_795_000_000_000,
    key: bytes | str | None = None,
    value: bytes | str | dict | list | None = None,
    headers: list[tuple[str, bytes | str]] | None = None,
    timestamp_type: str = "CREATE_TIME",
) -> dict:
    """One record. A value that is a dict or a list is written as JSON; None is a tombstone. Header bytes are signed,
    as Lambda sends them. A timestamp of None is what a topic without timestamps has."""
    if isinstance(value, (dict, list)):
        value = json.dumps(value)
    record = {
        "topic": topic,
        "partition": partition,
        "offset": offset,
        "timestamp": -1 if timestamp is None else timestamp,
        "timestampType": "NO_TIMESTAMP_TYPE" if timestamp is None else timestamp_type,
    }
    if key is not None:
        record["key"] = _base64(key)
    if value is not None:
        record["value"] = _base64(value)
    record["headers"] = [
        {name: [byte - 256 if byte > 127 else byte for byte in _bytes(content)]} for name, content in headers or []
    ]
    return record


def kafka_event(
    records: list[dict | tuple], cluster: str | None = CLUSTER, bootstrap: str | list[str] | None = BOOTSTRAP
) -> dict:
    """The batch of these records, each from `kafka_record` or a tuple of its arguments (topic, partition, offset,
    timestamp, key, value, headers). Without a cluster's ARN it is a self-managed cluster's; `bootstrap` None leaves
    the servers out. Partitions stand in the order in which they first come."""
    by_partition: dict[str, list[dict]] = {}
    for record in records:
        record = record if isinstance(record, dict) else kafka_record(*record)
        by_partition.setdefault(f"{record['topic']}-{record['partition']}", []).append(record)
    event = {"eventSource": "aws:kafka" if cluster else "SelfManagedKafka"}
    if cluster:
        event["eventSourceArn"] = cluster
    if bootstrap is not None:
        event["bootstrapServers"] = bootstrap if isinstance(bootstrap, str) else ",".join(bootstrap)
    event["records"] = by_partition
    return event


def trades(count: int, seed: int = 1) -> list[dict]:
    """Trades in order of time, as the topic `coinbase-trades` has them; their numbers need all of 64 bits."""
    numbers = random.Random(seed)
    start = datetime(2026, 11, 20, 23, 50, tzinfo=timezone.utc)
    return [
        {
            "transaction_id": 9_007_199_254_740_993 + seed * 1_000_000_007 + index,
            "document_id": f"{numbers.randint(10**8, 10**9)}",
            "asset_id": numbers.choice(["BTC", "ETH", "LTC"]),
            "asset_type": "USD",
            "transaction_timestamp": (start + timedelta(milliseconds=index * 997)).isoformat(timespec="microseconds"),
            "trade_type": numbers.choice(["BUY", "SELL"]),
            "quantity": numbers.randint(1, 50),
        }
        for index in range(count)
    ]


def as_trade_row(trade: dict) -> tuple:
    """The row a trade becomes, with the columns in the table's order."""
    moment = datetime.fromisoformat(trade["transaction_timestamp"]).astimezone(timezone.utc).replace(tzinfo=None)
    return (
        trade["transaction_id"], trade["document_id"], trade["asset_id"], trade["asset_type"], moment,
        trade["trade_type"], trade["quantity"], moment.date(),
    )  # fmt: skip


def trade_records(batch: list, first: int = 0, partition: int = 0, topic: str = "coinbase-trades") -> list[dict]:
    """One record of one partition for each trade (or value as it is), from this offset on, a millisecond apart."""
    return [
        kafka_record(topic, partition, offset, 1_795_000_000_000 + offset, key=_key(value), value=value)
        for offset, value in enumerate(batch, first)
    ]


def _key(value) -> str | None:
    return value["asset_id"] if isinstance(value, dict) and "asset_id" in value else None


def _bytes(content: bytes | str) -> bytes:
    return content.encode() if isinstance(content, str) else content


def _base64(content: bytes | str) -> str:
    return base64.b64encode(_bytes(content)).decode()
