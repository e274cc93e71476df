"""Tables of every transform, order and property that lake.json can declare, filled through kinesis-ingest and read back,
with and without pruning, by pyiceberg and DuckDB."""

import base64
import functools
import json
import math
import random
from datetime import date, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as parquet
import pytest
from pyiceberg.expressions import And, EqualTo, GreaterThanOrEqual, IsNull, LessThan
from readers import data_files, duckdb_rows, pyiceberg_table, rows
from runtime_api import Function
from sensors import STREAM, kinesis_event
from support import duckdb_connection

TABLE = "shop_db.orders"
COLUMNS = [
    {"name": "id", "type": "long", "required": True},
    {"name": "shop", "type": "string"},
    {"name": "amount", "type": "int"},
    {"name": "total", "type": "long"},
    {"name": "day", "type": "date"},
    {"name": "at", "type": "timestamp"},
    {"name": "price", "type": "double"},
    {"name": "rate", "type": "float"},
    {"name": "paid", "type": "boolean"},
    {"name": "note", "type": "binary"},
]
NAMES = [column["name"] for column in COLUMNS]
DONE = {"batchItemFailures": []}

SHOPS = ["", "a", "Zürich", "東京 1", "x/y=z&%", "..", "null", "e\u0301", "\u00e9", "😀😀😀", "b" * 300, "tab\t\"q\"\\"]
TIMES = [
    datetime(1, 1, 1), datetime(1582, 10, 4, 5, 6, 7), datetime(1969, 12, 31, 23, 59, 59, 999999), datetime(1970, 1, 1),
    datetime(1969, 12, 31, 22, 30), datetime(2000, 2, 29, 12), datetime(2026, 11, 20, 10, 15, 30, 123456),
    datetime(9999, 12, 31, 23, 59, 59, 999999),
]


def orders(count: int = 200, seed: int = 7) -> list[dict]:
    """Orders whose values lie at every edge of their types, with nulls in all columns but the id."""
    numbers = random.Random(seed)

    def some(*values):
        return None if numbers.random() < 0.1 else numbers.choice(values)

    made = []
    for index in range(count):
        at = some(*TIMES, datetime(2026, 1, 1) + timedelta(minutes=numbers.randint(0, 500_000)))
        made.append(
            {
                "id": numbers.randint(-(2**63), 2**63 - 1) if index % 5 else index,
                "shop": some(*SHOPS),
                "amount": some(0, -1, 1, 7, -7, -10, 2**31 - 1, -(2**31), numbers.randint(-100, 100)),
                "total": some(0, -1, 2**63 - 1, -(2**63), numbers.randint(-1000, 1000)),
                "day": some(*(time.date() for time in TIMES), date(2026, 1, 1) + timedelta(days=numbers.randint(0, 400))),
                "at": at,
                "price": some(0.0, -0.0, 0.1, 5e-324, -1.7976931348623157e308, numbers.uniform(-10, 10)),
                "rate": some(0.5, -2.25, 1.5),
                "paid": some(True, False),
                "note": some(b"", b"\x00\xff\xfe", b"plain", b"\xff" * 40),
            }
        )
    return made


def as_json(order: dict) -> dict:
    text = dict(order)
    if order["day"] is not None:
        text["day"] = order["day"].isoformat()
    if order["at"] is not None:
        text["at"] = order["at"].isoformat()
    if order["note"] is not None:
        text["note"] = base64.b64encode(order["note"]).decode()
    return text


def literal(value) -> str:
    """A value as DuckDB's SQL spells it."""
    if isinstance(value, datetime):
        return f"timestamp '{value.isoformat(sep=' ')}'"
    if isinstance(value, date):
        return f"date '{value.isoformat()}'"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, bytes):
        return "'" + "".join(f"\\x{byte:02X}" for byte in value) + "'::blob"
    return repr(value)


def lake_json(path: Path, **table) -> dict:
    """Writes a definition with one table; returns the environment that names it."""
    letters = next(
        table for table in json.loads((Path(__file__).parents[2] / "lake.json").read_text())["tables"]
        if table["name"] == "lake_db.dead_letters"
    )
    definition = {
        "databases": [{"name": "shop_db"}, {"name": "lake_db"}],
        "tables": [{"name": TABLE, "columns": COLUMNS, **table}, letters],
        "streams": [
            {"name": "sensor-readings", "source": {"kind": "kinesis", "name": "sensor-readings"}, "table": TABLE}
        ],
        "deadLetterTable": "lake_db.dead_letters",
    }
    (path / "lake.json").write_text(json.dumps(definition))
    return {"LAKE_DEFINITION": str(path / "lake.json")}


def fill(lake: Path, made: list[dict], batches: int = 2, **table):
    with Function("kinesis-ingest", lake, lake_json(lake, **table)) as function:
        size = -(-len(made) // batches)
        for start in range(0, len(made), size):
            outcome = function.invoke(kinesis_event([as_json(o) for o in made[start : start + size]], first=start))
            assert outcome.reply == DONE, function.log_text()


def expected(made: list[dict]) -> list[tuple]:
    return sorted((tuple(order[name] for name in NAMES) for order in made), key=repr)


@functools.cache
def duckdb():
    return duckdb_connection()


def query(lake: Path, condition: str) -> list[tuple]:
    location = pyiceberg_table(lake, TABLE).metadata_location.removeprefix("file://")
    return duckdb().execute(f"select id from iceberg_scan('{location}') where {condition}").fetchall()


def ids(found: list[tuple]) -> list[int]:
    return sorted(row[0] for row in found)


def is_misread_by_pyiceberg(partition: str, value) -> bool:
    """pyiceberg rounds partition values that are doubles to floats, its own tables' too, and lets the truncation of
    the least numbers leave their type, which Java's wraps."""
    return partition == "price" or partition.startswith("truncate(10") and value in (-(2**31), -(2**63))


def is_misread_by_duckdb(partition: str, value) -> bool:
    """DuckDB truncates text by what a reader sees as one character; the specification by code points. Its months and
    days of times before 1970 are rounded towards 1970, in tables of other writers too; the specification's are not."""
    return (partition.startswith("truncate") and value == "e\u0301") or (
        partition in ("month(at)", "day(at)") and value < datetime(1970, 1, 1)
    )


PARTITIONS = [
    *(f"bucket(7, {name})" for name in ("id", "shop", "amount", "total", "day", "at", "note")),
    *(f"truncate({width}, {name})" for name in ("id", "amount", "total") for width in (1, 10)),
    *(f"truncate({width}, shop)" for width in (1, 3)),
    "truncate(2, note)",
    *(f"{unit}({name})" for unit in ("year", "month", "day") for name in ("day", "at")),
    "hour(at)",
    *(name for name in ("shop", "amount", "total", "day", "at", "paid", "price", "rate", "note")),
]


@pytest.mark.parametrize("partition", PARTITIONS)
def test_every_partition_is_read_and_pruned(tmp_path, partition):
    made = orders()
    fill(tmp_path, made, partition=[partition])
    assert rows(tmp_path, TABLE) == expected(made)
    column = partition.rstrip(")").split("(")[-1].split(", ")[-1]
    table = pyiceberg_table(tmp_path, TABLE)
    all_files = len(data_files(tmp_path, TABLE))
    assert all_files > 1
    values = sorted({order[column] for order in made if order[column] is not None}, key=repr)
    for value in values[:: max(1, len(values) // 8)]:
        truth = sorted(order["id"] for order in made if order[column] == value)
        if not is_misread_by_pyiceberg(partition, value):
            plan = table.scan(row_filter=EqualTo(column, value))
            assert sorted(plan.to_arrow()["id"].to_pylist()) == truth, (partition, value)
            assert len(list(plan.plan_files())) < all_files, f"{partition} = {value!r} prunes nothing"
        if not is_misread_by_duckdb(partition, value):
            assert ids(query(tmp_path, f'"{column}" = {literal(value)}')) == truth, (partition, value)
    nulls = sorted(order["id"] for order in made if order[column] is None)
    assert sorted(table.scan(row_filter=IsNull(column)).to_arrow()["id"].to_pylist()) == nulls
    assert ids(query(tmp_path, f'"{column}" is null')) == nulls


@pytest.mark.parametrize("partition", ["year(at)", "month(at)", "day(at)", "hour(at)", "day(day)", "truncate(10, amount)"])
def test_ranges_are_pruned_to_what_they_hold(tmp_path, partition):
    made = [order for order in orders() if not partition.startswith("truncate") or order["amount"] != -(2**31)]
    fill(tmp_path, made, partition=[partition])
    column = partition.rstrip(")").split("(")[1].split(", ")[-1]
    values = sorted({order[column] for order in made if order[column] is not None})
    if partition == "year(at)":  # pyiceberg looks one microsecond beyond, where Python's time ends
        values = [value for value in values if datetime(1, 1, 1) < value < datetime(9999, 12, 31)]
    if partition in ("month(at)", "day(at)"):
        values = [value for value in values if not is_misread_by_duckdb(partition, value)]
    numbers = random.Random(3)
    table = pyiceberg_table(tmp_path, TABLE)
    for _ in range(8):
        low, high = sorted((numbers.choice(values), numbers.choice(values)))
        truth = sorted(o["id"] for o in made if o[column] is not None and low <= o[column] < high)
        found = table.scan(row_filter=And(GreaterThanOrEqual(column, low), LessThan(column, high))).to_arrow()
        assert sorted(found["id"].to_pylist()) == truth
        condition = f'"{column}" >= {literal(low)} and "{column}" < {literal(high)}'
        assert ids(query(tmp_path, condition)) == truth


def test_several_partition_fields_together(tmp_path):
    made = orders()
    fill(tmp_path, made, partition=["paid", "bucket(3, shop)", "year(at)", "month(day)"])
    assert rows(tmp_path, TABLE) == expected(made)
    spec = pyiceberg_table(tmp_path, TABLE).spec()
    assert [(f.name, str(f.transform)) for f in spec.fields] == [
        ("paid", "identity"), ("shop_bucket", "bucket[3]"), ("at_year", "year"), ("day_month", "month")
    ]


def in_order(values: list, descending: bool, nulls_first: bool) -> bool:
    nulls = [index for index, value in enumerate(values) if value is None]
    whole = [value for value in values if value is not None]
    at_end = list(range(len(nulls))) if nulls_first else list(range(len(whole), len(values)))
    return nulls == at_end and all((a >= b if descending else a <= b) for a, b in zip(whole, whole[1:]))


@pytest.mark.parametrize(
    "sort,column,descending,nulls_first,value",
    [
        ("at", "at", False, True, lambda v: v),
        ("shop desc", "shop", True, False, lambda v: v.encode()),
        ("amount asc nulls last", "amount", False, False, lambda v: v),
        ("total desc nulls first", "total", True, True, lambda v: v),
        ("truncate(10, amount)", "amount", False, True, lambda v: (v - v % 10 + 2**31) % 2**32 - 2**31),
        ("year(day) desc", "day", True, False, lambda v: v.year),
        ("hour(at) asc nulls last", "at", False, False, lambda v: v.replace(minute=0, second=0, microsecond=0)),
        ("price", "price", False, True, lambda v: (v, math.copysign(1, v))),
        ("paid desc", "paid", True, False, lambda v: v),
    ],
)
def test_files_are_sorted_as_declared(tmp_path, sort, column, descending, nulls_first, value):
    made = orders()
    fill(tmp_path, made, sort=[sort, "id"], partition=["bucket(2, id)"])
    assert rows(tmp_path, TABLE) == expected(made)
    table = pyiceberg_table(tmp_path, TABLE)
    order = table.sort_order()
    assert order.order_id == 1 and len(order.fields) == 2
    assert order.fields[0].direction.value.upper().startswith("DESC") == descending
    assert order.fields[0].null_order.value == ("nulls-first" if nulls_first else "nulls-last")
    files = table.inspect.files().to_pylist()
    assert files and all(file["sort_order_id"] == 1 for file in files)
    for file in files:
        content = parquet.read_table(file["file_path"].removeprefix("file://"), partitioning=None).to_pylist()
        keys = [None if row[column] is None else value(row[column]) for row in content]
        assert in_order(keys, descending, nulls_first), keys
        for start in range(1, len(content)):
            if keys[start] == keys[start - 1]:
                assert content[start - 1]["id"] <= content[start]["id"]


def test_an_unsorted_table_says_so(tmp_path):
    fill(tmp_path, orders(20))
    table = pyiceberg_table(tmp_path, TABLE)
    assert table.sort_order().order_id == 0
    assert all(file["sort_order_id"] in (None, 0) for file in table.inspect.files().to_pylist())


@pytest.mark.parametrize("codec", ["zstd", "snappy", "uncompressed"])
def test_properties_decide_how_files_are_written(tmp_path, codec):
    made = orders(300)
    properties = {
        "write.parquet.compression-codec": codec, "write.parquet.page-size-bytes": "256",
        "write.parquet.row-group-size-bytes": "4096", "owner": "Zoë",
    }
    fill(tmp_path, made, properties=properties, doc="All orders")
    assert rows(tmp_path, TABLE) == expected(made)
    table = pyiceberg_table(tmp_path, TABLE)
    assert table.properties.items() >= {**properties, "comment": "All orders"}.items()
    for path in data_files(tmp_path, TABLE):
        file = parquet.ParquetFile(path.removeprefix("file://"))
        assert file.metadata.row_group(0).column(0).compression == codec.upper()
        assert file.metadata.num_row_groups > 1


def test_retention_bounds_the_history(tmp_path):
    made = orders(60)
    fill(tmp_path, made, batches=15, retention={"snapshotAge": "1d", "snapshots": 4})
    table = pyiceberg_table(tmp_path, TABLE)
    assert len(table.snapshots()) == 4
    assert rows(tmp_path, TABLE) == expected(made)
    assert json.loads(table.current_snapshot().summary[f"swiftlake.offsets.{STREAM}"])


def test_text_of_every_length_and_kind(tmp_path):
    texts = ["", "\u0000", "a" * 100_000, "é" * 3000, "\U0010ffff" * 20, "\uffff\ue000", "z" * 16, "\U0001f600" * 16]
    made = [{**order, "shop": text} for order, text in zip(orders(len(texts) * 3), texts * 3)]
    fill(tmp_path, made)
    assert rows(tmp_path, TABLE) == expected(made)
    table = pyiceberg_table(tmp_path, TABLE)
    for text in texts:
        truth = sorted(order["id"] for order in made if order["shop"] == text)
        assert sorted(table.scan(row_filter=EqualTo("shop", text)).to_arrow()["id"].to_pylist()) == truth
        if "\u0000" not in text:
            assert ids(query(tmp_path, f"shop = '{text}'")) == truth


def test_columns_that_are_all_null(tmp_path):
    made = [{name: (index if name == "id" else None) for name in NAMES} for index in range(50)]
    fill(tmp_path, made, partition=["hour(at)", "truncate(3, shop)"], sort=["price desc"])
    assert rows(tmp_path, TABLE) == expected(made)
    assert pyiceberg_table(tmp_path, TABLE).scan(row_filter="at > '2020-01-01T00:00:00'").to_arrow().num_rows == 0
    assert len(duckdb_rows(tmp_path, TABLE)) == 50
