"""Roles that are neither a job's nor the schedules': what each is for, who takes it, and all that it may do.

A role that is not here, and not compared otherwise, is a fault: nobody has said why there is one.
"""

import json
from dataclasses import dataclass

from iam.roles import Role, listed
from iam.scope import Lake


@dataclass(frozen=True)
class Expected:
    """A role as it must be, and why."""

    reason: str
    # The only statement of the trust policy, without a name.
    trust: dict
    # Resources by action.
    allowed: dict[str, set[str]]


def expected(lake: Lake) -> dict[str, Expected]:
    """The roles, by name."""
    flows = lake.arn("logs", f"log-group:/aws/vpc/{lake.prefix}:*")
    key = f"{lake.arn('kms', 'key/*')} named alias/{lake.prefix}-operations"
    return {
        f"{lake.prefix}-flow-logs-{lake.region}": Expected(
            reason="VPC flow logs have no other way into a log group: the service takes a role of the account",
            trust=service("vpc-flow-logs.amazonaws.com", {
                "StringEquals": {"aws:SourceAccount": lake.account},
                "ArnLike": {"aws:SourceArn": lake.arn("ec2", "vpc-flow-log/*")},
            }),
            allowed={
                # Terraform makes the group: the role must not, nor end it. Of each interface the service writes a log stream.
                "logs:CreateLogStream": {flows},
                "logs:DescribeLogStreams": {flows},
                "logs:PutLogEvents": {flows},
                "logs:DescribeLogGroups": {lake.arn("logs", "log-group:*")},
            },
        ),
        # Where schedules name it, it is compared with what they start.
        f"{lake.prefix}-schedules-{lake.region}": Expected(
            reason="what a lake without schedules has of them: the queue of runs that failed",
            trust=schedules_trust(lake),
            allowed={
                "sqs:SendMessage": {lake.arn("sqs", f"{lake.prefix}-schedule-failures")},
                "kms:Decrypt": {key},
                "kms:GenerateDataKey": {key},
            },
        ),
    }


def schedules_trust(lake: Lake) -> dict:
    """Who takes the role of the schedules: Scheduler, for the group of this lake."""
    return service("scheduler.amazonaws.com", {"StringEquals": {
        "aws:SourceAccount": lake.account, "aws:SourceArn": lake.arn("scheduler", f"schedule-group/{lake.prefix}")}})


def service(name: str, condition: dict) -> dict:
    """The statement by which a service takes a role."""
    return {"Effect": "Allow", "Principal": {"Service": name}, "Action": "sts:AssumeRole", "Condition": condition}


def faults(found: dict[str, Role], trusts: dict[str, list[dict] | None], compared: set[str], lake: Lake) -> list[str]:
    """What is wrong with the roles that are not compared with the code: `compared` are those that are."""
    wanted = expected(lake)
    result = []
    for name, role in found.items():
        # Without a name stands what is wrong with the plan as a whole.
        if name in compared or name == "":
            continue
        if name not in wanted:
            result.append(f"{role.address}: nothing says why there is a role {name}, which may {', '.join(sorted(role.allowed)) or 'nothing'}")
            continue
        result += [f"{role.address}: {fault}" for fault in _differences(role, wanted[name]) + trust_faults(trusts[name], wanted[name].trust)]
    return result


def trust_faults(given: list[dict] | None, wanted: dict) -> list[str]:
    """How a trust policy is not the one statement that is wanted."""
    if given == [wanted]:
        return []
    return [f"may be taken otherwise than by {json.dumps(wanted['Principal'])} if {json.dumps(wanted['Condition'])}: {json.dumps(given)}"]


def _differences(role: Role, wanted: Expected) -> list[str]:
    result = []
    for action in sorted(role.allowed.keys() | wanted.allowed.keys()):
        allowed, needed = role.allowed.get(action, set()), wanted.allowed.get(action, set())
        result += [f"may {action} on {resource}, which it needs not: {wanted.reason}" for resource in sorted(allowed - needed)]
        result += [f"may not {action} on {resource}, which it needs: {wanted.reason}" for resource in sorted(needed - allowed)]
    refused = [action for statement in role.denied for action in listed(statement.get("Action", []))]
    return result + ([f"refuses {', '.join(refused)}, and this check does not know why"] if role.denied else [])
