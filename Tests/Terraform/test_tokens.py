"""Tokens stand where a plan would show nothing, and lead back to the resource whose value belongs there."""

import re
from pathlib import Path

import pytest
from plan import plan

TOKEN = re.compile(r"\[\[aws_\w+#\d+\.\w+\]\]")
ROOT = Path(__file__).resolve().parent / "fixtures" / "small"


@pytest.fixture(scope="module")
def tokens():
    return plan(ROOT, tokens=True)


def test_a_reference_is_the_token_of_what_it_refers_to(tokens):
    assert tokens["aws_iam_role_policy.this"]["role"] == tokens["aws_iam_role.this"]["id"]
    assert re.fullmatch(r"\[\[aws_iam_role#\d+\.id\]\]", tokens["aws_iam_role.this"]["id"])


def test_a_token_of_an_arn_begins_like_one(tokens):
    assert re.fullmatch(r"arn:aws:token:eu-west-1:\d{12}:\[\[aws_vpc#\d+\.arn\]\]", tokens["aws_vpc.this"]["arn"])


def test_resources_of_one_type_have_tokens_of_their_own(tokens):
    subnets = [resource["id"] for resource in tokens.of_type("aws_subnet")]
    assert len(set(subnets)) == len(subnets) == 3


def test_what_is_known_without_tokens_is_the_same_with_them(tokens):
    plain = plan(ROOT)
    assert plain["aws_iam_role.this"].is_unknown("arn") and not tokens["aws_iam_role.this"].is_unknown("arn")
    for resource in plain.resources:
        known = {name: value for name, value in resource.values.items() if value is not None}
        assert {name: without(tokens[resource.address][name]) for name in known} == known


def without(value):
    """A value as it is planned where its tokens are unknown."""
    if isinstance(value, list):
        return [without(item) for item in value]
    if isinstance(value, dict):
        return {name: without(item) for name, item in value.items()}
    return None if isinstance(value, str) and TOKEN.search(value) else value
