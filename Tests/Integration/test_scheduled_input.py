"""What a deployment sends to jobs beside their own options: the two members that every schedule's input has, and what
Terraform invokes the jobs with that make tables and topics. Producing jobs have checks of their own for the former."""

import json
from datetime import UTC, datetime

import pytest
from aws_lakes import packaged
from bootstraps import LAKE, actions
from coinapi import KEY, CoinAPI, icons, listed
from glue_shim import GlueShim
from runtime_api import Function
from sasl_broker import SaslBroker

SCHEDULED = {"executionId": "e-1", "scheduledTime": "2026-11-22T02:00:00Z"}
NOT_FILLED_IN = {"executionId": "<aws.scheduler.execution-id>"}, {"scheduledTime": "<aws.scheduler.scheduled-time>"}
FAULTY = [*NOT_FILLED_IN, {"scheduledTime": "2 o'clock"}, {"scheduledTime": 7}, {"executionId": {}}, {"scheduled": "x"}]


@pytest.fixture
def started(tmp_path):
    """Starts a job with what it needs, all on this machine."""
    opened = []

    def start(job: str) -> Function:
        environment = {"LAKE_LOCAL": "1"}
        if job == "refresh-assets":
            opened.append(CoinAPI(listed(icons(3))).__enter__())
            environment |= {"COINAPI_URL": opened[-1].endpoint, "COINAPI_KEY": KEY}
        if job == "bootstrap-topics":
            opened.append(SaslBroker().__enter__())
            environment |= {"KAFKA_BOOTSTRAP_SERVERS": opened[-1].address}
        opened.append(Function(job, tmp_path, environment, program=packaged(job)))
        return opened[-1]

    yield start
    for thing in reversed(opened):
        thing.__exit__(None, None, None)


@pytest.mark.parametrize(
    "job", ["detect-anomalies", "optimize-tables", "refresh-assets", "bootstrap-tables", "bootstrap-topics"])
def test_every_scheduled_job_takes_the_same_two_members(started, job):
    function = started(job)
    outcome = function.invoke(SCHEDULED)
    assert outcome.reply is not None, outcome.error
    if "executionId" in outcome.reply:
        assert outcome.reply["executionId"] == "e-1"
    for event in FAULTY:
        error = function.invoke(event).error
        assert error is not None, event
        assert error["errorType"].startswith("Event.") or error["errorType"] == "Bootstrap.Event", error
        assert next(iter(event)) in error["errorMessage"], error
    assert function.invoke({**SCHEDULED, "executionId": "e-2", "scheduledTime": datetime.now(UTC).isoformat()}).reply is not None


# What Terraform's aws_lambda_invocation sends: the input, and of the scope CRUD a member of its own.

CREATE = {"tf": {"action": "create", "prev_input": None}}


def update(previous: dict) -> dict:
    return {"tf": {"action": "update", "prev_input": previous}}


def of_terraform(glue: GlueShim, names: list[str], bucket: str):
    """Databases as Terraform makes them from lake.json, before any table."""
    for database in LAKE["databases"]:
        if database["name"] in names:
            glue.client().create_database(DatabaseInput={
                "Name": database["name"], "Description": database.get("doc", ""),
                "LocationUri": f"s3://{bucket}/warehouse/{database['name']}", "Parameters": {"classification": "internal"},
            })  # fmt: skip


@pytest.mark.parametrize("lakes", [["iot_db", "lake_db"], ["crypto_db", "iot_db", "lake_db"]])
def test_tables_are_made_in_the_databases_of_terraform(new_lake, glue, athena, lakes):
    lake = new_lake("glue")
    of_terraform(glue, lakes, lake.bucket)
    environment = lake.environment(
        LAKE_CREATE_TABLES="0", AWS_ENDPOINT_URL_ATHENA=athena.endpoint, ATHENA_OUTPUT_LOCATION="s3://results/views/",
        AWS_LAMBDA_FUNCTION_NAME="bootstrap-tables")  # fmt: skip
    given = {"databases": lakes}
    tables = [table["name"] for table in LAKE["tables"] if table["name"].split(".")[0] in lakes]
    with Function("bootstrap-tables", None, environment, program=packaged("bootstrap-tables")) as function:
        first = function.invoke({**given, **CREATE}).reply
        assert first is not None, function.log_text()
        assert [found["name"] for found in first["tables"]] == tables and first["failed"] == first["refused"] == 0
        assert {actions(first)[name] for name in tables} == {"created"}
        assert {found["name"]: found["action"] for found in first["databases"]} == dict.fromkeys(lakes, "unchanged")
        again = function.invoke({**given, **update({"databases": ["iot_db"]})}).reply
        assert {actions(again)[name] for name in tables} == {"unchanged"}
        removed = function.invoke({**given, "tf": {"action": "delete", "prev_input": given}}).reply
        assert removed["tables"] == [] and removed["databases"] == []
    client = glue.client()
    assert {database["Name"] for database in client.get_databases()["DatabaseList"]} == set(lakes)
    for name in lakes:
        assert client.get_database(Name=name)["Database"]["Parameters"] == {"classification": "internal"}, "as it was made"
    for name in tables:
        database, table = name.split(".")
        assert client.get_table(DatabaseName=database, Name=table)["Table"]["Name"] == table


def test_topics_are_made_of_the_databases_that_are_asked_for():
    topics = ["coinbase-currencies", "coinbase-trades"]
    with SaslBroker() as broker:
        settings = {"LAKE_LOCAL": "1", "KAFKA_BOOTSTRAP_SERVERS": broker.address}
        with Function("bootstrap-topics", None, settings, program=packaged("bootstrap-topics")) as function:
            none = function.invoke({"databases": ["iot_db", "lake_db"], **CREATE}).reply
            assert none is not None and none["topics"] == [] and not broker.seen("create"), function.log_text()
            made = function.invoke({"databases": ["crypto_db", "lake_db"], **CREATE}).reply
            assert [found["topic"] for found in made["topics"]] == topics and made["created"] == 2
            removed = function.invoke({"topics": topics, "tf": {"action": "delete", "prev_input": {"topics": topics}}}).reply
            assert removed["topics"] == []
            error = function.invoke({"databases": ["cripto_db"]}).error
            assert error["errorType"] == "Event.BadValue" and "databases[0]" in error["errorMessage"]
            again = function.invoke({"topics": topics, **update({"topics": topics[:1]})}).reply
            assert again["existing"] == 2
    print(json.dumps(made))
