"""Plans a root module against the stand-in: real Terraform, no network, nothing left in the tree.

    plan.py ROOT [--var NAME=VALUE…] [--var-file FILE] [--tfvars FILE] [--schema FILE…] [--tokens]
        [--out plan.json] [--validate]

From Python: `plan(root, variables)` gives a `planned.Plan`, `validate(root)` checks only; both raise `Rejected` with
Terraform's own words. Runs with .venv-terraform; other interpreters get the plan from that one.
"""

import argparse
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from planned import Plan

REPOSITORY = Path(__file__).resolve().parents[2]
BUILD = REPOSITORY / ".build" / "terraform"
PYTHON = REPOSITORY / ".venv-terraform" / "bin" / "python"
# Schemas of providers other than AWS's, written by hand.
SCHEMAS = sorted(Path(__file__).resolve().parent.glob("*_schema.json"))
# What a working copy may hold that is not the configuration.
LEFT_OUT = shutil.ignore_patterns(".terraform", ".terraform.*", "*.tfstate*", "*.tfvars", "*.tfvars.json", "*.tfplan")


class Rejected(Exception):
    """Terraform refused the configuration; the text is its diagnostics."""


def plan(
    root: Path,
    variables: dict | None = None,
    *,
    file: Path | None = None,
    schemas: list[Path] = SCHEMAS,
    region: str = "eu-west-1",
    tokens: bool = False,
    validated: bool = False,
) -> Plan:
    """Initialises and plans a root against an empty state, which validates it too; with `validated`, as a step of its own.

    Variables are given by name, as JSON has them, and go before those of `file`, a tfvars file. With `tokens` the plan has a
    token in every place of a string that only AWS can tell.
    """
    root = Path(root).resolve()
    if importlib.util.find_spec("grpc") is None:
        return _planned_apart(root, variables or {}, file, schemas, region, tokens)
    with _session(root, schemas, region, tokens) as terraform:
        terraform("init", "-input=false")
        if validated:
            terraform("validate")
        given = terraform.folder / "checks.tfvars.json"
        given.write_text(json.dumps(variables or {}))
        files = [f"-var-file={path}" for path in ([Path(file).resolve()] if file else []) + [given]]
        terraform("plan", "-input=false", "-lock=false", *files, f"-out={terraform.folder / 'plan'}")
        return Plan(json.loads(terraform("show", "-json", str(terraform.folder / "plan"))), root)


def validate(root: Path, *, schemas: list[Path] = SCHEMAS) -> None:
    """Checks a root or a module on its own, without values of variables."""
    with _session(Path(root).resolve(), schemas, "eu-west-1") as terraform:
        terraform("init", "-input=false", "-backend=false")
        terraform("validate")


class _Terraform:
    """Terraform in the copy of a root, with an environment that reaches the stand-in alone."""

    def __init__(self, root: Path, folder: Path, reattachment: str):
        self.root = root
        self.folder = folder
        settings = folder / "terraformrc"
        settings.touch()
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "AWS_"))}
        self.environment = kept | {
            "CHECKPOINT_DISABLE": "1",
            "TF_CLI_CONFIG_FILE": str(settings),
            "TF_DATA_DIR": str(folder / "data"),
            "TF_IN_AUTOMATION": "1",
            "TF_REATTACH_PROVIDERS": reattachment,
            # Memory for time: Terraform ends before its garbage is worth collecting.
            "GOGC": "400",
        }

    def __call__(self, *arguments: str) -> str:
        command = [executable(), f"-chdir={self.root}", *arguments] + ([] if arguments[0] == "show" else ["-no-color"])
        ended = subprocess.run(command, env=self.environment, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if ended.returncode != 0:
            raise Rejected(f"terraform {arguments[0]} of {self.root.name}:\n{ended.stderr or ended.stdout}")
        if arguments[0] != "show" and "Warning:" in ended.stdout:
            raise Rejected(f"terraform {arguments[0]} of {self.root.name} warns:\n{ended.stdout[ended.stdout.index('Warning:'):]}")
        return ended.stdout


def executable() -> str:
    """Terraform, where packaging/terraform.sh put it or found it."""
    fetched = BUILD / "bin" / "terraform"
    found = str(fetched) if fetched.is_file() else shutil.which("terraform")
    if found is None:
        raise Rejected("no Terraform: install Terraform 1.11 or later, or run ./build.sh setup")
    return found


@contextmanager
def _session(root: Path, schemas: list[Path], region: str, tokens: bool = False):
    from standin import package
    from standin import schemas as schema
    from standin.answers import AWS, OTHERS
    from standin.provider import Provider, Server

    with tempfile.TemporaryDirectory(prefix="terraform-checks-") as name:
        folder = Path(name)
        copy = _copy(root, folder)
        resources, data_sources = schema.named(folder / "tree")
        declared = schema.aws(package.library(BUILD), resources, data_sources, BUILD / "schemas")
        providers = {schema.AWS: Provider(declared, AWS, region, tokens)}
        for path in schemas:
            providers |= {source: Provider(written, OTHERS, region) for source, written in schema.written(path).items()}
        with Server(providers, folder) as server:
            yield _Terraform(copy, folder, server.reattachment(os.getpid()))


def _copy(root: Path, folder: Path) -> Path:
    """Copies a root, with the roots and modules around it, so that paths that lead out of it still lead where they did."""
    top = next((path for path in (root, *root.parents) if path.name == "terraform" and path.parent == REPOSITORY), root)
    tree = folder / "tree"
    tree.mkdir()
    for beside in top.parent.iterdir():
        if beside != top:
            (tree / beside.name).symlink_to(beside)
    shutil.copytree(top, tree / top.name, ignore=LEFT_OUT, symlinks=True)
    copy = tree / root.relative_to(top.parent)
    # A developer's own backend is none of the checks' business.
    (copy / "checks_override.tf").write_text('terraform {\n  backend "local" {}\n}\n')
    return copy


def _planned_apart(root: Path, variables: dict, file: Path | None, schemas: list[Path], region: str, tokens: bool) -> Plan:
    if not PYTHON.exists():
        raise Rejected("there is no .venv-terraform: run ./build.sh setup")
    with tempfile.TemporaryDirectory(prefix="terraform-checks-") as folder:
        given, written = Path(folder) / "variables.json", Path(folder) / "plan.json"
        given.write_text(json.dumps(variables))
        command = [PYTHON, __file__, root, "--var-file", given, "--out", written, "--region", region]
        if file is not None:
            command += ["--tfvars", file]
        command += ["--tokens"] if tokens else []
        for path in schemas:
            command += ["--schema", path]
        ended = subprocess.run([str(word) for word in command], capture_output=True, text=True)
        if ended.returncode != 0:
            raise Rejected(ended.stderr)
        return Plan.read(written, root)


def _variable(text: str) -> tuple[str, object]:
    """NAME=VALUE, in which the value is JSON or else a string."""
    name, _, value = text.partition("=")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def main() -> int:
    parser = argparse.ArgumentParser(description="Plan a root module against the stand-in for Terraform's providers.")
    parser.add_argument("root", type=Path)
    parser.add_argument("--var", action="append", default=[], metavar="NAME=VALUE", help="a variable; JSON, or else a string")
    parser.add_argument("--var-file", type=Path, help="variables, as JSON")
    parser.add_argument("--tfvars", type=Path, help="variables, as Terraform's own file has them")
    parser.add_argument("--schema", type=Path, action="append", help="schemas of providers other than AWS's")
    parser.add_argument("--region", default="eu-west-1", help="the region where the configuration names none")
    parser.add_argument("--tokens", action="store_true", help="tokens in the places of strings that only AWS can tell")
    parser.add_argument("--out", type=Path, help="where to write the plan's JSON; otherwise its addresses are printed")
    parser.add_argument("--validate", action="store_true", help="validate only: a module, or a root without variables")
    given = parser.parse_args()
    try:
        if given.validate:
            validate(given.root, schemas=given.schema or SCHEMAS)
            return 0
        variables = json.loads(given.var_file.read_text()) if given.var_file else {}
        variables |= dict(_variable(text) for text in given.var)
        made = plan(
            given.root, variables, file=given.tfvars, schemas=given.schema or SCHEMAS, region=given.region, tokens=given.tokens
        )
    except Rejected as rejection:
        print(rejection, file=sys.stderr)
        return 1
    if given.out:
        given.out.write_text(json.dumps(made.document))
    else:
        print("\n".join(sorted(made.addresses)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
