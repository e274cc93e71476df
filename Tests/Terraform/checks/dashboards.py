"""CloudWatch dashboards that a plan holds: whether the console could draw them."""

import json
from itertools import combinations

from planned import Plan

# Width of the grid, and what CloudWatch allows at most.
COLUMNS, HIGHEST, MOST_WIDGETS, MOST_METRICS = 24, 1000, 500, 500
NEEDED = {"text": "markdown", "log": "query", "alarm": "alarms"}
OPTIONS = {
    "accountId", "color", "expression", "id", "label", "period", "region", "search", "stat", "visible", "yAxis",
}


def faults(plan: Plan) -> list[str]:
    """Faults of all dashboards of a plan."""
    found = []
    for dashboard in plan.of_type("aws_cloudwatch_dashboard"):
        if dashboard.is_unknown("dashboard_body"):
            found.append(f"{dashboard.address}: known only after apply; make names in it from names")
        elif dashboard["dashboard_body"] is not None:
            found += [f"{dashboard.address}: {fault}" for fault in body_faults(dashboard["dashboard_body"])]
    return found


def body_faults(text: str) -> list[str]:
    """Faults of one dashboard."""
    try:
        body = json.loads(text)
    except ValueError as error:
        return [f"no JSON: {error}"]
    widgets = body.get("widgets") if isinstance(body, dict) else None
    if not isinstance(widgets, list) or not widgets:
        return ["no widgets"]
    if not all(isinstance(widget, dict) for widget in widgets):
        return ["a widget is no object"]
    found = [f"{len(widgets)} widgets, CloudWatch allows {MOST_WIDGETS}"] if len(widgets) > MOST_WIDGETS else []
    for index, widget in enumerate(widgets, 1):
        found += [f"widget {index}: {fault}" for fault in _place_faults(widget) + _widget_faults(widget)]
    placed = [(index, widget) for index, widget in enumerate(widgets, 1) if not _place_faults(widget) and "x" in widget and "y" in widget]
    found += [f"widgets {first} and {second} overlap" for (first, one), (second, other) in combinations(placed, 2) if _overlap(one, other)]
    return found


def _place_faults(widget: dict) -> list[str]:
    numbers = {name: widget.get(name, default) for name, default in (("x", 0), ("y", 0), ("width", 6), ("height", 6))}
    found = [f"{name} is no whole number" for name, value in numbers.items() if not isinstance(value, int) or isinstance(value, bool)]
    if found:
        return found
    if ("x" in widget) != ("y" in widget):
        found.append("has one of x and y")
    if not (0 <= numbers["x"] and 1 <= numbers["width"] and numbers["x"] + numbers["width"] <= COLUMNS):
        found.append(f"reaches beyond the {COLUMNS} columns")
    if not (0 <= numbers["y"] and 1 <= numbers["height"] <= HIGHEST):
        found.append(f"height is not from 1 to {HIGHEST}, or y is negative")
    return found


def _overlap(one: dict, other: dict) -> bool:
    def apart(axis: str, size: str) -> bool:
        return one[axis] + one.get(size, 6) <= other[axis] or other[axis] + other.get(size, 6) <= one[axis]

    return not apart("x", "width") and not apart("y", "height")


def _widget_faults(widget: dict) -> list[str]:
    kind, properties = widget.get("type"), widget.get("properties")
    if not isinstance(properties, dict):
        return ["no properties"]
    if kind in NEEDED:
        found = [] if properties.get(NEEDED[kind]) else [f"a widget of type {kind} needs {NEEDED[kind]}"]
        return found + (["no region"] if kind == "log" and "region" not in properties else [])
    if kind != "metric":
        return [f"there is no type {kind!r}"]
    found = [] if "region" in properties else ["no region"]
    if isinstance(properties.get("annotations"), dict) and properties["annotations"].get("alarms"):
        return found
    metrics = properties.get("metrics")
    if not isinstance(metrics, list) or not metrics:
        return found + ["no metrics"]
    if len(metrics) > MOST_METRICS:
        found.append(f"{len(metrics)} metrics, CloudWatch allows {MOST_METRICS}")
    for index, metric in enumerate(metrics, 1):
        found += [f"metric {index}: {fault}" for fault in _metric_faults(metric, metrics[:index - 1])]
    return found


def _metric_faults(metric, before: list) -> list[str]:
    """Namespace, name, then dimensions and their values in turn, and options last; or options with an expression alone."""
    if not isinstance(metric, list) or not metric:
        return ["no array"]
    options = metric[-1] if isinstance(metric[-1], dict) else {}
    words = metric[:-1] if options or metric[-1] == {} else metric
    found = [f"there is no option {name}" for name in sorted(options.keys() - OPTIONS)]
    if not words:
        return found if "expression" in options else found + ["neither a metric nor an expression"]
    if not all(isinstance(word, str) and word for word in words):
        return found + ["a word is no text, or empty"]
    if any(word in (".", "...") for word in words):
        return found if before else found + ["refers to a metric before it, of which there is none"]
    if len(words) < 2 or len(words) % 2:
        found.append("is not namespace, name, and dimensions with a value each")
    return found
