"""bootstrap-tables on S3 with Glue, Iceberg REST catalogs and SQLite, and with Athena for views; pyiceberg, DuckDB and
boto3 judge what it made."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from athena_shim import Run, failing
from aws_lakes import KINDS, packaged
from bootstraps import LAKE, READINGS, VIEW, actions, bootstrap, column, counts, edited, evolve, function, plain, refusal
from runtime_api import Function
from sensors import as_row, kinesis_event, readings

DONE = {"batchItemFailures": []}
MUTATING = ("Create", "Update", "Delete", "Batch", "Start", "Put")
DATABASES, TABLES = len(LAKE["databases"]), len(LAKE["tables"])


@pytest.fixture
def place(new_lake, tmp_path, request):
    """A lake of a kind, and how bootstrap-tables is run on it."""

    class Place:
        def __init__(self, kind: str):
            self.lake = new_lake(kind)
            self.athena = request.getfixturevalue("athena") if kind == "glue" else None
            self.environment = self.lake.environment(LAKE_CREATE_TABLES="0")
            if self.athena:
                self.environment |= {
                    "AWS_ENDPOINT_URL_ATHENA": self.athena.endpoint, "ATHENA_OUTPUT_LOCATION": "s3://results/views/",
                    "ATHENA_WORKGROUP": "primary",
                }  # fmt: skip

        def run(self, definition=LAKE, event=None, **changes) -> dict:
            return bootstrap(tmp_path, definition, event, **{**self.environment, **changes})

        def refused(self, definition, **changes) -> dict:
            return refusal(tmp_path, definition, **{**self.environment, **changes})

        def function(self, definition=LAKE, job="bootstrap-tables", **changes) -> Function:
            return function(tmp_path, definition, job, **{**self.environment, **changes})

    return Place


@pytest.fixture
def glue_place(place, glue):
    """A lake in Glue whose Athena makes views as the real one does: in a spelling of its own, dropping our mark."""
    made = place("glue")

    def create_view(start):
        name, query = start.sql.removeprefix("CREATE OR REPLACE VIEW ").split(" AS\n", 1)
        database, view = name.replace('"', "").split(".")
        text = json.dumps({"originalSql": query.upper() + "\n", "catalog": "awsdatacatalog", "schema": database, "columns": []})
        table = {
            "Name": view, "TableType": "VIRTUAL_VIEW", "Parameters": {"presto_view": "true", "comment": "Presto View"},
            "ViewOriginalText": f"/* Presto View: {base64.b64encode(text.encode()).decode()} */",
            "ViewExpandedText": "/* Presto View */", "StorageDescriptor": {"Columns": [], "Location": ""}, "PartitionKeys": [],
        }  # fmt: skip
        client = glue.client()
        try:
            client.create_table(DatabaseName=database, TableInput=table)
        except client.exceptions.AlreadyExistsException:
            client.update_table(DatabaseName=database, TableInput=table)

    made.athena.script("CREATE OR REPLACE VIEW", Run(effect=create_view))
    return made


def mutations(calls) -> list[str]:
    return [operation for operation, _ in calls if operation.startswith(MUTATING)]


@pytest.mark.parametrize("kind", KINDS)
def test_tables_are_made_evolved_and_written_to(place, kind):
    place = place(kind)
    lake = place.lake
    first = place.run()
    assert first["failed"] == first["refused"] == 0
    assert counts(place.run())[:2] == (1 if kind == "glue" else 0, 0), "only Athena's view, which moto does not keep"
    batch = readings(20)
    with place.function(job="kinesis-ingest") as warm:
        assert warm.invoke(kinesis_event(batch[:5])).reply == DONE, warm.log_text()
        assert actions(place.run(edited(evolve)))[READINGS] == "evolved"
        later = [{**reading, "site": "north", "temperature": 2**40} for reading in batch[5:]]
        assert warm.invoke(kinesis_event(later, first=5)).reply == DONE, warm.log_text()
    expected = [(*as_row(reading), None) for reading in batch[:5]] + [(*as_row(row), "north") for row in later]
    assert lake.rows() == sorted(expected, key=repr)
    table = lake.table()
    assert [str(field.transform) for field in table.spec().fields] == ["day"]
    assert table.properties["owner"] == "fleet" and table.properties["comment"] == "Readings, evolved"
    assert table.schema().find_field("id_device").doc == "The device that sent it"
    assert actions(place.run(edited(evolve)))[READINGS] == "unchanged"
    error = place.refused(edited(lambda table: column(table, "temperature").update(type="string")))
    assert "column temperature" in error["errorMessage"]
    print("read by pyiceberg and DuckDB over", kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_dry_run_changes_nothing_anywhere(place, kind, request):
    place = place(kind)
    for definition in (LAKE, edited(evolve)):
        if place.athena:
            request.getfixturevalue("glue").calls.clear()
            place.athena.calls.clear()
        before = place.lake.keys()
        reply = place.run(definition, {"dryRun": True})
        assert reply["plan"] and reply["failed"] == 0
        assert place.lake.keys() == before
        if place.athena:
            assert mutations(request.getfixturevalue("glue").calls) == [] and place.athena.calls == []
        place.run(definition)


def test_glue_shows_who_answers_for_what(glue_place, glue):
    glue_place.run()
    client = glue.client()
    for database in LAKE["databases"]:
        assert client.get_database(Name=database["name"])["Database"]["Description"] == database["doc"]
    trader = client.get_table(DatabaseName="crypto_db", Name="crypto_trader")["Table"]
    assert trader["Owner"] == trader["Parameters"]["owner"] == "trading"
    assert trader["Parameters"]["layer"] == "bronze"
    assert trader["Parameters"]["classification"] == "personal-data: document_id"
    assert trader["Description"] == "Trades of customers, one row each"
    comments = {found["Name"]: found.get("Comment") for found in trader["StorageDescriptor"]["Columns"]}
    assert comments["document_id"] == "Identity document of the customer"
    glue_place.run(edited(evolve))
    found = client.get_table(DatabaseName="iot_db", Name="sensor_readings")["Table"]
    assert found["Owner"] == found["Parameters"]["owner"] == "fleet" and found["Description"] == "Readings, evolved"
    columns = {found["Name"]: (found["Type"], found.get("Comment")) for found in found["StorageDescriptor"]["Columns"]}
    assert columns["temperature"][0] == "bigint" and columns["site"] == ("string", "Where the device stands")
    with glue_place.function(edited(evolve), "kinesis-ingest") as job:
        assert job.invoke(kinesis_event(readings(3))).reply == DONE
    assert client.get_table(DatabaseName="iot_db", Name="sensor_readings")["Table"]["Owner"] == "fleet"


# Plain Parquet tables


def test_a_plain_table_is_what_athena_and_hive_expect(glue_place, glue):
    definition = edited(plain)
    assert counts(glue_place.run(definition))[3:] == (0, 0, 0)
    found = glue.client().get_table(DatabaseName="iot_db", Name="sensor_readings")["Table"]
    assert found["TableType"] == "EXTERNAL_TABLE" and found["Owner"] == "iot"
    assert found["PartitionKeys"] == [
        {"Name": "timestamp_sent", "Type": "string", "Comment": "The hour in which the sensor sent it, UTC"}
    ]
    storage = found["StorageDescriptor"]
    assert storage["Location"] == f"{glue_place.lake.warehouse}/iot_db/sensor_readings/data/"
    assert storage["SerdeInfo"]["SerializationLibrary"].endswith("ParquetHiveSerDe")
    assert [one["Name"] for one in storage["Columns"]] == ["temperature", "cpu", "ram", "hd", "timestamp", "id_device"]
    assert found["Parameters"]["classification"] == "parquet" and found["Parameters"]["EXTERNAL"] == "TRUE"
    assert actions(glue_place.run(definition))[READINGS] == "unchanged"

    def more(table):
        plain(table)
        table["columns"].insert(0, {"name": "site", "type": "string", "doc": "Where it stands"})
        column(table, "cpu")["doc"] = "Load"

    reply = glue_place.run(edited(more))
    assert actions(reply)[READINGS] == "evolved"
    storage = glue.client().get_table(DatabaseName="iot_db", Name="sensor_readings")["Table"]["StorageDescriptor"]
    assert storage["Columns"][-1] == {"Name": "site", "Type": "string", "Comment": "Where it stands"}
    assert storage["Columns"][1]["Comment"] == "Load" and storage["SerdeInfo"]
    assert actions(glue_place.run(edited(more)))[READINGS] == "unchanged"


def test_a_plain_table_takes_readings_once_it_is_made(glue_place, glue):
    with glue_place.function(edited(plain), "kinesis-ingest") as job:
        assert job.invoke(kinesis_event(readings(3))).reply != DONE and "bootstrap-tables" in job.log_text()
        glue_place.run(edited(plain))
        assert job.invoke(kinesis_event(readings(3))).reply == DONE, job.log_text()
    folder = f"{glue_place.lake.warehouse}/iot_db/sensor_readings/data/timestamp_sent=2026-11-20 10/"
    assert [key for key in glue_place.lake.keys() if key.startswith(folder)]
    (found,) = glue.client().get_partitions(DatabaseName="iot_db", TableName="sensor_readings")["Partitions"]
    assert found["Values"] == ["2026-11-20 10"] and found["StorageDescriptor"]["Location"] == folder


@pytest.mark.parametrize(
    "change, named",
    [
        (lambda table: column(table, "temperature").update(type="long"), "column temperature: int in the table, bigint"),
        (lambda table: table["columns"].remove(column(table, "hd")), "column hd: only the table has it"),
        (lambda table: table.update(partition=[]), "partition: timestamp_sent string in the table, none"),
        (lambda table: table.update(format="iceberg"), "not an Iceberg table"),
    ],
)
def test_a_plain_table_refuses_what_its_files_cannot_follow(glue_place, glue, change, named):
    glue_place.run(edited(plain))
    before = glue.client().get_table(DatabaseName="iot_db", Name="sensor_readings")["Table"]["StorageDescriptor"]

    def changed(table):
        plain(table)
        change(table)

    error = glue_place.refused(edited(changed))
    assert error["errorType"] == "Bootstrap.Refused" and named in error["errorMessage"], error
    assert glue.client().get_table(DatabaseName="iot_db", Name="sensor_readings")["Table"]["StorageDescriptor"] == before


def test_an_iceberg_table_does_not_become_a_plain_one(glue_place):
    glue_place.run()
    assert "this is an Iceberg table in Glue" in glue_place.refused(edited(plain))["errorMessage"]


def test_two_at_once_both_end_well_in_glue(glue_place, glue, tmp_path):
    """All make an Iceberg table and a plain one; then all evolve the first; then all add a column to the second."""
    beside = json.loads(json.dumps(LAKE["tables"][0]))
    plain(beside)
    both = {**LAKE, "tables": [*LAKE["tables"], {**beside, "name": "iot_db.plain_readings"}]}

    def more(table):
        table["columns"].append({"name": "site", "type": "string"})

    def run(job):
        number, definition = job
        folder = tmp_path / f"function-{number}"
        folder.mkdir(exist_ok=True)
        return bootstrap(folder, definition, **glue_place.environment)

    with ThreadPoolExecutor(3) as pool:
        for definition in (both, edited(evolve, both), edited(more, edited(evolve, both), "iot_db.plain_readings")):
            replies = list(pool.map(run, [(number, definition) for number in range(3)]))
            assert all(reply["failed"] == reply["refused"] == 0 for reply in replies), replies
    assert len(glue_place.lake.table().schema().fields) == 8
    found = glue.client().get_table(DatabaseName="iot_db", Name="plain_readings")["Table"]
    assert [one["Name"] for one in found["StorageDescriptor"]["Columns"]].count("site") == 1
    print(f"{glue.conflicts} conflicts in Glue")


# Views


def test_a_view_is_made_by_athena_once(glue_place, glue):
    athena = glue_place.athena
    assert actions(glue_place.run())[VIEW] == "created"
    (start,) = athena.starts
    assert start.sql.startswith('CREATE OR REPLACE VIEW "crypto_db"."crypto_trader_view" AS\nWITH')
    assert start.database == "crypto_db" and start.work_group == "primary" and start.output == "s3://results/views/"
    found = glue.client().get_table(DatabaseName="crypto_db", Name="crypto_trader_view")["Table"]
    assert found["TableType"] == "VIRTUAL_VIEW" and found["Description"] == LAKE["views"][0]["doc"]
    assert found["ViewOriginalText"].startswith("/* Presto View: ") and found["Parameters"]["presto_view"] == "true"
    for _ in range(2):
        assert actions(glue_place.run())[VIEW] == "unchanged"
    assert len(athena.starts) == 1


def test_a_view_is_made_anew_when_it_or_its_columns_change_or_others_changed_it(glue_place, glue):
    athena = glue_place.athena
    glue_place.run()
    wider = json.loads(json.dumps(LAKE))
    column(next(t for t in wider["tables"] if t["name"] == "crypto_db.crypto_trader"), "quantity")["type"] = "long"
    assert actions(glue_place.run(wider))[VIEW] == "evolved", "Athena would call it stale"
    other = {**wider, "views": [{**LAKE["views"][0], "sql": "SELECT document_id FROM crypto_db.crypto_trader"}]}
    assert actions(glue_place.run(other))[VIEW] == "evolved"
    assert len(athena.starts) == 3
    client = glue.client()
    found = client.get_table(DatabaseName="crypto_db", Name="crypto_trader_view")["Table"]
    kept = {name: found[name] for name in ("Name", "TableType", "ViewOriginalText", "ViewExpandedText", "StorageDescriptor")}
    client.update_table(DatabaseName="crypto_db", TableInput={**kept, "Parameters": {"presto_view": "true"}})
    assert actions(glue_place.run(other))[VIEW] == "evolved", "a statement of somebody else's is taken back"
    assert actions(glue_place.run(other))[VIEW] == "unchanged"


def test_athenas_reason_is_told_and_the_tables_are_made(glue_place):
    glue_place.athena.script("CREATE OR REPLACE VIEW", failing("SYNTAX_ERROR: line 2:3: mismatched input"))
    error = glue_place.refused(LAKE)
    assert error["errorType"] == "Bootstrap.Failed" and "SYNTAX_ERROR: line 2:3" in error["errorMessage"]
    assert VIEW in error["errorMessage"] and glue_place.lake.exists()


def test_a_view_that_takes_too_long_ends_before_the_function_does(glue_place):
    glue_place.athena.script("CREATE OR REPLACE VIEW", Run(("QUEUED", *["RUNNING"] * 1000, "SUCCEEDED")))
    with glue_place.function() as job:
        job.deadline_ms = 4_000
        outcome = job.invoke({})
    assert "the time is over while Athena still makes the view" in outcome.error["errorMessage"], outcome


def test_a_view_waits_for_tables_that_were_refused(glue_place):
    glue_place.run({**LAKE, "views": []})
    narrowed = json.loads(json.dumps(LAKE))
    column(next(t for t in narrowed["tables"] if t["name"] == "crypto_db.crypto_trader"), "transaction_id")["type"] = "int"
    error = glue_place.refused(narrowed)
    assert "column transaction_id" in error["errorMessage"] and glue_place.athena.starts == []


def test_throttled_and_lost_answers_of_athena_start_one_execution(glue_place):
    glue_place.athena.refuse("StartQueryExecution", count=2)
    glue_place.athena.refuse("GetQueryExecution", "InternalServerException", count=1)
    assert actions(glue_place.run())[VIEW] == "created"
    assert len(glue_place.athena.statements) == 1


def test_a_name_that_a_table_has_is_not_taken_by_a_view(glue_place, glue):
    glue_place.run({**LAKE, "views": []})
    glue.client().create_table(
        DatabaseName="crypto_db", TableInput={"Name": "crypto_trader_view", "TableType": "EXTERNAL_TABLE"})  # fmt: skip
    assert "Glue has a table of this name" in glue_place.refused(LAKE)["errorMessage"]


def test_a_rest_catalog_says_that_it_holds_no_views(place):
    reply = place("rest-oauth2").run()
    (view,) = reply["views"]
    assert view["action"] == "skipped" and "this catalog holds none" in view["notes"][0]


def test_a_catalog_that_is_out_of_reach_is_named(place, tmp_path):
    place = place("glue")
    error = place.refused(LAKE, AWS_ENDPOINT_URL_GLUE="http://127.0.0.1:1", AWS_MAX_ATTEMPTS="1")
    assert error["errorType"] == "Bootstrap.Failed" and "glue GetDatabases" in error["errorMessage"]
    print("checked", packaged("bootstrap-tables"))
