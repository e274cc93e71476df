"""What the shipped functions really ask of AWS, seen on the wire: nothing that docs/permissions.md, which is derived from the
code, does not say of them. The page is compared with the policies of terraform/ by `./build.sh lint`."""

import base64
import re
from contextlib import contextmanager

import pytest
from athena_shim import AthenaShim
from aws_lakes import AWSLake, packaged
from bootstraps import LAKE, READINGS
from delay_proxy import DelayProxy
from proxies import Recorder, Request
from runtime_api import Function
from sensors import kinesis_event, readings
from support import ROOT

PAGE = (ROOT / "docs" / "permissions.md").read_text()
# Of S3, by method and what the address holds; the first that fits.
S3 = (
    ("PUT", r".", "s3:PutObject"),
    ("POST", r"[?&]delete", "s3:DeleteObject"),
    ("POST", r".", "s3:PutObject"),
    ("DELETE", r"uploadId=", "s3:AbortMultipartUpload"),
    ("DELETE", r".", "s3:DeleteObject"),
    # A bucket's address has no key behind its name.
    ("GET|HEAD", r"^/[^/?]+/?(\?|$)", "s3:ListBucket"),
    ("GET|HEAD", r".", "s3:GetObject"),
)


def permitted(job: str) -> set[str]:
    """The actions that the page gives a job, and every function."""
    sections = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
    rows = [line for name in ("Every function", job) for line in sections[name].splitlines() if line.startswith("| `")]
    return {action for row in rows for action in re.findall(r"`([^`]+)`", row.split("|")[1])}


def action(request: Request) -> str:
    """The permission that a request takes."""
    if request.service != "s3":
        return f"{request.service}:{request.operation}"
    method, address = request.operation.split(" ", 1)
    return next(name for methods, pattern, name in S3 if re.fullmatch(methods, method) and re.search(pattern, address))


@contextmanager
def watched(lake: AWSLake, athena: AthenaShim, job: str, **changes):
    """A function whose requests pass proxies, and what they take, when the block is over."""
    recorder, taken = Recorder(), set()
    endpoints = {"s3": lake.endpoints["s3"], "glue": lake.endpoints["glue"], "athena": athena.endpoint}
    proxies = {service: DelayProxy(service, endpoint, recorder, delay=0) for service, endpoint in endpoints.items()}
    try:
        environment = lake.environment(
            {service: proxy.endpoint for service, proxy in proxies.items()}, LAKE_CREATE_TABLES="0",
            LAKE_DEFINITION=str(ROOT / "lake.json"), AWS_ENDPOINT_URL_ATHENA=proxies["athena"].endpoint,
            ATHENA_OUTPUT_LOCATION="s3://results/", **changes)  # fmt: skip
        with Function(job, None, environment, program=packaged(job)) as function:
            yield function, taken
        taken |= {action(request) for request in recorder.settled()}
    finally:
        for proxy in proxies.values():
            proxy.__exit__()


@pytest.fixture
def lake(new_lake, glue):
    """A lake whose databases are there, as Terraform makes them."""
    made = new_lake("glue")
    for database in LAKE["databases"]:
        glue.client().create_database(DatabaseInput={"Name": database["name"]})
    return made


def asked(lake: AWSLake, athena: AthenaShim, job: str, *events: dict, **changes) -> set[str]:
    """What a function takes for some events, all of which it answers."""
    with watched(lake, athena, job, **changes) as (function, taken):
        for event in events:
            outcome = function.invoke(event)
            assert outcome.reply is not None, outcome.error or function.log_text()
    print(f"{job}: {', '.join(sorted(taken))}")
    assert taken <= permitted(job), f"{job} asked for what it has no permission for"
    return taken


def test_functions_ask_for_nothing_that_they_have_no_permission_for(lake, athena):
    made = asked(lake, athena, "bootstrap-tables", {}, {})
    assert made >= {"glue:GetDatabases", "glue:CreateTable", "glue:GetTable", "s3:PutObject", "athena:StartQueryExecution"}

    bad = kinesis_event(readings(3), first=40)
    bad["Records"][1]["kinesis"]["data"] = base64.b64encode(b"no reading").decode()
    appended = asked(
        lake, athena, "kinesis-ingest", kinesis_event(readings(20)), kinesis_event(readings(20), first=20), bad)
    assert appended >= {"glue:GetTable", "glue:UpdateTable", "s3:PutObject", "s3:GetObject", "s3:ListBucket"}

    hot = [{**reading, "temperature": 99} for reading in readings(20)]
    found = asked(lake, athena, "detect-anomalies", kinesis_event(hot))
    assert found >= {"glue:GetTable", "glue:UpdateTable", "s3:PutObject"}

    tables = [table["name"] for table in LAKE["tables"]]
    kept = asked(lake, athena, "optimize-tables", {"tables": tables}, {"tables": [READINGS], "engine": "native"}, {})
    assert kept >= {"glue:GetTables", "athena:StartQueryExecution", "athena:GetQueryExecution"}
