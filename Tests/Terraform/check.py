"""What `./build.sh lint` asks of terraform/, offline; prints a line for each check, or its faults, and fails on any."""

import json
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import plan
import zips
from checks import alarms, aws_metrics, configuration, dashboards, documents, lifecycle, mappings, metrics, openapi, openness
from checks import policies, tags, uses
from iam import check as iam
from iam.derivation import Derivation
from planned import Plan

TERRAFORM = plan.REPOSITORY / "terraform"
EDGE_API = plan.REPOSITORY / "docs" / "edge-api.yaml"
ROOTS = Path(__file__).resolve().parent / "roots.json"


def plan_faults(made: Plan) -> list[str]:
    """Faults that a plan shows."""
    return (
        policies.faults(made)
        + openness.faults(made)
        + lifecycle.faults(made)
        + mappings.faults(made)
        + documents.faults(made)
        + dashboards.faults(made)
        + openapi.faults(made)
        + tags.faults(made)
    )


def root_faults(root: Path, variables: dict, file: Path | None = None) -> tuple[list[str], Plan | None]:
    """Faults of a root: Terraform's own, or else those of its plan, which is given too."""
    try:
        made = plan.plan(root, variables, file=file, validated=True)
    except plan.Rejected as rejection:
        return [str(rejection)], None
    return plan_faults(made), made


def lake_faults(made: Plan, calls: Derivation) -> list[str]:
    """Faults of a plan of the lake: its roles against the code's calls, its alarms and dashboard against the code's metrics, those
    that AWS documents, and the runbook."""
    if not made.of_type("aws_lambda_function"):
        return [f"{resource.address}: nothing compares the roles of this plan" for resource in made.resources if resource.type.startswith("aws_iam_")]
    roles = iam.all_faults(made, calls) if calls.jobs else []
    return roles + metrics.faults(made) + aws_metrics.faults(made) + uses.faults(made) + alarms.faults(made)


def folder_faults(folder: Path) -> tuple[list[str], dict]:
    """Faults of the configuration as it is written, and what checkov says it looked at."""
    insecure, summary = configuration.security_faults(folder)
    return configuration.format_faults(folder) + configuration.suppression_faults(folder) + insecure, summary


@contextmanager
def packages():
    """A folder with a zip of each job, while the context lasts."""
    with tempfile.TemporaryDirectory(prefix="terraform-checks-") as folder:
        yield zips.write(Path(folder))


def roots(zipped: Path):
    """The roots as they are planned: a name of the plan, the root, variables, and a file with more of them."""
    for entry in json.loads(ROOTS.read_text()):
        variables = dict(entry.get("variables", {}))
        if entry["root"] == "terraform":
            variables["packages"] = str(zipped)
        name = " ".join(filter(None, (entry["root"], entry.get("name"))))
        yield name, plan.REPOSITORY / entry["root"], variables, plan.REPOSITORY / entry["file"] if "file" in entry else None


def _report(name: str, faults: list[str], success: str) -> int:
    if faults:
        print(f"{name}: {len(faults)} faults", *faults, sep="\n  ", file=sys.stderr)
    else:
        print(f"{name}: {success}")
    return len(faults)


def _described(made: Plan) -> str:
    counted = Counter(resource.type for resource in made.resources)
    carriers = sum(1 for resource in made.resources if tags.can_carry(resource))
    return (
        f"{len(made.resources)} resources of {len(counted)} types validated and planned, {policies.count(made)} policies and"
        f" {counted['aws_cloudwatch_dashboard']} dashboards read, {len(uses.uses(made))} uses of metrics compared, {carriers}"
        " resources tagged"
    )


def _looked_at(summary: dict) -> str:
    return (
        f"{summary.get('passed')} checks of {summary.get('resource_count')} resources passed, {summary.get('skipped')} are"
        " suppressed with their reasons"
    )


def main() -> int:
    with ThreadPoolExecutor(max_workers=2) as pool, packages() as zipped:
        # The longest first.
        written = pool.submit(folder_faults, TERRAFORM)
        called = pool.submit(iam.calls)
        planned = [(name, pool.submit(root_faults, root, variables, file)) for name, root, variables, file in roots(zipped)]
        faults, summary = written.result()
        found = _report("terraform fmt and checkov", faults, _looked_at(summary))
        found += _report("docs/operations.md", alarms.unused_sections(TERRAFORM), "has what the lake's alarms need")
        found += _report("docs/edge-api.yaml", openapi.file_faults(EDGE_API), "is OpenAPI 3")
        calls, faults = called.result()
        found += _report("calls of the jobs", faults, iam.described(calls))
        for name, result in planned:
            faults, made = result.result()
            faults += lake_faults(made, calls) if made else []
            found += _report(name, faults, _described(made) if made else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
