"""What would lose records, or open the lake: one change in the plan of the main root, and the check that rejects it."""

import json
import re

import pytest

import check
from iam.support import Edit, planned

ACCOUNT = "123456789012"
TOPIC = "module.watch.aws_sns_topic_policy.alarms"
KEY = 'module.key["operations"].aws_kms_key.this'
BUCKET = 'module.storage.aws_s3_bucket_policy.this["bronze"]'
LOGS = "module.storage.aws_s3_bucket_policy.logs"
QUEUE = 'module.function["kinesis-ingest"].module.failures.aws_sqs_queue.this'
ENDPOINT = 'module.network[0].aws_vpc_endpoint.interface["sts"]'
S3_ENDPOINT = "module.network[0].aws_vpc_endpoint.s3"
LIFECYCLE = 'module.storage.aws_s3_bucket_lifecycle_configuration.this["bronze"]'
ARTEFACTS = 'module.storage.aws_s3_bucket_lifecycle_configuration.this["artefacts"]'
KINESIS, KAFKA = "aws_lambda_event_source_mapping.kinesis[", "aws_lambda_event_source_mapping.kafka["
PERMISSION = 'module.edge[0].aws_lambda_permission.this["readings"]'


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The plan of the repository's own lake.json, with Macie and provisioned pollers."""
    variables = {
        "features": {"macie": True}, "kafka": {"mode": "serverless", "provisioned_pollers": {"minimum": 1, "maximum": 2}},
        "kinesis": {"retention_hours": 24},
    }
    return planned(tmp_path_factory.mktemp("plan"), **variables)


@pytest.fixture
def edit(made):
    return Edit(made)


def found(edit: Edit) -> list[str]:
    made = edit.plan()
    return [fault for module in (check.openness, check.lifecycle, check.mappings) for fault in module.faults(made)]


def assert_one(faults: list[str], pattern: str) -> None:
    assert len(faults) == 1 and re.search(pattern, faults[0]), "\n".join(faults) or "nothing was rejected"


def first(edit: Edit, part: str) -> str:
    """The first resource whose address holds a part."""
    return min(address for address in edit.plan().addresses if part in address)


def statements(edit: Edit, address: str, change) -> None:
    """Changes the statements of a policy."""
    values = edit.values(address)
    document = json.loads(values["policy"])
    change(document["Statement"])
    values["policy"] = json.dumps(document)


def test_the_plan_of_the_repository_passes(edit):
    assert found(edit) == []


def allowed(**members) -> dict:
    return {"Sid": "Further", "Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"} | members


EVERYBODY = {"AWS": "*"}
SOURCE = {"aws:SourceArn": f"arn:aws:s3:::swiftlake-dev-bronze-{ACCOUNT}-eu-west-1"}


@pytest.mark.parametrize(("address", "statement", "pattern"), [
    (KEY, allowed(Principal=EVERYBODY, Action="kms:*"), "lets in everybody"),
    (KEY, allowed(Principal={"AWS": ["*"]}, Condition={"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}), "lets in everybody"),
    (KEY, allowed(Condition={"StringEqualsIfExists": {"aws:SourceAccount": ACCOUNT}}), "lets in everybody"),
    (KEY, allowed(Condition={"StringNotEquals": {"aws:SourceAccount": ACCOUNT}}), "lets in everybody"),
    (KEY, allowed(Condition={"StringLike": {"aws:PrincipalArn": "*"}}), "lets in everybody"),
    (KEY, allowed(Condition={"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}}), "lets in everybody"),
    (KEY, allowed(Principal={"AWS": "arn:aws:iam::210987654321:root"}), "of another account"),
    (KEY, allowed(Principal={"Service": "logs.eu-west-1.amazonaws.com"}), "may come for anybody"),
    (KEY, allowed(Principal={"Service": "s3.amazonaws.com"}, Action="kms:*", Condition={"ArnLike": SOURCE}), r"may kms:\*; name"),
    (BUCKET, allowed(Action="s3:GetObject"), "lets in everybody"),
    (BUCKET, {"Effect": "Allow", "NotPrincipal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "s3:GetObject", "Resource": "*"}, "has NotPrincipal"),
    (BUCKET, allowed(Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:role/any"}, Action="s3:*"), r"may s3:\*; name"),
    (BUCKET, {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}, "refuses everything"),
    (QUEUE, allowed(Action="sqs:SendMessage"), "lets in everybody"),
    (TOPIC, allowed(Action="sns:Publish"), "lets in everybody"),
    (ENDPOINT, allowed(Action="sts:*", Resource=f"arn:aws:iam::{ACCOUNT}:role/swiftlake"), r"lets through sts:\* of everybody"),
    (ENDPOINT, allowed(Action="sts:AssumeRole", Resource="*"), r"everybody through to \*"),
    (ENDPOINT, allowed(Action="sts:AssumeRole", Resource=f"arn:aws:iam::{ACCOUNT}:role/*"), r"everybody through to .*role/\*"),
    (ENDPOINT, allowed(Action="sts:AssumeRole", Resource="arn:aws:iam::*:role/lake"), r"everybody through to .*\*:role/lake"),
    (S3_ENDPOINT, allowed(Action="s3:GetObject", Resource="arn:aws:s3:::*"), r"everybody through to arn:aws:s3:::\*"),
])
def test_statement_is_rejected(edit, address, statement, pattern):
    statements(edit, address, lambda given: given.append(statement))
    assert_one(found(edit), pattern)


def by_sid(given: list, sid: str) -> dict:
    return next(statement for statement in given if statement.get("Sid") == sid)


@pytest.mark.parametrize(("address", "change", "pattern"), [
    (TOPIC, lambda given: by_sid(given, "AlarmsPublish").pop("Condition"), "cloudwatch.amazonaws.com may come for anybody"),
    (TOPIC, lambda given: by_sid(given, "BucketPublishes").pop("Condition"), "s3.amazonaws.com may come for anybody"),
    (TOPIC, lambda given: by_sid(given, "AlarmsPublish").update(Principal=EVERYBODY, Condition={"Bool": {"aws:SecureTransport": "true"}}), "lets in everybody"),
    (TOPIC, lambda given: by_sid(given, "RulesPublish").update(Condition={"StringEquals": {"aws:SourceAccount": ACCOUNT}}), "EventBridge cannot publish"),
    (TOPIC, lambda given: given.remove(by_sid(given, "TLSOnly")), "does not refuse plain HTTP"),
    (LOGS, lambda given: by_sid(given, "DeliverLogsOfBronze").pop("Condition"), "logging.s3.amazonaws.com may come for anybody"),
    (BUCKET, lambda given: given.remove(by_sid(given, "RefusePlainHTTP")), "does not refuse plain HTTP"),
    (BUCKET, lambda given: by_sid(given, "RefuseOldTLS").update(Condition={"NumericGreaterThan": {"s3:TlsVersion": "1.2"}}), "refuses new versions of TLS"),
    (QUEUE, lambda given: given[0].update(Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"}), "does not refuse plain HTTP"),
])
def test_changed_statement_is_rejected(edit, address, change, pattern):
    statements(edit, address, change)
    assert_one(found(edit), pattern)


@pytest.mark.parametrize("address", [BUCKET, LOGS, QUEUE, TOPIC])
def test_refusal_of_tls_is_rejected(edit, address):
    values = edit.values(address)
    values["policy"] = values["policy"].replace('"aws:SecureTransport":"false"', '"aws:SecureTransport":"true"')
    faults = found(edit)
    assert len(faults) == 2 and "aws:SecureTransport is true: those by TLS" in faults[0] and "does not refuse plain HTTP" in faults[1]


def test_eventbridge_without_a_rule_is_rejected(edit):
    edit.remove("module.macie[0].aws_cloudwatch_event_target.this")
    assert_one(found(edit), "lets EventBridge publish, though no rule")


@pytest.mark.parametrize(("changes", "pattern"), [
    ({"principal": "*"}, "principal is \\*"),
    ({"source_arn": "*"}, "source_arn is \\*"),
    ({"source_arn": "arn:aws:execute-api:*:*:*"}, "may come for anybody"),
    ({"action": "lambda:*"}, "not only to invoke"),
    ({"function_url_auth_type": "NONE"}, "not only to invoke"),
])
def test_permission_is_rejected(edit, changes, pattern):
    edit.values(PERMISSION).update(changes)
    assert_one(found(edit), pattern)


def test_permission_for_anybody_is_rejected(edit):
    change = next(each for each in edit.document["resource_changes"] if each["address"] == PERMISSION)
    del change["change"]["after_unknown"]["source_arn"]
    assert_one(found(edit), "neither source_arn nor source_account")


@pytest.mark.parametrize(("kind", "values", "pattern"), [
    ("aws_kms_grant", {"grantee_principal": f"arn:aws:iam::{ACCOUNT}:role/any", "operations": ["Decrypt"]}, "nobody has asked for"),
    ("aws_lambda_function_url", {"authorization_type": "NONE"}, "a way that this check does not read"),
    ("aws_secretsmanager_secret_policy", {"policy": json.dumps({"Version": "2012-10-17", "Statement": [allowed(Action="secretsmanager:GetSecretValue")]})}, "lets in everybody"),
])
def test_further_resource_is_rejected(edit, kind, values, pattern):
    edit.add(kind, values)
    assert_one(found(edit), pattern)


def rule(**members) -> dict:
    return {"id": "further", "status": "Enabled", "prefix": None, "filter": [], "expiration": [], "transition": []} | members


DAYS = {"days": 30, "date": None, "expired_object_delete_marker": None}


@pytest.mark.parametrize(("address", "further", "pattern"), [
    (LIFECYCLE, rule(filter=[{"prefix": None, "and": []}], expiration=[DAYS]), "further expires objects under warehouse/"),
    (LIFECYCLE, rule(expiration=[{"days": None, "date": "2027-01-01T00:00:00Z"}]), "further expires objects"),
    (LIFECYCLE, rule(prefix="warehouse/iot_db/", expiration=[DAYS]), "further expires objects"),
    (LIFECYCLE, rule(filter=[{"prefix": "ware", "and": []}], transition=[{"days": 90, "storage_class": "GLACIER"}]), "moves objects to another class"),
    (LIFECYCLE, rule(filter=[{"prefix": None, "and": [{"prefix": "warehouse/", "tags": {"old": "yes"}}]}], expiration=[DAYS]), "further expires objects"),
    (ARTEFACTS, rule(expiration=[DAYS]), "further expires objects"),
])
def test_lifecycle_is_rejected(edit, address, further, pattern):
    edit.values(address)["rule"].append(further)
    assert_one(found(edit), pattern)


def test_days_in_the_place_of_markers_are_rejected(edit):
    edit.values(LIFECYCLE)["rule"][0]["expiration"] = [DAYS]
    assert_one(found(edit), "rule old-versions expires objects under warehouse/")


def test_tables_among_access_logs_are_rejected(edit):
    logs = f"s3://swiftlake-dev-logs-{ACCOUNT}-eu-west-1/tables"
    edit.function("kinesis-ingest")["environment"][0]["variables"]["LAKE_WAREHOUSE_SILVER"] = logs
    assert_one(found(edit), "rule access-logs expires objects under tables/")


def test_what_touches_no_table_passes(edit):
    edit.values(ARTEFACTS)["rule"] += [
        rule(status="Disabled", expiration=[DAYS]), rule(prefix="failed/", expiration=[DAYS], transition=[{"days": 1}]),
    ]
    assert found(edit) == []


@pytest.mark.parametrize(("part", "changes", "pattern"), [
    (KINESIS, {"parallelization_factor": 2}, "parallelization_factor is 2, not 1"),
    (KINESIS, {"parallelization_factor": None}, "parallelization_factor is None, not 1"),
    (KINESIS, {"starting_position": "LATEST"}, "starts at LATEST"),
    (KINESIS, {"function_response_types": None}, "one bad record would repeat"),
    (KINESIS, {"bisect_batch_on_function_error": None}, "does not halve"),
    (KINESIS, {"maximum_retry_attempts": 10}, "gives a batch up after 10 attempts"),
    (KINESIS, {"maximum_record_age_in_seconds": 86400}, "at an age of 86400 seconds, not 82800, with a retention of 24 hours"),
    (KINESIS, {"maximum_record_age_in_seconds": -1}, "at an age of -1 seconds, not 82800"),
    (KINESIS, {"destination_config": []}, "goes to nowhere"),
    (KINESIS, {"destination_config": [{"on_failure": [{"destination_arn": "arn:aws:sqs:eu-west-1:123456789012:failed"}]}]}, "not to a bucket"),
    (KINESIS, {"filter_criteria": [{"filter": [{"pattern": "{}"}]}]}, "has a filter"),
    (KINESIS, {"tumbling_window_in_seconds": 60}, "has a tumbling window"),
    (KINESIS, {"event_source_arn": "arn:aws:sqs:eu-west-1:123456789012:any"}, "of no source that this check knows"),
    (KAFKA, {"starting_position": "LATEST"}, "starts at LATEST"),
    (KAFKA, {"destination_config": [{"on_failure": [{"destination_arn": "arn:aws:s3:::any"}]}]}, "has a destination: Lambda then gives up"),
    (KAFKA, {"maximum_retry_attempts": 10}, "maximum_retry_attempts is 10"),
    (KAFKA, {"maximum_record_age_in_seconds": 3600}, "maximum_record_age_in_seconds is 3600"),
    (KAFKA, {"bisect_batch_on_function_error": True}, "is for streams of Kinesis"),
    (KAFKA, {"function_response_types": None}, "has provisioned pollers"),
    (KAFKA, {"amazon_managed_kafka_event_source_config": []}, "names no consumer group"),
    (KAFKA, {"topics": ["one", "two"]}, "has 2 topics"),
])
def test_mapping_is_rejected(edit, part, changes, pattern):
    edit.values(first(edit, part)).update(changes)
    assert_one(found(edit), pattern)


def test_mapping_that_stands_twice_is_rejected(edit):
    edit.add("aws_lambda_event_source_mapping", edit.values(first(edit, KINESIS)))
    assert_one(found(edit), "is mapped 2 times")
