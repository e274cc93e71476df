"""Policies that a plan holds: that they are policies, that AWS would take them, and that the plan shows them whole."""

import json
import re
from collections import defaultdict
from dataclasses import dataclass

from planned import Plan, Resource


@dataclass(frozen=True)
class Kind:
    """What a policy must look like by what it is attached to."""

    has_principal: bool
    has_resource: bool = True
    # Characters that AWS allows, without the whitespace between them; None where it tells no limit.
    limit: int | None = None


IDENTITY = Kind(has_principal=False, limit=6144)
INLINE = Kind(has_principal=False, limit=10240)
TRUST = Kind(has_principal=True, has_resource=False, limit=2048)

# By resource type and argument.
KINDS = {
    ("aws_iam_policy", "policy"): IDENTITY,
    ("aws_iam_role_policy", "policy"): INLINE,
    ("aws_iam_user_policy", "policy"): Kind(has_principal=False, limit=2048),
    ("aws_iam_group_policy", "policy"): Kind(has_principal=False, limit=5120),
    ("aws_iam_role", "assume_role_policy"): TRUST,
    ("aws_s3_bucket", "policy"): Kind(has_principal=True, limit=20480),
    ("aws_s3_bucket_policy", "policy"): Kind(has_principal=True, limit=20480),
    ("aws_kms_key", "policy"): Kind(has_principal=True, limit=32768),
    ("aws_kms_key_policy", "policy"): Kind(has_principal=True, limit=32768),
    ("aws_sqs_queue", "policy"): Kind(has_principal=True),
    ("aws_sqs_queue_policy", "policy"): Kind(has_principal=True),
    ("aws_sns_topic", "policy"): Kind(has_principal=True, limit=30720),
    ("aws_sns_topic_policy", "policy"): Kind(has_principal=True, limit=30720),
    ("aws_secretsmanager_secret", "policy"): Kind(has_principal=True, limit=20480),
    ("aws_secretsmanager_secret_policy", "policy"): Kind(has_principal=True, limit=20480),
    ("aws_vpc_endpoint", "policy"): Kind(has_principal=True, limit=20480),
    ("aws_vpc_endpoint_policy", "policy"): Kind(has_principal=True, limit=20480),
    ("aws_kinesis_resource_policy", "policy"): Kind(has_principal=True, limit=20480),
    ("aws_msk_cluster_policy", "policy"): Kind(has_principal=True, limit=20480),
    ("aws_glue_resource_policy", "policy"): Kind(has_principal=True, limit=10240),
    ("aws_cloudwatch_log_resource_policy", "policy_document"): Kind(has_principal=True, limit=5120),
    ("aws_cloudwatch_event_bus_policy", "policy"): Kind(has_principal=True, limit=10240),
}
MEMBERS = {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}
ACTION = re.compile(r"\*|[a-z0-9-]+:[A-Za-z0-9*?]+")
ARN = re.compile(r"\*|arn:[\w*?${}-]*:[\w*?-]*:[\w*?-]*:[\w*?${}:-]*:.+")
OPERATOR = re.compile(
    r"((ForAnyValue|ForAllValues):)?"
    r"(String(Not)?(Equals(IgnoreCase)?|Like)|Numeric(Not)?(Equals|LessThan|LessThanEquals|GreaterThan|GreaterThanEquals)"
    r"|Date(Not)?(Equals|LessThan|LessThanEquals|GreaterThan|GreaterThanEquals)|Bool|BinaryEquals|(Not)?IpAddress"
    r"|Arn(Not)?(Equals|Like))(IfExists)?|Null"
)


def faults(plan: Plan) -> list[str]:
    """Faults of all policies of a plan."""
    found = []
    inline = defaultdict(int)
    for resource in plan.resources:
        for (kind_type, argument), kind in KINDS.items():
            if resource.type != kind_type:
                continue
            place = f"{resource.address}.{argument}"
            if resource.is_unknown(argument):
                found.append(f"{place}: known only after apply; make the ARNs in it from names, so that a plan shows it whole")
            elif resource[argument] is not None:
                found += [f"{place}: {fault}" for fault in document_faults(resource[argument], kind)]
                if kind is INLINE:
                    inline[_role(resource)] += len(_compact(resource[argument]))
    found += [f"inline policies of role {role}: {size} characters, AWS allows {INLINE.limit}" for role, size in inline.items() if size > INLINE.limit]
    return found


def count(plan: Plan) -> int:
    """How many policies a plan holds."""
    return sum(1 for resource in plan.resources for kind, argument in KINDS if resource.type == kind and resource[argument] is not None)


def document_faults(text: str, kind: Kind) -> list[str]:
    """Faults of one policy."""
    try:
        document = json.loads(text)
    except ValueError as error:
        return [f"no JSON: {error}"]
    if not isinstance(document, dict):
        return ["no policy, which is an object"]
    found = []
    if document.get("Version") != "2012-10-17":
        found.append('Version is not "2012-10-17", so that variables in it would not be understood')
    unknown = document.keys() - {"Version", "Id", "Statement"}
    if unknown:
        found.append(f"no member of a policy: {', '.join(sorted(unknown))}")
    statements = document.get("Statement")
    statements = [statements] if isinstance(statements, dict) else statements
    if not isinstance(statements, list) or not statements:
        return found + ["no Statement"]
    for index, statement in enumerate(statements):
        found += [f"statement {_name(statement, index)}: {fault}" for fault in _statement_faults(statement, kind)]
    names = [statement.get("Sid") for statement in statements if isinstance(statement, dict) and statement.get("Sid")]
    found += [f"Sid {name} stands twice" for name in sorted({name for name in names if names.count(name) > 1})]
    size = len(_compact(text))
    if kind.limit is not None and size > kind.limit:
        found.append(f"{size} characters, AWS allows {kind.limit}")
    return found


def _statement_faults(statement, kind: Kind) -> list[str]:
    if not isinstance(statement, dict):
        return ["no object"]
    found = []
    unknown = statement.keys() - MEMBERS
    if unknown:
        found.append(f"no member of a statement: {', '.join(sorted(unknown))}")
    if statement.get("Effect") not in ("Allow", "Deny"):
        found.append("Effect is neither Allow nor Deny")
    if not re.fullmatch(r"[A-Za-z0-9]*", statement.get("Sid", "")):
        found.append("Sid takes letters and digits only")
    found += _one_of(statement, "Action", ACTION)
    if kind.has_resource:
        found += _one_of(statement, "Resource", ARN)
    elif statement.keys() & {"Resource", "NotResource"}:
        found.append("a trust policy has no Resource")
    principals = statement.keys() & {"Principal", "NotPrincipal"}
    if kind.has_principal and len(principals) != 1:
        found.append("has no Principal, or two")
    if not kind.has_principal and principals:
        found.append("a policy of an identity has no Principal")
    return found + _condition_faults(statement.get("Condition", {}))


def _one_of(statement: dict, member: str, pattern: re.Pattern) -> list[str]:
    """Faults of a member or its negation, of which there must be one that is not empty."""
    given = [statement[name] for name in (member, "Not" + member) if name in statement]
    if len(given) != 1:
        return [f"has no {member}, or two"]
    values = [given[0]] if isinstance(given[0], str) else given[0]
    if not isinstance(values, list) or not values:
        return [f"{member} is empty"]
    return [f"{member} {value!r} is of no form that AWS takes" for value in values if not isinstance(value, str) or not pattern.fullmatch(value)]


def _condition_faults(condition) -> list[str]:
    if not isinstance(condition, dict):
        return ["Condition is no object"]
    found = [f"Condition has no operator {operator}" for operator in condition if not OPERATOR.fullmatch(operator)]
    for operator, keys in condition.items():
        if not isinstance(keys, dict) or not keys:
            found.append(f"Condition {operator} names no key")
            continue
        found += [f"Condition {operator} of {key} has no value" for key, value in keys.items() if value in ([], None)]
        found += [f"Condition key {key} names no service" for key in keys if ":" not in key]
    return found


def _compact(text: str) -> str:
    """The policy as AWS counts it."""
    try:
        return json.dumps(json.loads(text), separators=(",", ":"), ensure_ascii=False)
    except ValueError:
        return text


def _name(statement, index: int) -> str:
    return (statement.get("Sid") if isinstance(statement, dict) else None) or str(index + 1)


def _role(resource: Resource) -> str:
    return resource["role"] or f"in {resource.module or 'the root'}"
