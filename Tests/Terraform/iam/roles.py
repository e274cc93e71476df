"""The roles of a plan, and what their policies allow."""

import json
import re
from dataclasses import dataclass, field

from iam.actions import FORCED, PATTERNS

# Patterns that are forced for one action alone, which lists what they match.
_LISTS = {r":database/\*$": "glue:GetDatabases", r":table/[^/]+/\*$": "glue:GetTables", r":log-group:\*$": "logs:DescribeLogGroups"}
# Policies that are not in the role that they are of.
_ELSEWHERE = {
    "aws_iam_role_policy_attachment", "aws_iam_policy_attachment", "aws_iam_policy", "aws_iam_role_policies_exclusive",
    "aws_iam_role_policy_attachments_exclusive",
}
_ALIAS = {"ForAnyValue:StringEquals": "kms:ResourceAliases"}


@dataclass
class Role:
    """A role: its name, and where it stands in the plan; what it allows, by action; what is wrong with how that is said."""

    name: str
    address: str
    allowed: dict[str, set[str]] = field(default_factory=dict)
    denied: list[dict] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def roles(plan) -> dict[str, Role]:
    """The roles of a plan, by name, with the policies that stand within them."""
    found: dict[str, Role] = {}
    faults: list[str] = []
    for resource in plan.of_type("aws_iam_role"):
        role = Role(resource["name"], resource.address)
        if role.name in found:
            role.faults.append(f"{resource.address}: has the name of {found[role.name].address}")
        found[role.name] = role
        if resource["inline_policy"] or resource["managed_policy_arns"]:
            role.faults.append(f"{resource.address}: has policies that this check does not read")
    for resource in plan.of_type("aws_iam_role_policy"):
        role = found.get(resource["role"] or _role_beside(plan, resource))
        if role is None:
            faults.append(f"{resource.address}: is of no role of this plan")
            continue
        if resource["policy"] is None:
            role.faults.append(f"{resource.address}: its statements are known only after apply, so that nobody can check them")
            continue
        for statement in listed(json.loads(resource["policy"])["Statement"]):
            read(statement, resource.address, role)
    for resource in plan.resources:
        if resource.type in _ELSEWHERE:
            faults.append(f"{resource.address}: policies stand within their roles, where no other role can take them")
        elif resource.type.startswith("aws_iam_") and resource.type not in ("aws_iam_role", "aws_iam_role_policy"):
            faults.append(f"{resource.address}: the lake needs roles alone, and this check reads nothing else of IAM")
    if faults:
        found[""] = Role("", "the plan", faults=faults)
    return found


def _role_beside(plan, policy) -> str | None:
    """The role of a policy that names it by its id, which is the name: the only role of its module."""
    beside = [role["name"] for role in plan.of_type("aws_iam_role") if role.module == policy.module]
    return beside[0] if len(beside) == 1 and policy.is_unknown("role") else None


def listed(value) -> list:
    return value if isinstance(value, list) else [value]


def read(statement: dict, address: str, role: Role) -> None:
    """Adds a statement to what a role allows."""
    name = f"{address}: {statement.get('Sid', 'a statement')}"
    for member in ("NotAction", "NotResource", "NotPrincipal"):
        if member in statement:
            role.faults.append(f"{name}: has {member}, which allows what nobody has named")
            return
    if statement["Effect"] == "Deny":
        role.denied.append(statement)
        return
    resources = listed(statement["Resource"])
    condition = statement.get("Condition")
    for action in listed(statement["Action"]):
        if "*" in action or "?" in action:
            role.faults.append(f"{name}: {action} is a pattern; name the actions")
            continue
        for resource in resources:
            role.faults += [f"{name}: {fault}" for fault in _width(action, resource)]
            if condition is not None:
                alias = _alias(condition)
                if alias is None or not action.startswith("kms:"):
                    role.faults.append(f"{name}: has a condition that this check does not know: {json.dumps(condition)}")
                resource = f"{resource} named {alias}"
            role.allowed.setdefault(action, set()).add(resource)


def _alias(condition: dict) -> str | None:
    """The alias of a key that a condition names; None for any other condition."""
    if list(condition) != list(_ALIAS) or list(condition["ForAnyValue:StringEquals"]) != list(_ALIAS.values()):
        return None
    aliases = listed(condition["ForAnyValue:StringEquals"]["kms:ResourceAliases"])
    return aliases[0] if len(aliases) == 1 and "*" not in aliases[0] else None


def _width(action: str, resource: str) -> list[str]:
    """Why a resource is wider than AWS forces it to be."""
    if resource == "*":
        return [] if action in FORCED else [f"{action} is allowed on *, though AWS knows resources for it"]
    if "*" in resource or "?" in resource:
        if not any(re.fullmatch(pattern, resource) for pattern in PATTERNS):
            return [f"{action} is allowed on {resource}, a pattern that AWS does not force"]
        for ending, only in _LISTS.items():
            if re.search(ending, resource) and action != only:
                return [f"{action} is allowed on {resource}, which only {only} needs"]
    return []
