"""bootstrap-tables on a lake on this machine; pyiceberg and DuckDB read what it made and evolved."""

import json
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version

import pytest
from bootstraps import LAKE, READINGS, VIEW, actions, bootstrap, column, counts, edited, evolve, function, plain, refusal
from pyiceberg.types import LongType
from readers import DEAD_LETTERS, duckdb_rows, files_on_disk, pyiceberg_rows, pyiceberg_table, rows
from sensors import as_row, kinesis_event, readings
from support import ROOT, duckdb_connection, sql_catalog

DONE = {"batchItemFailures": []}
TABLES = [table["name"] for table in LAKE["tables"]]
ALL = len(LAKE["databases"]) + len(TABLES) + len(LAKE["views"])
KILLED = -9


def ingest(lake, definition=LAKE):
    return function(lake, definition, "kinesis-ingest", LAKE_CREATE_TABLES="0")


def test_tables_are_as_lake_json_declares_them(tmp_path):
    assert counts(bootstrap(tmp_path)) == (ALL, 0, 0, 0, 0, 0)
    catalog = sql_catalog(tmp_path)
    for database in LAKE["databases"]:
        assert catalog.load_namespace_properties(database["name"])["comment"] == database["doc"]
    for declared in LAKE["tables"]:
        table = catalog.load_table(declared["name"])
        fields = table.schema().fields
        assert [field.name for field in fields] == [column["name"] for column in declared["columns"]]
        assert [field.doc for field in fields] == [column.get("doc") for column in declared["columns"]]
        assert [field.required for field in fields] == [column.get("required", False) for column in declared["columns"]]
        assert table.properties["owner"] == declared["owner"] and table.properties["layer"] == declared["layer"]
        assert table.properties["comment"] == declared["doc"]
        assert len(table.spec().fields) == len(declared.get("partition", []))
    assert catalog.load_table("crypto_db.crypto_trader").properties["classification"] == "personal-data: document_id"
    print("read by pyiceberg", version("pyiceberg"))


def test_a_second_run_changes_nothing(tmp_path):
    bootstrap(tmp_path)
    before = {path: (tmp_path / path).read_bytes() for path in files_on_disk(tmp_path)}
    assert counts(bootstrap(tmp_path)) == (0, 0, ALL, 0, 0, 0)
    assert {path: (tmp_path / path).read_bytes() for path in files_on_disk(tmp_path)} == before


@pytest.mark.parametrize("start", ["empty", "made"])
def test_a_dry_run_shows_the_plan_and_writes_nothing(tmp_path, start):
    lake = tmp_path / "lake"
    lake.mkdir()
    if start == "made":
        bootstrap(lake)
    definition = edited(evolve)
    before = {path: (lake / path).read_bytes() for path in files_on_disk(lake) if not path.endswith(".json")}
    reply = bootstrap(lake, definition, {"dryRun": True})
    plan = reply["plan"]
    if start == "empty":
        assert "+ database iot_db" in plan and "  + column site string" in plan
        assert "  + partition: day(timestamp_sent)" in plan and f"+ view {VIEW}" in plan
    else:
        assert plan[0] == f"~ table {READINGS}"
        for line in ("~ column temperature: int → long", "+ column site string", "+ sort: id_device desc nulls last",
                     "~ partition: hour(timestamp_sent) → day(timestamp_sent)", "~ property owner: iot → fleet",
                     "~ property swiftlake.snapshots.max: 200 → 50"):  # fmt: skip
            assert f"  {line}" in plan, plan
    assert {path: (lake / path).read_bytes() for path in files_on_disk(lake) if not path.endswith(".json")} == before
    assert not [path for path in files_on_disk(lake) if start == "empty" and not path.startswith("lake-")]
    print("\n".join(plan[:30]))


def test_rows_outlive_the_evolution_and_a_warm_function_goes_on(tmp_path):
    """An hour of rows before; then every safe change at once; then the same process, which knows nothing of it."""
    bootstrap(tmp_path)
    batch = readings(30)
    later = [{**reading, "site": "north", "temperature": 2**40 + index} for index, reading in enumerate(batch[10:])]
    with ingest(tmp_path) as warm:
        assert warm.invoke(kinesis_event(batch[:10])).reply == DONE, warm.log_text()
        reply = bootstrap(tmp_path, edited(evolve))
        assert actions(reply)[READINGS] == "evolved" and counts(reply) == (0, 1, ALL - 1, 0, 0, 0)
        assert warm.invoke(kinesis_event(later[:10], first=10)).reply == DONE, warm.log_text()
    with ingest(tmp_path, edited(evolve)) as cold:
        assert cold.invoke(kinesis_event(later[10:], first=20)).reply == DONE, cold.log_text()
        assert "differs from its definition" not in cold.log_text()
    expected = [(*as_row(reading), None) for reading in batch[:10]] + [(*as_row(row), "north") for row in later]
    assert rows(tmp_path) == sorted(expected, key=repr)
    table = pyiceberg_table(tmp_path)
    assert isinstance(table.schema().find_field("temperature").field_type, LongType)
    assert table.schema().find_field("id_device").doc == "The device that sent it"
    assert str(table.spec().fields[0].transform) == "day" and len(table.specs()) == 2
    assert table.properties["swiftlake.snapshots.max"] == "50" and table.properties["owner"] == "fleet"
    assert table.properties["comment"] == "Readings, evolved"
    assert [str(field.direction) for field in table.sort_order().fields] == ["DESC"]
    assert len(table.snapshots()) == 3, "evolution is no snapshot"
    assert counts(bootstrap(tmp_path, edited(evolve)))[1] == 0


def test_the_way_back_is_taken_where_it_is_safe(tmp_path):
    """What a definition gave and no longer gives leaves the table; what others set there stays."""
    bootstrap(tmp_path, edited(lambda table: table.update(properties={"write.metadata.previous-versions-max": "7"})))
    with pyiceberg_table(tmp_path).transaction() as transaction:
        transaction.set_properties({"theirs": "1"})

    def less(table):
        for name in ("owner", "retention"):
            del table[name]
        table["partition"] = []

    reply = bootstrap(tmp_path, edited(less))
    (changed,) = [table for table in reply["tables"] if table["action"] == "evolved"]
    assert "- partition: hour(timestamp_sent)" in changed["changes"]
    found = pyiceberg_table(tmp_path).properties
    gone = ("owner", "swiftlake.snapshots.max", "history.expire.max-snapshot-age-ms", "write.metadata.previous-versions-max")
    assert not found.keys() & set(gone)
    assert found["theirs"] == "1" and found["layer"] == "bronze"


def narrow(table):
    column(table, "timestamp_sent")["type"] = "date"
    del column(table, "timestamp_sent")["timeFormat"]
    table["partition"] = ["day(timestamp_sent)"]


@pytest.mark.parametrize(
    "change, named",
    [
        (lambda table: column(table, "temperature").update(type="string"), "column temperature: int in the table"),
        (lambda table: column(table, "cpu").update(type="float"), "column cpu: double in the table"),
        (narrow, "column timestamp_sent: timestamp in the table"),
        (lambda table: table["columns"].append({"name": "n", "type": "int", "required": True}), "column n: new, and required"),
        (lambda table: column(table, "ram").update(required=True), "column ram: not required in the table"),
        (lambda table: table["columns"].remove(column(table, "hd")), "column hd: only the table has it"),
        (plain, "format cannot change"),
    ],
)
def test_what_is_not_safe_is_refused_and_all_else_is_done(tmp_path, change, named):
    bootstrap(tmp_path)
    before = pyiceberg_table(tmp_path).metadata_location
    definition = edited(change)
    definition["tables"][-1]["columns"].append({"name": "note", "type": "string"})
    planned = bootstrap(tmp_path, definition, {"dryRun": True})
    assert planned["refused"] == 1 and any(named in line for line in planned["plan"]), planned["plan"]
    error = refusal(tmp_path, definition)
    assert error["errorType"] == "Bootstrap.Refused"
    assert READINGS in error["errorMessage"] and named in error["errorMessage"]
    assert pyiceberg_table(tmp_path).metadata_location == before
    assert pyiceberg_table(tmp_path, DEAD_LETTERS).schema().find_field("note")


@pytest.mark.parametrize("by", ["event", "definition"])
def test_a_column_is_dropped_where_that_is_allowed(tmp_path, by):
    bootstrap(tmp_path)
    batch = readings(10)
    with ingest(tmp_path) as job:
        assert job.invoke(kinesis_event(batch[:5])).reply == DONE
    without = edited(lambda table: table["columns"].remove(column(table, "hd")))
    if by == "definition":
        without["tables"][0]["allowDrop"] = True
    reply = bootstrap(tmp_path, without, {"allowDrop": True} if by == "event" else {})
    assert actions(reply)[READINGS] == "evolved"
    with ingest(tmp_path, without) as job:
        assert job.invoke(kinesis_event(batch[5:], first=5)).reply == DONE, job.log_text()
    assert rows(tmp_path) == sorted(((*row[:3], *row[4:]) for row in map(as_row, batch)), key=repr)
    assert "hd" not in pyiceberg_table(tmp_path).schema().column_names


def test_two_at_once_both_end_well(tmp_path):
    catalog = {"LAKE_CATALOG": f"sqlite:///{tmp_path}/catalog.db", "LAKE_WAREHOUSE": f"file://{tmp_path}/warehouse"}

    def run(job):
        number, definition = job
        folder = tmp_path / f"function-{number}"
        folder.mkdir(exist_ok=True)
        return bootstrap(folder, definition, **catalog)

    with ThreadPoolExecutor(4) as pool:
        for definition in (LAKE, edited(evolve)):
            replies = list(pool.map(run, [(number, definition) for number in range(4)]))
            assert all(reply["failed"] == reply["refused"] == 0 for reply in replies), replies
            assert sum(reply["evolved"] for reply in replies) == (definition is not LAKE), "one of them did it"
    assert len(pyiceberg_table(tmp_path).schema().fields) == 8
    assert counts(bootstrap(tmp_path, edited(evolve))) == (0, 0, ALL, 0, 0, 0)
    metadata = [path for path in files_on_disk(tmp_path, ".metadata.json") if "crypto" in path]
    assert len(metadata) == 3, "a table that another made first leaves no file"


@pytest.mark.parametrize("start", ["empty", "made"])
@pytest.mark.parametrize("stride", [5, pytest.param(1, marks=pytest.mark.long)])
def test_killed_at_steps_then_run_again(tmp_path, start, stride):
    """LAKE_KILL_AT_STEP=N ends the process at its N-th visible step: before and after each database, file, swap, view."""
    definition = edited(evolve)
    step = 1
    while True:
        lake = tmp_path / str(step)
        lake.mkdir()
        if start == "made":
            bootstrap(lake)
        with function(lake, definition, LAKE_KILL_AT_STEP=str(step)) as job:
            outcome = job.invoke({})
        with function(lake, definition) as job:
            assert job.invoke({}).reply["failed"] == 0, job.log_text()
            assert counts(job.invoke({}).reply) == (0, 0, ALL, 0, 0, 0), job.log_text()
        assert len(pyiceberg_table(lake).schema().fields) == 8
        if outcome.exit_status != KILLED:
            break
        step += stride
    print(f"every step of {stride} up to {step}, from a lake that is {start}")
    assert step > (28 if start == "empty" else 4)


def test_duckdb_makes_the_view_of_its_file(tmp_path):
    bootstrap(tmp_path)
    path = tmp_path / "views" / f"{VIEW}.sql"
    sql = path.read_text()
    assert sql.strip() == "\n".join(LAKE["views"][0]["sql"]).strip()
    connection = duckdb_connection()
    connection.execute("CREATE SCHEMA crypto_db")
    for name in ("crypto_assets", "crypto_quote", "crypto_trader"):
        location = pyiceberg_table(tmp_path, f"crypto_db.{name}").metadata_location.removeprefix("file://")
        connection.execute(f"CREATE VIEW crypto_db.{name} AS SELECT * FROM iceberg_scan('{location}')")
    connection.execute(f"CREATE VIEW {VIEW} AS {sql}")
    assert connection.execute(f"SELECT count(*) FROM {VIEW}").fetchone() == (0,)
    other = {**LAKE, "views": [{**LAKE["views"][0], "sql": "SELECT document_id FROM crypto_db.crypto_trader"}]}
    assert actions(bootstrap(tmp_path, other))[VIEW] == "evolved"
    assert path.read_text() == "SELECT document_id FROM crypto_db.crypto_trader\n"
    assert actions(bootstrap(tmp_path, {**LAKE, "views": []})).get(VIEW) is None and path.exists()
    print("the view was made by DuckDB", version("duckdb"))


def test_a_table_that_pyiceberg_made_follows_too(tmp_path):
    bootstrap(tmp_path)
    catalog = sql_catalog(tmp_path)
    made = catalog.load_table(READINGS)
    schema, spec = made.schema(), made.spec()
    catalog.drop_table(READINGS)
    catalog.create_table(READINGS, schema, location=f"file://{tmp_path}/elsewhere", partition_spec=spec)
    with ingest(tmp_path) as job:
        assert job.invoke(kinesis_event(readings(5))).reply == DONE
    reply = bootstrap(tmp_path, edited(evolve))
    (table,) = [table for table in reply["tables"] if table["name"] == READINGS]
    assert table["action"] == "evolved" and "stays at" in table["notes"][0]
    assert len(pyiceberg_rows(tmp_path)) == len(duckdb_rows(tmp_path)) == 5


@pytest.mark.parametrize(
    "event, words",
    [
        ([], "the event is an array"), ("all", "the event is a string"), ({"dryrun": True}, 'did you mean "dryRun"'),
        ({"tables": ["'; drop table"]}, "the definition has no"), ({"allowDrop": "yes"}, "not true or false"),
        (b"{", "JSON"),
    ],
)  # fmt: skip
def test_a_wrong_event_is_a_clear_error(tmp_path, event, words):
    with function(tmp_path) as job:
        outcome = job.invoke(event)
        assert outcome.error is not None and words in outcome.error["errorMessage"], outcome.error
        assert counts(job.invoke({}).reply)[0] == ALL


def test_sample_events_and_schedules_are_taken(tmp_path):
    dry = bootstrap(tmp_path, event=json.loads((ROOT / "events/bootstrap-tables-dry-run.json").read_text()))
    assert dry["dryRun"] and dry["plan"] and not (tmp_path / "catalog.db").exists()
    assert counts(bootstrap(tmp_path, event=json.loads((ROOT / "events/bootstrap-tables.json").read_text())))[0] == ALL
    scheduled = {
        "version": "0", "id": "89d1a02d-5ec7-412e-82f5-13505f849b41", "detail-type": "Scheduled Event",
        "source": "aws.events", "account": "123456789012", "time": "2026-11-21T00:00:00Z", "region": "eu-west-1",
        "resources": [], "detail": {},
    }  # fmt: skip
    assert counts(bootstrap(tmp_path, event=scheduled))[2] == ALL


def test_settings_that_are_wrong_are_named_at_initialisation(tmp_path):
    with function(tmp_path, ATHENA_OUTPUT_LOCATION="results/") as job:
        error = job.initialised().error or job.initialised().error
    assert "ATHENA_OUTPUT_LOCATION must be s3://bucket/prefix/" in error["errorMessage"]
