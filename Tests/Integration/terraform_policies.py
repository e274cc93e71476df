"""IAM's evaluation of policy documents, as far as the lake's policies go. What it does not know is an error, never a yes."""

import operator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase


@dataclass(frozen=True)
class Call:
    """One thing that somebody wants to do: action, the resource's ARN, and what conditions are judged by."""

    action: str
    resource: str
    context: dict = field(default_factory=dict, hash=False, compare=False)


class Unknown(Exception):
    """A condition that this evaluation does not know."""


def like(value: str, pattern: str) -> bool:
    """IAM's wildcards: * and ?."""
    return fnmatchcase(value, pattern.replace("[", "[[]"))


def listed(value) -> list:
    return value if isinstance(value, list) else [value]


def matches(statement: dict, call: Call) -> bool:
    """Whether a statement is about a call."""
    actions = [
        like(call.action.lower(), pattern.lower()) for pattern in listed(statement.get("Action", statement.get("NotAction")))
    ]
    resources = [
        like(call.resource, pattern) for pattern in listed(statement.get("Resource", statement.get("NotResource", "*")))
    ]
    return (
        any(actions) == ("Action" in statement)
        and any(resources) == ("NotResource" not in statement)
        and all(holds(kind, keys, call.context) for kind, keys in statement.get("Condition", {}).items())
    )


NUMBERS = {
    "NumericEquals": operator.eq, "NumericLessThan": operator.lt, "NumericLessThanEquals": operator.le,
    "NumericGreaterThan": operator.gt, "NumericGreaterThanEquals": operator.ge,
}  # fmt: skip
TEXTS = {
    "StringEquals": operator.eq, "StringLike": like, "ArnEquals": like, "ArnLike": like,
    "StringEqualsIgnoreCase": lambda value, pattern: value.lower() == pattern.lower(),
    "Bool": lambda value, pattern: str(value).lower() == str(pattern).lower(),
}  # fmt: skip


def holds(kind: str, keys: dict, context: dict) -> bool:
    """Whether the keys of one operator of a condition all hold. A key of which the context says None is not in the request;
    one of which it says nothing is unknown."""
    name = kind.removeprefix("ForAnyValue:").removeprefix("ForAllValues:")
    if_exists, name = name.endswith("IfExists"), name.removesuffix("IfExists")
    negated = name.startswith(("StringNot", "ArnNot"))
    name = name.replace("Not", "") if negated else name
    for key, wanted in keys.items():
        if key not in context:
            raise Unknown(f"nobody knows {key} of this request")
        value = context[key]
        if name == "Null":
            if (value is None) != (str(listed(wanted)[0]).lower() == "true"):
                return False
            continue
        if value is None:
            if negated or if_exists or kind.startswith("ForAllValues:"):
                continue
            return False
        if name in NUMBERS:
            fits = any(NUMBERS[name](float(value), float(one)) for one in listed(wanted))
        elif name in TEXTS:
            each = [any(TEXTS[name](one, pattern) for pattern in listed(wanted)) for one in listed(value)]
            fits = all(each) if kind.startswith("ForAllValues:") else any(each)
        else:
            raise Unknown(f"nobody knows the operator {kind}")
        if fits == negated:
            return False
    return True


def verdict(documents: list[dict], call: Call) -> tuple[bool, str]:
    """Whether policies of an identity allow a call, and the Sid of the statement that says so; a denial counts most."""
    allowing = None
    for document in documents:
        for statement in listed(document["Statement"]):
            if matches(statement, call):
                if statement["Effect"] == "Deny":
                    return False, statement.get("Sid", "")
                allowing = allowing or statement.get("Sid", "?")
    return allowing is not None, allowing or ""


def denial(document: dict, call: Call) -> str | None:
    """The Sid of a resource's own statement that denies a call to everybody."""
    for statement in listed(document["Statement"]):
        if statement["Effect"] == "Deny" and statement["Principal"] == "*" and matches(statement, call):
            return statement["Sid"]
    return None
