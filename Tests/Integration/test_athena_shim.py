"""The Athena that other checks go by behaves as the real one where that counts: states, tokens, refusals."""

import pytest
from athena_shim import Run, failing
from botocore.exceptions import ClientError

OUTPUT = {"OutputLocation": "s3://results/"}
MORE = "ICEBERG_OPTIMIZE_MORE_RUNS_NEEDED: there are more partitions"


def shown(athena, id: str) -> dict:
    return athena.get_query_execution(QueryExecutionId=id)["QueryExecution"]


def test_executions_go_through_the_scripted_states(athena):
    seen = []
    athena.script("OPTIMIZE", failing(MORE), Run(scanned=42, milliseconds=7, effect=seen.append))
    client = athena.client()
    first, second = (
        client.start_query_execution(QueryString="OPTIMIZE t", ResultConfiguration=OUTPUT)["QueryExecutionId"] for _ in "12"
    )
    assert athena.most_at_once == 2
    states = [shown(client, first)["Status"]["State"] for _ in range(4)]
    assert states == ["QUEUED", "RUNNING", "FAILED", "FAILED"]
    assert shown(client, first)["Status"]["StateChangeReason"] == MORE
    assert seen == []
    for _ in range(4):
        last = shown(client, second)
    assert last["Status"]["State"] == "SUCCEEDED" and last["Statistics"]["DataScannedInBytes"] == 42
    assert [start.sql for start in seen] == ["OPTIMIZE t"]
    other = client.start_query_execution(QueryString="SELECT 1", ResultConfiguration=OUTPUT)["QueryExecutionId"]
    assert [shown(client, other)["Status"]["State"] for _ in range(3)] == ["QUEUED", "RUNNING", "SUCCEEDED"]
    assert athena.statements == ["OPTIMIZE t", "OPTIMIZE t", "SELECT 1"]
    print("checked with boto3's Athena client")


def test_a_token_starts_one_execution(athena):
    client = athena.client()
    call = {"QueryString": "VACUUM t", "ClientRequestToken": "t" * 32, "ResultConfiguration": OUTPUT}
    ids = {client.start_query_execution(**call)["QueryExecutionId"] for _ in range(2)}
    assert len(ids) == 1 and athena.statements == ["VACUUM t"] and len(athena.starts) == 2
    with pytest.raises(ClientError, match="Idempotent parameters do not match"):
        client.start_query_execution(**{**call, "QueryString": "VACUUM u"})


def test_calls_can_be_refused_and_executions_stopped(athena):
    client = athena.client()
    athena.refuse("StartQueryExecution", "TooManyRequestsException")
    with pytest.raises(ClientError, match="TooManyRequestsException"):
        client.start_query_execution(QueryString="SELECT 1", ResultConfiguration=OUTPUT)
    id = client.start_query_execution(QueryString="SELECT 1", ResultConfiguration=OUTPUT)["QueryExecutionId"]
    client.stop_query_execution(QueryExecutionId=id)
    assert shown(client, id)["Status"]["State"] == "CANCELLED"
