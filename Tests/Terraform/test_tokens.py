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
        assert without(resource.values) == without(tokens[resource.address].values), resource.address


def without(value):
    """A value without its tokens, and without what is null or unknown."""
    if isinstance(value, list):
        return [without(item) for item in value]
    if isinstance(value, dict):
        known = {name: without(item) for name, item in value.items()}
        return {name: item for name, item in known.items() if item is not None}
    return None if isinstance(value, str) and TOKEN.search(value) else value
