"""The operations that each job can call, from the index of a debug build."""

from dataclasses import dataclass, field
from pathlib import Path

from iam import actions
from iam.call_graph import CallGraph, Place, Reach
from iam.exceptions import EXCEPTIONS, Uncalled, NeverReached
from iam.index_store import IndexStore
from iam.operations import operations

# Where the files of services lie.
SERVICES = "/Sources/AWS/"


@dataclass
class Derivation:
    """What was derived."""

    # By job, the operations, as actions.OPERATIONS names them, and the places where the code asks for them.
    operations: dict[str, dict[str, list[Place]]] = field(default_factory=dict)
    # By job, the functions of librdkafka.
    kafka: dict[str, dict[str, list[Place]]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    @property
    def jobs(self) -> list[str]:
        return sorted(self.operations)


def derive(repository: Path, store: Path, exceptions: tuple[Uncalled, ...] = EXCEPTIONS) -> Derivation:
    """The operations of the jobs of lambdas/. Raises IndexStoreError if the index cannot tell."""
    index = IndexStore(store)
    try:
        graph = CallGraph.of(index.units([repository / "Sources", repository / "lambdas"]))
    finally:
        index.close()
    found = operations(graph, actions.NOT_AWS)
    result = Derivation()
    matched: set[tuple[str, Uncalled]] = set()
    for main in sorted((repository / "lambdas").glob("*/main.swift")):
        job = main.parent.name
        mine = [exception for exception in exceptions if job in exception.jobs]
        reached = _Reached(graph, found, str(main.resolve()), frozenset((each.caller, each.callee) for each in mine))
        result.operations[job] = reached.operations()
        result.kafka[job] = reached.kafka()
        result.faults += [f"{job}: {fault}" for fault in reached.faults]
        for exception in mine:
            if reached.changes_without((exception.caller, exception.callee)):
                matched.add((job, exception))
            for ground in exception.rests_on:
                if isinstance(ground, NeverReached) and reached.makes(ground.type):
                    result.faults.append(
                        f"{job}: {exception.caller} may call {exception.callee} after all: {ground.type} is made")
    for exception in exceptions:
        for job in exception.jobs:
            if (job, exception) not in matched:
                result.faults.append(
                    f"{job}: an exception matches nothing: if {exception.caller} did call {exception.callee}, no more would be "
                    "asked for. Take it from exceptions.py")
    return result


class _Reached:
    """What one job reaches, and what it asks for there."""

    def __init__(self, graph: CallGraph, found: dict, main: str, cuts: frozenset[tuple[str, str]]):
        self.graph, self.found, self.main, self.cuts = graph, found, main, cuts
        self.faults: list[str] = []
        self.reach = graph.reach(main, cuts)

    def operations(self) -> dict[str, list[Place]]:
        named: dict[str, list[Place]] = {}
        for symbol, operation in self._asked(self.reach):
            if operation.service != "s3":
                named.setdefault(str(operation), []).extend(self._places(self.reach, symbol))
        alone = self.graph.reach(self.main, self.cuts, closed=frozenset({actions.DEFINITION}))
        definition = self.graph.reach_from(
            [symbol for symbol in self.reach.steps if self.graph.title(symbol).startswith(actions.DEFINITION + ".")], self.cuts)
        for reach, purpose in (alone, "tables"), (definition, "definition"):
            for symbol, operation in self._asked(reach):
                if operation.service == "s3":
                    named.setdefault(f"{operation} for {purpose}", []).extend(self._places(reach, symbol))
        return {name: sorted(set(places)) for name, places in sorted(named.items())}

    def kafka(self) -> dict[str, list[Place]]:
        """The functions of librdkafka, by the prefixes that it and the shim give theirs."""
        called: dict[str, list[Place]] = {}
        for symbol, step in self.reach.steps.items():
            name = symbol.removeprefix("c:@F@")
            if name != symbol and name.startswith(("rd_kafka_", "swiftlake_rdkafka_")):
                called.setdefault(name, []).append(step.place)
        for name in sorted(called):
            if name not in actions.KAFKA and name.removeprefix("rd_kafka_") not in actions.KAFKA_LOCAL:
                place = called[name][0]
                self.faults.append(f"{place.path}:{place.line}: what {name} asks of brokers is not in actions.KAFKA")
        return called

    def makes(self, type_name: str) -> bool:
        return any(self.graph.names.get(made) == type_name for made in self.reach.made)

    def changes_without(self, cut: tuple[str, str]) -> bool:
        """Whether more is asked for, or in more places, if a call does happen."""
        return self._everything(self.graph.reach(self.main, self.cuts - {cut})) != self._everything(self.reach)

    def _everything(self, reach: Reach) -> set:
        return {(symbol, place) for symbol, _ in self._asked(reach) for place in self._places(reach, symbol)}

    def _asked(self, reach: Reach):
        for symbol, asked in self.found.items():
            if symbol in reach:
                for operation in asked:
                    yield symbol, operation

    def _places(self, reach: Reach, symbol: str) -> list[Place]:
        """Where the job's code asks for what a function of a service file does, be it through others of such files."""
        places, waiting, seen = [], [symbol], {symbol}
        while waiting:
            for caller, place in self.graph.references[waiting.pop()]:
                if caller is None or caller not in reach or caller in seen:
                    continue
                if SERVICES in place.path:
                    seen.add(caller)
                    waiting.append(caller)
                else:
                    places.append(place)
        return places or [reach.steps[symbol].place]
