"""JSON in arguments that Terraform takes for text: events of schedules, filters, formats of logs, whatever looks like it."""

import json
import re
from zoneinfo import available_timezones

from planned import Plan, Resource

from . import policies

# Arguments that hold JSON, by resource type; a path through nested blocks is written with dots. Others are looked at where
# they begin as an object or array does.
JSON_ARGUMENTS = {
    "aws_scheduler_schedule": ["target.input"],
    "aws_lambda_invocation": ["input"],
    "aws_lambda_event_source_mapping": ["filter_criteria.filter.pattern"],
    "aws_cloudwatch_event_rule": ["event_pattern"],
    "aws_cloudwatch_event_target": ["input"],
    "aws_sqs_queue": ["redrive_policy", "redrive_allow_policy"],
    "aws_sqs_queue_redrive_policy": ["redrive_policy"],
    "aws_sqs_queue_redrive_allow_policy": ["redrive_allow_policy"],
    "aws_sns_topic_subscription": ["filter_policy", "redrive_policy"],
    "aws_apigatewayv2_stage": ["access_log_settings.format"],
    "aws_glue_catalog_table": ["table_input"],
}
# Texts that checks of their own read.
READ_ELSEWHERE = {*policies.KINDS, ("aws_cloudwatch_dashboard", "dashboard_body"), ("aws_apigatewayv2_api", "body"), ("aws_api_gateway_rest_api", "body")}
EXPRESSION = re.compile(
    r"rate\([1-9]\d* (minutes?|hours?|days?)\)|cron\(\S+ \S+ \S+ \S+ \S+ \S+\)|at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)"
)


def faults(plan: Plan) -> list[str]:
    """Texts that should be JSON and are not, and schedules that would never run."""
    found = []
    for resource in plan.resources:
        named = JSON_ARGUMENTS.get(resource.type, [])
        for path, text in _texts(resource.values):
            if (resource.type, path) in READ_ELSEWHERE:
                continue
            if path in named or re.match(r"\s*[{\[]", text):
                found += [f"{resource.address}.{path}: no JSON: {fault}" for fault in _json_faults(text)]
        if resource.type == "aws_scheduler_schedule":
            found += [f"{resource.address}: {fault}" for fault in _schedule_faults(resource)]
    return found


def _texts(value, path: str = ""):
    """All texts of a resource, with the path to each; elements of lists share theirs."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, path)


def _json_faults(text: str) -> list[str]:
    try:
        json.loads(text)
    except ValueError as error:
        return [f"{error}: {text[:120]}"]
    return []


def _schedule_faults(schedule: Resource) -> list[str]:
    found = []
    expression = schedule["schedule_expression"]
    if expression is not None and not EXPRESSION.fullmatch(expression):
        found.append(f"schedule_expression {expression!r} is neither rate(…), cron(…) of six fields, nor at(…)")
    zone = schedule["schedule_expression_timezone"]
    if zone is not None and zone not in available_timezones():
        found.append(f"there is no time zone {zone!r}")
    return found
