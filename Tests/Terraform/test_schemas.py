"""The schemas that are read from the declarations, against what the provider's own documentation says of these types."""

import pytest

import plan
from standin import package, planning
from standin.declarations import Declarations, Untold
from standin.values import UNKNOWN


@pytest.fixture(scope="module")
def declarations():
    return Declarations(package.library(plan.BUILD))


def at(schema: dict, path: str) -> dict:
    """A block or attribute by its path, such as rule/filter/prefix."""
    block = schema["block"]
    *outer, last = path.split("/")
    for name in outer:
        block = block["block_types"][name]["block"]
    return block["block_types"].get(last) or block["attributes"][last]


@pytest.mark.parametrize(("path", "kind", "most", "least"), [
    ("aws_lambda_function:vpc_config", "list", 1, None),
    ("aws_lambda_function:timeouts", "single", 0, 0),
    ("aws_s3_bucket_lifecycle_configuration:rule", "list", None, None),
    ("aws_s3_bucket_lifecycle_configuration:rule/transition", "set", None, None),
    ("aws_s3_bucket_server_side_encryption_configuration:rule", "set", None, 1),
    ("aws_s3_bucket_server_side_encryption_configuration:rule/apply_server_side_encryption_by_default", "list", 1, None),
    ("aws_msk_serverless_cluster:client_authentication/sasl/iam", "list", 1, 1),
    ("aws_msk_cluster:broker_node_group_info/storage_info/ebs_storage_info", "list", 1, None),
    ("aws_scheduler_schedule:target/retry_policy", "list", 1, None),
    ("aws_scheduler_schedule:flexible_time_window", "list", 1, 1),
])
def test_blocks(declarations, path, kind, most, least):
    name, _, inner = path.partition(":")
    block = at(declarations.resource(name), inner)
    assert (block["nesting_mode"], block.get("max_items"), block.get("min_items")) == (kind, most, least)


@pytest.mark.parametrize(("path", "expected"), [
    ("aws_lambda_function:role", {"required": True, "type": "string"}),
    ("aws_lambda_function:layers", {"optional": True, "type": ["list", "string"]}),
    ("aws_lambda_function:id", {"optional": True, "computed": True, "type": "string"}),
    ("aws_lambda_function:invoke_arn", {"computed": True, "type": "string"}),
    ("aws_lambda_function:vpc_config/subnet_ids", {"required": True, "type": ["set", "string"]}),
    ("aws_lambda_function:vpc_config/vpc_id", {"computed": True, "type": "string"}),
    ("aws_lambda_function:environment/variables", {"optional": True, "type": ["map", "string"]}),
    ("aws_kinesis_stream:shard_count", {"optional": True, "type": "number"}),
    ("aws_secretsmanager_secret_version:secret_string_wo", {"optional": True, "write_only": True, "type": "string"}),
    ("aws_secretsmanager_secret_version:secret_string_wo_version", {"optional": True, "type": "number"}),
    ("aws_eks_cluster:certificate_authority", {"computed": True, "type": ["list", ["object", {"data": "string"}]]}),
])
def test_attributes(declarations, path, expected):
    name, _, inner = path.partition(":")
    assert at(declarations.resource(name), inner) == expected


def test_blocks_that_are_written_as_attributes(declarations):
    ingress = at(declarations.resource("aws_security_group"), "ingress")
    assert (ingress["optional"], ingress["computed"]) == (True, True)
    assert ingress["type"][0] == "set" and ingress["type"][1][1]["cidr_blocks"] == ["list", "string"]


def test_the_provider_itself(declarations):
    provider = declarations.provider()
    assert "alias" not in provider["block"]["attributes"]
    assert at(provider, "default_tags/tags") == {"optional": True, "type": ["map", "string"]}


def test_a_type_that_there_is_not(declarations):
    assert declarations.resource("aws_lambda_funktion") is None
    assert declarations.data_source("aws_lambda_funktion") is None


def test_a_type_that_is_not_told_is_refused(declarations):
    with pytest.raises(Untold, match="statement|rule"):
        declarations.resource("aws_wafv2_rule_group")


BLOCK = {
    "attributes": {
        "name": {"required": True, "type": "string"},
        "arn": {"computed": True, "type": "string"},
        "zone": {"optional": True, "computed": True, "type": "string"},
        "note": {"optional": True, "type": "string"},
        "secret": {"optional": True, "write_only": True, "type": "string"},
        "nested": {"optional": True, "nested_type": {"nesting_mode": "map", "attributes": {"id": {"computed": True, "type": "string"}}}},
    },
    "block_types": {"rule": {"nesting_mode": "list", "block": {"attributes": {"id": {"computed": True, "type": "string"}}}}},
}
PROPOSED = {"name": "n", "arn": None, "zone": None, "note": None, "secret": "s", "nested": {"a": {"id": None}}, "rule": [{"id": None}]}


def test_what_is_planned():
    assert planning.created(BLOCK, PROPOSED) == {
        "name": "n", "arn": UNKNOWN, "zone": UNKNOWN, "note": None, "secret": None,
        "nested": {"a": {"id": UNKNOWN}}, "rule": [{"id": UNKNOWN}],
    }


def test_unknown_blocks_stay_unknown():
    planned = planning.created(BLOCK, PROPOSED | {"rule": UNKNOWN, "nested": UNKNOWN})
    assert (planned["rule"], planned["nested"]) == (UNKNOWN, UNKNOWN)


@pytest.mark.parametrize(("given", "decided"), [
    ({}, []),
    ({"zone": "z"}, []),
    ({"arn": "a"}, ["arn"]),
    ({"arn": UNKNOWN}, ["arn"]),
    ({"rule": [{"id": None}, {"id": "i"}]}, ["rule.id"]),
    ({"nested": {"a": {"id": "i"}}}, ["nested.id"]),
    ({"rule": UNKNOWN}, []),
])
def test_what_the_provider_decides(given, decided):
    assert planning.decided(BLOCK, PROPOSED | given) == decided


def test_answers_fill_what_was_not_asked_for():
    block = {"attributes": {"state": {}, "names": {}, "other": {}}, "block_types": {"filter": {}}}
    assert planning.answered(block, {"state": "available", "filter": []}, {"state": "x", "names": ["a"]}) == {
        "state": "available", "names": ["a"], "other": None, "filter": [],
    }
    assert planning.missing(block, {"names": [], "nomes": []}) == ["nomes"]
