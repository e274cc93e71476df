"""The ARNs that a plan's policies, environments, targets and actions are made of, and whether each is of something that is
there."""

import json
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from servers import ACCOUNT, REGION
from terraform_resources import World

ARN = re.compile(r"arn:aws:[a-z0-9-]*:[a-z0-9-]*:[0-9]*:[^\s\"',\\]+")

# ARNs of what no plan makes: by pattern, and why it is there.
ELSEWHERE = {
    "arn:aws:glue:*:*:catalog": "every account has one",
    "arn:aws:glue:*:*:database/default": "Athena looks whether there is one",
    "arn:aws:secretsmanager:*:*:secret:*/alpaca-*": "the endpoint of Secrets Manager is there before the secret of alpaca_key",
    "arn:aws:glue:*:*:table/*": "bootstrap-tables makes tables",
    "arn:aws:glue:*:*:userDefinedFunction/*": "Glue asks for functions when it drops a database",
    "arn:aws:kms:*:*:key/[*]": "AWS makes up the ids of keys; the condition on the alias says which",
    "arn:aws:kafka:*:*:topic/*": "bootstrap-topics makes topics",
    "arn:aws:kafka:*:*:transactional-id/*": "brokers know producers' transactions",
    "arn:aws:kafka:*:*:group/*": "mappings make consumer groups",
    "arn:aws:ec2:*:*:*/[*]": "Lambda makes network interfaces",
    "arn:aws:ec2:*:*:vpc-flow-log/[*]": "AWS makes up the ids of flow logs",
    "arn:aws:iam::*:role/aws-service-role/*": "AWS makes roles of its services",
    "arn:aws:iam::*:root": "the account itself",
    "arn:aws:cloudwatch:*:*:alarm:[*]": "whichever alarm publishes",
    "arn:aws:events:*:*:rule/*": "rules that may come to be",
    "arn:aws:macie2:*": "findings",
    "arn:aws:execute-api:*": "AWS makes up the ids of APIs",
    "arn:aws:apigateway:*": "how API Gateway names what it invokes",
}


def strings(value) -> Iterator[str]:
    """Every string of a planned value; of JSON in a string, its strings."""
    if isinstance(value, str):
        if value[:1] in "{[":
            try:
                yield from strings(json.loads(value))
                return
            except ValueError:
                pass
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def arns(world: World) -> dict[str, set[str]]:
    """Addresses of the resources that name each ARN."""
    found: dict[str, set[str]] = {}
    for making in world.made.values():
        for text in strings(making.arguments):
            for arn in ARN.findall(text):
                # API Gateway's name of a function's invocations ends so, and a sentence with a full stop.
                found.setdefault(arn.removesuffix("/invocations").rstrip("."), set()).add(making.address)
    return found


def existing(world: World) -> set[str]:
    """ARNs of what moto has."""
    there = {making.attributes["arn"] for making in world.made.values() if making.attributes.get("arn")}
    there |= {arn + ":*" for arn in there if ":log-group:" in arn}
    there |= {f"{arn}:$LATEST" for arn in there if ":function:" in arn}
    there |= {f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule-group/default"}
    return there


def stray(world: World) -> dict[str, set[str]]:
    """ARNs of this account, or of buckets, that match nothing that is there."""
    there = existing(world)
    buckets = {making["bucket"] for making in world.of_type("aws_s3_bucket")}

    def leads_somewhere(arn: str) -> bool:
        if any(fnmatchcase(arn, pattern) for pattern in ELSEWHERE):
            return True
        if arn.startswith("arn:aws:s3:::"):
            return arn.removeprefix("arn:aws:s3:::").split("/")[0] in buckets
        pattern = arn.replace("[", "[[]")
        return arn in there or any(fnmatchcase(one, pattern) for one in there)

    return {arn: where for arn, where in arns(world).items() if not leads_somewhere(arn)}
