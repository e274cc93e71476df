"""The market's part of `swiftlake demo`, and `swiftlake view`: what pyiceberg and DuckDB read against what Python makes of
the same generated events."""

import base64
import json
import os
import subprocess
import sys
from collections import defaultdict
from datetime import datetime, timedelta, timezone
from importlib.metadata import version

import pytest

from readers import DEAD_LETTERS, rows
from support import ROOT, binary

QUOTES, TRADES, ASSETS = "crypto_db.crypto_quote", "crypto_db.crypto_trader", "crypto_db.crypto_assets"
VIEW = "crypto_db.crypto_trader_view"
QUERY = ["--query", ROOT / "demo/query.sh"]
MINUTES = 60
QUOTES_A_MINUTE, TRADES_A_MINUTE = 72, 60
MINUTE = timedelta(minutes=1)


def swiftlake(*arguments, code=0, environment=None, **options) -> subprocess.CompletedProcess:
    names = {name: value for name, value in os.environ.items() if not name.startswith("LAKE_")}
    done = subprocess.run(
        [binary("swiftlake"), *map(str, arguments)], capture_output=True, text=True,
        env={**names, "SWIFTLAKE_PYTHON": sys.executable, **(environment or {})}, **options)  # fmt: skip
    assert code is None or done.returncode == code, f"exit code {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def demo(lake, *arguments, **options):
    return swiftlake("demo", "--only", "crypto", "--lake", lake, *arguments, **options).stdout


def generated(topic: str, count: int, seed: int = 1) -> list[dict]:
    """The first records of a topic, by partition and offset, with the bytes of each."""
    records = []
    for first in range(0, count, 10_000):
        event = json.loads(swiftlake(
            "event", "--stream", topic, "--first", first, "--records", min(10_000, count - first), "--seed", seed).stdout)  # fmt: skip
        records += [{**record, "value": base64.b64decode(record["value"])}
                    for partition in event["records"].values() for record in partition]  # fmt: skip
    return sorted(records, key=lambda record: (record["partition"], record["offset"]))


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text.removesuffix("Z"))


def decoded_trades(records) -> list[tuple]:
    found = []
    for record in records:
        try:
            trade = json.loads(record["value"])
            at = instant(trade["transaction_timestamp"])
            if isinstance(trade["quantity"], int) and trade["transaction_id"] < 2**63:
                found.append((trade["transaction_id"], trade["document_id"], trade["asset_id"], trade["asset_type"], at,
                              trade["trade_type"], trade["quantity"], at.date()))  # fmt: skip
        except ValueError:
            continue
    return found


def windows(records) -> dict:
    """The highest price of each asset and minute, as the issue tells it: emitted when the largest time of the partition is
    two minutes past the window's end, and nothing added to it then."""
    written, late = {}, 0
    opened, largest = defaultdict(dict), defaultdict(lambda: datetime.min + timedelta(days=1))
    for record in records:
        try:
            ((symbol, bar),) = json.loads(record["value"])["bars"].items()
            asset, kind = symbol.split("/")
            at, price = instant(bar["t"]), bar["c"]
        except ValueError:
            continue
        took = datetime.fromtimestamp(record["timestamp"] / 1000, timezone.utc).replace(tzinfo=None)
        if not isinstance(price, float) or price < 0 or at > took + 10 * MINUTE:
            continue
        partition, start = record["partition"], at.replace(second=0, microsecond=0)
        if start + MINUTE <= largest[partition] - 2 * MINUTE:
            late += 1
            continue
        key = (asset, kind, start)
        opened[partition][key] = max(price, opened[partition].get(key, 0))
        largest[partition] = max(at, largest[partition])
        for key in [key for key in opened[partition] if key[2] + MINUTE <= largest[partition] - 2 * MINUTE]:
            written[key] = opened[partition].pop(key)
    assert late > 0
    return written


def quote_rows(written) -> list[tuple]:
    return sorted(
        ((asset, kind, start, start + MINUTE, price, start.date()) for (asset, kind, start), price in written.items()), key=repr)


def joined(trades, written, logos) -> list[tuple]:
    """The view's rows, in its order of columns."""
    found = []
    for _, document, asset, kind, at, side, quantity, _ in trades:
        price = written.get((asset, kind, at.replace(second=0, microsecond=0)))
        if price is not None:
            found.append((document, asset, kind, logos[asset], price, quantity, price * quantity, side, at))
    return sorted(found, key=repr)


def answers(lake, *queries) -> list[list]:
    """What DuckDB answers on the lake that `view script` shows it."""
    script = swiftlake("view", "script", "--lake", lake).stdout + ";\n".join(queries) + ";"
    done = subprocess.run(
        [ROOT / "demo/query.sh"], input=script, capture_output=True, text=True, check=True,
        env={**os.environ, "SWIFTLAKE_PYTHON": sys.executable})  # fmt: skip
    return [json.loads(line)["rows"] for line in done.stdout.splitlines()]


class Crypto:
    def __init__(self, path):
        self.path = path
        self.output = demo(path, "--minutes", MINUTES, "--batch", 700, *QUERY)
        self.quotes = generated("coinbase-currencies", MINUTES * QUOTES_A_MINUTE)
        self.trades = generated("coinbase-trades", MINUTES * TRADES_A_MINUTE)


@pytest.fixture(scope="module")
def crypto(tmp_path_factory):
    return Crypto(tmp_path_factory.mktemp("crypto") / "a lake")


def test_the_lake_holds_what_python_makes_of_the_events(crypto):
    trades, written = decoded_trades(crypto.trades), windows(crypto.quotes)
    assert rows(crypto.path, TRADES) == sorted(trades, key=repr)
    assert rows(crypto.path, QUOTES) == quote_rows(written)
    assert len({row[0] for row in rows(crypto.path, ASSETS)}) == len(rows(crypto.path, ASSETS)) > 2000
    bad = len(rows(crypto.path, DEAD_LETTERS))
    assert bad > 0
    for text in (f"{len(trades):,} trades, {len(written):,} prices and {bad:,} dead letters were added", "bootstrap-tables",
                 "3 databases, 6 tables, 1 view: 10 made", "logos in one commit", "were dropped", "100 %"):  # fmt: skip
        assert text in crypto.output, text
    print("checked against pyiceberg", version("pyiceberg"), "and duckdb", version("duckdb"))


def test_the_view_is_what_python_joins(crypto):
    logos = {row[0]: row[1] for row in rows(crypto.path, ASSETS)}
    expected = joined(decoded_trades(crypto.trades), windows(crypto.quotes), logos)
    (found,) = answers(crypto.path, f"SELECT * FROM {VIEW}")
    typed = [(document, asset, kind, url, float(price), int(quantity), float(total), side, datetime.fromisoformat(at))
             for document, asset, kind, url, price, quantity, total, side, at in found]  # fmt: skip
    assert sorted(typed, key=repr) == expected
    on_the_minute = [row for row in expected if row[8].second == 0 and row[8].microsecond == 0]
    assert len(on_the_minute) > 40, "trades on the minute match one window each"
    assert f"the newest of its {len(expected):,} rows" in crypto.output


def test_the_chart_and_the_tables_are_printed(crypto):
    for part in ("TABLES", "PRICE of BTC/USD by minute, as DuckDB", "┤", "2026-01-05 00:00", f"VIEW {VIEW}", "total_price_transaction",
                 "DuckDB reads the prices that were reckoned", "NEXT", "view script"):  # fmt: skip
        assert part in crypto.output, part
    prices = [price for (asset, _, _), price in windows(crypto.quotes).items() if asset == "BTC"]
    assert f"{max(prices):.2f} ┤" in crypto.output and f"{min(prices):.2f} ┤" in crypto.output


def test_views_are_listed_shown_and_scripted(crypto):
    assert swiftlake("view", "list", "--lake", crypto.path).stdout == f"{VIEW}\n"
    assert json.loads(swiftlake("view", "list", "--json", "--lake", crypto.path).stdout) == [VIEW]
    (view,) = json.loads((ROOT / "lake.json").read_text())["views"]
    assert swiftlake("view", "show", VIEW, "--lake", crypto.path).stdout == "\n".join(view["sql"]) + "\n"
    assert f"It has {VIEW}." in swiftlake("view", "show", "crypto_db.view", "--lake", crypto.path, code=1).stderr
    counts = answers(crypto.path, *[f"SELECT count(*) FROM {name}" for name in (QUOTES, TRADES, ASSETS, DEAD_LETTERS)])
    assert [int(count) for [[count]] in counts] == [len(rows(crypto.path, name)) for name in (QUOTES, TRADES, ASSETS, DEAD_LETTERS)]
    assert answers(crypto.path, "SELECT * FROM iot_db.sensor_readings") == [[]], "a table without a snapshot is empty"


def test_without_views_the_command_says_who_makes_them(tmp_path):
    swiftlake("demo", "--only", "sensors", "--records", 10, "--lake", tmp_path)
    assert "bootstrap-tables" in swiftlake("view", "list", "--lake", tmp_path).stdout
    assert "bootstrap-tables" in swiftlake("view", "show", VIEW, "--lake", tmp_path, code=1).stderr
    assert answers(tmp_path, "SELECT count(*) FROM iot_db.sensor_readings") == [[["10"]]]


def test_it_goes_on_where_it_stopped_and_a_replay_adds_nothing(tmp_path):
    demo(tmp_path, "--minutes", 17, "--batch", 333)
    again = demo(tmp_path, "--minutes", 13, *QUERY)
    assert "going on where the lake ends" in again and "logos of this execution are in the table already" in again
    assert "10 as they should be already" in again
    quotes = generated("coinbase-currencies", 30 * QUOTES_A_MINUTE)
    trades = generated("coinbase-trades", 30 * TRADES_A_MINUTE)

    def check():
        assert rows(tmp_path, TRADES) == sorted(decoded_trades(trades), key=repr)
        assert rows(tmp_path, QUOTES) == quote_rows(windows(quotes))

    check()
    logos, letters = rows(tmp_path, ASSETS), rows(tmp_path, DEAD_LETTERS)
    replayed = demo(tmp_path, "--minutes", 30, "--batch", 123, "--replay", *QUERY)
    assert "Nothing was added" in replayed
    check()
    assert (rows(tmp_path, ASSETS), rows(tmp_path, DEAD_LETTERS)) == (logos, letters)


def test_it_goes_on_rightly_after_a_kill(tmp_path):
    demo(tmp_path, "--minutes", 9)
    minutes = 9
    for step in (1, 3, 5, 6, 8, 10, 12, 15):
        killed = swiftlake(
            "demo", "--only", "crypto", "--lake", tmp_path, "--minutes", 5, "--batch", 200, code=None,
            environment={"LAKE_KILL_AT_STEP": str(step)})  # fmt: skip
        assert killed.returncode == 1 and "kafka-ingest crashed with signal 9" in killed.stderr, killed
        done = demo(tmp_path, "--minutes", 5, "--batch", 200, *QUERY)
        assert "is in the lake once" in done
    # However far the killed runs had come, each good one sent five minutes more of both topics.
    found = rows(tmp_path, TRADES)
    assert len(found) == len({row[0] for row in found}) > (minutes + 8 * 5) * TRADES_A_MINUTE * 0.9
    assert len(rows(tmp_path, QUOTES)) == len({row[:3] for row in rows(tmp_path, QUOTES)})


def test_samples_of_other_sources_are_no_matter(tmp_path):
    place = {"LAKE_CATALOG": f"sqlite://{tmp_path}/catalog.db", "LAKE_WAREHOUSE": f"file://{tmp_path}/warehouse"}
    swiftlake("invoke", "kafka-ingest", ROOT / "events/kafka.json", environment=place)
    assert "Every trade is in the lake once" in demo(tmp_path, "--minutes", 10, *QUERY)


def test_without_duckdb_everything_else_is_shown(tmp_path):
    output = demo(tmp_path, "--minutes", 10)
    assert "no DuckDB was given" in output and "┤" in output and "Every trade is in the lake once" in output
    done = swiftlake("demo", "--only", "crypto", "--minutes", 1, "--lake", tmp_path, "--query", "/nowhere/query", code=1)
    assert "/nowhere/query cannot be run" in done.stderr


def test_a_definition_that_the_demo_does_not_fit_is_named(tmp_path):
    definition = json.loads((ROOT / "lake.json").read_text())
    definition["streams"] = definition["streams"][:2]
    (tmp_path / "lake.json").write_text(json.dumps(definition))
    done = swiftlake(
        "demo", "--only", "crypto", "--lake", tmp_path, code=1, environment={"LAKE_DEFINITION": str(tmp_path / "lake.json")})
    assert "does not take the topic coinbase-trades into crypto_db.crypto_trader" in done.stderr
    assert "--only sensors" in done.stderr


def test_both_parts_share_a_lake(tmp_path):
    output = swiftlake("demo", "--records", 500, "--minutes", 5, "--lake", tmp_path, *QUERY).stdout
    assert output.index("SENSORS") < output.index("CRYPTO") < output.index("Every trade is in the lake once")
    assert "Every record is in the lake once" in output


@pytest.mark.parametrize("time_format", ["yyyy-MM-dd HH", "epoch_ms"])
def test_a_plain_table_is_shown_to_duckdb_from_its_folders(tmp_path, time_format):
    definition = json.loads((ROOT / "lake.json").read_text())
    table = definition["tables"][0]
    del table["retention"]
    table |= {"format": "parquet", "partition": ["timestamp_sent"]}
    table["columns"][5]["timeFormat"] = time_format
    (tmp_path / "lake.json").write_text(json.dumps(definition))
    event = json.loads((ROOT / "events/kinesis.json").read_text())
    if time_format == "epoch_ms":
        for record in event["Records"]:
            reading = json.loads(base64.b64decode(record["kinesis"]["data"]))
            reading["timestamp_sent"] = 1767571200000
            record["kinesis"]["data"] = base64.b64encode(json.dumps(reading).encode()).decode()
    environment = {"LAKE_DEFINITION": str(tmp_path / "lake.json"), "LAKE_CATALOG": f"sqlite://{tmp_path}/catalog.db",
                   "LAKE_WAREHOUSE": f"file://{tmp_path}/warehouse"}  # fmt: skip
    swiftlake("invoke", "kinesis-ingest", "-", environment=environment, input=json.dumps(event))
    script = swiftlake("view", "script", environment=environment).stdout
    query = "SELECT count(*), min(timestamp_sent), typeof(min(timestamp_sent)) FROM iot_db.sensor_readings;"
    done = subprocess.run(
        [ROOT / "demo/query.sh"], input=script + query, capture_output=True, text=True, check=True,
        env={**os.environ, "SWIFTLAKE_PYTHON": sys.executable})  # fmt: skip
    assert json.loads(done.stdout)["rows"] == [["5", "2026-01-05 00:00:00", "TIMESTAMP"]]
