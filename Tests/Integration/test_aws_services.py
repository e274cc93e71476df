"""The calls of AWS services against moto, once without and once with its check of signatures."""

import base64
import json
import uuid

import moto as moto_package
import pytest
from aws_calls import CREDENTIALS, calls, error, ok
from scripted_server import Reply, ScriptedServer
from servers import ACCOUNT, REGION

MOTO = f"moto {moto_package.__version__}"


@pytest.fixture
def environment(moto) -> dict:
    return {"AWS_ENDPOINT_URL": moto.endpoint, **CREDENTIALS}


def test_signatures_are_accepted_by_a_server_that_checks_them(moto):
    """Every protocol once: query (STS, SNS), JSON (Kinesis, SQS, Secrets Manager, Athena)."""
    user = moto.new_user(["*"])
    moto.client("kinesis").create_stream(StreamName="s", ShardCount=1)
    queue = moto.client("sqs").create_queue(QueueName="q")["QueueUrl"]
    topic = moto.client("sns").create_topic(Name="t")["TopicArn"]
    moto.client("secretsmanager").create_secret(Name="secret", SecretString="hush")
    lines = [
        {"call": "sts.identity"},
        {"call": "kinesis.put", "stream": "s", "records": [["k", "ü"]]},
        {"call": "sqs.send", "queue": queue, "body": "a & b=ü"},
        {"call": "sns.publish", "topic": topic, "text": "a & b=ü +"},
        {"call": "secrets.get", "id": "secret"},
        {"call": "athena.start", "sql": "select 1", "token": "t" * 32, "output": "s3://b/"},
    ]
    environment = {
        "AWS_ENDPOINT_URL": moto.endpoint,
        "AWS_ACCESS_KEY_ID": user["aws_access_key_id"],
        "AWS_SECRET_ACCESS_KEY": user["aws_secret_access_key"],
    }
    moto.check_signatures(True)
    try:
        answers = calls(environment, *lines)
        wrong = calls({**environment, "AWS_SECRET_ACCESS_KEY": "wrong"}, *lines)
        unknown = calls({**environment, "AWS_ACCESS_KEY_ID": "AKIDNOBODY"}, *lines)
    finally:
        moto.check_signatures(False)
    print(f"{MOTO} accepts {len(answers)} signatures")
    assert not [answer for answer in answers if "ok" not in answer]
    for answer in wrong + unknown:
        found = answer.get("error") or answer["ok"][0]["error"]
        assert found["kind"] == "credentials" and not found["mayHaveActed"] and found["attempts"] == 1, found
        assert "AWS_" in found["advice"]


def test_user_without_permission_is_told_so(moto):
    user = moto.new_user(["sts:GetCallerIdentity"])
    moto.check_signatures(True)
    try:
        found = error(
            {
                "AWS_ENDPOINT_URL": moto.endpoint,
                "AWS_ACCESS_KEY_ID": user["aws_access_key_id"],
                "AWS_SECRET_ACCESS_KEY": user["aws_secret_access_key"],
            },
            call="secrets.get",
            id="x",
        )
    finally:
        moto.check_signatures(False)
    assert found["kind"] == "accessDenied" and "policy" in found["advice"]


def test_caller_identity_and_role(environment):
    assert ok(environment, call="sts.identity")["account"] == ACCOUNT
    role = ok(environment, call="sts.assume", role=f"arn:aws:iam::{ACCOUNT}:role/reader")
    assert role["id"].startswith("ASIA") and role["hasToken"] and role["expiration"] > 1_700_000_000_000


def test_kinesis_takes_records_in_order_over_several_calls(moto, environment):
    moto.client("kinesis").create_stream(StreamName="s", ShardCount=1)
    answers = ok(environment, call="kinesis.put", stream="s", count=1201, size=10)
    assert len(answers) == 1201
    numbers = [int(answer["ok"]["number"]) for answer in answers]
    assert numbers == sorted(numbers)
    client = moto.client("kinesis")
    shard = client.list_shards(StreamName="s")["Shards"][0]["ShardId"]
    iterator = client.get_shard_iterator(StreamName="s", ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    records = client.get_records(ShardIterator=iterator, Limit=5000)["Records"]
    assert [int(record["Data"].split()[0]) for record in records] == list(range(1201))
    print(f"{MOTO} holds all 1201 records in order")


def test_kinesis_splits_calls_at_five_megabytes():
    def answer(seen):
        records = json.loads(seen.body)["Records"]
        size = sum(len(base64.b64decode(record["Data"])) + len(record["PartitionKey"]) for record in records)
        assert len(records) <= 500 and size <= 5 << 20
        results = [{"ShardId": "shardId-0", "SequenceNumber": str(index)} for index in range(len(records))]
        return Reply(body=json.dumps({"FailedRecordCount": 0, "Records": results}).encode())

    with ScriptedServer(answer=answer) as server:
        answers = ok({"AWS_ENDPOINT_URL_KINESIS": server.endpoint, **CREDENTIALS}, call="kinesis.put", stream="s", count=13, size=1 << 20)
        assert len(answers) == 13 and all("ok" in answer for answer in answers)
        assert [len(json.loads(seen.body)["Records"]) for seen in server.seen] == [4, 4, 4, 1]


def test_kinesis_sends_again_only_the_records_that_were_turned_away():
    """Every third record is refused the first time, record 5 always."""
    asked: dict[str, int] = {}

    def answer(seen):
        results = []
        for record in json.loads(seen.body)["Records"]:
            key = record["PartitionKey"]
            asked[key] = asked.get(key, 0) + 1
            if key == "5" or int(key) % 3 == 0 and asked[key] == 1:
                results.append({"ErrorCode": "ProvisionedThroughputExceededException", "ErrorMessage": "slow down"})
            else:
                results.append({"ShardId": "shardId-0", "SequenceNumber": key})
        return Reply(body=json.dumps({"FailedRecordCount": 1, "Records": results}).encode())

    with ScriptedServer(answer=answer) as server:
        environment = {"AWS_ENDPOINT_URL_KINESIS": server.endpoint, "AWS_MAX_ATTEMPTS": "3", **CREDENTIALS}
        answers = ok(environment, call="kinesis.put", stream="s", count=10)
        orders = [[record["PartitionKey"] for record in json.loads(seen.body)["Records"]] for seen in server.seen]
    assert orders == [[str(index) for index in range(10)], ["0", "3", "5", "6", "9"], ["5"]]
    failed = [index for index, answer in enumerate(answers) if "error" in answer]
    assert failed == [5]
    assert answers[5]["error"]["kind"] == "throttled" and not answers[5]["error"]["mayHaveActed"]
    assert answers[5]["error"]["attempts"] == 3


def test_records_behind_a_failed_call_are_known_not_to_be_sent():
    replies = [Reply(500, b'{"__type":"InternalFailure"}')]
    with ScriptedServer(*replies) as server:
        answers = ok({"AWS_ENDPOINT_URL_KINESIS": server.endpoint, **CREDENTIALS}, call="kinesis.put", stream="s", count=501)
        assert len(server.seen) == 1, "a call that may have acted is not sent again"
    assert all(answer["error"]["mayHaveActed"] for answer in answers[:500])
    assert answers[500]["error"]["code"] == "NotSent" and not answers[500]["error"]["mayHaveActed"]


def test_sqs_messages_arrive(moto, environment):
    queue = moto.client("sqs").create_queue(QueueName="q")["QueueUrl"]
    sent = ok(environment, call="sqs.send", queue=queue, body='{"a": "ü & <b>"}')
    bodies = [f"message {index}" for index in range(23)]
    answers = ok(environment, call="sqs.batch", queue=queue, bodies=bodies)
    assert sent and len({answer["ok"] for answer in answers}) == 23
    received = []
    while messages := moto.client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
        received += [message["Body"] for message in messages]
    assert sorted(received) == sorted(bodies + ['{"a": "ü & <b>"}'])


def test_sqs_queue_that_is_not_there(moto, environment):
    found = error(environment, call="sqs.send", queue=f"{moto.endpoint}/{ACCOUNT}/none", body="x")
    assert found["kind"] == "notFound" and "queue" in found["advice"]


def test_sqs_batch_says_which_messages_failed():
    body = {"Successful": [{"Id": "0", "MessageId": "m0"}], "Failed": [{"Id": "1", "Code": "InvalidMessageContents", "SenderFault": True}]}
    with ScriptedServer(Reply(body=json.dumps(body).encode())) as server:
        answers = ok({"AWS_ENDPOINT_URL_SQS": server.endpoint, **CREDENTIALS}, call="sqs.batch", queue="u", bodies=["a", "b", "c"])
    assert answers[0] == {"ok": "m0"}
    assert answers[1]["error"]["code"] == "InvalidMessageContents" and not answers[1]["error"]["mayHaveActed"]
    assert answers[2]["error"]["kind"] == "malformedReply" and answers[2]["error"]["mayHaveActed"]


def test_sns_message_reaches_a_subscribed_queue(moto, environment):
    sqs, sns = moto.client("sqs"), moto.client("sns")
    queue = sqs.create_queue(QueueName="q")["QueueUrl"]
    topic = sns.create_topic(Name="t")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:{REGION}:{ACCOUNT}:q")
    text = "over & out = 100 % + ü 🦢"
    identifier = ok(environment, call="sns.publish", topic=topic, text=text, subject="alert", attributes={"level": "high", "a b": "c/d"})
    (message,) = sqs.receive_message(QueueUrl=queue)["Messages"]
    received = json.loads(message["Body"])
    assert received["Message"] == text and received["Subject"] == "alert" and received["MessageId"] == identifier
    assert received["MessageAttributes"]["level"] == {"Type": "String", "Value": "high"}
    assert received["MessageAttributes"]["a b"]["Value"] == "c/d"


def test_sns_topic_that_is_not_there(environment):
    found = error(environment, call="sns.publish", topic=f"arn:aws:sns:{REGION}:{ACCOUNT}:none", text="x")
    assert found["kind"] == "notFound" and found["operation"] == "Publish" and "topic" in found["advice"]


def test_secrets_are_kept_and_never_printed(moto, environment):
    client = moto.client("secretsmanager")
    arn = client.create_secret(Name="db", SecretString='{"user": "u", "password": "p"}')["ARN"]
    client.create_secret(Name="raw", SecretBinary=b"\x00\xff\x01")
    first, raw = calls(environment, {"call": "secrets.get", "id": arn}, {"call": "secrets.get", "id": "raw"})
    assert first["ok"] == {"value": '{"user": "u", "password": "p"}', "bytes": 30, "member": "u", "printed": "a secret"}
    assert raw["ok"]["bytes"] == 3


def test_secret_is_asked_for_once_and_used_on_while_the_service_fails():
    body = json.dumps({"SecretString": "s"}).encode()
    get = {"call": "secrets.get", "id": "x"}
    with ScriptedServer(Reply(body=body), Reply(403, b'{"__type":"AccessDeniedException"}')) as server:
        environment = {"AWS_ENDPOINT_URL_SECRETS_MANAGER": server.endpoint, **CREDENTIALS}
        first, second, _, third = calls(environment, get, get, {"call": "secrets.discard", "id": "x"}, get)
        assert first["ok"]["value"] == second["ok"]["value"] == "s"
        assert third["error"]["kind"] == "accessDenied"
        assert len(server.seen) == 2


def test_secret_that_is_not_there(environment):
    found = error(environment, call="secrets.get", id=f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:none")
    assert found["kind"] == "notFound" and "ARN" in found["advice"]


def test_athena_runs_a_statement(moto, environment):
    rows = {"rows": [{"Data": [{"VarCharValue": "1"}, {}]}], "column_info": [{"Name": "a", "Type": "integer"}, {"Name": "b", "Type": "varchar"}]}
    from servers import answer

    assert answer(moto.port, "POST", "/moto-api/static/athena/query-results", json.dumps({"account_id": ACCOUNT, "region": REGION, "results": [rows]}).encode(), {"content-type": "application/json"})[0] < 300  # fmt: skip
    token = uuid.uuid4().hex
    identifier = ok(environment, call="athena.start", sql="select 'ü'", token=token, database="db", output="s3://b/out/")
    execution, results, stopped = calls(
        environment,
        {"call": "athena.execution", "id": identifier},
        {"call": "athena.results", "id": identifier},
        {"call": "athena.stop", "id": identifier},
    )
    assert execution["ok"]["state"] in ("QUEUED", "SUCCEEDED") and execution["ok"]["output"].startswith("s3://b/out/")
    assert [name for name, _ in results["ok"]["columns"]] == ["a", "b"]
    assert ["1", None] in results["ok"]["rows"]
    assert "ok" in stopped
    query = moto.client("athena").get_query_execution(QueryExecutionId=identifier)["QueryExecution"]
    assert query["Query"] == "select 'ü'" and query["QueryExecutionContext"]["Database"] == "db"


def test_lambda_is_invoked_and_says_when_it_failed():
    replies = [
        Reply(200, b'{"n": 1}', {"X-Amz-Executed-Version": "$LATEST"}),
        Reply(200, b'{"errorMessage": "no"}', {"X-Amz-Function-Error": "Unhandled"}),
        Reply(202, b""),
    ]
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:f"
    with ScriptedServer(*replies) as server:
        good, bad, sent = calls(
            {"AWS_ENDPOINT_URL_LAMBDA": server.endpoint, **CREDENTIALS},
            {"call": "lambda.invoke", "function": "f", "payload": '{"a": 1}'},
            {"call": "lambda.invoke", "function": arn, "payload": "{}"},
            {"call": "lambda.send", "function": "f", "payload": "{}"},
        )
        assert good["ok"] == {"payload": '{"n": 1}', "functionError": None}
        assert bad["ok"] == {"payload": '{"errorMessage": "no"}', "functionError": "Unhandled"}
        assert "ok" in sent
        paths = [seen.path for seen in server.seen]
        kinds = [seen.fields["x-amz-invocation-type"] for seen in server.seen]
    assert paths[0] == "/2015-03-31/functions/f/invocations" and paths[1].startswith("/2015-03-31/functions/arn%3Aaws%3Alambda")
    assert kinds == ["RequestResponse", "RequestResponse", "Event"]
