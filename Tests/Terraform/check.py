"""What `./build.sh lint` asks of terraform/, offline; prints a line for each check, or its faults, and fails on any."""

import json
import sys
import tempfile
from collections import Counter
from pathlib import Path

import plan
import zips
from checks import configuration, dashboards, documents, openapi, policies, tags
from planned import Plan

TERRAFORM = plan.REPOSITORY / "terraform"
EDGE_API = plan.REPOSITORY / "docs" / "edge-api.yaml"
ROOTS = Path(__file__).resolve().parent / "roots.json"


def plan_faults(made: Plan) -> list[str]:
    """Faults that a plan shows."""
    return (
        policies.faults(made)
        + documents.faults(made)
        + dashboards.faults(made)
        + openapi.faults(made)
        + tags.faults(made)
    )


def root_faults(root: Path, variables: dict) -> tuple[list[str], Plan | None]:
    """Faults of a root: Terraform's own, or else those of its plan, which is given too."""
    try:
        made = plan.plan(root, variables)
    except plan.Rejected as rejection:
        return [str(rejection)], None
    return plan_faults(made), made


def folder_faults(folder: Path) -> tuple[list[str], dict]:
    """Faults of the configuration as it is written, and what checkov says it looked at."""
    insecure, summary = configuration.security_faults(folder)
    return configuration.format_faults(folder) + configuration.suppression_faults(folder) + insecure, summary


def _roots():
    """The roots with variables to plan them with, and a name for each such plan."""
    with tempfile.TemporaryDirectory(prefix="terraform-checks-") as folder:
        packages = zips.write(Path(folder) / "dist")
        for entry in json.loads(ROOTS.read_text()):
            variables = dict(entry["variables"])
            if entry.get("packages"):
                variables["packages"] = str(packages)
            yield " ".join(filter(None, (entry["root"], entry.get("name")))), plan.REPOSITORY / entry["root"], variables


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
        f" {counted['aws_cloudwatch_dashboard']} dashboards read, {carriers} resources tagged"
    )


def main() -> int:
    faults, summary = folder_faults(TERRAFORM)
    found = _report("terraform fmt and checkov", faults, f"{summary.get('passed')} checks of {summary.get('resource_count')} resources passed, {summary.get('skipped')} are suppressed with reasons")
    found += _report("docs/edge-api.yaml", openapi.file_faults(EDGE_API), "is OpenAPI 3")
    for name, root, variables in _roots():
        faults, made = root_faults(root, variables)
        found += _report(name, faults, _described(made) if made else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
