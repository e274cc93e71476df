"""OpenAPI descriptions: the gateway's in docs/, and any that a plan hands to API Gateway."""

import re
from pathlib import Path

import yaml

from planned import Plan

METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}


def faults(plan: Plan) -> list[str]:
    """Faults of the descriptions that a plan holds."""
    return [
        f"{api.address}.body: {fault}"
        for api in plan.of_type("aws_apigatewayv2_api", "aws_api_gateway_rest_api")
        if api["body"] is not None
        for fault in text_faults(api["body"])
    ]


def file_faults(path: Path) -> list[str]:
    """Faults of a description in a file."""
    return [f"{path.name}: {fault}" for fault in text_faults(path.read_text())]


def text_faults(text: str) -> list[str]:
    """Faults of a description in YAML or JSON."""
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        return [f"no YAML: {error}"]
    if not isinstance(document, dict):
        return ["no object"]
    found = []
    if not re.fullmatch(r"3\.[01]\.\d+", str(document.get("openapi"))):
        found.append(f"openapi is {document.get('openapi')!r}, not 3.0 or 3.1")
    information = document.get("info")
    if not isinstance(information, dict) or not information.get("title") or not information.get("version"):
        found.append("info has no title or no version")
    paths = document.get("paths")
    if not isinstance(paths, dict) or not paths:
        return found + ["no paths"]
    for path, item in paths.items():
        found += [f"{path}: {fault}" for fault in _path_faults(path, item)]
    return found + [f"{reference} leads nowhere" for reference in _references(document) if not _leads(document, reference)]


def _path_faults(path: str, item) -> list[str]:
    if not path.startswith("/") or not isinstance(item, dict):
        return ["is no path with operations"]
    found = []
    for method in item.keys() & METHODS:
        operation = item[method]
        if not isinstance(operation, dict) or not isinstance(operation.get("responses"), dict) or not operation["responses"]:
            found.append(f"{method} has no responses")
            continue
        found += [
            f"{method}: {status} is no status"
            for status in operation["responses"]
            if not re.fullmatch(r"[1-5](\d\d|XX)|default", str(status))
        ]
    return found if item.keys() & METHODS else ["has no operation"]


def _references(value):
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def _leads(document: dict, reference: str) -> bool:
    if not reference.startswith("#/"):
        return False
    place = document
    for step in reference[2:].split("/"):
        step = step.replace("~1", "/").replace("~0", "~")
        if not isinstance(place, dict) or step not in place:
            return False
        place = place[step]
    return True
