"""The operations that each job can call, from the index of a debug build."""

from dataclasses import dataclass, field
from pathlib import Path

from iam import actions
from iam.call_graph import CallGraph, Place, Reach
from iam.exceptions import EXCEPTIONS, Exception_, NeverReached
from iam.index_store import IndexStore, IndexStoreError
from iam.operations import operations


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


def derive(repository: Path, store: Path, exceptions: tuple[Exception_, ...] = EXCEPTIONS) -> Derivation:
    """The operations of the jobs of lambdas/. Raises IndexStoreError if the index cannot tell."""
    index = IndexStore(store)
    try:
        graph = CallGraph.of(index.units([repository / "Sources", repository / "lambdas"]))
    finally:
        index.close()
    found = operations(graph, actions.NOT_AWS)
    result = Derivation()
    matched: set[tuple[str, Exception_]] = set()
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
                    f"{job}: an exception matches nothing: without it {exception.caller} calling {exception.callee} "
                    "would need no other permission. Take it from exceptions.py")
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
                named.setdefault(str(operation), []).append(self._place(self.reach, symbol))
        alone = self.graph.reach(self.main, self.cuts, closed=frozenset({actions.DEFINITION}))
        definition = self.graph.reach_from(
            [symbol for symbol in self.reach.steps if self.graph.title(symbol).startswith(actions.DEFINITION + ".")], self.cuts)
        for reach, purpose in (alone, "tables"), (definition, "definition"):
            for symbol, operation in self._asked(reach):
                if operation.service == "s3":
                    named.setdefault(f"{operation} for {purpose}", []).append(self._place(reach, symbol))
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
        """Whether more is asked for if a call does happen."""
        wider = self.graph.reach(self.main, self.cuts - {cut})
        mine = {symbol for symbol, _ in self._asked(self.reach)}
        return any(symbol not in mine for symbol, _ in self._asked(wider))

    def _asked(self, reach: Reach):
        for symbol, asked in self.found.items():
            if symbol in reach:
                for operation in asked:
                    yield symbol, operation

    def _place(self, reach: Reach, symbol: str) -> Place:
        """Where the job's code calls what asks."""
        return reach.steps[symbol].place
