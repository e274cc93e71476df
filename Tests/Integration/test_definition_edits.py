"""What kinesis-ingest does when lake.json is edited after its tables exist, when its catalog is lost, and when it is not
told where things lie: as docs/lake-definition.md says."""

import copy
import json
import os
import subprocess
from importlib.metadata import version

from pyiceberg.types import StringType
from readers import pyiceberg_table, rows
from runtime_api import Function
from sensors import as_row, kinesis_event, readings, sequence_number
from support import ROOT, binary

LAKE = json.loads((ROOT / "lake.json").read_text())
DONE = {"batchItemFailures": []}


def function(lake, definition):
    path = lake / "lake.json"
    path.write_text(json.dumps(definition))
    return Function("kinesis-ingest", lake, {"LAKE_DEFINITION": str(path)})


def invoke(lake, definition, event):
    with function(lake, definition) as job:
        return job.invoke(event)


def differences(outcome):
    return [line for line in outcome.logs if "differs from its definition" in line.get("message", "")]


def test_an_edit_that_is_not_applied_is_named_once(tmp_path):
    batch = readings(10)
    first = invoke(tmp_path, LAKE, kinesis_event(batch[:5]))
    assert first.reply == DONE and differences(first) == []
    again = invoke(tmp_path, LAKE, kinesis_event(batch[:5]))
    assert again.reply == DONE and differences(again) == [], "nothing was edited"

    edited = copy.deepcopy(LAKE)
    del edited["streams"][0]["alerts"]
    table = edited["tables"][0]
    table["partition"] = ["day(timestamp)"]
    table["retention"]["snapshots"] = 7
    del table["columns"][3]
    with function(tmp_path, edited) as job:
        job.invoke(kinesis_event(batch))
        outcome = job.invoke(kinesis_event(batch))
    assert outcome.reply == DONE
    (warning,) = differences(outcome)
    text = json.dumps(warning)
    assert "iot_db.sensor_readings" in text
    assert "partition: hour(timestamp_sent) in the table, day(timestamp) in the definition" in text
    assert "swiftlake.snapshots.max: 200 in the table, 7 in the definition" in text
    assert rows(tmp_path) == sorted(map(as_row, batch), key=repr), "a removed column is still read"


def test_a_new_column_waits_for_the_table_and_loses_nothing(tmp_path):
    batch = readings(10)
    assert invoke(tmp_path, LAKE, kinesis_event(batch[:5])).reply == DONE
    edited = copy.deepcopy(LAKE)
    edited["tables"][0]["columns"].append({"name": "site", "type": "string"})
    event = kinesis_event([{**reading, "site": "north"} for reading in batch[5:]], first=5)
    with function(tmp_path, edited) as job:
        refused = job.invoke(event)
        assert refused.reply == {"batchItemFailures": [{"itemIdentifier": sequence_number(5)}]}
        assert "run bootstrap-tables, which adds it" in job.log_text()
        with pyiceberg_table(tmp_path).update_schema() as update:
            update.add_column("site", StringType())
        assert job.invoke(event).reply == DONE, job.log_text()
    expected = [(*as_row(reading), None) for reading in batch[:5]]
    expected += [(*as_row(reading), "north") for reading in batch[5:]]
    assert rows(tmp_path) == sorted(expected, key=repr)
    print("table evolved by pyiceberg", version("pyiceberg"))


def test_a_lost_catalog_is_not_covered_by_a_new_one(tmp_path):
    batch = readings(10)
    assert invoke(tmp_path, LAKE, kinesis_event(batch)).reply == DONE
    catalog = tmp_path / "catalog.db"
    whole = catalog.read_bytes()
    for lose in (lambda: os.truncate(catalog, 0), catalog.unlink):
        lose()
        for _ in range(2):
            with function(tmp_path, LAKE) as job:
                # Its report and its end are seen by two threads, in either order.
                error = job.initialised().error or job.initialised().error
            assert error["errorType"] == "Iceberg.alreadyExists"
            assert "the catalog may be lost" in error["errorMessage"] and str(catalog) in error["errorMessage"]
    catalog.write_bytes(whole)
    assert invoke(tmp_path, LAKE, kinesis_event(batch)).reply == DONE
    assert rows(tmp_path) == sorted(map(as_row, batch), key=repr)


def test_a_lake_moved_away_is_started_anew(tmp_path):
    batch = readings(10)
    assert invoke(tmp_path, LAKE, kinesis_event(batch[:5])).reply == DONE
    (tmp_path / "catalog.db").rename(tmp_path / "old.db")
    (tmp_path / "warehouse").rename(tmp_path / "old")
    assert invoke(tmp_path, LAKE, kinesis_event(batch)).reply == DONE
    assert rows(tmp_path) == sorted(map(as_row, batch), key=repr)


def test_the_catalog_alone_says_where_the_warehouse_lies(tmp_path):
    (tmp_path / "here").mkdir()
    (tmp_path / "event.json").write_text(json.dumps(kinesis_event(readings(5))))
    done = subprocess.run(
        [binary("swiftlake"), "invoke", "kinesis-ingest", str(tmp_path / "event.json")], capture_output=True, text=True,
        cwd=tmp_path / "here", env={**os.environ, "LAKE_CATALOG": f"sqlite:///{tmp_path}/lake/catalog.db",
                                    "LAKE_DEFINITION": str(ROOT / "lake.json")})  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert list((tmp_path / "here").iterdir()) == []
    assert list((tmp_path / "lake/warehouse").rglob("*.parquet"))
    assert len(rows(tmp_path / "lake")) == 5


def test_a_missing_definition_names_every_place_that_was_looked_at(tmp_path):
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "kinesis-ingest"
    program.write_bytes(open(binary("kinesis-ingest"), "rb").read())
    program.chmod(0o755)
    here = tmp_path / "here"
    here.mkdir()
    done = subprocess.run(
        [str(program)], capture_output=True, text=True, cwd=here, timeout=60,
        env={"PATH": os.environ["PATH"], "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9"})  # fmt: skip
    assert done.returncode == 1
    assert f"{folder}/lake.json or {here}/lake.json" in done.stdout + done.stderr
