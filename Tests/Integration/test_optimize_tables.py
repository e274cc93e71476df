"""optimize-tables as the real binary: Glue with its version check, S3, and an Athena whose executions go through their
states as each test says. Tables are written by the real kinesis-ingest, and read back by pyiceberg."""

import json
import re
import time

import pytest
from athena_shim import Run, failing
from aws_lakes import packaged
from emulator import Emulator, emulator_path
from readers import READINGS
from runtime_api import Function
from scripted_server import Reply, ScriptedServer
from sensors import kinesis_event, readings
from support import ROOT, sql_catalog

MORE = "ICEBERG_OPTIMIZE_MORE_RUNS_NEEDED: Processed 100 partitions in this round of optimization"
MORE_VACUUM = "ICEBERG_VACUUM_MORE_RUNS_NEEDED: Removed 20000 files in this round of vacuum"
CONFLICT = "ICEBERG_COMMIT_ERROR: Failed to commit Iceberg update to table"
RULE = {"id": "weekly-1", "source": "aws.events", "detail-type": "Scheduled Event", "detail": {}}
ALL = readings(100)
HOSTILE = "'; drop table \"x\"; --"


def event(first: int, count: int) -> dict:
    """Some of the readings, always under the same shard sequence numbers."""
    return kinesis_event(ALL[first : first + count], first)


@pytest.fixture
def lake(new_lake, athena):
    """A lake in Glue with one table of readings."""
    made = new_lake("glue")
    with Function("kinesis-ingest", None, made.environment()) as function:
        assert function.invoke(event(0, 50)).reply == {"batchItemFailures": []}
    return made


def environment(lake, athena, **more) -> dict:
    return lake.environment(AWS_ENDPOINT_URL_ATHENA=athena.endpoint, ATHENA_OUTPUT_LOCATION="s3://results/here/", **more)


def add_table(glue, name: str, database: str = "iot_db", **described):
    """Something else in Glue; an Iceberg table unless it is described otherwise."""
    made = {"TableType": "EXTERNAL_TABLE", "Parameters": {"table_type": "ICEBERG", "metadata_location": "s3://no/where"}}
    glue.client().create_table(DatabaseName=database, TableInput={"Name": name, **made, **described})


def result(reply: dict, table: str) -> dict:
    (found,) = [entry for entry in reply["tables"] if entry["table"] == table]
    return found


def rewrite(lake, name: str = READINGS):
    """What OPTIMIZE does to a table, by pyiceberg: all rows in one file, in a snapshot without our offsets."""

    def effect(_):
        table = lake.table(name)
        table.overwrite(table.scan().to_arrow())

    return effect


def expire(lake, name: str = READINGS):
    """What VACUUM does to the history: the current snapshot stays alone."""

    def effect(_):
        table = lake.table(name)
        current = table.current_snapshot().snapshot_id
        others = [snapshot.snapshot_id for snapshot in table.snapshots() if snapshot.snapshot_id != current]
        table.maintenance.expire_snapshots().by_ids(others).commit()

    return effect


def test_statements_are_repeated_until_nothing_is_left(lake, athena):
    with Function("kinesis-ingest", None, lake.environment()) as function:
        function.invoke(event(50, 50))
    athena.script("OPTIMIZE", failing(MORE), failing(CONFLICT), failing(MORE), Run(scanned=1000, effect=rewrite(lake)))
    athena.script("VACUUM", failing(MORE_VACUUM), Run(effect=expire(lake)))
    with Function("optimize-tables", None, environment(lake, athena, ATHENA_WORKGROUP="primary")) as function:
        reply = function.invoke({**RULE}).reply
        metrics = [line for line in function.logs() if "OptimizeRuns" in line]
    done = result(reply, READINGS)
    summary = lake.table().current_snapshot().summary
    assert done.pop("durationMs") > 0 and done.pop("bytesBefore") > 0
    assert done.pop("bytesAfter") == int(summary["total-files-size"]) == sum(
        file.file.file_size_in_bytes for file in lake.table().scan().plan_files())
    assert done == {
        "table": READINGS, "optimizeRuns": 4, "vacuumRuns": 2, "filesBefore": 2, "filesAfter": 1, "snapshotsBefore": 2,
        "snapshotsAfter": 1, "scannedBytes": 1000,
    }  # fmt: skip
    assert reply["engine"] == "athena" and reply["failed"] == 0 and reply["remaining"] == [] and not reply["handedOn"]
    name = READINGS.split(".")[1]
    optimize, vacuum = f"OPTIMIZE `{name}` REWRITE DATA USING BIN_PACK", f"VACUUM `{name}`"
    assert athena.statements == [optimize] * 4 + [vacuum] * 2
    assert {start.database for start in athena.starts} == {"iot_db"}
    assert {(start.work_group, start.output) for start in athena.starts} == {("primary", "s3://results/here/")}
    assert len({start.token for start in athena.starts}) == 6
    assert metrics[0]["Table"] == READINGS and metrics[0]["FilesAfter"] == 1 and metrics[0]["UpkeepFailed"] == 0
    print("checked against moto's Glue and Athena behind their shims, and SeaweedFS, with pyiceberg")


def test_ingest_knows_its_offsets_after_optimize_and_vacuum(lake, athena):
    """Athena's commits carry no offsets, and its VACUUM takes away the snapshots that had them."""
    athena.script("OPTIMIZE", Run(effect=rewrite(lake)))
    athena.script("VACUUM", Run(effect=expire(lake)))
    with Function("kinesis-ingest", None, lake.environment()) as warm:
        warm.invoke(event(0, 50))
        with Function("optimize-tables", None, environment(lake, athena)) as function:
            assert function.invoke(RULE).reply["failed"] == 0
        (alone,) = lake.table().snapshots()
        assert not any(key.startswith("swiftlake.offsets") for key in alone.summary.additional_properties)
        # The warm process and a cold one pass over what is in the table, and take what is new.
        warm.invoke(event(0, 50))
        with Function("kinesis-ingest", None, lake.environment()) as cold:
            cold.invoke(event(0, 60))
            warm.invoke(event(0, 60))
    assert len(lake.rows()) == 60


def test_views_and_plain_tables_are_passed_over_and_failures_stop_nobody(lake, glue, athena):
    add_table(glue, "a_view", TableType="VIRTUAL_VIEW", Parameters={"presto_view": "true"})
    add_table(glue, "plain", Parameters={"classification": "parquet"})
    add_table(glue, "broken")
    add_table(glue, "stopped")
    add_table(glue, HOSTILE)
    add_table(glue, "a`b")
    athena.script("broken", failing("TABLE_NOT_FOUND: no metadata"))
    athena.script("stopped", failing("", state="CANCELLED"))
    with Function("optimize-tables", None, environment(lake, athena)) as function:
        outcome = function.invoke({"databases": ["iot_db"], "parallel": 2})
    reply = outcome.reply
    assert {entry["name"]: entry["reason"] for entry in reply["passedOver"]} == {
        "iot_db.a_view": "a view", "iot_db.plain": "not an Iceberg table",
    }  # fmt: skip
    assert "failure" not in result(reply, READINGS) and "failure" not in result(reply, f"iot_db.{HOSTILE}")
    assert result(reply, "iot_db.broken")["failure"] == "OPTIMIZE: TABLE_NOT_FOUND: no metadata"
    assert result(reply, "iot_db.stopped")["failure"].startswith("OPTIMIZE: it was cancelled")
    assert "cannot be written" in result(reply, "iot_db.a`b")["failure"]
    assert reply["failed"] == 3 and athena.most_at_once == 2
    # Whatever a name holds, a statement has one table, in one pair of quotes.
    assert all(re.fullmatch(r"(OPTIMIZE|VACUUM) `[^`]+`( REWRITE DATA USING BIN_PACK)?", sql) for sql in athena.statements)
    assert f"VACUUM `{HOSTILE}`" in athena.statements
    failed = [line["TablesFailed"] for line in outcome.logs if "TablesFailed" in line]
    assert failed == [3]


def test_options_choose_tables_and_statements(lake, glue, athena):
    add_table(glue, "other")
    with Function("optimize-tables", None, environment(lake, athena)) as function:
        reply = function.invoke({"tables": [READINGS, "iot_db.missing"], "vacuum": False}).reply
        assert [start.split(" ")[0] for start in athena.statements] == ["OPTIMIZE"]
        assert result(reply, "iot_db.missing")["failure"] == "there is no such table" and reply["failed"] == 1
        athena.script("other", failing(MORE))
        reply = function.invoke({"tables": ["iot_db.other"], "maximumRuns": 2}).reply
        assert result(reply, "iot_db.other")["failure"] == "OPTIMIZE still had work to do after 2 runs; VACUUM still had work to do after 2 runs"
        # Databases of the definition that nobody has made are told, those that were asked for are an error.
        names = {entry["name"] for entry in function.invoke({"maximumRuns": 1}).reply["passedOver"]}
        assert "lake_db" in names or "crypto_db" in names
        error = function.invoke({"databases": ["iot_db", "nobodys"]}).error
        assert error["errorType"] == "Upkeep.UnknownDatabase" and "nobodys" in error["errorMessage"]


def test_a_repeated_invocation_starts_nothing_twice(lake, athena):
    athena.script("OPTIMIZE", failing(MORE), Run())
    for _ in range(2):
        with Function("optimize-tables", None, environment(lake, athena)) as function:
            reply = function.invoke(RULE).reply
            assert result(reply, READINGS)["optimizeRuns"] == 2 and reply["executionId"] == "weekly-1"
    assert len(athena.statements) == 3 and len(athena.starts) == 6
    with Function("optimize-tables", None, environment(lake, athena)) as function:
        function.invoke({"executionId": "weekly-2"})
    assert len(athena.statements) == 5


@pytest.mark.parametrize("operation", ["StartQueryExecution", "GetQueryExecution"])
def test_calls_that_are_throttled_or_fail_are_repeated(lake, athena, operation):
    for kind in ("ThrottlingException", "TooManyRequestsException", "InternalServerException"):
        athena.refuse(operation, kind, 2)
    with Function("optimize-tables", None, environment(lake, athena)) as function:
        reply = function.invoke({"executionId": operation, "vacuum": False}).reply
    assert reply["failed"] == 0 and len(athena.statements) == 1


def test_what_athena_refuses_for_good_is_the_tables_failure(lake, athena):
    athena.refuse("StartQueryExecution", "InvalidRequestException", 1, "WorkGroup is not found.")
    with Function("optimize-tables", None, environment(lake, athena)) as function:
        reply = function.invoke({"executionId": "x"}).reply
    assert "WorkGroup is not found." in result(reply, READINGS)["failure"] and athena.statements == []


def test_what_there_is_no_time_for_is_handed_on(lake, glue, athena):
    for number in range(3):
        add_table(glue, f"t{number}")
    athena.script("sensor_readings", Run(("RUNNING",) * 5 + ("SUCCEEDED",)))
    athena.script("t[012]", Run(("RUNNING",) * 2 + ("SUCCEEDED",)))
    name = "optimize-tables"
    with ScriptedServer(Reply(202, b"")) as lambdas:
        extra = {"AWS_LAMBDA_FUNCTION_NAME": name, "AWS_ENDPOINT_URL_LAMBDA": lambdas.endpoint}
        with Function("optimize-tables", None, environment(lake, athena, **extra)) as function:
            function.deadline_ms = 2_500
            sent, done, invocations = {**RULE, "id": "slices"}, {}, 0
            while sent is not None:
                invocations += 1
                assert invocations <= 13
                reply = function.invoke(sent).reply
                assert reply["hop"] == invocations - 1 and reply["executionId"] == "slices"
                for entry in reply["tables"]:
                    assert entry["table"] not in done
                    done[entry["table"]] = entry
                assert reply["handedOn"] == bool(reply["remaining"]) == (len(lambdas.seen) == invocations)
                sent = json.loads(lambdas.seen[-1].body) if reply["handedOn"] else None
    assert invocations > 1 and set(done) == {READINGS, "iot_db.t0", "iot_db.t1", "iot_db.t2"}
    assert not any("failure" in entry for entry in done.values())
    # Nothing was started twice, though invocations ended in the middle of executions.
    assert len(athena.statements) == 8 == len(athena.starts)
    call = lambdas.seen[0]
    assert call.method == "POST" and call.fields["x-amz-invocation-type"] == "Event"
    assert call.path == f"/2015-03-31/functions/{name}/invocations" and "authorization" in call.fields
    print(f"{invocations} invocations")


def test_a_run_that_never_ends_is_given_up_and_names_what_is_left(lake, athena):
    athena.script("OPTIMIZE", Run(("RUNNING",)))
    left = {"hop": 12, "tables": [{"database": "iot_db", "table": "sensor_readings"}]}
    with ScriptedServer(Reply(202, b"")) as lambdas:
        extra = {"AWS_LAMBDA_FUNCTION_NAME": "optimize-tables", "AWS_ENDPOINT_URL_LAMBDA": lambdas.endpoint}
        with Function("optimize-tables", None, environment(lake, athena, **extra)) as function:
            function.deadline_ms = 2_000
            error = function.invoke({"executionId": "x", "continuation": left}).error
        assert error["errorType"] == "Upkeep.NotFinished" and READINGS in error["errorMessage"] and lambdas.seen == []
        lambdas.replies = [Reply(403, b'{"Message":"not authorized to perform: lambda:InvokeFunction"}')]
        with Function("optimize-tables", None, environment(lake, athena, **extra)) as function:
            function.deadline_ms = 2_000
            error = function.invoke({"executionId": "x"}).error
        assert error["errorType"] == "Upkeep.NotHandedOn" and "lambda:InvokeFunction" in error["errorMessage"]
        assert READINGS in error["errorMessage"]


def test_elsewhere_than_on_lambda_the_reply_names_what_is_left(lake, athena):
    athena.script("OPTIMIZE", Run(("RUNNING",)))
    with Function("optimize-tables", None, environment(lake, athena)) as function:
        function.deadline_ms = 2_000
        began = time.monotonic()
        reply = function.invoke({"executionId": "x"}).reply
        assert time.monotonic() - began < 2
    assert reply["remaining"] == [READINGS] and not reply["handedOn"] and "run it again" in reply["note"]


def grow(environment: dict, folder, commits: int = 6):
    """Commits of five readings each."""
    with Function("kinesis-ingest", folder, environment) as function:
        for number in range(commits):
            assert function.invoke(event(5 * number, 5)).reply == {"batchItemFailures": []}


def expiring(tmp_path) -> dict:
    """The repository's lake, whose readings keep two snapshots of no age."""
    definition = json.loads((ROOT / "lake.json").read_text())
    table = next(table for table in definition["tables"] if table["name"] == READINGS)
    table.pop("retention", None)
    table["properties"] = {"history.expire.min-snapshots-to-keep": "2"}
    path = tmp_path / "lake.json"
    path.write_text(json.dumps(definition))
    return {"LAKE_DEFINITION": str(path)}


@pytest.mark.parametrize("kind", ["sqlite", "glue", "rest-oauth2"])
def test_the_native_engine_expires_snapshots_on_any_lake(kind, new_lake, tmp_path):
    settings = expiring(tmp_path)
    lake = new_lake(kind)
    grow(lake.environment(**settings), None)
    table = lake.table()
    with table.transaction() as transaction:
        transaction.set_properties({"history.expire.max-snapshot-age-ms": "1", "swiftlake.delete.min-age-ms": "1"})
    time.sleep(0.05)
    keys = lake.keys()
    with Function("optimize-tables", None, lake.environment(**settings)) as function:
        outcome = function.invoke({"engine": "native"})
        reply = outcome.reply
        assert function.invoke({"engine": "native"}).reply["tables"][0]["expiredSnapshots"] == 0
    done = result(reply, READINGS)
    assert reply["engine"] == "native" and "does not compact" in reply["note"] and reply["failed"] == 0, reply
    assert done["expiredSnapshots"] == 4 and done["snapshotsBefore"] == 6 and done["snapshotsAfter"] == 2
    assert done["deletedFiles"] > 0 and len(keys) > len(lake.keys())
    assert len(lake.rows()) == 30 and lake.referenced() <= lake.keys()
    with Function("kinesis-ingest", None, lake.environment(**settings)) as function:
        function.invoke(event(0, 31))
    assert len(lake.rows()) == 31
    print(f"checked against {kind} with pyiceberg and DuckDB")


def test_the_sample_event_works_on_a_fresh_local_lake(tmp_path):
    sample = json.loads((ROOT / "events" / "optimize-tables.json").read_text())
    with Function("optimize-tables", tmp_path / "lake", {}) as function:
        reply = function.invoke(sample).reply
        assert reply["tables"] == [] and reply["failed"] == 0 and reply["engine"] == "native"
        assert {entry["reason"] for entry in reply["passedOver"]} == {"the catalog has no such database"}
    grow({}, tmp_path / "lake", 2)
    with Function("optimize-tables", tmp_path / "lake", {}) as function:
        reply = function.invoke(sample).reply
        assert result(reply, READINGS)["snapshotsAfter"] == 2
        error = function.invoke({"engine": "athena"}).error
        assert error["errorType"] == "Upkeep.Engine" and "LAKE_CATALOG" in error["errorMessage"]
    assert sql_catalog(tmp_path / "lake").load_table(READINGS).scan().to_arrow().num_rows == 10


@pytest.mark.parametrize(
    "sent, kind",
    [
        ({"Records": []}, "Event.BadValue"), ([], "Event.WrongKind"), (b"{", "Event.Malformed"),
        ({"engine": "spark"}, "Event.BadValue"), ({"tables": ["x"]}, "Event.BadValue"), ({"parallel": 0}, "Event.BadValue"),
        ({"continuation": {"hop": 1}}, "Event.BadValue"), ({"engine": "native", "vacuum": False}, "Event.BadValue"),
    ],
)  # fmt: skip
def test_other_events_are_refused(sent, kind, tmp_path):
    with Function("optimize-tables", tmp_path / "lake", {}) as function:
        outcome = function.invoke(sent)
        assert outcome.error is not None and outcome.error["errorType"] == kind, outcome


def test_a_setting_that_is_wrong_ends_initialisation(tmp_path):
    with Function("optimize-tables", tmp_path / "lake", {"ATHENA_OUTPUT_LOCATION": "results"}) as function:
        assert "ATHENA_OUTPUT_LOCATION must be s3://" in function.initialised().error["errorMessage"]


def test_the_zip_runs_under_the_emulator(lake, athena, tmp_path):
    athena.script("OPTIMIZE", failing(MORE), Run())
    emulator = Emulator(
        tmp_path, packaged("optimize-tables"),
        **environment(lake, athena, LAKE_DEFINITION=str(ROOT / "lake.json"), AWS_LAMBDA_FUNCTION_TIMEOUT="20"),
    )  # fmt: skip
    try:
        print(f"checked against {emulator_path()}")
        reply = json.loads(emulator.invoke({"executionId": "zip", "databases": ["iot_db"]}))
    finally:
        emulator.close()
    assert result(reply, READINGS)["optimizeRuns"] == 2 and reply["failed"] == 0, reply
