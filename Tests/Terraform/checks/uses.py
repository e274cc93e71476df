"""Which metrics a plan's alarms and dashboards use, wherever they stand: as themselves, in metric math, in a search or a query."""

import re
from dataclasses import dataclass

from planned import Plan

from .alarms import widgets_of

# {AWS/Kafka,"Cluster Name",Topic} MetricName="BytesInPerSec" Topic="trades"
SEARCH = re.compile(r"SEARCH\('\{([^}]+)\}([^']*)'")
TERM = re.compile(r'(?:"([^"]+)"|(\w+))="([^"]*)"')
# SELECT MAX(CpuUser) FROM "AWS/Kafka" WHERE "Cluster Name" = 'lake'
QUERY = re.compile(r'SELECT\s+\w+\("?([\w.]+)"?\)\s+FROM\s+"([^"]+)"(?:\s+WHERE\s+(.*))?')
EQUALS = re.compile(r"""(?:"([^"]+)"|(\w+))\s*=\s*'([^']*)'""")


@dataclass(frozen=True)
class Use:
    """A metric that is used, and where."""

    where: str
    namespace: str
    name: str
    # The value of each dimension, None where it is left open; no dictionary where AWS makes the value up.
    dimensions: dict | None
    # Whether the metric may have further dimensions, as those that a query finds.
    is_partial: bool = False


def uses(plan: Plan) -> list[Use]:
    """All uses of metrics in a plan."""
    return [*_of_alarms(plan), *_of_dashboards(plan)]


def faults(plan: Plan) -> list[str]:
    """Expressions that no check could read, or that count with what there is not."""
    found = []
    for where, expression, ids in _expressions(plan):
        read = len(SEARCH.findall(expression)) + len(QUERY.findall(expression))
        if read != len(re.findall(r"\b(?:SEARCH|SELECT)\b", expression)):
            found.append(f"{where}: cannot be read: {expression}")
        if not read:
            names = set(re.findall(r"\b[a-z]\w*", re.sub(r"'[^']*'|\"[^\"]*\"", "", expression)))
            found += [f"{where}: counts with {name}, which there is not: {expression}" for name in sorted(names - ids)]
    return found


def _of_alarms(plan: Plan):
    for alarm in plan.of_type("aws_cloudwatch_metric_alarm"):
        if alarm["namespace"]:
            known = None if alarm.is_unknown("dimensions") else dict(alarm["dimensions"] or {})
            yield Use(alarm.address, alarm["namespace"], alarm["metric_name"], known)
        for query in alarm["metric_query"] or []:
            for metric in query.get("metric") or []:
                yield Use(alarm.address, metric["namespace"], metric["metric_name"], dict(metric.get("dimensions") or {}))
            yield from _of_expression(alarm.address, query.get("expression") or "")


def _of_dashboards(plan: Plan):
    for where, rows in _charts(plan):
        for words, options in rows:
            if words:
                yield Use(where, words[0], words[1], dict(zip(words[2::2], words[3::2])))
            yield from _of_expression(where, options.get("expression", ""))


def _of_expression(where: str, expression: str):
    for schema, terms in SEARCH.findall(expression):
        namespace, *keys = [part.strip().strip('"') for part in schema.split(",")]
        values = {quoted or plain: value for quoted, plain, value in TERM.findall(terms)}
        # A dimension that the search leaves open: whatever the data has.
        yield Use(where, namespace, values.get("MetricName", ""), {key: values.get(key) for key in keys})
        for key in sorted(values.keys() - {"MetricName", *keys}):
            yield Use(where, namespace, values.get("MetricName", ""), {key: values[key]})
    for name, namespace, conditions in QUERY.findall(expression):
        dimensions = {quoted or plain: value for quoted, plain, value in EQUALS.findall(conditions)}
        yield Use(where, namespace, name, dimensions, is_partial=True)


def _charts(plan: Plan):
    """The metrics of each widget: words and options, with what stands for the row before written out."""
    for dashboard in plan.of_type("aws_cloudwatch_dashboard"):
        for widget in widgets_of(dashboard):
            rows, before = [], []
            for row in widget["properties"].get("metrics", []):
                words = [part for part in row if not isinstance(part, dict)]
                if words[:1] == ["..."]:
                    words = before[: len(before) - len(words) + 1] + words[1:]
                words = [before[place] if word == "." and place < len(before) else word for place, word in enumerate(words)]
                rows.append((words, row[-1] if row and isinstance(row[-1], dict) else {}))
                before = words or before
            yield f"{dashboard.address}: {widget['properties'].get('title', widget['type'])}", rows


def _expressions(plan: Plan):
    """Each expression, with the names that stand beside it."""
    for alarm in plan.of_type("aws_cloudwatch_metric_alarm"):
        queries = alarm["metric_query"] or []
        ids = {query["id"] for query in queries}
        for query in queries:
            if query.get("expression"):
                yield alarm.address, query["expression"], ids
    for where, rows in _charts(plan):
        ids = {options["id"] for _, options in rows if "id" in options}
        for _, options in rows:
            if "expression" in options:
                yield where, options["expression"], ids
