"""docs/permissions.md: which permissions each job needs and why, as it was derived."""

from pathlib import Path

from iam.derivation import Derivation
from iam.exceptions import EXCEPTIONS, DatabasesMade, NeverReached, Setting
from iam.needs import Needed, needed
from iam.scope import Lake, Scope
from planned import Plan

_HEAD = """# Permissions

What the role of each function may do, and why: of its code's calls, derived from the code, and of what AWS does in the role's
name. `Tests/Terraform/iam` writes this page, and compares it and the roles of `terraform/` with the code in `./build.sh lint`.
Resources are those of the repository's own `lake.json`. Where a row names files, code calls for it there.

## Every function

| action | on | for |
|---|---|---|
"""
# Kinds of resources, in words. The names that they stand for follow from lake.json.
_KINDS = {
    "files": "files of its tables",
    "buckets": "buckets of its tables",
    "definition": "`definitions/*` of the artefacts' bucket",
    "tables_read": "its tables in Glue",
    "tables_changed": "its tables in Glue",
    "plain_tables": "its plain tables in Glue",
    "all_databases": "`database/*` in Glue, which AWS asks for",
    "all_tables": "`table/DATABASE/*` in Glue, which AWS asks for",
    "databases": "databases of its tables",
    "default_database": "the database `default`",
    "workgroup": "the lake's workgroup",
    "results": "`athena-results/*` of the artefacts' bucket",
    "results_bucket": "the artefacts' bucket",
    "streams_written": "the streams that it writes to",
    "streams_read": "the streams that it reads",
    "given_up": "`aws/lambda/*` of the artefacts' bucket",
    "given_up_bucket": "the artefacts' bucket",
    "cluster": "the cluster",
    "topics_read": "the topics that it reads",
    "topics_made": "the topics of `lake.json`",
    "topics_written": "the topic that it writes to",
    "groups": "its consumer groups",
    "secrets": "its secrets",
    "alert_topic": "the topic of alerts",
    "itself": "itself",
    "failure_queue": "its queue of failed events",
    "log_streams": "its log group",
    "interfaces": "network interfaces of the account and region",
    "everything": "`*`",
    "data_key": "the key `data`",
    "files_key": "the key `data`",
    "results_key": "the key `data`",
    "given_up_key": "the key `data`",
    "operations_key": "the key `operations`",
    "secrets_key": "the key `secrets`",
    "key_of_streams_read": "the key `streams`",
    "key_of_streams_written": "the key `streams`",
}
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
    functions = {
        job: function for job in derivation.jobs for function in plan.of_type("aws_lambda_function")
        if function["function_name"] == f"{lake.prefix}-{job}"}
    rows = {job: _rows(needed(job, derivation, lake, function, repository)) for job, function in functions.items()}
    common = [row for row in next(iter(rows.values()), []) if all(row in each for each in rows.values())]
    parts = [_HEAD, *common, "\n"]
    for job in derivation.jobs:
        if job not in rows:
            parts.append(f"## {job}\n\nNot deployed with these variables.\n\n")
            continue
        parts.append(f"## {job}\n\n{_touched(lake, job, functions[job])}| action | on | for |\n|---|---|---|\n")
        parts += [row for row in rows[job] if row not in common]
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


def _rows(need: Needed) -> list[str]:
    """A row for actions that have resources and reasons in common."""
    rows: dict[tuple[str, str], list[str]] = {}
    for (action, kind), callers in sorted(need.callers.items()):
        rows.setdefault((_KINDS[kind], _callers(callers)), []).append(f"`{action}`")
    return [f"| {', '.join(dict.fromkeys(names))} | {on} | {why} |\n" for (on, why), names in rows.items()]


def _callers(callers: dict[str, list[str]]) -> str:
    """What is called, and by which files; what is called by the same ones stands together."""
    together: dict[tuple[str, ...], list[str]] = {}
    for name, files in callers.items():
        called = name.split(" for ")[0].partition(":")[2] or name if files else name
        together.setdefault(tuple(Path(each).name for each in files), []).append(f"`{called}`" if files else name)
    return "; ".join(
        f"{', '.join(dict.fromkeys(names))} in {', '.join(f'`{each}`' for each in files)}" if files else ", ".join(names)
        for files, names in together.items())


def _touched(lake: Lake, job: str, function) -> str:
    """Which tables, views, streams and topics are the job's."""
    scope = Scope(lake, job, function)
    tables = [f"`{each.rpartition(':table/')[2].replace('/', '.')}`" for each in scope("tables_read") if ":table/" in each]
    others = [
        f"`{each.rpartition('/')[2]}`" for kind in ("streams_read", "streams_written", "topics_read") for each in scope(kind)]
    if job in ("poll-quotes", "simulate-trades"):
        others += [f"`{each.rpartition('/')[2]}`" for each in scope("topics_written")]
    named = {"Tables and views": tables, "Streams and topics": others}
    lines = [f"{what}: {', '.join(names)}." for what, names in named.items() if names]
    return " ".join(lines) + "\n\n" if lines else ""


def _ground(ground) -> str:
    match ground:
        case Setting(name, value):
            return f"`{name}` is `{value}`" if value is not None else f"`{name}` is not set"
        case NeverReached(type_name):
            return f"no function makes an `{type_name}`"
        case DatabasesMade():
            return "Terraform makes all databases of `lake.json`"
