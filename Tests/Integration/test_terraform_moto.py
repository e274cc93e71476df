"""Everything that the root plans is made in moto, from the plan's JSON, through boto3, and read back: what a policy names is
there, the functions have the real zips, and a document that is no policy is refused."""

import base64
import copy
import hashlib
import json

import pytest
from botocore.exceptions import ClientError
from servers import Moto
from support import ROOT
from terraform_names import ELSEWHERE, arns, stray
from terraform_plans import changes, made, packages, whole
from terraform_resources import Maker, World, difference

DOCUMENT = ROOT / "docs" / "deploy.md"


@pytest.fixture(scope="module", params=["plain", "everything"])
def lake(request):
    """A plan, and what moto has made of it."""
    plan = whole(request.param)
    with Moto() as moto:
        world = made(plan, moto)
        world.plan = plan
        yield world


def test_everything_planned_is_made_and_read_back(lake):
    assert lake.made.keys() == lake.plan.addresses
    kinds: dict[str, list] = {}
    for making in lake.made.values():
        kinds.setdefault(making.type, []).append(len(making.read_back))
    for kind, counts in sorted(kinds.items()):
        print(f"{len(counts):4} {kind}: {max(counts)} arguments read back")
    for (kind, name), reason in sorted(lake.unread().items()):
        print(f"not read back: {kind}.{name}: {reason}")


def test_what_is_not_read_back_stands_in_the_documentation(lake):
    """A row of the table in docs/deploy.md for each type, with its arguments, or `everything`."""
    section = DOCUMENT.read_text().split("## What the tests prove, and what they cannot")[1].split("\n## ")[0]
    rows = [
        line.split("|")[1:4] for line in section.splitlines() if line.startswith("| `aws_") or line.startswith("| `terraform_")
    ]
    told = {(kind, name) for kinds, names, _ in rows for kind in words(kinds) for name in words(names) or ["everything"]}
    untold = {(kind, name) for kind, name in lake.unread() if not {(kind, name), (kind, "everything")} & told}
    assert untold == set()


def words(cell: str) -> list[str]:
    return cell.split("`")[1::2]


def test_every_name_that_is_written_down_is_of_something_there(lake):
    """Names are computed before anything is made: what AWS then calls it has to agree."""
    named = arns(lake)
    assert len(named) > 80, sorted(named)
    assert stray(lake) == {}
    print(f"{len(named)} ARNs, {len(ELSEWHERE)} patterns of what is made elsewhere")


def test_functions_hold_the_zips_that_were_packaged(lake):
    functions = lake.of_type("aws_lambda_function")
    for making in functions:
        job = making["function_name"].removeprefix("swiftlake-dev-")
        zip = (packages() / f"{job}.zip").read_bytes()
        found = lake.client("lambda").get_function(FunctionName=making["function_name"])["Configuration"]
        assert found["CodeSha256"] == base64.b64encode(hashlib.sha256(zip).digest()).decode()
        assert hashlib.sha256(zip).hexdigest() in making["s3_key"], "deployed by hash"
    print(f"{len(functions)} functions")


def test_buckets_refuse_what_comes_without_tls(lake):
    """These checks speak plain HTTP, which moto holds against the buckets' policies, as S3 would."""
    for making in lake.of_type("aws_s3_bucket_policy"):
        with pytest.raises(ClientError) as refusal:
            lake.client("s3").put_object(Bucket=making["bucket"], Key="warehouse/probe", Body=b"x")
        assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_statements_of_resource_policies_are_ones_of_iam(lake):
    """Moto keeps policies of buckets, keys, queues, topics and endpoints as they come. IAM's validator judges each of their
    statements, without the principal."""
    iam, count = lake.client("iam"), 0
    for making in lake.made.values():
        if making.type in ("aws_iam_role", "aws_iam_role_policy"):
            continue
        for name in ("policy", "policy_document"):
            if not making.get(name):
                continue
            document = json.loads(making[name])
            for statement in document["Statement"]:
                statement.pop("Principal")
            count += 1
            iam.create_policy(PolicyName=f"{making.type}-{count}", PolicyDocument=json.dumps(document))
    assert count > 20
    print(f"{count} policies")


# That each of these checks can fail.


BROKEN = {
    "no effect": lambda statement: statement.pop("Effect"),
    "an action without its service": lambda statement: statement.update(Action=["GetObject"]),
    "an unknown element": lambda statement: statement.update(Resources=statement.pop("Resource")),
    "a resource that is no ARN": lambda statement: statement.update(Resource=["swiftlake-dev-bronze"]),
    "an ARN in another service's form": lambda statement: statement.update(
        Resource=["arn:aws:s3:eu-west-1:123456789012:bucket"]
    ),
    "an unknown operator": lambda statement: statement.update(Condition={"StringSame": {"kms:ViaService": "s3"}}),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_policy_is_refused(moto, fault):
    role, policy = only("aws_iam_role", "kinesis-ingest"), only("aws_iam_role_policy", "kinesis-ingest")
    document = json.loads(policy["change"]["after"]["policy"])
    BROKEN[fault](document["Statement"][0])
    policy["change"]["after"]["policy"] = json.dumps(document)
    with pytest.raises(ClientError, match="MalformedPolicyDocument"):
        World(moto, None).make([role, policy])


@pytest.mark.parametrize("fault", [{"Action": "s3:GetObject"}, {"Resource": "*"}, {"Effect": "Perhaps"}])
def test_a_broken_trust_is_refused(moto, fault):
    role = only("aws_iam_role", "kinesis-ingest")
    trust = json.loads(role["change"]["after"]["assume_role_policy"])
    trust["Statement"][0].update(fault)
    role["change"]["after"]["assume_role_policy"] = json.dumps(trust)
    with pytest.raises(ClientError, match="MalformedPolicyDocument"):
        World(moto, None).make([role])


def only(kind: str, job: str) -> dict:
    """A copy of the one resource of a type in the module of a job."""
    (found,) = [change for change in changes(whole("plain")) if change["type"] == kind and f'"{job}"' in change["address"]]
    return copy.deepcopy(found)


def test_a_type_that_nobody_has_thought_of_is_a_fault(moto):
    change = only("aws_sqs_queue", "kinesis-ingest") | {"type": "aws_sqs_queue_of_tomorrow"}
    with pytest.raises(AssertionError, match="nobody has said how to make, or why not: aws_sqs_queue_of_tomorrow"):
        World(moto, None).make([change])


def test_an_argument_that_nothing_is_done_with_is_a_fault(moto):
    change = only("aws_sqs_queue", "kinesis-ingest")
    change["change"]["after"] |= {"fifo_throughput_limit": "perQueue", "kms_master_key_id": "alias/aws/sqs"}
    with pytest.raises(AssertionError, match="nothing was done with fifo_throughput_limit"):
        World(moto, None).make([change])


def test_a_value_that_aws_does_not_keep_is_a_fault(moto, monkeypatch):
    change = only("aws_sqs_queue", "kinesis-ingest")
    change["change"]["after"]["kms_master_key_id"] = "alias/aws/sqs"
    client = moto.client("sqs")
    kept = client.get_queue_attributes

    def forgetful(**arguments):
        reply = kept(**arguments)
        reply["Attributes"]["MessageRetentionPeriod"] = "345600"
        return reply

    monkeypatch.setattr(client, "get_queue_attributes", forgetful)
    world = World(moto, None)
    world.client = lambda service: client
    with pytest.raises(AssertionError, match="message_retention_seconds was planned as 1209600, and is '345600'"):
        world.make([change])


def test_a_name_of_nothing_is_found(moto):
    role, policy = only("aws_iam_role", "kinesis-ingest"), only("aws_iam_role_policy", "kinesis-ingest")
    policy["change"]["after"]["policy"] = policy["change"]["after"]["policy"].replace("stream/", "stream/another-")
    world = World(moto, None)
    world.make([role, policy])
    assert any("stream/another-" in arn for arn in stray(world))


DIFFERENCES = [
    ({"a_b": 1}, {"AB": 1, "more": 2}, True),
    ({"a_b": 1}, {"AB": 2}, False),
    ({"a": 1}, {}, False),
    ([{"x": [1, 2]}], {"X": [2, 1]}, True),
    ([1, 2], [1, 2, 3], False),
    ('{"a": [1, 2]}', {"a": [1, 2]}, True),
    ('{"a": [1, 2]}', '{"a": [2, 1]}', False),
    ({"k": "v"}, [{"Key": "k", "Value": "v"}, {"Key": "l", "Value": "w"}], True),
    ({"k": "v"}, [{"Key": "k", "Value": "w"}], False),
    (True, "true", True),
    (True, False, False),
    (False, None, True),
    (300, "300", True),
    ("a", None, False),
    (None, "anything", True),
]


@pytest.mark.parametrize("planned,actual,same", DIFFERENCES)
def test_planned_and_found_values_are_told_apart(planned, actual, same):
    assert (difference(planned, actual) is None) == same


def test_every_type_that_can_be_made_is_one_of_the_provider():
    assert all(kind.startswith(("aws_", "terraform_data")) for kind in Maker.registry)
