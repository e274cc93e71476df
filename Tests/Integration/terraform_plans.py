"""Plans of the repository's root, as its checks make them, and what moto makes of one."""

import os
import sys
from functools import cache
from pathlib import Path

import terraform_functions  # noqa: F401 - declares how types are made
import terraform_network  # noqa: F401
import terraform_operations  # noqa: F401
import terraform_storage  # noqa: F401
import terraform_streams  # noqa: F401
from servers import Moto
from support import ROOT
from terraform_resources import World

sys.path.insert(0, str(ROOT / "Tests" / "Terraform"))
from plan import plan  # noqa: E402 - the runner lies beside the other checks of terraform/

EMAIL = "alarms@example.com"


def packages() -> Path:
    """Folder of the zips: SWIFTLAKE_DIST, or where `./build.sh package` puts them."""
    folder = ROOT / os.environ.get("SWIFTLAKE_DIST", "dist")
    assert (folder / "kinesis-ingest.zip").exists(), f"{folder} has no zips: run ./build.sh package"
    return folder


def planned(tokens: bool = False, **variables):
    """A plan of the root with the repository's lake.json, unless another is given as `definition`."""
    given = {"alarm_email": EMAIL, "packages": str(packages()), **variables}
    return plan(ROOT / "terraform", given, tokens=tokens)


@cache
def whole(name: str):
    """Plans that several tests look at: of the lake as it is, and of everything that can be switched on."""
    kinds = {
        "plain": {},
        "everything": {
            "features": {"elastic": True, "macie": True},
            "elastic": {"url": "https://quotes.es.eu-west-1.aws.found.io"},
            "alpaca_key": True,
            "kinesis": {"on_demand": True},
            "kafka": {"mode": "serverless", "provisioned_pollers": {}},
        },
    }
    return planned(tokens=True, **kinds[name])


def changes(plan) -> list[dict]:
    """What a plan makes, as Terraform's JSON has it."""
    return [change for change in plan.document["resource_changes"] if change["mode"] == "managed"]


def made(plan, moto: Moto, *types: str) -> World:
    """Everything of a plan in moto, or only resources of some types, which refer to no others."""
    world = World(moto, plan.file)
    world.make([change for change in changes(plan) if not types or change["type"] in types])
    return world
