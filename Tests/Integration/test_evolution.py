"""Tables whose columns, partitioning and order change between appends, read row by row by pyiceberg and DuckDB."""

import random
from datetime import datetime, timedelta

import pytest
from aws_lakes import AWSLake
from evolution_calls import EvolutionCalls, by_duckdb, by_pyiceberg, change, key, local_table
from support import duckdb_connection

TABLE = "db.events"
EPOCH = datetime(1970, 1, 1)
START = datetime(2026, 11, 20)
# What each type holds, as JSON for our writer and as Python for the oracle.
VALUES = {
    "int": lambda r: (v := r.randrange(-(2**31), 2**31), v),
    "long": lambda r: (v := r.randrange(-(2**62), 2**62), v),
    "float": lambda r: (v := r.randrange(-1000, 1000) / 8, v),
    "double": lambda r: (v := r.random() * 1e9, v),
    "string": lambda r: (v := r.choice(["", "a", "eu-central-1", "ü / ö", "x" * 40]), v),
    "timestamp": lambda r: (s := r.randrange(0, 3 * 86400), START + timedelta(seconds=s)),
    "boolean": lambda r: (v := r.random() < 0.5, v),
}
WIDER = {"int": "long", "float": "double"}
TRANSFORMS = {
    "int": ["identity", "bucket[3]", "truncate[1000]"],
    "long": ["bucket[3]", "truncate[10]"],
    "string": ["identity", "bucket[2]", "truncate[1]"],
    "timestamp": ["day", "month", "year"],
    "boolean": ["identity"],
}


class Oracle:
    """A table as plain rows by field, which knows what each change is to do."""

    def __init__(self, generator: random.Random):
        self.random = generator
        self.columns: dict[str, list] = {"id": [0, "int"], "sent": [1, "timestamp"]}
        self.fields = 2
        self.rows: list[dict] = []
        self.partition: list[str] = []
        # Columns that some file may be partitioned by.
        self.used: set[str] = set()
        self.sort: list[str] = []

    def row(self) -> dict:
        """A new row, kept by field number; returns it as JSON for the writer."""
        sent, kept = {}, {}
        for name, (field, type_) in self.columns.items():
            if self.random.random() < 0.2 and name != "id":
                sent[name], kept[field] = None, None
                continue
            value, expected = VALUES[type_](self.random)
            if type_ == "timestamp":
                value = int((expected - EPOCH) / timedelta(microseconds=1))
            sent[name], kept[field] = value, expected
        self.rows.append(kept)
        return sent

    def expected(self) -> list[dict]:
        rows = [{name: row.get(field) for name, (field, _) in self.columns.items()} for row in self.rows]
        return sorted(rows, key=key)

    def change(self) -> dict:
        kind = self.random.choice(["add", "add", "widen", "drop", "partition", "partition", "sort", "doc", "property"])
        free = [name for name in self.columns if name not in self.used | set(self.sort) | {"id"}]
        if kind == "widen":
            narrow = [name for name, (_, type_) in self.columns.items() if type_ in WIDER]
            if narrow:
                name = self.random.choice(narrow)
                self.columns[name][1] = WIDER[self.columns[name][1]]
                return change("widen-column", name=name, type=self.columns[name][1])
        if kind == "drop" and free and len(self.columns) > 2:
            name = self.random.choice(free)
            del self.columns[name]
            return change("drop-column", name=name)
        if kind == "partition":
            names = [name for name, (_, type_) in self.columns.items() if type_ in TRANSFORMS]
            chosen = self.random.sample(names, min(len(names), self.random.randrange(0, 3)))
            self.partition = chosen
            self.used |= set(chosen)
            terms = []
            for name in chosen:
                transform = self.random.choice(TRANSFORMS[self.columns[name][1]])
                suffix = transform.split("[")[0]
                field = name if transform == "identity" else f"{name}_{suffix}_{len(transform)}"
                terms.append({"column": name, "transform": transform, "name": field})
            return change("set-partition", terms=terms)
        if kind == "sort":
            self.sort = self.random.sample(list(self.columns), min(len(self.columns), self.random.randrange(0, 3)))
            terms = [{"column": name, "direction": self.random.choice(["asc", "desc"])} for name in self.sort]
            return change("set-sort", terms=terms)
        if kind == "doc":
            return change("set-doc", name=self.random.choice(list(self.columns)), doc=f"note {self.fields}")
        if kind == "property":
            return change("set-properties", properties={"owner": str(self.random.random())})
        # A name that was dropped comes again: what is in old files under it must not.
        gone = [f"c{number}" for number in range(self.fields) if f"c{number}" not in self.columns]
        name, type_ = self.random.choice(gone + [f"c{self.fields}"]), self.random.choice(list(VALUES))
        self.columns[name] = [self.fields, type_]
        self.fields += 1
        return change("add-column", name=name, type=type_, doc="later")


def create(calls: EvolutionCalls, **properties):
    calls.ok(
        "create",
        TABLE,
        columns=[{"name": "id", "type": "int", "required": True}, {"name": "sent", "type": "timestamp"}],
        properties=properties,
    )


def play(calls: EvolutionCalls, oracle: Oracle, steps: int, check):
    offset = 0
    for step in range(steps):
        if oracle.random.random() < 0.5:
            calls.evolve(TABLE, *(oracle.change() for _ in range(oracle.random.randrange(1, 3))))
        rows = [oracle.row() for _ in range(oracle.random.randrange(1, 8))]
        answer = calls.ok("append", TABLE, rows=rows, first=str(offset + 1), last=str(offset + len(rows)))
        assert answer["merge-fault"] is None, answer
        offset += len(rows)
        if step % 6 == 5:
            check()
    assert calls.ok("watermark", TABLE)["last"] == str(offset)


@pytest.mark.parametrize("seed", range(4))
def test_readers_see_what_an_oracle_says(tmp_path, seed):
    connection = duckdb_connection()
    with EvolutionCalls(tmp_path) as calls:
        create(calls, **{"commit.manifest.min-count-to-merge": "3"})
        oracle = Oracle(random.Random(seed))

        def check():
            table = local_table(tmp_path, TABLE)
            assert by_pyiceberg(table) == oracle.expected()
            assert by_duckdb(table, connection) == oracle.expected()
            assert [field.name for field in table.schema().fields] == list(oracle.columns)

        play(calls, oracle, 24, check)
        assert calls.ok("orphans", TABLE)["files"] == []
    metadata = local_table(tmp_path, TABLE).metadata
    ids = [field.field_id for schema in metadata.schemas for field in schema.fields]
    assert metadata.last_column_id == max(ids)
    specs = {spec.spec_id for spec in metadata.partition_specs}
    print(f"\nseed {seed}: {len(oracle.rows)} rows, {len(metadata.schemas)} schemas, {len(specs)} specs, "
          f"{len(metadata.sort_orders)} orders; pyiceberg and DuckDB agree with the oracle")


def test_manifests_are_of_one_spec_each_and_merged_within_it(tmp_path):
    """Entries of old specs stay in manifests of their own, whatever is merged."""
    with EvolutionCalls(tmp_path) as calls:
        create(calls, **{"commit.manifest.min-count-to-merge": "2"})
        merged = 0
        for number in range(24):
            if number % 6 == 0:
                term = {"column": "id", "transform": f"bucket[{number // 6 + 2}]", "name": f"b{number}"}
                calls.evolve(TABLE, change("set-partition", terms=[term]))
            merged += calls.ok("append", TABLE, rows=[{"id": number, "sent": None}])["merged"]
    table = local_table(tmp_path, TABLE)
    assert merged > 0
    specs = {spec.spec_id: spec for spec in table.metadata.partition_specs}
    live: dict[int, int] = {}
    for manifest in table.current_snapshot().manifests(table.io):
        for entry in manifest.fetch_manifest_entry(table.io):
            assert len(entry.data_file.partition) == len(specs[manifest.partition_spec_id].fields)
            live[manifest.partition_spec_id] = live.get(manifest.partition_spec_id, 0) + 1
    assert live == {1: 6, 2: 6, 3: 6, 4: 6}
    assert sorted(row["id"] for row in by_duckdb(table)) == list(range(24))
    # Pruning by old and new specs finds the row.
    for wanted in (0, 7, 13, 23):
        assert table.scan(row_filter=f"id = {wanted}").to_arrow()["id"].to_pylist() == [wanted]


def test_another_engine_writes_between_and_after(tmp_path):
    """pyiceberg appends to what we changed, and changes what we append to."""
    import pyarrow as pa

    with EvolutionCalls(tmp_path) as calls:
        create(calls)
        calls.ok("append", TABLE, rows=[{"id": 1, "sent": 0}])
        calls.evolve(TABLE, change("add-column", name="n", type="int"), change("widen-column", name="id", type="long"))
        table = local_table(tmp_path, TABLE)
        table.append(pa.table({"id": pa.array([2], pa.int64()), "sent": pa.array([EPOCH], pa.timestamp("us")),
                               "n": pa.array([5], pa.int32())}, schema=table.schema().as_arrow()))
        with table.update_schema() as update:
            update.rename_column("n", "number")
        with table.update_spec() as update:
            update.add_identity("number")
        calls.evolve(TABLE, change("widen-column", name="number", type="long"), change("set-sort", terms=[
            {"column": "number", "direction": "desc"}]))
        calls.ok("append", TABLE, rows=[{"id": 3, "sent": 0, "number": 2**40}])
        refused = calls("evolve", TABLE, changes=[change("drop-column", name="number")])
        assert refused["code"] == "invalid" and refused["context"] == [TABLE, "number"]
    expected = [{"id": 1, "sent": EPOCH, "number": None}, {"id": 2, "sent": EPOCH, "number": 5},
                {"id": 3, "sent": EPOCH, "number": 2**40}]
    table = local_table(tmp_path, TABLE)
    assert by_pyiceberg(table) == sorted(expected, key=key) == by_duckdb(table)


@pytest.mark.parametrize("kind", ["glue", "rest-oauth2", "rest-sigv4"])
def test_every_catalog_takes_the_changes(kind, request, seaweedfs):
    lake = AWSLake(kind, seaweedfs, request.getfixturevalue("glue") if kind == "glue" else None)
    with EvolutionCalls(lake.environment()) as calls:
        create(calls)
        calls.ok("append", TABLE, rows=[{"id": 1, "sent": 0}], first="1", last="1")
        before = lake.catalog().load_table(TABLE).metadata
        answer = calls.evolve(
            TABLE,
            change("add-column", name="note", type="string", doc="said"),
            change("add-column", name="n", type="int"),
            change("widen-column", name="id", type="long"),
            change("make-optional", name="id"),
            change("set-partition", terms=[{"column": "sent", "transform": "day", "name": "sent_day"}]),
            change("set-sort", terms=[{"column": "n", "direction": "desc"}]),
            change("set-properties", properties={"owner": "lake", "gone": "soon"}),
        )
        assert answer["outcome"] == "committed" and answer["attempts"] == 1
        calls.ok("append", TABLE, rows=[{"id": 2**40, "sent": 86400 * 10**6, "note": "x", "n": 7}], first="2", last="2")
        calls.evolve(TABLE, change("remove-properties", names=["gone"]), change("drop-column", name="note"))
        again = calls.evolve(TABLE, change("set-properties", properties={"owner": "lake"}))
        assert again["outcome"] == "unchanged" and again["attempts"] == 0
        # And back: the schema of before, under its id.
        calls.evolve(TABLE, change("set-partition", terms=[]))
        assert calls.ok("watermark", TABLE)["last"] == "2"
        table = lake.catalog().load_table(TABLE)
        assert sorted(table.scan().to_arrow().to_pylist(), key=key) == sorted(
            [{"id": 1, "sent": EPOCH, "n": None}, {"id": 2**40, "sent": EPOCH + timedelta(days=1), "n": 7}], key=key)
        assert sorted(row[0] for row in lake.duckdb_rows(table.metadata_location)) == [1, 2**40]
        assert [(f.field_id, f.name, f.required) for f in table.schema().fields] == [
            (1, "id", False), (2, "sent", False), (4, "n", False)]
        assert table.properties["owner"] == "lake" and "gone" not in table.properties
        assert table.spec().is_unpartitioned() and table.spec().spec_id == before.default_spec_id
        assert [field.source_id for field in table.sort_order().fields] == [4]
        assert len(table.snapshots()) == 2
        refused = calls("evolve", TABLE, changes=[change("widen-column", name="n", type="string")])
        assert refused["code"] == "invalid" and refused["context"][-1] == "n"
    print(f"\n{kind}: {len(table.metadata.schemas)} schemas, {len(table.metadata.partition_specs)} specs")


def test_a_column_that_files_were_partitioned_by_stays(tmp_path):
    """Some engines end without a word where a column of an earlier spec is gone, or a new one has its field's name."""
    with EvolutionCalls(tmp_path) as calls:
        create(calls)
        calls.evolve(TABLE, change("add-column", name="region", type="string"))
        by_region = change("set-partition", terms=[{"column": "region", "transform": "identity", "name": "region"}])
        calls.evolve(TABLE, by_region)
        calls.ok("append", TABLE, rows=[{"id": 1, "sent": None, "region": "eu"}])
        for changes in ([], [change("set-partition", terms=[])]):
            refused = calls("evolve", TABLE, changes=[*changes, change("drop-column", name="region")])
            assert refused["code"] == "invalid" and refused["context"] == [TABLE, "region"]
            assert "partitioned" in refused["error"]
        calls.evolve(TABLE, change("set-partition", terms=[{"column": "id", "transform": "bucket[2]", "name": "b"}]))
        calls.evolve(TABLE, change("set-partition", terms=[]))
        taken = calls("evolve", TABLE, changes=[change("add-column", name="b", type="int")])
        assert taken["code"] == "invalid" and taken["context"] == [TABLE, "b"]
        calls.ok("append", TABLE, rows=[{"id": 2, "sent": None, "region": "us"}])
    table = local_table(tmp_path, TABLE)
    expected = [{"id": 1, "sent": None, "region": "eu"}, {"id": 2, "sent": None, "region": "us"}]
    assert by_duckdb(table) == expected
    assert by_pyiceberg(table) == expected
