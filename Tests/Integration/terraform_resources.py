"""Makes what a plan holds in moto, through boto3, and compares every argument with what is then read back.

A plan in which the stand-in for the provider gives tokens for what only AWS can tell shows, by Terraform's own evaluation,
where each such value goes: into an argument, or into the middle of a policy. What is made binds its tokens."""

import functools
import json
import re
from collections.abc import Callable

from botocore.validate import ParamValidator
from servers import Moto

# The plugin's tokens: [[TYPE#NUMBER.ATTRIBUTE]], with an ARN's beginning where the attribute is one.
TOKEN = re.compile(r"(?:arn:aws:token:[a-z0-9-]*:\d*:)?\[\[(?P<name>[\w#.]+)\]\]")

# What no resource of AWS has: the provider's own.
PROVIDERS_OWN = {"tags_all", "region", "timeouts"}


class NotYet(Exception):
    """An argument needs what another resource tells when it is made."""


def is_empty(value) -> bool:
    return value is None or value == [] or value == {} or value == ""


def plain(name: str) -> str:
    """A name as Terraform's and AWS's spellings of it agree."""
    return name.replace("_", "").lower()


class Maker:
    """How resources of one type are made. `order` tells what comes first where no token does."""

    registry: dict[str, "Maker"] = {}

    def __init__(self, make: Callable, order: int):
        self.make = make
        self.order = order


def makes(*types: str, order: int = 50):
    """Declares how a type of Terraform's is made."""

    def declare(make):
        for type in types:
            assert type not in Maker.registry, type
            Maker.registry[type] = Maker(make, order)
        return make

    return declare


class Making:
    """One resource while it is made: its planned arguments, those that were read back, and those that cannot be."""

    def __init__(self, world: "World", address: str, type: str, index, arguments: dict):
        self.world = world
        self.address = address
        self.type = type
        self.index = index
        self.arguments = arguments
        self.read_back: set[str] = set()
        self.unread: dict[str, str] = {}
        self.attributes: dict[str, str] = {}

    def __getitem__(self, name: str):
        return self.arguments[name]

    def get(self, name: str, default=None):
        value = self.arguments.get(name)
        return default if is_empty(value) else value

    def block(self, name: str) -> dict:
        """The one block of this name; an empty one if there is none."""
        blocks = self.get(name, [{}])
        return blocks[0] if isinstance(blocks, list) else blocks

    def client(self, service: str):
        return self.world.client(service)

    def call(self, service: str, operation: str, arguments: dict | None = None, **more):
        """Calls an operation with arguments in Terraform's spelling, in the shape that botocore's model of it has; an
        argument that the operation does not have is a fault. `more` goes as it is."""
        client = self.client(service)
        model = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[operation])
        converted = shaped(model.input_shape, arguments or {}, f"{self.address}: {operation}")
        return getattr(client, operation)(**converted, **more)

    def found(self, **arguments):
        """Compares planned arguments with what AWS has for them."""
        for name, actual in arguments.items():
            planned = self.arguments.get(name)
            fault = difference(planned, actual)
            assert fault is None, f"{self.address}: {name} was planned as {planned!r}, and is {actual!r}: {fault}"
            self.read_back.add(name)

    def found_in(self, reply: dict):
        """Compares every argument that a reply tells of under its own name."""
        names = {plain(argument): argument for argument in self.arguments}
        self.found(**{names[key.lower()]: value for key, value in reply.items() if key.lower() in names})

    def given(self, *without: str, **renamed: str) -> dict:
        """The arguments as a request has them: without the provider's own and those named, others under another name."""
        skipped = PROVIDERS_OWN | set(without)
        return {renamed.get(name, name): value for name, value in self.arguments.items() if name not in skipped}

    def kept(self, name: str, sent, actual):
        """Compares an argument as it was sent, where AWS spells it in a way of its own, with what AWS has for it."""
        fault = difference(sent, actual)
        assert fault is None, f"{self.address}: {name} was sent as {sent!r}, and is {actual!r}: {fault}"
        self.read_back.add(name)

    def left(self, reason: str, *names: str):
        """Arguments that moto does not keep, or not tell of."""
        for name in names:
            if not is_empty(self.arguments.get(name)) and name not in PROVIDERS_OWN:
                self.unread[name] = reason

    def made(self, **attributes):
        """What AWS has told of the resource, for those that refer to it."""
        self.attributes |= attributes

    def missed(self) -> list[str]:
        """Arguments that nothing was done with."""
        given = {name for name, value in self.arguments.items() if not is_empty(value) and value is not False}
        return sorted(given - self.read_back - self.unread.keys() - PROVIDERS_OWN)


class World:
    """Moto, while a plan's resources come to be in it. `file` finds what an argument names, as the plan's root sees it."""

    def __init__(self, moto: Moto, file: Callable):
        self.moto = moto
        self.file = file
        self.values: dict[str, str] = {}
        self.made: dict[str, Making] = {}
        self.client = functools.cache(moto.client)

    def request(self, service: str, operation: str, arguments: dict):
        """Checks a request of an operation that moto lacks against botocore's model of it."""
        shape = self.client(service).meta.service_model.operation_model(operation).input_shape
        faults = ParamValidator().validate(shaped(shape, arguments, operation), shape)
        assert not faults.has_errors(), f"{operation}: {faults.generate_report()}"

    def resolved(self, value):
        """A planned value with the tokens replaced by what AWS has told."""
        if isinstance(value, str):
            return TOKEN.sub(self._value, value)
        if isinstance(value, list):
            return [self.resolved(item) for item in value]
        if isinstance(value, dict):
            return {name: self.resolved(item) for name, item in value.items()}
        return value

    def _value(self, match) -> str:
        name = match["name"]
        if name not in self.values:
            raise NotYet(name)
        return self.values[name]

    def make(self, planned: list[dict]):
        """Makes resources, as a plan's `resource_changes` has them, each when those that it refers to are there."""
        unknown = sorted({change["type"] for change in planned} - Maker.registry.keys())
        assert not unknown, f"nobody has said how to make, or why not: {', '.join(unknown)}"
        waiting = sorted(planned, key=lambda change: (Maker.registry[change["type"]].order, change["address"]))
        while waiting:
            reasons, still = {}, []
            for change in waiting:
                try:
                    self._make(change)
                except NotYet as missing:
                    reasons[change["address"]] = str(missing)
                    still.append(change)
            assert len(still) < len(waiting), f"these wait for what no maker tells: {reasons}"
            waiting = still

    def _make(self, change: dict):
        after = change["change"]["after"]
        own = {
            name: TOKEN.fullmatch(value)["name"] for name, value in after.items() if _is_own_token(change["type"], name, value)
        }
        arguments = self.resolved({name: value for name, value in after.items() if name not in own})
        making = Making(self, change["address"], change["type"], change.get("index"), arguments)
        Maker.registry[change["type"]].make(making)
        missed = making.missed()
        assert not missed, f"{making.address}: nothing was done with {', '.join(missed)}"
        for name, token in own.items():
            if name in making.attributes:
                self.values[token] = making.attributes[name]
        self.made[making.address] = making

    def of_type(self, *types: str) -> list[Making]:
        return [making for making in self.made.values() if making.type in types]

    def unread(self) -> dict[tuple[str, str], str]:
        """What was planned, and not read back: reasons by type and argument."""
        return {(making.type, name): reason for making in self.made.values() for name, reason in making.unread.items()}


def _is_own_token(type: str, name: str, value) -> bool:
    match = TOKEN.fullmatch(value) if isinstance(value, str) else None
    return match is not None and match["name"].startswith(f"{type}#") and match["name"].endswith(f".{name}")


def shaped(shape, value, where: str):
    """A value in Terraform's spelling as an input shape of botocore's wants it."""
    if shape.type_name == "structure":
        if isinstance(value, list):
            assert len(value) == 1, f"{where}: {len(value)} blocks where AWS takes one: {value}"
            value = value[0] or {}
        members = {plain(name): (name, member) for name, member in shape.members.items()}
        made = {}
        for name, inner in value.items():
            if is_empty(inner):
                continue
            assert plain(name) in members, (
                f"{where}: AWS has no argument {name} in {shape.name}; it has {sorted(shape.members)}"
            )
            own, member = members[plain(name)]
            made[own] = shaped(member, inner, f"{where}.{own}")
        return made
    if shape.type_name == "list":
        if isinstance(value, dict) and shape.member.type_name == "structure" and len(shape.member.members) == 2:
            key, content = shape.member.members  # such as tags: Key and Value
            return [{key: name, content: str(inner)} for name, inner in value.items()]
        return [shaped(shape.member, item, where) for item in (value if isinstance(value, list) else [value])]
    if shape.type_name == "map":
        return {name: shaped(shape.value, inner, f"{where}.{name}") for name, inner in value.items()}
    if shape.type_name in ("integer", "long"):
        return int(value)
    if shape.type_name in ("float", "double"):
        return float(value)
    if shape.type_name == "boolean":
        return value in (True, "true")
    return value if isinstance(value, str | bytes) else json.dumps(value)


def difference(planned, actual) -> str | None:
    """What a planned value and AWS's differ in; AWS may have more. Names agree as `plain` spells them, one block is as good
    as its content, JSON is compared as JSON, and the order of lists does not count."""
    if is_empty(planned) or (planned is False and actual is None):
        return None
    if isinstance(planned, list) and len(planned) == 1 and isinstance(actual, dict):
        return difference(planned[0], actual)
    if isinstance(planned, str) and planned[:1] in "{[" and (parsed := _json(planned)) is not None:
        actual = _json(actual) if isinstance(actual, str) else actual
        return None if parsed == actual else f"{parsed} is not {actual}"
    if isinstance(planned, dict):
        if not isinstance(actual, dict):
            actual = _pairs(actual)
        if actual is None:
            return "AWS has no such thing"
        names = {plain(name): value for name, value in actual.items()}
        for name, inner in planned.items():
            fault = difference(inner, names.get(plain(name)))
            if fault is not None:
                return f"{name}: {fault}"
        return None
    if isinstance(planned, list):
        if not isinstance(actual, list) or len(actual) != len(planned):
            return f"{len(planned)} are not {actual}"
        rest = list(actual)
        for item in planned:
            fits = next((index for index, other in enumerate(rest) if difference(item, other) is None), None)
            if fits is None:
                return f"{item} is not among {actual}"
            del rest[fits]
        return None
    if isinstance(planned, bool) or isinstance(actual, bool):
        return None if str(planned).lower() == str(actual).lower() else f"{planned} is not {actual}"
    if isinstance(planned, int | float) and isinstance(actual, int | float | str):
        return None if float(planned) == float(actual) else f"{planned} is not {actual}"
    return None if str(planned) == str(actual) else f"{planned!r} is not {actual!r}"


def _pairs(value) -> dict | None:
    """A list of names and values, such as tags, as a dictionary."""
    if not isinstance(value, list):
        return None
    names = [tuple(sorted(item)) if isinstance(item, dict) else () for item in value]
    if any(pair not in (("Key", "Value"), ("Name", "Value"), ("TagKey", "TagValue")) for pair in names):
        return None
    return {item[pair[0]]: item[pair[1]] for item, pair in zip(value, names, strict=True)}


def _json(text: str):
    try:
        return json.loads(text)
    except ValueError:
        return None
