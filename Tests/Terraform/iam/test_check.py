"""The check of the roles: it passes what terraform/ plans, and rejects a plan that was broken in one place."""

import copy
import json

import pytest

from iam import actions
from iam.call_graph import Place
from iam.check import faults
from iam.support import REPOSITORY, SOURCES, Edit, derivation, planned
from plan import Rejected

BUCKET = "arn:aws:s3:::swiftlake-dev-bronze-123456789012-eu-west-1"
GLUE = "arn:aws:glue:eu-west-1:123456789012"
INGEST = "kinesis-ingest"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The plan of the repository's own lake.json."""
    return planned(tmp_path_factory.mktemp("plan"))


@pytest.fixture
def edit(made):
    return Edit(made)


def found(plan, derived=None) -> list[str]:
    return faults(plan, derived or derivation(), SOURCES)


def test_the_plan_of_the_repository_has_no_faults(made):
    assert found(made) == []


def existing(security: str) -> dict:
    return {"mode": "existing", "existing": {
        "cluster_arn": "arn:aws:kafka:eu-west-1:123456789012:cluster/events/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0-5",
        "bootstrap_servers": "b-1.events:9098", "security": security, "vpc_id": "vpc-1", "subnet_ids": ["subnet-1", "subnet-2"],
        "security_group_id": "sg-1"}}


@pytest.mark.parametrize(
    "variables",
    [
        {"features": {"elastic": True}, "elastic": {"url": "https://search.example.com"}, "alpaca_key": True},
        {"features": {"alerts": False, "edge": False, "quotes": False, "simulators": False}},
        {"lakes": ["iot"]},
        {"lakes": ["crypto"], "name": "other", "environment": "prod", "region": "eu-central-1"},
        {"kafka": existing("msk-iam")},
        {"kafka": existing("tls")},
        {"kafka": {"mode": "serverless"}},
    ],
    ids=["elastic", "ingest-only", "iot", "crypto-elsewhere", "existing-cluster", "existing-cluster-tls", "serverless"],
)
def test_other_choices_have_no_faults(tmp_path, variables):
    assert found(planned(tmp_path, **variables)) == []


def test_another_lake_has_no_faults(tmp_path):
    """Plain files, a stream of somebody else's, tables elsewhere, no views, and no place for dead letters."""
    lake = json.loads((REPOSITORY / "lake.json").read_text())
    table = copy.deepcopy(lake["tables"][0]) | {"name": "iot_db.plain", "format": "parquet", "partition": ["id_device"]}
    del table["retention"]
    lake["tables"] += [table]
    lake["tables"][0]["warehouse"] = "s3://somebody-elses/tables"
    lake["tables"][0]["properties"] = {"write.data.path": "s3://fast-disks/readings/"}
    lake["tables"][3]["layer"] = "silver"
    source = {"kind": "kinesis", "arn": "arn:aws:kinesis:eu-west-1:210987654321:stream/theirs"}
    lake["streams"] = [
        each | {"onBadRecord": "fail"} for each in lake["streams"] if each["name"] != "coinbase-trades"
    ] + [{"name": "theirs", "source": source, "table": "iot_db.plain", "decoder": "json", "onBadRecord": "fail"}]
    lake["views"] = []
    lake["schedules"] = [each for each in lake["schedules"] if each["job"] != "simulate-trades"]
    path = tmp_path / "lake.json"
    path.write_text(json.dumps(lake))
    plan = planned(tmp_path, definition=str(path))
    assert found(plan) == []
    with Edit(plan).statements(INGEST) as statements:
        assert statements["PlainTables"]["Action"] == ["glue:BatchCreatePartition", "glue:GetTable"]
        assert set(statements["Files"]["Resource"]) == {
            "arn:aws:s3:::somebody-elses/tables/iot_db/sensor_readings/*", "arn:aws:s3:::fast-disks/readings/*",
            f"{BUCKET}/warehouse/iot_db/plain/*"}


def test_a_lake_of_plain_files_alone_has_no_faults(tmp_path):
    lake = json.loads((REPOSITORY / "lake.json").read_text())
    table = lake["tables"][0] | {"format": "parquet", "partition": ["id_device"]}
    del table["retention"]
    stream = {name: value for name, value in lake["streams"][0].items() if name != "alerts"} | {"onBadRecord": "fail"}
    view = {"name": "iot_db.hot", "sql": "SELECT * FROM iot_db.sensor_readings WHERE temperature > 60"}
    path = tmp_path / "lake.json"
    path.write_text(json.dumps({"databases": lake["databases"][:1], "tables": [table], "streams": [stream], "views": [view]}))
    plan = planned(tmp_path, definition=str(path))
    assert found(plan) == []
    with Edit(plan).statements("bootstrap-tables") as statements:
        assert "Files" not in statements and "AthenaResults" in statements
    with Edit(plan).statements("optimize-tables") as statements:
        assert "Athena" not in statements


def test_a_lake_too_large_for_a_role_is_told_so(tmp_path):
    lake = json.loads((REPOSITORY / "lake.json").read_text())
    lake["tables"] += [lake["tables"][2] | {"name": f"crypto_db.assets_of_exchange_{number}"} for number in range(80)]
    path = tmp_path / "lake.json"
    path.write_text(json.dumps(lake))
    with pytest.raises(Rejected) as rejection:
        planned(tmp_path, definition=str(path))
    words = " ".join(str(rejection.value).replace("│", " ").split())
    assert "IAM takes 10,240 characters a role. Too long: bootstrap-tables, optimize-tables." in words


@pytest.mark.parametrize(
    "job, sid, change, fault",
    [
        (INGEST, "Files", {"Action+": "s3:PutObjectAcl"}, f"{INGEST}: may s3:PutObjectAcl, which nothing of it calls"),
        (INGEST, "Tables", {"Action-": "glue:UpdateTable"}, f"{INGEST}: may not glue:UpdateTable on "),
        (INGEST, "Tables", {"Action-": "glue:UpdateTable"}, "glue:UpdateTable in Sources/Catalogs/Glue/GlueCatalog+Swap.swift"),
        (INGEST, "Files", {"Resource": ["*"]}, "s3:PutObject is allowed on *, though AWS knows resources for it"),
        (INGEST, "Files", {"Resource": [f"{BUCKET}/*"]}, "a pattern that AWS does not force"),
        (INGEST, "Files", {"Resource+": f"{BUCKET}/warehouse/crypto_db/crypto_trader/*"}, "which it does not touch"),
        (INGEST, "Files", {"Resource": [f"{BUCKET}/warehouse/iot_db/*"]}, "which it does not touch"),
        (INGEST, "Files", {"Resource": [f"{BUCKET}/warehouse/iot_db/sensor_readings/*"]}, "which it touches (s3:"),
        (INGEST, "Tables", {"Resource+": f"{GLUE}:table/crypto_db/crypto_trader"}, "which it does not touch"),
        (INGEST, "Tables", {"Resource+": f"{GLUE}:table/iot_db/*"}, "which only glue:GetTables needs"),
        (INGEST, "Tables", {"Resource+": f"{GLUE}:database/*"}, "which only glue:GetDatabases needs"),
        (INGEST, "Files", {"Action": ["s3:*"]}, "s3:* is a pattern; name the actions"),
        (INGEST, "Files", {"Action": ["s3:Put?bject"]}, "s3:Put?bject is a pattern; name the actions"),
        (INGEST, "Files", {"NotAction": ["s3:DeleteBucket"]}, "has NotAction, which allows what nobody has named"),
        (INGEST, "Files", {"NotResource": [f"{BUCKET}/logs/*"]}, "has NotResource, which allows what nobody has named"),
        (INGEST, "DataKey", {"Condition": None}, "named alias/swiftlake-dev-data, which it touches"),
        (INGEST, "DataKey", {"Condition": {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/swiftlake-dev-secrets"}}},
         "named alias/swiftlake-dev-secrets, which it does not touch"),
        (INGEST, "DataKey", {"Condition": {"ForAnyValue:StringLike": {"kms:ResourceAliases": "alias/*"}}}, "does not know"),
        (INGEST, "Buckets", {"Condition": {"StringLike": {"s3:prefix": "warehouse/*"}}}, "a condition that this check does not know"),
        (INGEST, "ReadStreams", {"Resource": ["arn:aws:kinesis:eu-west-1:123456789012:stream/*"]},
         "a pattern that AWS does not force"),
        ("edge-gateway", "PutRecords", None, "edge-gateway: may not kinesis:PutRecords on "),
        ("edge-gateway", "Secrets", {"Resource": ["arn:aws:secretsmanager:eu-west-1:123456789012:secret:*"]}, "does not force"),
        ("simulate-trades", "WriteTopics", {"Resource": ["arn:aws:kafka:eu-west-1:123456789012:topic/swiftlake-dev/*"]},
         "a pattern that AWS does not force"),
        ("simulate-trades", "NotTheCode", None, "what EC2 lets Lambda do must be refused to the code"),
        ("simulate-trades", "NotTheCode", {"Condition": {}}, "refuses something, and this check does not know why"),
        ("optimize-tables", "GoOn", {"Resource+": "arn:aws:lambda:eu-west-1:123456789012:function:swiftlake-dev-edge-gateway"},
         "which it does not touch"),
        ("optimize-tables", "AthenaPartitions", None, "optimize-tables: may not glue:GetPartitions on "),
        ("bootstrap-tables", "Athena", {"Action+": "athena:StopQueryExecution"}, "may athena:StopQueryExecution, which nothing"),
    ],
)
def test_a_broken_policy_is_rejected(edit, job, sid, change, fault):
    with edit.statements(job) as statements:
        if change is None:
            del statements[sid]
        for name, value in (change or {}).items():
            statement = statements[sid]
            if name.endswith("+"):
                statement[name[:-1]].append(value)
            elif name.endswith("-"):
                statement[name[:-1]].remove(value)
            elif value is None:
                del statement[name]
            else:
                statement[name] = value
    reported = found(edit.plan())
    assert any(fault in each for each in reported), reported


def _share(edit):
    edit.function("edge-gateway")["role"] = edit.function(INGEST)["role"]


def _trust(edit):
    role = edit.values(f'module.function["{INGEST}"].aws_iam_role.this')
    role["assume_role_policy"] = role["assume_role_policy"].replace('"Service":"lambda.amazonaws.com"', '"AWS":"*"')


def _setting(edit):
    edit.function(INGEST)["environment"][0]["variables"]["LAKE_CREATE_TABLES"] = "1"


def _catalog(edit):
    edit.function("refresh-assets")["environment"][0]["variables"]["LAKE_CATALOG"] = "https://catalog.example.com"


def _unknown(edit):
    edit.values(f'module.function["{INGEST}"].aws_iam_role_policy.this')["policy"] = None


def _schedule(edit):
    policy = edit.values("module.schedules.aws_iam_role_policy.this")
    policy["policy"] = policy["policy"].replace("function:swiftlake-dev-optimize-tables", "function:swiftlake-dev-edge-gateway")


def _scheduler(edit):
    role = edit.values("module.schedules.aws_iam_role.this")
    role["assume_role_policy"] = role["assume_role_policy"].replace("aws:SourceAccount", "aws:PrincipalTag/team")


def _database(edit):
    edit.remove('module.catalog.aws_glue_catalog_database.this["iot_db"]')


def _role(edit):
    edit.remove(f'module.function["{INGEST}"].aws_iam_role.this')


def _attachment(edit):
    edit.add("aws_iam_role_policy_attachment", {"role": "any", "policy_arn": "arn:aws:iam::aws:policy/AdministratorAccess"})


def _managed(edit):
    edit.values("module.network[0].aws_iam_role.flow")["managed_policy_arns"] = ["arn:aws:iam::aws:policy/AdministratorAccess"]


def _user(edit):
    edit.add("aws_iam_user_policy", {"user": "somebody", "policy": "{}"})


def _further(edit):
    edit.add("aws_iam_role", {"name": "further", "assume_role_policy": edit.values("module.network[0].aws_iam_role.flow")["assume_role_policy"]})


def _nameless(edit):
    edit.add("aws_iam_role", {"name": None, "name_prefix": "further"})


def _flow(old: str, new: str):
    """Changes what the role of the flow logs may do."""
    def change(edit):
        values = edit.values("module.network[0].aws_iam_role_policy.flow")
        assert old in values["policy"]
        values["policy"] = values["policy"].replace(old, new)
    return change


def _flow_trust(edit):
    role = edit.values("module.network[0].aws_iam_role.flow")
    role["assume_role_policy"] = role["assume_role_policy"].replace("vpc-flow-logs.amazonaws.com", "ec2.amazonaws.com")


def _scheduler_service(edit):
    role = edit.values("module.schedules.aws_iam_role.this")
    role["assume_role_policy"] = role["assume_role_policy"].replace("scheduler.amazonaws.com", "lambda.amazonaws.com")


def _function(edit):
    edit.add("aws_lambda_function", {"function_name": "further"})


@pytest.mark.parametrize(
    "change, fault",
    [
        (_share, f"edge-gateway and {INGEST} share the role swiftlake-dev-{INGEST}-eu-west-1"),
        (_trust, f"{INGEST}: not only Lambda may take the role"),
        (_setting, f"{INGEST}: Lake.table(_:) may call Lake.create(_:), as LAKE_CREATE_TABLES is not 0 but 1"),
        (_catalog, "refresh-assets: LakeConnections.catalog(_:_:_:) may call RESTCatalog.init"),
        (_unknown, "its statements are known only after apply"),
        (_schedule, "the schedules: may lambda:InvokeFunction on "),
        (_scheduler, "the schedules: the role swiftlake-dev-schedules-eu-west-1 may be taken otherwise than by"),
        (_scheduler_service, "may be taken otherwise than by {\"Service\": \"scheduler.amazonaws.com\"}"),
        (_database, "bootstrap-tables: makes the database iot_db itself"),
        (_role, f"{INGEST}: its role swiftlake-dev-{INGEST}-eu-west-1 is none of this plan"),
        (_attachment, "policies stand within their roles"),
        (_managed, "has policies that this check does not read"),
        (_user, "the lake needs roles alone"),
        (_further, "aws_iam_role.further: nothing says why there is a role further, which may nothing"),
        (_nameless, "nothing says why there is a role None"),
        (_flow('"logs:PutLogEvents"', '"logs:PutLogEvents","logs:DeleteLogGroup"'), "may logs:DeleteLogGroup on "),
        (_flow('"logs:PutLogEvents"', '"logs:PutLogEvents","iam:PassRole"'), "may iam:PassRole on "),
        (_flow('"logs:CreateLogStream",', ""), "may not logs:CreateLogStream on "),
        (_flow("log-group:/aws/vpc/swiftlake-dev:*", "log-group:*"), "which only logs:DescribeLogGroups needs"),
        (_flow_trust, "may be taken otherwise than by {\"Service\": \"vpc-flow-logs.amazonaws.com\"}"),
        (_function, "aws_lambda_function.further: is no job of lambdas/"),
    ],
)
def test_a_broken_plan_is_rejected(edit, change, fault):
    change(edit)
    reported = found(edit.plan())
    assert any(fault in each for each in reported), reported


def changed(job: str, **operations):
    """The derivation, with further operations of a job, or without some."""
    derived = copy.deepcopy(derivation())
    for name, is_called in operations.items():
        if is_called:
            derived.operations[job][name] = [Place(str(SOURCES.resolve() / "Sources" / "Lake" / "New.swift"), 12, 5)]
        else:
            del derived.operations[job][name]
    return derived


def test_a_new_call_without_a_permission_is_a_fault(made):
    reported = found(made, changed("simulate-sensors", **{"lambda:Invoke": True}))
    assert reported == [
        "simulate-sensors: may not lambda:InvokeFunction on arn:aws:lambda:eu-west-1:123456789012:function:"
        "swiftlake-dev-simulate-sensors, which it needs (lambda:Invoke in Sources/Lake/New.swift)"]


def test_a_permission_whose_call_is_gone_is_a_fault(made):
    reported = found(made, changed("detect-anomalies", **{"sns:Publish": False}))
    assert reported == ["detect-anomalies: may sns:Publish, which nothing of it calls. Take it from terraform/permissions*.tf"]


def test_an_operation_without_an_entry_is_a_fault(made):
    fault, = found(made, changed(INGEST, **{"dynamodb:PutItem": True}))
    assert fault.startswith(f"{INGEST}: dynamodb:PutItem, called at ") and "New.swift:12, is not in actions.OPERATIONS" in fault


def test_a_call_of_a_job_that_touches_nothing_of_the_kind_is_a_fault(made):
    reported = found(made, changed("edge-gateway", **{"s3:PutObject for tables": True}))
    assert (
        "edge-gateway: calls for s3:PutObject (s3:PutObject for tables in Sources/Lake/New.swift), but scope.Scope.files knows "
        "nothing of it") in reported


def test_every_entry_is_of_a_call():
    """Of calls that nobody makes any more nothing is said."""
    derived = derivation()
    asked = {name for operations in derived.operations.values() for name in operations}
    assert set(actions.OPERATIONS) == asked
    spoken = {name for functions in derived.kafka.values() for name in functions}
    assert set(actions.KAFKA) | {f"rd_kafka_{name}" for name in actions.KAFKA_LOCAL} == spoken
