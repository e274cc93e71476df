"""Policies of the plan as parliament reads them, which knows every service's actions, the resources that each can be given
for, and their conditions: what it finds is nothing, or has its reason here."""

import json

import parliament
import pytest
from terraform_plans import planned

CONDITION, RESOURCE, TYPE = "UNKNOWN_CONDITION_FOR_ACTION", "RESOURCE_MISMATCH", "MISMATCHED_TYPE"
# Findings that are none: the issue, a word of what is told of it, and why.
EXPLAINED = [
    (CONDITION, "kms:ResourceAliases", "a condition on the key, which the reference lists with no action"),
    (CONDITION, "lambda:SourceFunctionArn", "is in every request that a function makes"),
    (RESOURCE, "kafka:GetBootstrapBrokers", "not in the reference, but MSK judges it on the cluster; AWS's CDK grants it so"),
    (RESOURCE, "logs:DescribeLogGroups", "not in the reference, but judged on log-group::log-stream:, as refusals of AWS tell"),
    (TYPE, "s3:TlsVersion", "parliament knows no numbers with fractions"),
    (CONDITION, "s3:TlsVersion", "with all of s3:*, of which a few actions come without it"),
    (CONDITION, "kms:EncryptionContext:aws:logs:arn", "with kms:Describe*, as the guide of CloudWatch Logs has it"),
    (RESOURCE, "kms:DescribeCustomKeyStores", "one of kms:Describe*"),
    (TYPE, "requires a value of type Arn but given String", "encryption contexts, which the same guide compares as ARNs"),
    (RESOURCE, "ec2:CreateNetworkInterface", "an ARN that ends in */* is one of interfaces, subnets and groups alike"),
    (RESOURCE, "ec2:DeleteNetworkInterface", "the same"),
    (RESOURCE, "ec2:AssignPrivateIpAddresses", "the same"),
    (RESOURCE, "ec2:UnassignPrivateIpAddresses", "the same"),
]
EVERYTHING = {
    "features": {"elastic": True, "macie": True},
    "elastic": {"url": "https://quotes.es.eu-west-1.aws.found.io"},
    "alpaca_key": True,
}


def findings(policy: str) -> list[str]:
    """What parliament says against a document, but for what is explained."""
    found = []
    for finding in parliament.analyze_policy_string(policy).findings:
        about = finding.detail if isinstance(finding.detail, list) else [finding.detail]
        for one in about:
            text = one["action"] if isinstance(one, dict) else str(one)
            if not any(finding.issue == issue and word in text for issue, word, _ in EXPLAINED):
                found.append(f"{finding.issue}: {text} {finding.location}")
    return found


def documents(plan) -> dict[tuple[str, str], str]:
    """Every policy of an identity in a plan, and those of resources without their principals."""
    found = {}
    for resource in plan.resources:
        for name in ("policy", "policy_document"):
            text = resource.values.get(name)
            if text:
                document = json.loads(text)
                for statement in document["Statement"]:
                    statement.pop("Principal", None)
                if resource.type == "aws_kms_key":
                    # In a key's own policy * is that key, and kms:* what there is for one.
                    document["Statement"] = [one for one in document["Statement"] if one["Action"] != "kms:*"]
                    for statement in document["Statement"]:
                        statement["Resource"] = "arn:aws:kms:eu-west-1:123456789012:key/12345678-1234-1234-1234-123456789012"
                found[(resource.address, name)] = json.dumps(document)
    return found


@pytest.mark.parametrize("variables", [{}, EVERYTHING], ids=["plain", "everything"])
def test_policies_name_actions_resources_and_conditions_that_there_are(variables):
    plan = planned(**variables)
    policies = documents(plan)
    against = {where: found for where, text in policies.items() if (found := findings(text))}
    assert against == {}
    print(f"{len(policies)} policies")


BROKEN = {
    "UNKNOWN_ACTION": {"Action": "s3:GetObjects", "Resource": "arn:aws:s3:::b/*"},
    "RESOURCE_MISMATCH": {"Action": "s3:GetObject", "Resource": "arn:aws:s3:::b"},
    "UNKNOWN_CONDITION_FOR_ACTION": {
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::b/*",
        "Condition": {"StringEquals": {"s3:prefixes": "a"}},
    },
    "UNKNOWN_OPERATOR": {
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::b/*",
        "Condition": {"StringSame": {"aws:SourceVpc": "a"}},
    },
}


@pytest.mark.parametrize("issue", BROKEN)
def test_a_policy_of_what_there_is_not_is_found(issue):
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **BROKEN[issue]}]}
    assert any(found.startswith(issue) for found in findings(json.dumps(policy))), findings(json.dumps(policy))
