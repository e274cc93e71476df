"""docs/permissions.md: which permissions each job needs and why, as it was derived."""

from pathlib import Path

from iam.derivation import Derivation
from iam.exceptions import EXCEPTIONS, DatabasesMade, NeverReached, Setting
from iam.needs import Needed, needed
from iam.scope import Lake
from planned import Plan

_HEAD = """# Permissions

What the role of each function may do, and why: of its code's calls, derived from the code, and of what AWS does in the role's
name. `Tests/Terraform/iam` writes this page and compares it, and the roles of `terraform/`, with the code in `./build.sh
lint`. Resources are those of the repository's own `lake.json`.

"""
_TAIL = """
## What is in no policy

Calls that stand in the code and that no deployed function makes:

| who would call | what | why it does not happen | what that rests on |
|---|---|---|---|
"""
_END = """
Roles are taken by `lambda.amazonaws.com` alone. There is no `aws:SourceAccount` beside it: Lambda does not promise to send that
key when it takes a function's role. Who may hand a role to Lambda is decided by `iam:PassRole`, which nothing here has.

`*` stands only where AWS knows no resource: X-Ray, and EC2's `Describe…`. Ids that AWS makes up are matched as narrowly as it
allows: KMS keys by their alias (`kms:ResourceAliases`), secrets by six characters, an MSK cluster made here by its name. What
EC2 lets Lambda do for its network interfaces is denied to the code (`lambda:SourceFunctionArn`).
"""


def text(plan: Plan, derivation: Derivation, repository: Path) -> str:
    """The page of a plan."""
    lake = Lake(plan)
    parts = [_HEAD]
    for job in derivation.jobs:
        functions = [each for each in plan.of_type("aws_lambda_function") if each["function_name"] == f"{lake.prefix}-{job}"]
        if not functions:
            parts.append(f"## {job}\n\nNot deployed with this `lake.json` and the variables' defaults.\n\n")
            continue
        parts.append(f"## {job}\n\n| action | on | for |\n|---|---|---|\n")
        parts += _rows(needed(job, derivation, lake, functions[0], repository), lake)
        parts.append("\n")
    parts.append(_TAIL.lstrip("\n"))
    for each in EXCEPTIONS:
        grounds = ", ".join(_ground(ground) for ground in each.rests_on)
        parts.append(f"| `{each.caller}` | `{each.callee}` | {each.reason} | {grounds} |\n")
    return "".join(parts) + _END


def faults(plan: Plan, derivation: Derivation, repository: Path, path: Path) -> list[str]:
    """Whether the page says something else."""
    if path.is_file() and path.read_text() == text(plan, derivation, repository):
        return []
    return [f"{path.name} is not what the code calls: run Tests/Terraform/iam/check.py --write"]


def _rows(need: Needed, lake: Lake) -> list[str]:
    """A row for actions that have resources and reasons in common."""
    rows: dict[tuple[str, str], list[str]] = {}
    for action in sorted(need.actions):
        resources = "<br>".join(f"`{_short(each, lake)}`" for each in sorted(need.resources(action)))
        rows.setdefault((resources, need.why(action)), []).append(f"`{action}`")
    return [f"| {'<br>'.join(names)} | {resources} | {why} |\n" for (resources, why), names in rows.items()]


def _short(resource: str, lake: Lake) -> str:
    """An ARN without what all have in common."""
    for service in ("athena", "ec2", "glue", "kafka", "kinesis", "kms", "lambda", "logs", "secretsmanager", "sns", "sqs"):
        resource = resource.replace(lake.arn(service, ""), f"{service}:")
    return resource.replace(f"arn:{lake.partition}:s3:::", "s3:").replace(f"-{lake.account}-{lake.region}", "")


def _ground(ground) -> str:
    match ground:
        case Setting(name, value):
            return f"`{name}` is `{value}`" if value is not None else f"`{name}` is not set"
        case NeverReached(type_name):
            return f"no function makes an `{type_name}`"
        case DatabasesMade():
            return "Terraform makes all databases of `lake.json`"
