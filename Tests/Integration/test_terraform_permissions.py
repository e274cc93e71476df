"""The real jobs, each with the credentials of its planned role alone: they do their work, every permission that they used is
one that they cannot do without, and what is not theirs they are refused."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from athena_shim import AthenaShim, Run
from botocore.exceptions import ClientError
from coinapi import KEY, CoinAPI, icons, listed
from device_tokens import MASTER, device_token
from sensors import kinesis_event, readings
from servers import REGION, Moto, client
from terraform_gate import Gate
from terraform_jobs import TOUCHED, Deployed, Trial, succeeded, without
from terraform_plans import made, whole
from terraform_policies import Call, Unknown, verdict

# Permissions that a job uses and can do without for once: what they are good for all the same.
LISTING = "a missing object is told as missing, and not as refused"
SPARED = {
    ("kinesis-ingest", "s3:ListBucket"): LISTING,
    ("refresh-assets", "s3:ListBucket"): LISTING,
    ("detect-anomalies", "s3:ListBucket"): LISTING,
    ("optimize-tables", "s3:GetObject"): "the reply and the metrics count files and bytes",
    ("optimize-tables", "glue:GetTable"): "to count them, the metadata has to be found; Athena needs it besides",
    ("optimize-tables", "s3:ListBucket"): LISTING,
}


@pytest.fixture(scope="module")
def deployed():
    plan = whole("plain")
    with Moto() as moto, AthenaShim(moto.endpoint) as athena:
        world = made(plan, moto, *TOUCHED)
        refusals = {world.resolved(one["bucket"]): json.loads(one["policy"]) for one in plan.of_type("aws_s3_bucket_policy")}
        secrets = world.client("secretsmanager")
        secrets.put_secret_value(SecretId="swiftlake-dev/device-master", SecretString=MASTER)
        secrets.put_secret_value(SecretId="swiftlake-dev/coinapi", SecretString=KEY)
        athena.script("", Run(("SUCCEEDED",)))
        with Gate(world, refusals, {"athena": athena.endpoint}) as gate:
            yield Deployed(plan, world, gate)


@pytest.fixture(scope="module")
def tables(deployed):
    """The tables of lake.json, as bootstrap-tables makes them."""
    make_tables(deployed)
    return deployed


def make_tables(deployed: Deployed):
    outcome = deployed.run("bootstrap-tables", {})
    assert succeeded(outcome), (outcome, [one for one in deployed.gate.judged if not one.is_allowed])


def drop_tables(deployed: Deployed):
    glue = deployed.world.client("glue")
    for database in ("iot_db", "crypto_db", "lake_db"):
        for table in glue.get_tables(DatabaseName=database)["TableList"]:
            glue.delete_table(DatabaseName=database, Name=table["Name"])


def reading_sent_over_http(number: int) -> dict:
    body = json.dumps([{**reading, "id_device": 7} for reading in readings(3, seed=number)])
    return {
        "version": "2.0",
        "routeKey": "POST /v1/readings",
        "rawPath": "/v1/readings",
        "rawQueryString": "",
        "headers": {"authorization": f"Bearer {device_token('7', body.encode())}", "content-type": "application/json"},
        "requestContext": {
            "http": {
                "method": "POST",
                "path": "/v1/readings",
                "sourceIp": "192.0.2.1",
                "protocol": "HTTP/1.1",
                "userAgent": "",
            },
            "requestId": f"r{number}",
            "stage": "$default",
            "timeEpoch": 1_795_000_000_000,
            "routeKey": "POST /v1/readings",
            "accountId": "123456789012",
            "apiId": "a",
            "domainName": "d",
            "domainPrefix": "d",
            "time": "",
        },
        "body": body,
        "isBase64Encoded": False,
    }


def minute(ago: int) -> str:
    return (datetime.now(UTC) - timedelta(minutes=ago)).strftime("%Y-%m-%dT%H:%M:00Z")


def batch(number: int, *more) -> dict:
    return kinesis_event([*readings(5, seed=number), *more], first=number * 100)


HOT = {**readings(1)[0], "temperature": 75, "id_device": 3}
TRIALS = {
    "bootstrap-tables": Trial(lambda number: {}, before=drop_tables),
    "kinesis-ingest": Trial(lambda number: batch(number, b"no JSON")),
    "edge-gateway": Trial(reading_sent_over_http),
    "simulate-sensors": Trial(lambda number: {"scheduledTime": minute(number + 5), "rate": 1}),
    "refresh-assets": Trial(lambda number: {"scheduledTime": minute(number * 1440), "executionId": f"run-{number}"}),
    "detect-anomalies": Trial(lambda number: batch(number, {**HOT, "id_device": 100 + number})),
    "optimize-tables": Trial(lambda number: {"scheduledTime": minute(number), "executionId": f"run-{number}"}),
}


def attempt(deployed: Deployed, job: str, number: int):
    trial = TRIALS[job]
    trial.before(deployed)
    if job != "refresh-assets":
        return deployed.run(job, trial.event(number))
    with CoinAPI(listed(icons(5, first=number * 5))) as upstream:
        return deployed.run(job, trial.event(number), COINAPI_URL=upstream.endpoint)


@pytest.mark.parametrize("job", TRIALS)
def test_a_job_does_its_work_with_its_role_and_needs_what_it_uses(tables, job):
    gate = tables.gate
    gate.judged.clear()
    outcome = attempt(tables, job, 1)
    refused = [one for one in gate.judged if not one.is_allowed]
    assert succeeded(outcome) and refused == [], (outcome, refused)
    used = sorted({(one.statement, one.action) for one in gate.judged if one.role == tables.role(job)})
    assert used
    policy, spared = tables.policy(job), []
    try:
        for number, (statement, action) in enumerate(used, 2):
            tables.put_policy(job, without(policy, statement, action))
            outcome = attempt(tables, job, number)
            if succeeded(outcome):
                spared.append(f"{statement}: {action}")
                assert (job, action) in SPARED, f"{job} does its work without {action} of {statement}: {outcome}"
    finally:
        tables.put_policy(job, policy)
        if job == "bootstrap-tables":
            drop_tables(tables)
            make_tables(tables)
    kinds = {(one["Sid"], action) for one in policy["Statement"] for action in one["Action"]}
    print(f"{job} needs {', '.join(f'{action} ({sid})' for sid, action in used)}")
    print(f"could do without for a while: {spared}; not tried: {sorted(kinds - set(used))}")


FOREIGN = {
    "another lake's table": (
        "kinesis-ingest",
        "s3",
        "get_object",
        {"Bucket": "bronze", "Key": "warehouse/crypto_db/crypto_trader/x"},
    ),
    "another lake's entry": ("kinesis-ingest", "glue", "get_table", {"DatabaseName": "crypto_db", "Name": "crypto_trader"}),
    "its own table's end": ("kinesis-ingest", "glue", "delete_table", {"DatabaseName": "iot_db", "Name": "sensor_readings"}),
    "a zip": (
        "kinesis-ingest",
        "s3",
        "put_object",
        {"Bucket": "artefacts", "Key": "functions/kinesis-ingest/x.zip", "Body": b"x"},
    ),
    "the definition": (
        "bootstrap-tables",
        "s3",
        "put_object",
        {"Bucket": "artefacts", "Key": "definitions/x.json", "Body": b"x"},
    ),
    "records of its own": (
        "kinesis-ingest",
        "kinesis",
        "put_record",
        {"StreamName": "sensor-readings", "Data": b"x", "PartitionKey": "x"},
    ),
    "a secret": ("simulate-sensors", "secretsmanager", "get_secret_value", {"SecretId": "swiftlake-dev/device-master"}),
    "another's secret": ("refresh-assets", "secretsmanager", "get_secret_value", {"SecretId": "swiftlake-dev/device-master"}),
    "tables, by the gateway": ("edge-gateway", "glue", "get_table", {"DatabaseName": "iot_db", "Name": "sensor_readings"}),
    "files, by the gateway": (
        "edge-gateway",
        "s3",
        "get_object",
        {"Bucket": "bronze", "Key": "warehouse/iot_db/sensor_readings/x"},
    ),
    "alerts, by ingest": ("kinesis-ingest", "sns", "publish", {"TopicArn": "alerts", "Message": "x"}),
    "a query": ("kinesis-ingest", "athena", "start_query_execution", {"QueryString": "select 1", "WorkGroup": "swiftlake-dev"}),
    "another workgroup": (
        "optimize-tables",
        "athena",
        "start_query_execution",
        {"QueryString": "select 1", "WorkGroup": "primary"},
    ),
    "an encryption of its own": (
        "kinesis-ingest",
        "s3",
        "put_object",
        {"Bucket": "bronze", "Key": "warehouse/iot_db/sensor_readings/x", "Body": b"x", "ServerSideEncryption": "AES256"},
    ),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_what_is_not_its_own_a_job_is_refused(tables, what):
    job, service, operation, arguments = FOREIGN[what]
    given = tables.gate.credentials(tables.role(job))
    keys = {
        "aws_access_key_id": given["AWS_ACCESS_KEY_ID"],
        "aws_secret_access_key": given["AWS_SECRET_ACCESS_KEY"],
        "aws_session_token": given["AWS_SESSION_TOKEN"],
    }
    if "Bucket" in arguments:
        arguments = arguments | {"Bucket": f"swiftlake-dev-{arguments['Bucket']}-123456789012-{REGION}"}
    if "TopicArn" in arguments:
        arguments = arguments | {"TopicArn": f"arn:aws:sns:{REGION}:123456789012:swiftlake-dev-alerts"}
    with pytest.raises(ClientError) as refused:
        getattr(client(service, tables.gate.endpoint, **keys), operation)(**arguments)
    assert refused.value.response["Error"]["Code"] in ("AccessDenied", "AccessDeniedException", "AuthorizationError")


# The evaluation itself.

POLICY = {
    "Statement": [
        {"Sid": "Read", "Effect": "Allow", "Action": ["s3:Get*"], "Resource": "arn:aws:s3:::b/a/*"},
        {
            "Sid": "List",
            "Effect": "Allow",
            "Action": "s3:ListBucket",
            "Resource": "arn:aws:s3:::b",
            "Condition": {"StringLike": {"s3:prefix": ["a/*", "b?"]}},
        },
        {"Sid": "No", "Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/a/secret"},
        {
            "Sid": "Key",
            "Effect": "Allow",
            "Action": "kms:Decrypt",
            "Resource": "arn:aws:kms:*:*:key/*",
            "Condition": {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/ours"}},
        },
        {
            "Sid": "Own",
            "Effect": "Allow",
            "Action": "s3:PutObject",
            "Resource": "arn:aws:s3:::b/*",
            "Condition": {"Null": {"s3:x-amz-acl": "true"}, "StringNotEquals": {"s3:x-amz-server-side-encryption": "AES256"}},
        },
    ]
}
CASES = [
    (Call("s3:GetObject", "arn:aws:s3:::b/a/1"), True),
    (Call("s3:getobject", "arn:aws:s3:::b/a/1"), True),
    (Call("s3:GetObject", "arn:aws:s3:::b/a/secret"), False),
    (Call("s3:GetObject", "arn:aws:s3:::b/c"), False),
    (Call("s3:PutObjectAcl", "arn:aws:s3:::b/a/1"), False),
    (Call("s3:ListBucket", "arn:aws:s3:::b", {"s3:prefix": "a/x"}), True),
    (Call("s3:ListBucket", "arn:aws:s3:::b", {"s3:prefix": "bcd"}), False),
    (Call("s3:ListBucket", "arn:aws:s3:::b", {"s3:prefix": None}), False),
    (Call("kms:Decrypt", "arn:aws:kms:r:1:key/2", {"kms:ResourceAliases": ["alias/other", "alias/ours"]}), True),
    (Call("kms:Decrypt", "arn:aws:kms:r:1:key/2", {"kms:ResourceAliases": ["alias/other"]}), False),
    (Call("s3:PutObject", "arn:aws:s3:::b/1", {"s3:x-amz-acl": None, "s3:x-amz-server-side-encryption": None}), True),
    (Call("s3:PutObject", "arn:aws:s3:::b/1", {"s3:x-amz-acl": "public-read", "s3:x-amz-server-side-encryption": None}), False),
    (Call("s3:PutObject", "arn:aws:s3:::b/1", {"s3:x-amz-acl": None, "s3:x-amz-server-side-encryption": "AES256"}), False),
]


@pytest.mark.parametrize("call,expected", CASES)
def test_policies_are_judged_as_iam_does(call, expected):
    assert verdict([POLICY], call)[0] == expected


def test_what_the_evaluation_does_not_know_is_no_yes():
    with pytest.raises(Unknown, match="s3:prefix"):
        verdict([POLICY], Call("s3:ListBucket", "arn:aws:s3:::b"))
