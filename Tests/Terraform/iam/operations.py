"""Which operations of which services each function of the sources asks for.

Every request to a service is made by `ServiceRequest`'s initialiser, which is given the service and the operation. Both
are followed from there outward, through the functions that pass them on, to the places that name them.
"""

import re
from dataclasses import dataclass

from iam import swift_text
from iam.call_graph import CallGraph, Place
from iam.index_store import CONSTRUCTORS, STATIC_PROPERTY, IndexStoreError

_MAKER = "ServiceRequest.init("
# What signs requests, and who may: the client of ServiceRequests, and the token that signs in at Kafka's brokers.
_SIGNER = "SignatureV4.init("
_SIGNING = ("ServiceClient.", "MSKToken.")
_TEXT = re.compile(r'\bstatic let \w+ = "([A-Za-z0-9]+)"$')
_SERVICE = re.compile(r'=\s*AWSService\(\s*"([a-z0-9-]+)"')


@dataclass(frozen=True)
class Operation:
    """An operation that a function asks for, and where it is named."""

    service: str
    name: str
    place: Place

    def __str__(self) -> str:
        return f"{self.service}:{self.name}"


@dataclass(frozen=True)
class _Parameter:
    """What a function is told by its caller."""

    name: str


def operations(graph: CallGraph, own: set[str]) -> dict[str, list[Operation]]:
    """The operations by the function that names them.

    own: the ids of services that are not AWS's, whose operations nobody needs to know.

    Raises IndexStoreError where it cannot be told."""
    makers = _initialisers(graph, _MAKER)
    for signer in _initialisers(graph, _SIGNER):
        for caller, place in graph.references[signer]:
            if not graph.title(caller or "").startswith(_SIGNING):
                raise IndexStoreError(f"{place.path}:{place.line}: signs requests of its own, of which nobody knows what they ask for")
    if not makers:
        raise IndexStoreError("the sources have no ServiceRequest, of which every request is made")
    found: dict[str, list[Operation]] = {}
    waiting = [(maker, _Parameter(_parameters(graph, maker)[0][1]), _Parameter("operation")) for maker in makers]
    seen = set(waiting)
    while waiting:
        callee, service, name = waiting.pop()
        for caller, place in graph.references[callee]:
            if caller is None or graph.definitions[callee] == place:
                raise _unknown(graph, callee, place, "called outside every function")
            arguments = swift_text.arguments(swift_text.text_from(place.path, place.line, place.column))
            if arguments is None:
                raise _unknown(graph, callee, place, "handed on, not called")
            given = swift_text.matched(_parameters(graph, callee), arguments)
            its_service = _service(graph, caller, place, service, given)
            if its_service in own:
                continue
            its_name = _name(graph, caller, callee, place, name, given)
            if isinstance(its_service, str) and isinstance(its_name, str):
                found.setdefault(caller, []).append(Operation(its_service, its_name, place))
            elif (caller, its_service, its_name) not in seen:
                seen.add((caller, its_service, its_name))
                waiting.append((caller, its_service, its_name))
    return found


def _initialisers(graph: CallGraph, title: str) -> list[str]:
    return [
        symbol for symbol in graph.definitions if graph.kinds[symbol] in CONSTRUCTORS and graph.title(symbol).startswith(title)]


def _parameters(graph: CallGraph, function: str) -> list[tuple[str, str]]:
    place = graph.definitions[function]
    return swift_text.parameters(swift_text.text_from(place.path, place.line, place.column))


def _service(graph: CallGraph, caller: str, place: Place, service, given: dict[str, str]):
    """The id of a service, or the caller's parameter that says it."""
    if isinstance(service, str):
        return service
    text = given.get(service.name, "")
    if text in {name for _, name in _parameters(graph, caller)}:
        return _Parameter(text)
    if match := _SERVICE.search(_constant(graph, caller, place, text)):
        return match[1]
    raise _unknown(graph, caller, place, f"of the service {text or '?'}")


def _name(graph: CallGraph, caller: str, callee: str, place: Place, name, given: dict[str, str]):
    """The name of an operation, or the caller's parameter that says it."""
    if isinstance(name, str):
        return name
    text = given.get(name.name, "")
    if (literal := swift_text.string(text)) is not None:
        return literal
    if text in {name for _, name in _parameters(graph, caller)}:
        return _Parameter(text)
    if match := _TEXT.search(_constant(graph, caller, place, text)):
        return match[1]
    raise _unknown(graph, callee, place, f"with the operation {text or '?'}")


def _constant(graph: CallGraph, caller: str, place: Place, text: str) -> str:
    """The line that defines a constant, which an argument names as `.glue`, `Self.service` or `RESTConnection.service`."""
    name = text.rpartition(".")[2]
    for symbol, where in graph.inside[caller]:
        definition = graph.definitions.get(symbol)
        if definition and where >= place and graph.names[symbol] == name and graph.kinds[symbol] == STATIC_PROPERTY:
            return swift_text.lines(definition.path)[definition.line - 1].decode()
    return ""


def _unknown(graph: CallGraph, function: str, place: Place, what: str) -> IndexStoreError:
    return IndexStoreError(
        f"{place.path}:{place.line}: which operation {graph.title(function)} asks for cannot be told: {what}. Name the "
        "operation by a literal, or pass it on as a parameter")
