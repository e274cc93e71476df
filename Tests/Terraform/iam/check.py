"""Compares what each job's role may do, in a plan of terraform/, with what its code calls.

    check.py PLAN.json [--root terraform] [--store .build/debug/index/store] [--write]

A permission too many or too few is a fault, and so is a resource that is wider or narrower than what the job touches, or a
star that AWS does not force. The calls are derived from the index of a debug build (`swift build`), what is touched from
lake.json: neither looks at how terraform/permissions*.tf computes the policies. docs/permissions.md, which `--write` writes,
must say the same.

For another program: `calls()` derives the calls, which takes some seconds and is the same for all plans; `all_faults(plan,
calls)` checks a `planned.Plan` with them, and the page if the plan has every job.
"""

import argparse
import json
import os
import sys
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from iam import page, service_roles
from iam.derivation import Derivation, derive
from iam.exceptions import EXCEPTIONS, DatabasesMade, Setting
from iam.index_store import IndexStoreError
from iam.needs import Needed, needed
from iam.roles import Role, listed, roles
from iam.scope import Lake
from planned import Plan

REPOSITORY = Path(__file__).resolve().parents[3]
# The sources that were built: another working copy of the same ones may be named.
SOURCES = Path(os.environ.get("SWIFTLAKE_SOURCES", REPOSITORY))
STORE = SOURCES / ".build" / "debug" / "index" / "store"
PAGE = "docs/permissions.md"
_LAMBDA = "lambda.amazonaws.com"


def calls(repository: Path = SOURCES, store: Path = STORE) -> tuple[Derivation, list[str]]:
    """What the jobs call, and what is wrong with how that could be derived."""
    try:
        derivation = derive(repository, store)
    except IndexStoreError as error:
        return Derivation(), [str(error)]
    return derivation, derivation.faults


def described(derivation: Derivation) -> str:
    """How much was derived."""
    asked = {name for each in derivation.operations.values() for name in each}
    return f"{len(derivation.jobs)} jobs, {len(asked)} operations, {len(EXCEPTIONS)} calls that do not happen"


def all_faults(plan: Plan, derivation: Derivation, repository: Path = SOURCES) -> list[str]:
    """What is wrong with the roles of a plan; and with the page, if the plan has every job."""
    result = faults(plan, derivation, repository)
    if len(_functions(plan, Lake(plan), derivation)) == len(derivation.jobs):
        result += page.faults(plan, derivation, repository, REPOSITORY / PAGE)
    return result


def faults(plan: Plan, derivation: Derivation, repository: Path = SOURCES) -> list[str]:
    """What is wrong with the roles of a plan."""
    lake = Lake(plan)
    found = roles(plan)
    result = [fault for role in found.values() for fault in role.faults]
    functions = _functions(plan, lake, derivation)
    result += _pairing(plan, functions, found)
    for job, function in functions.items():
        role = found.get(_role_name(function))
        if role is None:
            continue
        need = needed(job, derivation, lake, function, repository)
        result += need.faults + compare(job, role, need) + _denials(job, role, function, lake)
        result += _grounds(job, function, plan, lake)
    compared = {_role_name(function) for function in functions.values()} | _schedule_roles(plan)
    trusts = {name: _trust(plan, name) for name in found}
    return result + _scheduler(plan, found, lake) + service_roles.faults(found, trusts, compared, lake)


def compare(job: str, role: Role, need: Needed) -> list[str]:
    """What a role may do and need not, and the other way round."""
    result = []
    for action in sorted(set(role.allowed) - need.actions):
        result.append(f"{job}: may {action}, which nothing of it calls. Take it from terraform/permissions*.tf")
    for action in sorted(need.actions - set(role.allowed)):
        on = ", ".join(sorted(need.resources(action)))
        result.append(f"{job}: may not {action} on {on}, which it needs ({need.why(action)})")
    for action in sorted(need.actions & set(role.allowed)):
        wanted, allowed = need.resources(action), role.allowed[action]
        for resource in sorted(allowed - wanted):
            result.append(f"{job}: may {action} on {resource}, which it does not touch")
        for resource in sorted(wanted - allowed):
            result.append(f"{job}: may not {action} on {resource}, which it touches ({need.why(action, resource)})")
    return result


def _functions(plan: Plan, lake: Lake, derivation: Derivation) -> dict:
    """The functions of the plan, by job."""
    return {
        job: function for job in derivation.jobs for function in plan.of_type("aws_lambda_function")
        if function["function_name"] == f"{lake.prefix}-{job}"}


def _role_name(function) -> str:
    return (function["role"] or "").rpartition("/")[2]


def _pairing(plan: Plan, functions: dict, found: dict[str, Role]) -> list[str]:
    """One role a job: no function without one, none with another's, and only Lambda takes it."""
    result = []
    users: dict[str, list[str]] = {}
    for job, function in functions.items():
        name = _role_name(function)
        users.setdefault(name, []).append(job)
        if name not in found:
            result.append(f"{job}: its role {name or '(known only after apply)'} is none of this plan")
        elif function.module != next(each for each in plan.of_type("aws_iam_role") if each["name"] == name).module:
            result.append(f"{job}: its role {name} belongs to {found[name].address}")
    for name, jobs in users.items():
        if len(jobs) > 1:
            result.append(f"{' and '.join(sorted(jobs))} share the role {name}")
        trust = _trust(plan, name)
        wanted = [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": _LAMBDA}}]
        if name in found and trust != wanted:
            result.append(f"{', '.join(jobs)}: not only Lambda may take the role {name}")
    known = {function.address for function in functions.values()}
    for function in plan.of_type("aws_lambda_function"):
        if function.address not in known:
            result.append(f"{function.address}: is no job of lambdas/")
    return result


def _trust(plan: Plan, name: str) -> list[dict] | None:
    """The statements of a role's trust policy, without their names; None where there is no such role, or none is known."""
    for role in plan.of_type("aws_iam_role"):
        if role["name"] == name and role["assume_role_policy"]:
            statements = listed(json.loads(role["assume_role_policy"])["Statement"])
            return [{key: value for key, value in each.items() if key != "Sid"} for each in statements]
    return None


def _denials(job: str, role: Role, function, lake: Lake) -> list[str]:
    """A refusal must be the one that keeps Lambda's own permissions from the code, and cover all of them."""
    own = {action for action in role.allowed if action.startswith("ec2:")}
    itself = lake.arn("lambda", f"function:{function['function_name']}")
    refused: set[str] = set()
    result = []
    for statement in role.denied:
        is_known = statement.get("Condition") == {"ArnEquals": {"lambda:SourceFunctionArn": itself}}
        if not is_known or listed(statement["Resource"]) != ["*"]:
            result.append(f"{job}: {statement.get('Sid', 'a statement')} refuses something, and this check does not know why")
        refused |= set(listed(statement["Action"]))
    if own != refused:
        result.append(f"{job}: what EC2 lets Lambda do must be refused to the code: {', '.join(sorted(own ^ refused))}")
    return result


def _grounds(job: str, function, plan: Plan, lake: Lake) -> list[str]:
    """What the exceptions of a job rest on."""
    result = []
    environment = ((function["environment"] or [{}])[0].get("variables")) or {}
    for exception in EXCEPTIONS:
        for ground in exception.rests_on if job in exception.jobs else ():
            if isinstance(ground, Setting) and environment.get(ground.name) != ground.value:
                result.append(
                    f"{job}: {exception.caller} may call {exception.callee}, as {ground.name} is not {ground.value} but "
                    f"{environment.get(ground.name)}")
            if isinstance(ground, DatabasesMade):
                made = {database["name"] for database in plan.of_type("aws_glue_catalog_database")}
                used = {name.split(".")[0] for name in [*lake.tables, *lake.views]} | set(lake.databases)
                for name in sorted(used - made):
                    result.append(f"{job}: makes the database {name} itself, as Terraform does not")
    return list(dict.fromkeys(result))


def _schedule_roles(plan: Plan) -> set[str]:
    """The roles that schedules name."""
    return {
        (each["target"][0].get("role_arn") or "").rpartition("/")[2] for each in plan.of_type("aws_scheduler_schedule")}


def _scheduler(plan: Plan, found: dict[str, Role], lake: Lake) -> list[str]:
    """The role that Scheduler takes may start what the schedules name, and put what failed into their queue."""
    result = []
    schedules = plan.of_type("aws_scheduler_schedule")
    targets = [each["target"][0] for each in schedules]
    for name in sorted(_schedule_roles(plan)):
        role = found.get(name)
        if role is None:
            result.append(f"the role of the schedules, {name or '(known only after apply)'}, is none of this plan")
            continue
        mine = [target for target in targets if target["role_arn"].endswith(f"/{name}")]
        key = f"{lake.arn('kms', 'key/*')} named alias/{lake.prefix}-operations"
        need = Needed()
        for target in mine:
            need.reasons[("lambda:InvokeFunction", target["arn"])] = ["a schedule"]
            for queue in target.get("dead_letter_config") or []:
                need.reasons[("sqs:SendMessage", queue["arn"])] = ["runs that failed"]
                need.reasons |= {(action, key): ["runs that failed"] for action in ("kms:Decrypt", "kms:GenerateDataKey")}
        result += compare("the schedules", role, need)
        wrong = service_roles.trust_faults(_trust(plan, name), service_roles.schedules_trust(lake))
        result += [f"the schedules: the role {name} {fault}" for fault in wrong]
    return result


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare the roles of a plan with what the code calls.")
    parser.add_argument("plan", type=Path, help="the plan as JSON, as plan.py --out writes it")
    parser.add_argument("--root", type=Path, default=REPOSITORY / "terraform", help="the root that was planned")
    parser.add_argument("--store", type=Path, default=STORE, help="the index of a debug build")
    parser.add_argument("--repository", type=Path, default=SOURCES, help="the sources that were built")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE}")
    given = parser.parse_args()
    plan = Plan.read(given.plan, given.root.resolve())
    derivation, found = calls(given.repository, given.store)
    if derivation.jobs:
        if given.write:
            (REPOSITORY / PAGE).write_text(page.text(plan, derivation, given.repository))
        found = found + all_faults(plan, derivation, given.repository)
    print(*found, sep="\n", file=sys.stderr)
    print(f"{described(derivation)}: {len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
