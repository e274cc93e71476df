"""Plans and a derivation for the tests of the check, and ways to break a plan."""

import copy
import json
from functools import cache
from pathlib import Path

import plan as planning
import zips
from iam.check import REPOSITORY, SOURCES, STORE
from iam.derivation import Derivation, derive
from planned import Plan

TERRAFORM = REPOSITORY / "terraform"


@cache
def derivation() -> Derivation:
    """What the code calls, from the index of the debug build."""
    return derive(SOURCES, STORE)


def planned(folder: Path, **variables) -> Plan:
    """A plan of the root with these variables."""
    given = {"alarm_email": "data@example.com", "packages": str(zips.write(folder / "dist"))} | variables
    return planning.plan(TERRAFORM, given)


class Edit:
    """A copy of a plan, whose resources can be changed."""

    def __init__(self, plan: Plan):
        self.root = plan.root
        self.document = copy.deepcopy(plan.document)

    def plan(self) -> Plan:
        return Plan(self.document, self.root)

    def values(self, address: str) -> dict:
        """The values of a resource."""
        planned = _resources(self.document["planned_values"]["root_module"])
        return next(each for each in planned if each["address"] == address)["values"]

    def add(self, type_name: str, values: dict) -> None:
        """A further resource of the root."""
        self.document["planned_values"]["root_module"].setdefault("resources", []).append({
            "address": f"{type_name}.further", "mode": "managed", "type": type_name, "name": "further", "values": values})

    def remove(self, address: str) -> None:
        """Takes a resource away."""
        _remove(self.document["planned_values"]["root_module"], address)

    def function(self, job: str) -> dict:
        return self.values(f'module.function["{job}"].aws_lambda_function.this')

    def statements(self, job: str) -> "Statements":
        """The statements of a job's policy, which are put back at the end of a `with`."""
        return Statements(self.values(f'module.function["{job}"].aws_iam_role_policy.this'))


class Statements:
    """The statements of a policy, by Sid."""

    def __init__(self, values: dict):
        self._values = values

    def __enter__(self) -> dict[str, dict]:
        self._document = json.loads(self._values["policy"])
        self._statements = {each["Sid"]: each for each in self._document["Statement"]}
        return self._statements

    def __exit__(self, *_):
        self._document["Statement"] = list(self._statements.values())
        self._values["policy"] = json.dumps(self._document)


def _resources(module: dict):
    yield from module.get("resources", [])
    for child in module.get("child_modules", []):
        yield from _resources(child)


def _remove(module: dict, address: str) -> None:
    module["resources"] = [each for each in module.get("resources", []) if each["address"] != address]
    for child in module.get("child_modules", []):
        _remove(child, address)
