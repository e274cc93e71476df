"""What the root makes of lake.json and its variables, and what it says of mistakes in them."""

import copy
import json
import os
import re
import shutil
import subprocess

import pytest

import plan
import zips

LAKE = json.loads((plan.REPOSITORY / "lake.json").read_text())
ROOT = plan.REPOSITORY / "terraform"


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    return str(zips.write(tmp_path_factory.mktemp("zips") / "dist"))


@pytest.fixture(scope="module")
def plain(packages):
    return planned(packages)


@pytest.fixture
def lake(tmp_path):
    """A copy of lake.json to be changed, and where it is written to."""
    return copy.deepcopy(LAKE), tmp_path / "lake.json"


def planned(packages, definition=None, **variables):
    if definition:
        content, path = definition
        path.write_text(json.dumps(content))
        variables["definition"] = str(path)
    return plan.plan(ROOT, {"alarm_email": "data@example.com", "packages": packages, **variables})


def told(packages, definition=None, **variables) -> str:
    """What Terraform says of a configuration that it refuses, without its frames and line breaks."""
    with pytest.raises(plan.Rejected) as rejection:
        planned(packages, definition, **variables)
    return " ".join(str(rejection.value).replace("│", " ").split())


def inputs(made) -> dict:
    return {schedule["name"]: schedule["target"][0]["input"] for schedule in made.of_type("aws_scheduler_schedule")}


def test_every_mistake_is_told_at_once(lake, tmp_path):
    content, _ = lake
    second = {**content["streams"][0], "name": "second", "source": {"kind": "kinesis", "name": "second"}}
    content["streams"].append(second)
    content["schedules"] += [
        {"name": "nobody", "job": "no-job", "schedule": "rate(1 day)"},
        {"name": "fed", "job": "kinesis-ingest", "schedule": "rate(1 day)"},
    ]
    said = told(
        str(tmp_path / "nowhere"), lake, lakes=["crypto", "iot", "oil"], elastic={"url": "http://quotes.example.com"}, freshness_minutes={"iot_db.nothing": 5},
        schedules={"no-schedule": {}}, jobs={
            "no-such-job": {},
            "poll-quotes": {"timeout": 30, "environment": {"ALPACA_SECRET_KEY": "s", "AWS_REGION": "eu-west-2"}},
        },
    )  # fmt: skip
    for mistake in (
        "jobs that there are not: nobody (no-job)", "nothing from the clock: fed (kinesis-ingest)", "nowhere lacks bootstrap-tables.zip",
        "no such jobs: no-such-job", "takes none: poll-quotes: AWS_REGION", "in Terraform's state: poll-quotes: ALPACA_SECRET_KEY",
        "65 s or more: poll-quotes", "no such schedules: no-schedule", "fills iot_db.nothing", "EDGE_STREAM = \"second\"",
        "features.elastic is off", "elastic.url: https://host", "no lake oil. It has: crypto, iot, lake",
    ):  # fmt: skip
        assert mistake in said, said
    assert "Error in function call" not in said


def test_numbers_that_aws_does_not_take_are_told(packages):
    said = told(packages, jobs={
        "poll-quotes": {"memory": 100}, "refresh-assets": {"timeout": 1000},
        "kinesis-ingest": {"environment": {"LONG": "x" * 4096}},
    })  # fmt: skip
    for mistake in ("Lambda takes whole MB", "Lambda takes whole seconds", "Lambda takes 4 KB"):
        assert mistake in said, said


def test_an_expression_that_is_none_is_told(packages):
    assert "poll-quotes: every minute" in told(packages, schedules={"poll-quotes": {"expression": "every minute"}})


def test_more_concurrency_than_an_account_has_is_told(packages, lake):
    content, _ = lake
    content["streams"][0]["source"]["shards"] = 500
    assert "reserve a concurrency of" in told(packages, lake)


def test_runs_are_named_by_the_scheduler(packages, lake):
    content, _ = lake
    content["schedules"] += [
        {"name": "quarters", "job": "optimize-tables", "schedule": "cron(0/15 * ? * * *)", "input": {"tables": ["a<b>&c"], "parallel": 2}},
        {"name": "chosen", "job": "optimize-tables", "schedule": "rate(2 hours)", "input": {"executionId": "mine"}},
    ]
    made = planned(packages, lake)
    named = '"executionId":"<aws.scheduler.execution-id>"'
    timed = '"scheduledTime":"<aws.scheduler.scheduled-time>"'
    texts = inputs(made)
    assert len(texts) == len(content["schedules"])
    assert all(timed in text and (named in text or name == "chosen") for name, text in texts.items())
    quarters = json.loads(texts["quarters"])
    assert (quarters["tables"], quarters["parallel"]) == (["a<b>&c"], 2)
    assert json.loads(texts["chosen"])["executionId"] == "mine"
    retries = {
        schedule["name"]: schedule["target"][0]["retry_policy"][0] for schedule in made.of_type("aws_scheduler_schedule")
    }
    ages = {name: policy["maximum_event_age_in_seconds"] for name, policy in retries.items()}
    assert (ages["poll-quotes"], ages["quarters"], ages["chosen"]) == (60, 60, 7200)
    assert (ages["optimize-tables"], ages["refresh-assets"]) == (3600, 21600)


def test_a_lake_alone_is_all_that_its_functions_know(packages):
    made = planned(packages, lakes=["iot"])
    [stored] = [resource for resource in made.of_type("aws_s3_object") if resource["key"].startswith("definitions/")]
    known = json.loads(stored["content"])
    assert [stream["name"] for stream in known["streams"]] == ["sensor-readings"]
    assert {table["name"].split(".")[0] for table in known["tables"]} == {"iot_db", "lake_db"}
    assert known["views"] == [] and not {"assets", "quotes"} & known.keys()
    assert known["tables"][0] == LAKE["tables"][0]
    [bootstrap] = made.of_type("aws_lambda_invocation")
    assert json.loads(bootstrap["input"]) == {"databases": ["iot_db", "lake_db"]}
    assert inputs(made).keys() == {"detect-silence", "optimize-tables", "simulate-sensors"}


def test_a_whole_lake_is_stored_as_it_was_written(plain):
    [stored] = [resource for resource in plain.of_type("aws_s3_object") if resource["key"].startswith("definitions/")]
    assert stored["content"] == (plan.REPOSITORY / "lake.json").read_text()
    for function in plain.of_type("aws_lambda_function"):
        assert function["environment"][0]["variables"]["LAKE_DEFINITION"].endswith("/" + stored["key"])


def misspelt(content, *place, instead: str):
    """Gives a member of lake.json another name."""
    *way, member = place
    for step in way:
        content = content[step]
    content[instead] = content.pop(member)


def test_members_that_there_are_not_are_told(packages, lake):
    content, _ = lake
    misspelt(content, "schedules", instead="schedule")
    misspelt(content, "databases", 0, "doc", instead="dco")
    misspelt(content, "tables", 3, "retention", instead="retentoin")
    misspelt(content, "tables", 4, "partition", instead="partitions")
    misspelt(content, "tables", 4, "columns", 1, "classification", instead="clasification")
    misspelt(content, "tables", 5, "retention", "snapshots", instead="snapshot")
    misspelt(content, "streams", 0, "gateway", "device", instead="devise")
    misspelt(content, "streams", 0, "alerts", "cooldown", instead="coolDown")
    misspelt(content, "streams", 0, "alerts", "rules", 0, "above", instead="change")
    misspelt(content, "streams", 1, "source", "partitions", instead="partitons")
    misspelt(content, "streams", 1, "window", "delay", instead="delays")
    misspelt(content, "streams", 2, "onBadRecord", instead="onbadrecord")
    misspelt(content, "views", 0, "sql", instead="query")
    misspelt(content, "assets", "iconSize", instead="size")
    misspelt(content, "quotes", "interval", instead="intervall")
    said = told(packages, lake)
    for mistake in (
        "lake.json has no member schedule; it has: $schema, assets", "databases[0] (iot_db) has no member dco",
        "lake.json: tables[3] (crypto_db.crypto_quote) has no member retentoin; it has: allowDrop, columns",
        "tables[4] (crypto_db.crypto_trader) has no member partitions", "columns[1] (document_id) has no member clasification",
        "tables[5] (lake_db.dead_letters).retention has no member snapshot;", "(sensor-readings).gateway has no member devise",
        "(sensor-readings).gateway lacks device", "(sensor-readings).alerts has no member coolDown",
        "alerts.rules[0] (too-hot) has no member change; it has: above, below", "(coinbase-currencies).source has no member partitons",
        "(coinbase-currencies).window has no member delays", "(coinbase-trades) has no member onbadrecord",
        "views[0] (crypto_db.crypto_trader_view) has no member query", "(crypto_db.crypto_trader_view) lacks sql",
        "assets has no member size", "quotes has no member intervall",
    ):  # fmt: skip
        assert mistake in said, said
    assert said.count("Error:") == 1, said


def test_values_of_another_kind_are_told(packages, lake):
    content, _ = lake
    content["streams"][0]["source"]["shards"] = "two"
    content["streams"][1]["source"]["partitions"] = 0
    content["streams"][2] |= {"source": {"kind": "kinesis"}, "onBadRecord": "keep"}
    content["tables"][0]["partition"] = "id_device"
    content["tables"][1]["layer"] = "brass"
    content["tables"][2]["columns"] = {}
    content["tables"].append(7)
    content["assets"] = []
    content["views"] = None
    said = told(packages, lake)
    for mistake in (
        "(sensor-readings).source.shards is to be of type integer, not string", "source.partitions is to be from 1 to 4000",
        "(coinbase-trades).source is to have either name or arn", "onBadRecord is to be one of: dead-letter, drop, fail",
        "tables[0] (iot_db.sensor_readings).partition is to be of type array, not string", "(iot_db.alerts).layer is to be one of: bronze",
        "(crypto_db.crypto_assets).columns is to be of type array, not object", "tables[6] is to be an object",
        "assets is to be of type object, not array", "views is to be of type array, not null",
    ):  # fmt: skip
        assert mistake in said, said
    assert said.count("Error:") == 1, said


def test_names_that_lead_nowhere_are_told(packages, lake):
    content, _ = lake
    content["streams"][0]["table"] = "iot_db.nope"
    content["streams"][0]["alerts"]["table"] = "iot_db.alert"
    content["assets"]["table"] = "crypto_db.asset"
    content["quotes"]["stream"] = "currencies"
    content["deadLetterTable"] = "lake_db.letters"
    content["tables"].append({**content["tables"][0], "name": "oil_db.wells"})
    content["tables"].append(content["tables"][1])
    content["streams"].append(content["streams"][1])
    said = told(packages, lake)
    for mistake in (
        "streams[0] (sensor-readings).table names iot_db.nope, which is not there; tables: iot_db.sensor_readings",
        "(sensor-readings).alerts.table names iot_db.alert,", "assets.table names crypto_db.asset,", "quotes.stream names currencies,",
        "deadLetterTable names lake_db.letters,", "(oil_db.wells) is of a database that is not there",
        "several tables of the name iot_db.alerts", "several streams of the name coinbase-currencies",
    ):  # fmt: skip
        assert mistake in said, said
    assert said.count("Error:") == 1, said


def test_a_misspelt_table_refuses_the_plan_of_a_lake_that_is_there(tmp_path):
    """By real Terraform and the checks alone, which need no provider: after an apply nothing of them changes any more."""
    root = tmp_path / "terraform"
    root.mkdir()
    shutil.copy(ROOT / "definition_checks.tf", root)
    (root / "main.tf").write_text('locals {\n  lake = jsondecode(file("lake.json"))\n}\n')
    environment = os.environ | {"CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": os.devnull, "TF_IN_AUTOMATION": "1"}

    def terraform(*arguments):
        command = [plan.executable(), f"-chdir={root}", *arguments, "-no-color"]
        ended = subprocess.run(command, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        return ended.returncode, " ".join(re.sub("[│╷╵]", " ", ended.stdout + ended.stderr).split())

    (root / "lake.json").write_text(json.dumps(LAKE))
    assert terraform("init")[0] == 0
    status, said = terraform("apply", "-auto-approve")
    assert status != 0 and "docs/lake.schema.json is not beside terraform/" in said

    (tmp_path / "docs").mkdir()
    shutil.copy(plan.REPOSITORY / "docs" / "lake.schema.json", tmp_path / "docs")
    assert terraform("apply", "-auto-approve")[0] == 0
    assert terraform("plan", "-detailed-exitcode")[0] == 0

    (root / "lake.json").write_text(json.dumps(LAKE).replace('"table": "iot_db.sensor_readings"', '"table": "iot_db.nope"'))
    status, said = terraform("plan")
    assert status == 1 and "streams[0] (sensor-readings).table names iot_db.nope" in said


def test_settings_that_there_are_not_are_told(packages):
    assert "features: there is no elstic; there are: alerts, edge, elastic" in told(packages, features={"elstic": True})
    said = told(
        packages, jobs={"kinesis-ingest": {"memry": 512, "timeout": "long"}, "poll-quotes": 512, "kafka-ingest": {"environment": ["A"]}},
        mappings={"kinesis-ingest": {"batch": 10, "enabled": "perhaps"}}, schedules={"poll-quotes": {"timezone": "UTC"}},
        kinesis={"on_demnd": True}, network={"cdir": "10.0.0.0/20"}, edge={"bursts": 5},
    )  # fmt: skip
    for mistake in (
        "jobs: kinesis-ingest has no memry (there are: concurrency, environment, memory, timeout)", "jobs: kinesis-ingest: timeout is no number",
        "jobs: poll-quotes: what is given is no object", "jobs: kafka-ingest: environment is no map of strings",
        "kinesis: there is no on_demnd (there are: foreign_retention_hours, on_demand, retention_hours)", "network: there is no cdir (",
        "edge: there is no bursts (", "mappings: kinesis-ingest has no batch (", "mappings: kinesis-ingest: enabled is no bool", "schedules: poll-quotes has no timezone (",
    ):  # fmt: skip
        assert mistake in said, said


def test_settings_go_over_the_defaults(packages):
    made = planned(
        packages, features={"simulators": False}, jobs={"kinesis-ingest": {"memory": "1024", "environment": {"WORKERS": 2}}},
        mappings={"kinesis-ingest": {"batch_size": 500}, "kinesis-ingest.sensor-readings": {"enabled": False}},
        schedules={"optimize-tables": {"enabled": False, "time_zone": "Europe/Berlin"}},
    )  # fmt: skip
    ingest = made['module.function["kinesis-ingest"].aws_lambda_function.this']
    assert (ingest["memory_size"], ingest["timeout"]) == (1024, 60)
    assert ingest["environment"][0]["variables"]["WORKERS"] == "2"
    assert 'module.function["simulate-trades"].aws_lambda_function.this' not in made
    mapping = made['module.mappings.aws_lambda_event_source_mapping.kinesis["kinesis-ingest.sensor-readings"]']
    assert (mapping["batch_size"], mapping["enabled"], mapping["maximum_batching_window_in_seconds"]) == (500, False, 60)
    schedules = {schedule["name"]: schedule for schedule in made.of_type("aws_scheduler_schedule")}
    assert (schedules["optimize-tables"]["state"], schedules["optimize-tables"]["schedule_expression_timezone"]) == ("DISABLED", "Europe/Berlin")
    assert (schedules["poll-quotes"]["state"], schedules["poll-quotes"]["schedule_expression_timezone"]) == ("ENABLED", "UTC")


def test_no_lake_at_all_is_refused(packages):
    assert "lakes: name one at least" in told(packages, lakes=[])


def test_topics_grow_as_lake_json_says(plain):
    asked = json.loads(plain["aws_lambda_invocation.bootstrap_topics[0]"]["input"])
    assert asked == {"topics": ["coinbase-currencies", "coinbase-trades"], "growPartitions": True}


def test_another_zip_is_another_object_and_nothing_else(plain, tmp_path):
    other = zips.write(tmp_path / "dist")
    (other / "kinesis-ingest.zip").write_bytes((other / "kafka-ingest.zip").read_bytes())
    made = planned(str(other))
    assert made.addresses == plain.addresses
    changed = {
        address for address in made.addresses
        if {**made[address].values, "source": None} != {**plain[address].values, "source": None}
    }  # fmt: skip
    module = 'module.function["kinesis-ingest"]'
    assert changed == {f"{module}.aws_s3_object.package", f"{module}.aws_lambda_function.this"}
