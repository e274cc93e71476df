"""What the root makes of lake.json and its variables, and what it says of mistakes in them."""

import copy
import json

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
