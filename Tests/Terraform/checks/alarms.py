"""Alarms of a plan: whether CloudWatch takes them, whether somebody hears them, and whether the runbook has them.

For the runner: `alarms.faults(plan)` of every plan of the main root, and once `alarms.unused_sections(folder)` of its folder.
"""

import fnmatch
import json
import re
from pathlib import Path

from planned import Plan, Resource

RUNBOOK = Path(__file__).resolve().parents[3] / "docs" / "operations.md"
# What a section of the runbook answers.
QUESTIONS = ("**Means.**", "**Look at.**", "**Do.**")
# CloudWatch looks back a day in periods shorter than an hour, and a week in others.
DAY, HOUR, WEEK = 86_400, 3_600, 604_800
LONGEST_TEXT, LONGEST_NAME, MOST_METRICS = 1024, 255, 10


def faults(plan: Plan, runbook: Path = RUNBOOK) -> list[str]:
    """Faults of all alarms of a plan."""
    alarms = plan.of_type("aws_cloudwatch_metric_alarm")
    sections = _sections(runbook)
    found = []
    for alarm in alarms:
        found += [f"{alarm.address}: {fault}" for fault in _alarm_faults(alarm) + _runbook_faults(kind(alarm), sections)]
        found += [f"{alarm.address}: {fault}" for fault in _topic_faults(alarm, plan)]
    names = [alarm["alarm_name"] for alarm in alarms]
    found += [f"two alarms have the name {name}" for name in sorted({name for name in names if names.count(name) > 1})]
    return found + _dashboard_faults(plan, set(names))


def kind(alarm: Resource) -> str:
    """What the runbook calls an alarm: what its key begins with, or its resource's name where that says it."""
    return str(alarm.index).split("/")[0] if alarm.name == "this" else alarm.name


def unused_sections(folder: Path, runbook: Path = RUNBOOK) -> list[str]:
    """Sections of the runbook for what the configuration does not have: no alarm, and no notification either."""
    text = "\n".join(path.read_text() for path in sorted(folder.rglob("*.tf")))
    sections = [section for section, words in _sections(runbook).items() if QUESTIONS[0] in words]
    return [f"{runbook.name}: nothing in {folder.name}/ is called {section}" for section in sections if not re.search(f'"{re.escape(section)}["/]', text)]


def _alarm_faults(alarm: Resource) -> list[str]:
    found = []
    name, text = alarm["alarm_name"] or "", alarm["alarm_description"] or ""
    if not 0 < len(name) <= LONGEST_NAME:
        found.append(f"a name of {len(name)} characters")
    if not 0 < len(text) <= LONGEST_TEXT:
        found.append(f"a description of {len(text)} characters; CloudWatch takes 1 to {LONGEST_TEXT}")
    for actions in ("alarm_actions", "ok_actions"):
        if not alarm[actions]:
            found.append(f"no {actions}: nobody hears of it")
    if alarm["actions_enabled"] is False:
        found.append("its actions are switched off")
    queries = alarm["metric_query"] or []
    metrics = [metric for query in queries for metric in query.get("metric") or []]
    periods = [alarm["period"]] + [query.get("period") for query in queries] + [metric["period"] for metric in metrics]
    period = max((period for period in periods if period), default=0)
    if not period or any(seconds and seconds not in (10, 20, 30) and seconds % 60 for seconds in periods):
        found.append(f"a period of {period} seconds")
    looked_back = period * alarm["evaluation_periods"]
    if looked_back > (DAY if period < HOUR else WEEK):
        found.append(f"looks back {looked_back} seconds, in periods of {period}")
    if alarm["datapoints_to_alarm"] and alarm["datapoints_to_alarm"] > alarm["evaluation_periods"]:
        found.append("wants more data points than it looks at")
    if len(metrics) > MOST_METRICS or sum(1 for query in queries if query.get("return_data")) != (1 if queries else 0):
        found.append(f"metric math returns one result, of at most {MOST_METRICS} metrics")
    if alarm["treat_missing_data"] in (None, "") or alarm["threshold"] is None:
        found.append("does not say what missing data means, or has no threshold")
    return found


def _runbook_faults(name: str, sections: dict[str, str]) -> list[str]:
    if name not in sections:
        return [f"docs/operations.md has no section {name}"]
    lacking = [question for question in QUESTIONS if question not in sections[name]]
    return [f"docs/operations.md, {name}: lacks {', '.join(lacking)}"] if lacking else []


def _sections(runbook: Path) -> dict[str, str]:
    parts = re.split(r"^#{2,4} +(.+)$", runbook.read_text(), flags=re.M)
    return {heading.strip("` "): text for heading, text in zip(parts[1::2], parts[2::2])}


def _topic_faults(alarm: Resource, plan: Plan) -> list[str]:
    """That the topic which an alarm publishes to lets it."""
    arn = _arn(alarm, plan)
    found = []
    for topic in sorted({*(alarm["alarm_actions"] or []), *(alarm["ok_actions"] or [])}):
        policies = [policy for policy in plan.of_type("aws_sns_topic_policy") if policy["arn"] == topic and policy["policy"]]
        patterns = [pattern for policy in policies for pattern in _alarm_patterns(json.loads(policy["policy"]))]
        if not policies:
            found.append(f"publishes to {topic}, whose policy the plan does not show")
        elif not any(fnmatch.fnmatchcase(arn, pattern) for pattern in patterns):
            found.append(f"{topic} takes alarms of {', '.join(patterns) or 'nobody'}, not {arn}")
    return found


def _alarm_patterns(policy: dict):
    for statement in policy["Statement"]:
        if statement["Effect"] == "Allow" and statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}:
            pattern = statement.get("Condition", {}).get("ArnLike", {}).get("aws:SourceArn", "*")
            yield from [pattern] if isinstance(pattern, str) else pattern


def _arn(alarm: Resource, plan: Plan) -> str:
    """The alarm's ARN: in the partition, region and account of its topic."""
    topic = next(iter(alarm["alarm_actions"] or []), "arn:::::")
    _, partition, _, region, account, _ = topic.split(":", 5)
    return f"arn:{partition}:cloudwatch:{region}:{account}:alarm:{alarm['alarm_name']}"


def _dashboard_faults(plan: Plan, names: set[str]) -> list[str]:
    """That dashboards show alarms that there are, and all of them."""
    found = []
    for dashboard in plan.of_type("aws_cloudwatch_dashboard"):
        widgets = widgets_of(dashboard)
        status = {_name(arn) for widget in widgets if widget["type"] == "alarm" for arn in widget["properties"]["alarms"]}
        drawn = {_name(arn) for widget in widgets for arn in widget["properties"].get("annotations", {}).get("alarms", [])}
        found += [f"{dashboard.address}: shows the alarm {name}, which there is not" for name in sorted((status | drawn) - names)]
        found += [f"{dashboard.address}: does not show the alarm {name}" for name in sorted(names - status)]
    return found


def widgets_of(dashboard: Resource) -> list[dict]:
    """The widgets of a dashboard; none where its body is unknown or broken, which is another check's to say."""
    try:
        return json.loads(dashboard["dashboard_body"] or "{}").get("widgets", [])
    except ValueError:
        return []


def _name(arn: str) -> str:
    return arn.split(":alarm:", 1)[-1]
