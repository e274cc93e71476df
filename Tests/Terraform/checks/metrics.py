"""Alarms and dashboards against the code: a metric of ours that nobody writes would be an alarm that never rings.

For the runner: `metrics.faults(plan)` of every plan of the main root.
"""

import json
import re
from pathlib import Path

from planned import Plan

from .alarms import widgets_of
from .emitted import NAMESPACE, REPOSITORY, Metric, emitted

# {Swiftlake,Reason,Stream} MetricName="ReadingsRejected" Stream="sensor-readings"
SEARCH = re.compile(r"SEARCH\('\{([^}]+)\}([^']*)'")
TERM = re.compile(r'(\w+)="([^"]*)"')


def faults(plan: Plan, metrics: frozenset[Metric] | None = None) -> list[str]:
    """Metrics of ours that an alarm or a dashboard uses and the code does not write, or not with these dimensions."""
    written = emitted() if metrics is None else metrics
    used = list(_of_alarms(plan)) + list(_of_dashboards(plan))
    known = _known_values(plan) if used else {}
    found = []
    for where, name, dimensions in used:
        candidates = [metric for metric in written if metric.name == name]
        if not candidates:
            found.append(f"{where}: no function writes the metric {name}")
        elif not any(metric.is_counted_as(dimensions) for metric in candidates):
            ways = sorted({_words(dict(metric.dimensions)) for metric in candidates})
            found.append(f"{where}: {name} is not written by {_words(dimensions)}, but by {' or '.join(ways)}")
        found += [
            f"{where}: {name} by {key} {value}: there is none in lake.json"
            for key, value in dimensions.items()
            if key in known and value is not None and value not in known[key]
        ]
    return found


def count(plan: Plan) -> int:
    """How many uses of our metrics a plan has."""
    return len(list(_of_alarms(plan))) + len(list(_of_dashboards(plan)))


def _words(dimensions: dict) -> str:
    named = [f"{key} {value}" if value is not None else key for key, value in sorted(dimensions.items())]
    return " and ".join(named) or "no dimension"


def _of_alarms(plan: Plan):
    for alarm in plan.of_type("aws_cloudwatch_metric_alarm"):
        if alarm["namespace"] == NAMESPACE:
            yield alarm.address, alarm["metric_name"], dict(alarm["dimensions"] or {})
        for query in alarm["metric_query"] or []:
            for metric in query.get("metric") or []:
                if metric.get("namespace") == NAMESPACE:
                    yield alarm.address, metric["metric_name"], dict(metric.get("dimensions") or {})


def _of_dashboards(plan: Plan):
    for dashboard in plan.of_type("aws_cloudwatch_dashboard"):
        for widget in widgets_of(dashboard):
            where = f"{dashboard.address}: {widget['properties'].get('title', widget['type'])}"
            for row in widget["properties"].get("metrics", []):
                options = row[-1] if row and isinstance(row[-1], dict) else {}
                plain = [part for part in row if not isinstance(part, dict)]
                if plain and plain[0] == NAMESPACE:
                    yield where, plain[1], dict(zip(plain[2::2], plain[3::2]))
                for schema, terms in SEARCH.findall(options.get("expression", "")):
                    namespace, *keys = schema.split(",")
                    values = dict(TERM.findall(terms))
                    if namespace == NAMESPACE:
                        # A dimension that the search leaves open: whatever the data has.
                        yield where, values["MetricName"], {key: values.get(key) for key in keys}


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
