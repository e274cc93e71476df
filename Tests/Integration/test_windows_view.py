"""crypto_trader_view, as lake.json has it and DuckDB runs it over the lake's tables, against DuckDB's own join over the raw
records of quotes, trades and logos."""

import json
import random
from datetime import datetime, timedelta

import pyarrow
from kafka_events import kafka_event, kafka_record
from quote_records import EPOCH, START, SYMBOLS, TABLE, event, flat, records
from quotes_reference import Reference
from readers import pyiceberg_table
from runtime_api import Function
from support import ROOT, duckdb_connection, sql_catalog

DONE = {"batchItemFailures": []}
VIEW = "crypto_db.crypto_trader_view"

# Written from the issue: a trade joins the quote window that holds its timestamp, and the latest logo of its asset.
EXPECTED = """
CREATE TABLE expected AS
SELECT trade.document_id, trade.asset_id, trade.asset_type,
    (SELECT arg_max(logo.url, logo.load_date) FROM logos AS logo WHERE logo.asset_id = trade.asset_id) AS url,
    quote.price AS price_crypto, trade.quantity, quote.price * trade.quantity AS total_price_transaction,
    trade.trade_type, make_timestamp(trade.us) AS transaction_timestamp
FROM trades AS trade, windows AS quote
WHERE quote.is_emitted AND quote.symbol = trade.asset_id || '/' || trade.asset_type
    AND trade.us BETWEEN quote.start_us AND quote.start_us + 59999999
"""


def make_trades(count: int, seed: int) -> list[dict]:
    """Trades of every symbol, many of them exactly on a minute or a microsecond before one."""
    numbers = random.Random(seed)
    symbols = [symbol for partition in SYMBOLS for symbol in partition] + ["NONE/USD", "BTC/EUR"]
    made = []
    for index in range(count):
        time = START + timedelta(microseconds=numbers.randint(-(10**9), 5 * 10**10))
        if numbers.random() < 0.3:
            time = time.replace(second=0, microsecond=0) - timedelta(microseconds=numbers.choice([0, 0, 1]))
        asset_id, asset_type = numbers.choice(symbols).split("/")
        made.append(
            {
                "transaction_id": 2**62 + index, "document_id": f"{numbers.randint(0, 999)}-{index % 7}", "asset_id": asset_id,
                "asset_type": asset_type, "transaction_timestamp": time, "trade_type": numbers.choice(["BUY", "SELL"]),
                "quantity": numbers.randint(1, 1_000),
            }
        )
    return made


def time_format() -> str:
    """How lake.json says that the time of a trade is written."""
    lake = json.loads((ROOT / "lake.json").read_text())
    table = next(table for table in lake["tables"] if table["name"] == "crypto_db.crypto_trader")
    column = next(column for column in table["columns"] if column["name"] == "transaction_timestamp")
    return column.get("timeFormat", "iso8601")


def as_payload(trade: dict) -> dict:
    separator = "T" if time_format() == "iso8601" else " "
    return {**trade, "transaction_timestamp": trade["transaction_timestamp"].isoformat(separator, "microseconds")}


def logos() -> pyarrow.Table:
    """Two loads: the later one leaves an asset out, and knows another that nobody trades."""
    rows = [("BTC", "old", 1), ("ETH", "only", 1), ("BTC", "new", 2), ("SOL", "sol", 2), ("XRP", "xrp", 2), ("'; drop table", "q", 2)]
    return pyarrow.table(
        {
            "asset_id": [row[0] for row in rows],
            "url": [f"https://icons.example/{row[1]}.png" for row in rows],
            "load_date": pyarrow.array([START + timedelta(days=row[2]) for row in rows], pyarrow.timestamp("us")),
        }
    )


def test_the_view_equals_a_join_over_the_raw_records(tmp_path):
    """A hundred thousand records: half of them quotes, half trades."""
    streams, trades = records(50_000, seed=71), make_trades(50_000, seed=72)
    with Function("kafka-ingest", tmp_path) as function:
        for part in range(8):
            ranges = {number: range(len(s) * part // 8, len(s) * (part + 1) // 8) for number, s in enumerate(streams)}
            assert function.invoke(event(streams, ranges)).reply == DONE, function.log_text()
        for start in range(0, len(trades), 5_000):
            sent = [
                kafka_record("coinbase-trades", index % 3, index, key=b"k", value=as_payload(trades[index]))
                for index in range(start, start + 5_000)
            ]
            assert function.invoke(kafka_event(sent)).reply == DONE, function.log_text()
    catalog = sql_catalog(tmp_path)
    load = logos()
    assets = catalog.create_table("crypto_db.crypto_assets", load.schema, location=f"file://{tmp_path}/assets")
    assets.append(load)

    lake = json.loads((ROOT / "lake.json").read_text())
    sql = next(view["sql"] for view in lake["views"] if view["name"] == VIEW)
    with duckdb_connection() as connection:
        connection.execute("CREATE SCHEMA crypto_db")
        for name in (TABLE, "crypto_db.crypto_trader", "crypto_db.crypto_assets"):
            location = pyiceberg_table(tmp_path, name).metadata_location.removeprefix("file://")
            connection.execute(f"CREATE VIEW {name} AS FROM iceberg_scan('{location}')")
        connection.execute(f"CREATE VIEW {VIEW} AS {sql if isinstance(sql, str) else chr(10).join(sql)}")

        reference = Reference(connection, flat(streams))
        connection.register("logos", load)
        raw = pyarrow.Table.from_pylist(
            [{**trade, "us": (trade["transaction_timestamp"] - EPOCH) // timedelta(microseconds=1)} for trade in trades]
        )
        connection.register("trades", raw)
        connection.execute(EXPECTED)
        differences = reference.differences(VIEW, "expected")
        assert not differences, (len(differences), differences[:10])
        rows = reference.value("SELECT count(*) FROM expected")
        on_the_minute = reference.value(
            "SELECT count(*) FROM expected WHERE epoch_us(transaction_timestamp) % 60000000 = 0"
        )
        without_logo = reference.value("SELECT count(*) FROM expected WHERE url IS NULL")
    print(f"{len(trades)} trades, {rows} rows of the view, {on_the_minute} on the minute, {without_logo} without a logo")
    assert len(trades) > rows > 10_000 and on_the_minute > 1_000 and without_logo > 1_000
