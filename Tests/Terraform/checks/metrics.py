"""Alarms and dashboards against the code: a metric of ours that nobody writes would be an alarm that never rings.

For the runner: `metrics.faults(plan)` of every plan of the main root.
"""

import json
from pathlib import Path

from planned import Plan

from .emitted import NAMESPACE, REPOSITORY, Metric, emitted
from .uses import Use, uses


def faults(plan: Plan, metrics: frozenset[Metric] | None = None) -> list[str]:
    """Metrics of ours that an alarm or a dashboard uses and the code does not write, or not with these dimensions."""
    written = emitted() if metrics is None else metrics
    used = [use for use in uses(plan) if use.namespace == NAMESPACE]
    known = _known_values(plan) if used else {}
    found = []
    for use in used:
        where, name, dimensions = use.where, use.name, use.dimensions
        if dimensions is None:
            found.append(f"{where}: {name} by what is known only after apply; our own dimensions are names")
            continue
        candidates = [metric for metric in written if metric.name == name]
        if not candidates:
            found.append(f"{where}: no function writes the metric {name}")
        elif not any(_is_found(use, metric) for metric in candidates):
            ways = sorted({_words(dict(metric.dimensions)) for metric in candidates})
            found.append(f"{where}: {name} is not written by {_words(dimensions)}, but by {' or '.join(ways)}")
        found += [
            f"{where}: {name} by {key} {value}: there is none in lake.json"
            for key, value in dimensions.items()
            if key in known and value is not None and value not in known[key]
        ]
    return found


def _is_found(use: Use, metric: Metric) -> bool:
    if use.is_partial:
        return dict(metric.dimensions).keys() >= use.dimensions.keys()
    return metric.is_counted_as(use.dimensions)


def _words(dimensions: dict) -> str:
    named = [f"{key} {value}" if value is not None else key for key, value in sorted(dimensions.items())]
    return " and ".join(named) or "no dimension"


def _known_values(plan: Plan) -> dict[str, set[str]]:
    """What dimensions can be: streams, tables and indexes of the plan's lake.json, and the jobs that there are."""
    given = plan.document.get("variables", {}).get("definition", {}).get("value")
    if given is None:
        raise ValueError("the plan has no variable `definition`: which streams and tables there are is not known")
    lake = json.loads(_existing(plan, given).read_text())
    streams = {stream["name"] for stream in lake["streams"]}
    sources = {source.get("topic") or source.get("name") or source["arn"].rsplit("/", 1)[-1] for source in (stream["source"] for stream in lake["streams"])}
    return {
        "Stream": streams | sources,
        "Table": {table["name"] for table in lake["tables"]},
        "Index": {stream["index"] for stream in lake["streams"] if "index" in stream},
        "Job": {folder.name for folder in (REPOSITORY / "lambdas").iterdir()},
    }


def _existing(plan: Plan, given: str) -> Path:
    path = plan.file(given)
    return path if path.exists() else (REPOSITORY / "terraform" / given).resolve()
