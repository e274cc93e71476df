"""Definitions of lakes with more, or less, than the repository's lake.json."""

import copy
import json
from pathlib import Path

from support import ROOT

LAKE = json.loads((ROOT / "lake.json").read_text())


def with_stream(source: dict, table: str, name: str) -> dict:
    """The lake with one more stream and the table that it goes to."""
    lake = copy.deepcopy(LAKE)
    columns = [
        {"name": "door", "type": "string", "doc": "Which door"},
        {"name": "opened_at", "type": "timestamp", "doc": "When it was opened, UTC"},
    ]
    lake["tables"].append(
        {"name": table, "doc": "Doors that were opened, one row each", "owner": "iot", "layer": "bronze", "columns": columns}
    )
    lake["streams"].append({"name": name, "source": source, "table": table, "decoder": "json", "onBadRecord": "dead-letter"})
    return lake


def without_stream(name: str) -> dict:
    """The lake without a stream; its table stays, with the rows that it has."""
    lake = copy.deepcopy(LAKE)
    lake["streams"] = [stream for stream in lake["streams"] if stream["name"] != name]
    return lake


def written(lake: dict, folder: Path) -> str:
    """A definition as a file; its path."""
    path = folder / "lake.json"
    path.write_text(json.dumps(lake, indent=2))
    return str(path)
