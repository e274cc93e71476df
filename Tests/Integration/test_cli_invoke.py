"""`swiftlake invoke` on the sample events: what it prints, what it exits with, and what the lake holds afterwards."""

import base64
import json
import os
import subprocess

import pytest

from coinapi import KEY, CoinAPI, icons, listed
from readers import DEAD_LETTERS, data_files, pyiceberg_table, rows
from support import ROOT, binary

EVENTS = ROOT / "events"


def invoke(*arguments, lake=None, code: int = 0, environment=None, **options) -> subprocess.CompletedProcess:
    """Runs one event through the real function."""
    names = {name: value for name, value in os.environ.items() if not name.startswith(("LAKE_", "AWS_"))}
    place = ["--lake", str(lake)] if lake else []
    done = subprocess.run(
        [binary("swiftlake"), "invoke", *map(str, arguments), *place],
        capture_output=True, text=True, env={**names, **(environment or {})}, **options)  # fmt: skip
    assert done.returncode == code, f"exit code {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def payloads(name: str) -> list[str]:
    event = json.loads((EVENTS / name).read_text())
    return [record["kinesis"]["data"] for record in event["Records"]]


def test_the_sample_event_is_taken_once(tmp_path):
    first = invoke("kinesis-ingest", EVENTS / "kinesis.json", lake=tmp_path)
    for part in ("logs", "5 rows appended", "METRIC", "reply", '{"batchItemFailures":[]}', "duration", "cold start", "memory"):
        assert part in first.stdout, part
    before, files = rows(tmp_path), data_files(tmp_path)
    assert sorted(row[0] for row in before) == sorted(
        json.loads(base64.b64decode(data))["temperature"] for data in payloads("kinesis.json"))
    again = invoke("kinesis-ingest", EVENTS / "kinesis.json", lake=tmp_path)
    assert "nothing to add, 5 records were already in the table" in again.stdout
    assert rows(tmp_path) == before and data_files(tmp_path) == files


def test_an_event_that_straddles_the_watermark_adds_only_the_rest(tmp_path):
    invoke("kinesis-ingest", EVENTS / "kinesis.json", lake=tmp_path)
    done = invoke("kinesis-ingest", EVENTS / "kinesis-straddle.json", lake=tmp_path)
    assert "4 rows appended" in done.stdout and "2 records were already in the table" in done.stdout
    assert len(rows(tmp_path)) == 9


def test_bad_records_of_the_sample_become_dead_letters(tmp_path):
    for _ in range(2):
        invoke("kinesis-ingest", EVENTS / "kinesis-bad-records.json", lake=tmp_path)
    assert len(rows(tmp_path)) == 2
    letters = pyiceberg_table(tmp_path, DEAD_LETTERS).scan().to_arrow().to_pylist()
    assert len(letters) == 7
    sent = payloads("kinesis-bad-records.json")
    for letter in letters:
        data = sent[int(letter["sequence_number"][-16:]) - 1 - 83]
        whole = data.encode() if data.endswith("*") else base64.b64decode(data)
        assert letter["raw"] == whole
        assert letter["shard"] == "shardId-000000000002" and letter["table_name"] == "iot_db.sensor_readings"
        assert letter["error"] and letter["error_code"] and letter["failed_at"] > letter["arrived_at"]
    assert {letter["field"] for letter in letters} == {None, "temperature", "timestamp_sent", "id_device"}


def test_json_output_and_standard_input(tmp_path):
    event = (EVENTS / "kinesis.json").read_text()
    report = json.loads(invoke("kinesis-ingest", "-", "--json", lake=tmp_path, input=event).stdout)
    assert report["reply"] == {"batchItemFailures": []}
    assert report["durationMs"] > 0 and report["initialisationMs"] > 0 and report["peakMemoryBytes"] > 1 << 20
    assert any(line.get("message", "").startswith("5 rows appended") for line in report["logs"])
    assert len(rows(tmp_path)) == 5


@pytest.mark.parametrize(
    "text", ["", "not json", "[1,2]", '{"detail-type": "Scheduled Event"}', '{"Records": [{"eventSource": "aws:sqs"}]}']
)
def test_an_event_that_is_none_is_a_function_error(tmp_path, text):
    done = invoke("kinesis-ingest", "-", lake=tmp_path, input=text, code=1)
    assert "kinesis-ingest reported an error: " in done.stderr
    assert "reply" not in done.stdout


def test_records_that_cannot_be_committed_are_left_and_said_so(tmp_path):
    (tmp_path / "taken").write_text("a file where the warehouse should be")
    done = invoke(
        "kinesis-ingest", EVENTS / "kinesis.json", code=3,
        environment={
            "LAKE_CATALOG": f"sqlite:///{tmp_path}/catalog.db", "LAKE_WAREHOUSE": f"file://{tmp_path}/taken/warehouse"
        })  # fmt: skip
    first = json.loads((EVENTS / "kinesis.json").read_text())["Records"][0]["kinesis"]["sequenceNumber"]
    assert f"left records to be sent again, from {first} on" in done.stderr
    assert first in done.stdout
    invoke("kinesis-ingest", EVENTS / "kinesis.json", lake=tmp_path / "elsewhere")
    assert len(rows(tmp_path / "elsewhere")) == 5


def test_a_function_that_cannot_start_says_why(tmp_path):
    (tmp_path / "catalog.db").write_bytes(b"this is no database, whatever its name says" * 100)
    done = invoke("kinesis-ingest", EVENTS / "kinesis.json", lake=tmp_path, code=1)
    assert "kinesis-ingest could not start: " in done.stderr
    broken = tmp_path / "lake.json"
    broken.write_text((ROOT / "lake.json").read_text().replace('"int"', '"integer"', 1))
    done = invoke(
        "kinesis-ingest", EVENTS / "kinesis.json", lake=tmp_path / "other", code=1,
        environment={"LAKE_DEFINITION": str(broken)})  # fmt: skip
    assert "$.tables[0].columns[0].type" in done.stderr and "use one of boolean, int" in done.stderr


def test_wrong_use_is_answered_with_what_is_right(tmp_path):
    assert "kinesis-ingest  rows of Kinesis records" in invoke("ingest", EVENTS / "kinesis.json", code=64).stderr
    assert "there is no such file" in invoke("kinesis-ingest", tmp_path / "none.json", code=1).stderr
    done = invoke("kinesis-ingest", EVENTS / "kinesis.json", "--binary", tmp_path / "none", code=1)
    assert "is not a program" in done.stderr
    assert "ended with exit code 0" in invoke(
        "other", EVENTS / "kinesis.json", "--binary", "/bin/true", lake=tmp_path, code=1).stderr
    assert "Missing expected argument" in invoke("kinesis-ingest", code=64).stderr


def test_a_program_that_took_no_event_has_no_costs(tmp_path):
    broken = tmp_path / "lake.json"
    broken.write_text("{}")
    for arguments in (["--binary", "/bin/false"], []):
        done = invoke("kinesis-ingest", EVENTS / "kinesis.json", *arguments, lake=tmp_path, code=1,
            environment={"LAKE_DEFINITION": str(broken)})  # fmt: skip
        assert "memory" not in done.stdout and "duration" not in done.stdout
        done = invoke("kinesis-ingest", EVENTS / "kinesis.json", "--json", *arguments, lake=tmp_path, code=1,
            environment={"LAKE_DEFINITION": str(broken)})  # fmt: skip
        report = json.loads(done.stdout)
        assert report["peakMemoryBytes"] is None and report["durationMs"] is None


@pytest.mark.parametrize("name", ["a#b", "a?b", "a%41b"])
def test_a_folder_that_other_readers_cannot_name_is_refused_before_anything_is_made(tmp_path, name):
    lake = tmp_path / name
    done = invoke("kinesis-ingest", EVENTS / "kinesis.json", lake=lake, code=1)
    assert f"--lake names the folder {lake}, whose path has the character {name[1]}" in done.stderr
    assert not lake.exists() and not done.stdout
    lake.mkdir()
    for place in ({"lake": "lake"}, {}):
        done = invoke("kinesis-ingest", EVENTS / "kinesis.json", cwd=lake, code=1, **place)
        assert "--lake" in done.stderr and "LAKE_CATALOG" not in done.stderr
    assert not list(lake.iterdir())


def test_the_lake_lies_in_the_current_folder_by_default(tmp_path):
    invoke("kinesis-ingest", EVENTS / "kinesis.json", cwd=tmp_path)
    assert len(rows(tmp_path / ".lake")) == 5


# Each job's samples, and what they need that no fresh lake has: the variable, and the server that it names.
SAMPLES = {
    "kinesis-ingest": ["kinesis.json", "kinesis-straddle.json", "kinesis-bad-records.json"],
    "kafka-ingest": ["kafka.json", "kafka-bad-records.json"],
    "kafka-elastic": ["kafka-elastic.json"],
    "bootstrap-topics": ["bootstrap-topics.json"],
    "bootstrap-tables": ["bootstrap-tables.json", "bootstrap-tables-dry-run.json"],
    "refresh-assets": ["refresh-assets.json"],
    "optimize-tables": ["optimize-tables.json"],
    "poll-quotes": ["poll-quotes.json"],
    "edge-gateway": ["edge-gateway.json"],
    "detect-anomalies": ["detect-anomalies.json", "detect-anomalies-silence.json"],
    "simulate-sensors": ["simulate-sensors.json"],
    "simulate-trades": ["simulate-trades.json"],
}
NEEDS = {
    "bootstrap-topics": "KAFKA_BOOTSTRAP_SERVERS", "kafka-elastic": "ELASTICSEARCH_URL", "refresh-assets": "COINAPI_KEY",
    "edge-gateway": "EDGE_MASTER_SECRET", "poll-quotes": "KAFKA_BOOTSTRAP_SERVERS",
    "simulate-trades": "KAFKA_BOOTSTRAP_SERVERS",
}  # fmt: skip


def test_every_job_and_every_sample_is_known():
    assert sorted(SAMPLES) == sorted(path.name for path in (ROOT / "lambdas").iterdir())
    assert sorted(sum(SAMPLES.values(), [])) == sorted(path.name for path in EVENTS.glob("*.json"))
    text = (EVENTS / "README.md").read_text()
    help_text = subprocess.run([binary("swiftlake"), "invoke", "--help"], capture_output=True, text=True).stdout
    for job, samples in SAMPLES.items():
        assert f"  {job}  " in help_text, job
        assert all(f"| `{sample}` |" in text for sample in samples)


@pytest.mark.parametrize(("job", "sample"), [(job, sample) for job in SAMPLES for sample in SAMPLES[job]])
def test_every_sample_works_on_a_fresh_lake_twice(tmp_path, job, sample):
    for name in NEEDS.values():
        assert name not in os.environ
    if job in NEEDS:
        done = invoke(job, EVENTS / sample, lake=tmp_path, code=1)
        assert NEEDS[job] in done.stderr and "could not start" in done.stderr
        return
    if job == "simulate-sensors":
        # The service itself is what it needs; this machine's credentials are looked for nowhere else.
        done = invoke(job, EVENTS / sample, lake=tmp_path, code=1, environment={"AWS_EC2_METADATA_DISABLED": "true"})
        assert "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY" in done.stderr
        return
    before = {}
    for attempt in range(2):
        done = invoke(job, EVENTS / sample, lake=tmp_path)
        assert "reply" in done.stdout
        tables = []
        if (tmp_path / "catalog.db").exists():
            tables = json.loads(subprocess.run(
                [binary("swiftlake"), "table", "list", "--json", "--lake", tmp_path], capture_output=True, text=True,
                check=True).stdout)  # fmt: skip
        found = {table["table"]: (table["rows"], table["files"]) for table in tables}
        assert attempt == 0 or found == before, "sent twice, it adds nothing"
        before = found


def test_the_logos_of_the_sample_come_once(tmp_path):
    with CoinAPI(listed(icons(25) + [{"asset_id": "B"}])) as server:
        environment = {"COINAPI_URL": server.endpoint, "COINAPI_KEY": KEY}
        for expected in ('"logos":25,"dropped":1', '"replayed":true'):
            done = invoke("refresh-assets", EVENTS / "refresh-assets.json", lake=tmp_path, environment=environment)
            assert expected in done.stdout
        assert KEY not in done.stdout + done.stderr
    assert len(rows(tmp_path, "crypto_db.crypto_assets")) == 25


def test_the_plan_of_the_sample_writes_nothing(tmp_path):
    done = invoke("bootstrap-tables", EVENTS / "bootstrap-tables-dry-run.json", lake=tmp_path)
    assert "crypto_db.crypto_trader_view" in done.stdout
    assert not list(tmp_path.rglob("*.metadata.json")) and not (tmp_path / "views").exists()
    done = invoke("bootstrap-tables", EVENTS / "bootstrap-tables.json", lake=tmp_path)
    assert (tmp_path / "views/crypto_db.crypto_trader_view.sql").is_file()


@pytest.mark.parametrize("event", ["kinesis.json", "kafka.json", "refresh-assets.json"])
@pytest.mark.parametrize("job", ["kinesis-ingest", "kafka-ingest"])
def test_another_jobs_event_is_an_error_that_says_so(tmp_path, job, event):
    if event.split(".")[0].split("-")[0] == job.split("-")[0]:
        return
    done = invoke(job, EVENTS / event, lake=tmp_path, code=1)
    assert f"{job} reported an error: " in done.stderr and "Event." in done.stderr
    assert not (tmp_path / "warehouse").exists()
