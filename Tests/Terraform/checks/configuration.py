"""Checks of the configuration as it is written: its format, checkov's findings, and the reasons for suppressing one."""

import json
import os
import re
import subprocess
from pathlib import Path

import plan

CHECKOV = plan.REPOSITORY / ".venv-checkov" / "bin" / "checkov"
SETTINGS = Path(__file__).resolve().parents[1] / "checkov.yaml"
SUPPRESSION = re.compile(r"checkov:skip=([\w,]*)\s*(?::\s*(.*))?")
# A reason that a reader can judge takes more than a word or two.
SHORTEST_REASON = 20


def format_faults(folder: Path) -> list[str]:
    """Files that `terraform fmt` would write otherwise, or cannot read."""
    command = [plan.executable(), "fmt", "-check", "-recursive", "-no-color", str(folder)]
    # A user's own settings of Terraform are none of this.
    environment = os.environ | {"TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1"}
    ended = subprocess.run(command, capture_output=True, text=True, env=environment)
    if ended.returncode == 0:
        return []
    return [f"not as terraform fmt writes it: {line}" for line in (ended.stdout + ended.stderr).splitlines() if line.strip()]


def suppression_faults(folder: Path) -> list[str]:
    """Suppressions of checkov's findings that name no finding, or give no reason; those of a whole run have no reason."""
    faults = []
    for path in sorted(folder.rglob("*.tf")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            for checks, reason in SUPPRESSION.findall(line):
                if not re.fullmatch(r"CKV2?_\w+", checks):
                    faults.append(f"{path}:{number}: a suppression names one check: {line.strip()}")
                elif len(reason.strip()) < SHORTEST_REASON:
                    faults.append(f"{path}:{number}: {checks} is suppressed without a reason")
    if re.search(r"^\s*(skip-\w+|baseline|soft-fail\S*|hard-fail-on|check)\s*:(?!\s*true$)", _without_offline(SETTINGS.read_text()), re.M):
        faults.append(f"{SETTINGS.name}: suppress beside the resource, with a reason")
    return faults


def security_faults(folder: Path) -> tuple[list[str], dict]:
    """What checkov finds insecure, and its summary. That it looked at nothing is a fault too."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("BC_", "PRISMA_", "CKV_", "CHECKOV_"))}
    command = [str(CHECKOV), "--config-file", str(SETTINGS), "--directory", str(folder), "--output", "json"]
    ended = subprocess.run(command, capture_output=True, text=True, env=environment)
    try:
        report = json.loads(ended.stdout)
    except ValueError:
        return [f"checkov gave no report: {ended.stderr.strip() or ended.stdout.strip()}"], {}
    return findings(report)


def findings(report: dict) -> tuple[list[str], dict]:
    """What a report of checkov's says."""
    # Where there is nothing to look at, the report is the summary.
    summary = report.get("summary", report)
    if summary.get("parsing_errors"):
        return [f"checkov could not read {summary['parsing_errors']} files"], summary
    if not summary.get("resource_count"):
        return ["checkov found no resource"], summary
    failed = report.get("results", {}).get("failed_checks", [])
    return [_finding(finding) for finding in failed], summary


def _finding(finding: dict) -> str:
    place = f"{finding['file_path'].lstrip('/')}:{finding['file_line_range'][0]}"
    return f"{place}: {finding['resource']}: {finding['check_id']}: {finding['check_name']}"


def _without_offline(settings: str) -> str:
    """The settings less the one that begins like a suppression and is none."""
    return re.sub(r"^skip-download:.*$", "", settings, flags=re.M)
