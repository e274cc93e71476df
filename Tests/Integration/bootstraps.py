"""What the checks of bootstrap-tables share: edited definitions, and the function around them."""

import copy
import json
from pathlib import Path

from aws_lakes import packaged
from runtime_api import Function
from support import ROOT

LAKE = json.loads((ROOT / "lake.json").read_text())
VIEW = LAKE["views"][0]["name"]
READINGS = "iot_db.sensor_readings"


def edited(change, definition: dict = LAKE, name: str = READINGS) -> dict:
    """A definition with one of its tables changed, and no rules for alerts, which the change may make wrong."""
    made = copy.deepcopy(definition)
    for stream in made["streams"]:
        stream.pop("alerts", None)
    change(next(table for table in made["tables"] if table["name"] == name))
    return made


def column(table: dict, name: str) -> dict:
    return next(column for column in table["columns"] if column["name"] == name)


def evolve(table: dict):
    """Every change that Iceberg does safely, at once."""
    column(table, "temperature")["type"] = "long"
    column(table, "id_device")["doc"] = "The device that sent it"
    table["columns"].append({"name": "site", "type": "string", "doc": "Where the device stands"})
    table["partition"] = ["day(timestamp_sent)"]
    table["sort"] = ["id_device desc"]
    table["retention"]["snapshots"] = 50
    table["doc"] = "Readings, evolved"
    table["owner"] = "fleet"


def plain(table: dict):
    """The same readings as plain Parquet files."""
    table["format"] = "parquet"
    table["partition"] = ["timestamp_sent"]
    table.pop("retention", None)


def function(folder: Path, definition: dict = LAKE, job: str = "bootstrap-tables", **environment) -> Function:
    """The function with a definition, on the lake that the environment names, or else on one in the folder."""
    path = folder / f"lake-{job}.json"
    path.write_text(json.dumps(definition))
    local = None if "LAKE_CATALOG" in environment else folder
    return Function(job, local, {**environment, "LAKE_DEFINITION": str(path)}, program=packaged(job))


def bootstrap(folder: Path, definition: dict = LAKE, event: dict | None = None, **environment) -> dict:
    """The reply of one invocation in a process of its own."""
    with function(folder, definition, **environment) as job:
        outcome = job.invoke(event or {})
        assert outcome.reply is not None, outcome.error or job.log_text()
        return outcome.reply


def refusal(folder: Path, definition: dict, event: dict | None = None, **environment) -> dict:
    """The function error of one invocation."""
    with function(folder, definition, **environment) as job:
        outcome = job.invoke(event or {})
        assert outcome.error is not None, outcome.reply
        return outcome.error


def actions(reply: dict) -> dict[str, str]:
    return {one["name"]: one["action"] for kind in ("databases", "tables", "views") for one in reply[kind]}


def counts(reply: dict) -> tuple[int, ...]:
    """How many were created, evolved, left as they were, refused, failed and passed over."""
    return tuple(reply[name] for name in ("created", "evolved", "unchanged", "refused", "failed", "skipped"))
