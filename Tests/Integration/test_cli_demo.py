"""`swiftlake demo` and the table commands against pyiceberg and DuckDB."""

import base64
import json
import os
import shutil
import shlex
import signal
import subprocess
import sys
from collections import Counter
from datetime import datetime, timezone
from importlib.metadata import version

import pytest
from pyiceberg.conversions import from_bytes

from readers import DEAD_LETTERS, READINGS, pyiceberg_table, rows
from support import ROOT, binary, duckdb_connection

# The other part of the demo is tested in test_cli_crypto.py.
SENSORS = ["--only", "sensors"]
COLUMNS = ["temperature", "cpu", "ram", "hd", "timestamp", "timestamp_sent", "id_device"]


def swiftlake(*arguments, code: int = 0, environment=None, **options) -> subprocess.CompletedProcess:
    """Runs the command line away from any LAKE_ variable of the shell."""
    names = {name: value for name, value in os.environ.items() if not name.startswith("LAKE_")}
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    done = subprocess.run(
        [binary("swiftlake"), *map(str, arguments)], text=True, env={**names, **(environment or {})}, **options)
    assert code is None or done.returncode == code, f"exit code {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def generated(first: int, count: int) -> list[bytes]:
    """The stream's records, as the command prints them."""
    event = json.loads(swiftlake("event", "--first", first, "--records", count).stdout)
    return [base64.b64decode(record["kinesis"]["data"]) for record in event["Records"]]


def expected(payloads) -> list[tuple]:
    """The rows that good payloads become, by Python's own JSON and time parsers."""
    found = []
    for payload in payloads:
        try:
            reading = json.loads(payload)
            reading["timestamp"] = datetime.strptime(reading["timestamp"], "%Y-%m-%d %H:%M:%S.%f")
            reading["timestamp_sent"] = datetime.strptime(reading["timestamp_sent"], "%Y-%m-%d %H")
            if isinstance(reading["temperature"], int) and reading["id_device"] < 2**31:
                found.append(tuple(reading[name] for name in COLUMNS))
        except ValueError:
            continue
    return sorted(found, key=repr)


def test_demo_writes_what_it_generated_and_goes_on_where_it_stopped(tmp_path):
    lake = tmp_path / "a lake"
    done = swiftlake("demo", *SENSORS, "--records", 3000, "--batch", 400, "--lake", lake)
    assert "Every record is in the lake once" in done.stdout
    assert str(lake) in done.stdout
    first = expected(generated(0, 3000))
    letters = 3000 - len(first)
    assert letters > 0
    assert rows(lake) == first
    assert len(rows(lake, DEAD_LETTERS)) == letters

    again = swiftlake("demo", *SENSORS, "--records", 500, "--lake", lake)
    assert "The lake holds 3,000 records" in again.stdout
    assert rows(lake) == expected(generated(0, 3500))

    replayed = swiftlake("demo", *SENSORS, "--records", 3500, "--replay", "--lake", lake)
    assert "Nothing was added" in replayed.stdout
    assert rows(lake) == expected(generated(0, 3500))
    assert len(rows(lake, DEAD_LETTERS)) == 3500 - len(expected(generated(0, 3500)))
    print("checked against pyiceberg", version("pyiceberg"), "and duckdb", version("duckdb"))


def test_demo_prints_tables_chart_and_hints(demo_lake):
    text = demo_lake.output
    for part in ("TABLES", "SNAPSHOTS", "FILES", "ROWS BY HOUR SENT", "█", "100 %", "NEXT", "duckdb -c", "SqlCatalog"):
        assert part in text, part
    hours = Counter(row[5].strftime("%Y-%m-%d %H:00") for row in rows(demo_lake.path))
    for hour, count in hours.items():
        line = next(line for line in text.splitlines() if line.startswith(hour + "  "))
        assert f" {count:,} " in line
        temperatures = [row[0] for row in rows(demo_lake.path) if row[5].strftime("%Y-%m-%d %H:00") == hour]
        assert line.endswith(f"{min(temperatures)} to {max(temperatures)} °C")


def test_table_list_counts_what_pyiceberg_counts(demo_lake):
    listed = {entry["table"]: entry for entry in json.loads(demo_lake.table("list", "--json"))}
    assert set(listed) == {READINGS, DEAD_LETTERS}
    for name, entry in listed.items():
        table = pyiceberg_table(demo_lake.path, name)
        files = [task.file for task in table.scan().plan_files()]
        assert entry["rows"] == sum(file.record_count for file in files) == len(rows(demo_lake.path, name))
        assert entry["files"] == len(files)
        assert entry["bytes"] == sum(file.file_size_in_bytes for file in files)
        assert entry["snapshots"] == len(table.snapshots())
        assert entry["currentSnapshotID"] == str(table.current_snapshot().snapshot_id)
        assert entry["metadataLocation"] == table.metadata_location
    text = demo_lake.table("list")
    assert READINGS in text and f"{listed[READINGS]['rows']:,}" in text


def test_table_describe_says_what_pyiceberg_says(demo_lake):
    described = json.loads(demo_lake.table("describe", READINGS, "--json"))
    table = pyiceberg_table(demo_lake.path)
    assert [(c["id"], c["name"], c["type"], c["required"], c["doc"]) for c in described["columns"]] == [
        (f.field_id, f.name, str(f.field_type), f.required, f.doc) for f in table.schema().fields
    ]
    assert [(p["name"], p["transform"]) for p in described["partition"]] == [
        (f.name, str(f.transform)) for f in table.spec().fields
    ]
    assert described["properties"] == dict(table.properties)
    assert described["uuid"] == str(table.metadata.table_uuid)
    (shards,) = described["offsets"].values()
    assert len(shards["shardId-000000000000"]) == 56
    assert "by hour(timestamp_sent)" in demo_lake.table("describe", READINGS)


def test_table_history_is_one_whole_chain(demo_lake):
    history = json.loads(demo_lake.table("history", READINGS, "--json"))
    snapshots = pyiceberg_table(demo_lake.path).snapshots()
    assert [entry["snapshotID"] for entry in history] == [str(snapshot.snapshot_id) for snapshot in snapshots]
    parents = [snapshot.parent_snapshot_id for snapshot in snapshots]
    assert [entry["parentSnapshotID"] for entry in history] == [parent and str(parent) for parent in parents]
    assert [entry["isCurrent"] for entry in history] == [False] * (len(history) - 1) + [True]
    previous = None
    for entry in history:
        (taken,) = entry["taken"]
        assert taken["previous"] == previous and taken["isWhole"]
        assert taken["first"] <= taken["last"]
        previous = taken["last"]
    assert "gap" not in demo_lake.table("history", READINGS)
    assert "older snapshot" in demo_lake.table("history", READINGS, "--last", 1)


def test_table_files_has_pyicebergs_partitions_and_bounds(demo_lake):
    listed = {file["path"]: file for file in json.loads(demo_lake.table("files", READINGS, "--json"))}
    table = pyiceberg_table(demo_lake.path)
    fields = {field.field_id: field for field in table.schema().fields}
    files = {task.file.file_path: task.file for task in table.scan().plan_files()}
    assert set(listed) == set(files)
    for path, file in files.items():
        assert listed[path]["rows"] == file.record_count
        assert listed[path]["bytes"] == file.file_size_in_bytes
        assert listed[path]["partitionRaw"] == {"timestamp_sent_hour": file.partition[0]}
        folder = path.split("/")[-2]
        assert folder == "timestamp_sent_hour=" + listed[path]["partition"]["timestamp_sent_hour"]
        for identifier, field in fields.items():
            mine = listed[path]["columns"][field.name]
            assert mine["nulls"] == file.null_value_counts[identifier]
            for side, bounds in (("lower", file.lower_bounds), ("upper", file.upper_bounds)):
                value = from_bytes(field.field_type, bounds[identifier])
                if str(field.field_type) == "timestamp":
                    moment = datetime.fromtimestamp(value // 10**6, timezone.utc)
                    fraction = f".{value % 10**6:06}" if value % 10**6 else ""
                    value = moment.strftime("%Y-%m-%d %H:%M:%S") + fraction
                assert mine[side] == value, (field.name, side)
    text = demo_lake.table("files", READINGS, "--bounds")
    assert "lower bound" in text and "upper bound" in text and "least" not in text and f"{len(files)} files" in text


def test_the_environment_names_the_lake_too(demo_lake):
    environment = {**os.environ, "LAKE_CATALOG": f"sqlite:///{demo_lake.path}/catalog.db"}
    done = subprocess.run([binary("swiftlake"), "table", "list"], capture_output=True, text=True, env=environment)
    assert done.stdout == demo_lake.table("list")


def test_faults_of_a_lake_are_clear(demo_lake, tmp_path):
    done = swiftlake("table", "list", "--lake", tmp_path / "none", code=1)
    assert "there is no lake" in done.stderr and "none/catalog.db" in done.stderr
    (tmp_path / "catalog.db").write_bytes(b"this is no database, whatever its name says" * 100)
    done = swiftlake("table", "list", "--lake", tmp_path, code=1)
    assert "catalog.db cannot be opened" in done.stderr
    for name in ("sensor_readings", "iot_db.sensor_reading"):
        done = swiftlake("table", "files", name, "--lake", demo_lake.path, code=1)
        assert READINGS in done.stderr
    assert "Usage" in swiftlake("table", "fils", code=64).stderr


def test_output_that_cannot_be_written_is_said_once(demo_lake):
    for arguments in (["table", "list", "--lake", demo_lake.path], ["event"], ["definition", "check", ROOT / "lake.json"]):
        with open("/dev/full", "w") as full:
            done = swiftlake(*arguments, code=1, stdout=full)
        assert done.stderr == "swiftlake: standard output cannot be written: No space left on device\n"
        done = swiftlake(*arguments, code=1, stdout=None, preexec_fn=lambda: os.close(1))
        assert done.stderr == "swiftlake: standard output cannot be written: Bad file descriptor\n"


@pytest.mark.parametrize("is_ignored", [False, True])
def test_a_reader_that_has_gone_ends_the_command_quietly(demo_lake, is_ignored):
    reading, writing = os.pipe()
    os.close(reading)
    done = swiftlake(
        "table", "list", "--lake", demo_lake.path, code=141 if is_ignored else -signal.SIGPIPE, stdout=writing,
        restore_signals=not is_ignored)  # fmt: skip
    os.close(writing)
    assert done.stderr == ""


def test_the_demo_goes_on_rightly_after_a_kill_at_any_step(tmp_path):
    is_between = False
    for step in range(1, 40):
        lake = tmp_path / "lake"
        shutil.rmtree(lake, ignore_errors=True)
        swiftlake("demo", *SENSORS, "--records", 1000, "--lake", lake)
        killed = swiftlake("demo", *SENSORS, "--records", 1000, "--lake", lake, code=None, environment={"LAKE_KILL_AT_STEP": str(step)})
        if killed.returncode == 0:
            break
        assert "crashed with signal 9" in killed.stderr
        done = swiftlake("demo", *SENSORS, "--records", 1000, "--lake", lake)
        assert "Every record is in the lake once" in done.stdout
        is_between = is_between or "had been written before" in done.stdout
        assert len(rows(lake)) + len(rows(lake, DEAD_LETTERS)) in (2000, 3000)
    assert killed.returncode == 0 and is_between


def hints(output: str) -> list[str]:
    lines = output.splitlines()
    return [line for line in lines[lines.index("NEXT") + 1 :] if line.startswith("  ")]


def run_hints(output: str, count: int, cwd) -> None:
    """Runs the lines under NEXT as a shell takes them; DuckDB's in its Python package."""
    names = {name: value for name, value in os.environ.items() if not name.startswith("LAKE_")}
    history, files, duckdb, python = hints(output)
    for line in (history, files):
        done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, env=names, cwd=cwd)
        assert done.returncode == 0, (line, done.stderr)
    program, option, query = shlex.split(duckdb)
    assert (program, option) == ("duckdb", "-c")
    query = query.removeprefix("INSTALL iceberg; LOAD iceberg; ")
    assert sum(row[1] for row in duckdb_connection().execute(query).fetchall()) == count
    program, option, script = shlex.split(python)
    assert (program, option) == ("python3", "-c")
    subprocess.run([sys.executable, option, script], check=True, capture_output=True, env=names)


@pytest.mark.parametrize("name", ["lake", "it's a lake", 'a "good" $HOME `lake`', "it's $5 \\ \"here\"", "ein See ☃"])
def test_the_lines_under_next_work_as_they_stand(tmp_path, name):
    output = swiftlake("demo", *SENSORS, "--records", 1000, "--lake", name, cwd=tmp_path).stdout
    assert f"The lake's catalog is {tmp_path / name}/catalog.db" in output
    run_hints(output, 999, tmp_path)


def test_the_lines_under_next_work_for_a_lake_of_the_environment(tmp_path):
    places = {"LAKE_CATALOG": f"sqlite://{tmp_path}/a b/c.db", "LAKE_WAREHOUSE": f"file://{tmp_path}/elsewhere"}
    output = swiftlake("demo", *SENSORS, "--records", 1000, environment=places).stdout
    assert f"The lake's catalog is {tmp_path}/a b/c.db, and its files are under {places['LAKE_WAREHOUSE']}." in output
    run_hints(output, 999, tmp_path)
    default = swiftlake("demo", *SENSORS, "--records", 1000, cwd=tmp_path).stdout
    assert not any("--lake" in line or "LAKE_" in line for line in hints(default))
    run_hints(default, 999, tmp_path)


def edited_definition(tmp_path, edit) -> dict:
    definition = json.loads((ROOT / "lake.json").read_text())
    for stream in definition["streams"]:
        stream.pop("alerts", None)
    edit(definition)
    (tmp_path / "lake.json").write_text(json.dumps(definition))
    return {"LAKE_DEFINITION": str(tmp_path / "lake.json")}


def test_a_definition_that_the_demo_does_not_fit_is_named(tmp_path):
    def rename(definition):
        definition["tables"][0]["name"] = definition["streams"][0]["table"] = "iot_db.values"

    def remove(definition):
        definition["tables"][0]["columns"] = definition["tables"][0]["columns"][1:]

    for edit, part in ((rename, "takes the demo's stream into iot_db.values"), (remove, "declares other columns")):
        environment = edited_definition(tmp_path, edit)
        lake = tmp_path / edit.__name__
        done = swiftlake("demo", *SENSORS, "--records", 5000, "--lake", lake, environment=environment, code=1)
        assert environment["LAKE_DEFINITION"] in done.stderr and part in done.stderr


def test_a_table_without_partitions_has_no_chart(tmp_path):
    environment = edited_definition(tmp_path, lambda definition: definition["tables"][0].pop("partition"))
    done = swiftlake("demo", *SENSORS, "--records", 1000, "--lake", tmp_path, environment=environment)
    assert "ROWS BY" not in done.stdout and "█" not in done.stdout.replace("█ 100 %", "")


def test_a_foreign_commit_makes_no_gap(tmp_path):
    swiftlake("demo", *SENSORS, "--records", 1000, "--lake", tmp_path)
    table = pyiceberg_table(tmp_path)
    table.append(table.scan().to_arrow().slice(0, 5))
    place = {"LAKE_CATALOG": f"sqlite://{tmp_path}/catalog.db", "LAKE_WAREHOUSE": f"file://{tmp_path}/warehouse"}
    for first, shard in ((1000, 0), (0, 1)):
        event = swiftlake("event", "--first", first, "--records", 5, "--shard", shard).stdout
        swiftlake("invoke", "kinesis-ingest", "-", environment=place, input=event)
    history = json.loads(swiftlake("table", "history", READINGS, "--json", "--lake", tmp_path).stdout)
    taken = [[step["shard"][-1] for step in entry["taken"]] for entry in history]
    assert taken == [["0"], [], ["0"], ["1"]]
    assert all(step["isWhole"] for entry in history for step in entry["taken"])


def test_a_missing_metadata_file_is_named_once(tmp_path):
    swiftlake("demo", *SENSORS, "--records", 10, "--lake", tmp_path)
    location = pyiceberg_table(tmp_path).metadata_location
    os.remove(location.removeprefix("file://"))
    assert swiftlake("table", "list", "--lake", tmp_path, code=1).stderr.count(location) == 1


def test_the_definition_to_check_is_argument_variable_or_default(tmp_path):
    good, bad = ROOT / "lake.json", tmp_path / "bad.json"
    bad.write_text("{}")
    environment = {"LAKE_DEFINITION": str(bad)}
    assert str(bad) in swiftlake("definition", "check", cwd=ROOT, environment=environment, code=1).stderr
    assert "is good" in swiftlake("definition", "check", good, environment=environment).stdout
    assert "lake.json is good" in swiftlake("definition", "check", cwd=ROOT, environment={"LAKE_DEFINITION": ""}).stdout


def test_a_replay_of_another_seed_says_only_what_is_known(tmp_path):
    swiftlake("demo", *SENSORS, "--records", 1000, "--lake", tmp_path)
    done = swiftlake("demo", *SENSORS, "--records", 500, "--seed", 5, "--replay", "--lake", tmp_path)
    assert "Nothing was added: the lake had taken all of these sequence numbers already." in done.stdout
    assert "again" not in done.stdout and "every one of these records" not in done.stdout


class DemoLake:
    def __init__(self, path):
        self.path = path
        self.output = swiftlake("demo", *SENSORS, "--records", 5000, "--seed", 5, "--batch", 700, "--lake", path).stdout

    def table(self, *arguments) -> str:
        return swiftlake("table", *arguments, "--lake", self.path).stdout


@pytest.fixture(scope="module")
def demo_lake(tmp_path_factory):
    return DemoLake(tmp_path_factory.mktemp("demo") / "lake")
