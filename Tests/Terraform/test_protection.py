"""The guard of protection.tf, applied and destroyed by real Terraform: it needs no provider."""

import os
import re
import subprocess

import plan

SOURCE = plan.REPOSITORY / "terraform" / "protection.tf"


def terraform(folder, *arguments: str) -> subprocess.CompletedProcess:
    environment = os.environ | {"CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": os.devnull, "TF_IN_AUTOMATION": "1"}
    command = [plan.executable(), f"-chdir={folder}", *arguments, "-no-color"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL)


def test_a_protected_lake_is_not_destroyed_before_an_apply_has_said_so(tmp_path):
    guard, dropped = re.subn(r"  depends_on = \[.*?\]\n", "", SOURCE.read_text(), flags=re.S)
    assert dropped == 1
    (tmp_path / "main.tf").write_text(guard + '\nvariable "deletion_protection" {\n  default = true\n}\n')
    assert terraform(tmp_path, "init").returncode == 0
    assert terraform(tmp_path, "apply", "-auto-approve").returncode == 0

    refused = terraform(tmp_path, "destroy", "-auto-approve", "-var=deletion_protection=false")
    assert refused.returncode != 0
    assert "apply -var deletion_protection=false comes first" in refused.stdout + refused.stderr

    changed = terraform(tmp_path, "apply", "-auto-approve", "-var=deletion_protection=false")
    assert "0 added, 1 changed, 0 destroyed" in changed.stdout
    assert terraform(tmp_path, "destroy", "-auto-approve", "-var=deletion_protection=false").returncode == 0


def test_every_module_is_destroyed_after_the_guard():
    root = plan.REPOSITORY / "terraform"
    called = {name for file in root.glob("*.tf") for name in re.findall(r'^module "(\w+)"', file.read_text(), re.M)}
    assert called == set(re.findall(r"module\.(\w+)", SOURCE.read_text()))
