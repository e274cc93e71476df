"""Who may call whom, as the index tells it, and what can be reached from a function's entry.

The answer errs to one side only: whatever can run is found, and some of what is found may never run. A symbol is reached
when something reached stands for it in any way, called or merely named, so closures and functions that are handed on
count as called. Which implementation a call through a protocol comes to is settled by rapid type analysis: those of the
types of which reached code makes instances.
"""

from collections import defaultdict, deque
from dataclasses import dataclass, field

from iam.index_store import (
    ACCESSOR_OF, BASE_OF, CALL, CHILD_OF, CALLED_BY, CONSTRUCTORS, CONTAINED_BY, DEFINITION, DESTRUCTOR, ENUMERATION,
    EXTENDED_BY, INSTANCE_PROPERTY, IndexStoreError, MODULE, OF_INSTANCES, OVERRIDE_OF, PARAMETER, PROPERTIES, PROTOCOL,
    REFERENCE, Symbol, TYPES, Unit)


@dataclass(frozen=True, order=True)
class Place:
    """Where something stands."""

    path: str
    line: int
    column: int


@dataclass
class Step:
    """Why a symbol is reached: from which one, and where that is written."""

    source: str | None
    place: Place | None


@dataclass
class CallGraph:
    """The symbols of some source files and how they hang together, by their USRs. All is kept in the order of the sources, so
    that the same code gives the same answer."""

    names: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict, repr=False)
    kinds: dict[str, int] = field(default_factory=dict)
    definitions: dict[str, Place] = field(default_factory=dict)
    # What stands inside a symbol: other symbols, and where.
    inside: dict[str, list[tuple[str, Place]]] = field(default_factory=lambda: defaultdict(list))
    # What stands at the top of a file, outside everything: of an executable's main.swift, its statements.
    top: dict[str, list[tuple[str, Place]]] = field(default_factory=lambda: defaultdict(list))
    # The type, protocol or function that a symbol is declared in.
    parents: dict[str, str] = field(default_factory=dict)
    children: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    # The getter, setter and observers of a property.
    accessors: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    # What implements a requirement, or overrides a method.
    overrides: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    overridden: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    # The classes and protocols that a type is declared to be.
    bases: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    # Where a symbol is called or named: inside which one, and where; inside none at the top of a file.
    references: dict[str, list[tuple[str | None, Place]]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, units: list[Unit]) -> "CallGraph":
        """The graph of some units."""
        graph = cls()
        extensions: dict[str, str] = {}
        for unit in units:
            for occurrence in unit.occurrences:
                for roles, other in occurrence.relations:
                    if roles & EXTENDED_BY:
                        extensions[other.usr] = occurrence.symbol.usr
        for unit in units:
            for occurrence in unit.occurrences:
                graph._add(unit, occurrence, extensions)
        return graph

    def _add(self, unit: Unit, occurrence, extensions: dict[str, str]) -> None:
        symbol, place = occurrence.symbol, Place(unit.path, occurrence.line, occurrence.column)
        if symbol.kind == MODULE:
            return
        self._name(symbol)
        if occurrence.roles & DEFINITION:
            self.definitions.setdefault(symbol.usr, place)
        containers = []
        for roles, other in occurrence.relations:
            self._name(other)
            owner = extensions.get(other.usr, other.usr)
            if roles & CHILD_OF:
                self.parents[symbol.usr] = owner
                self.children[owner][symbol.usr] = None
            if roles & BASE_OF:
                self.bases[owner][symbol.usr] = None
            if roles & ACCESSOR_OF:
                self.accessors[owner][symbol.usr] = None
            if roles & OVERRIDE_OF:
                self.overrides[other.usr][symbol.usr] = None
                self.overridden[symbol.usr][other.usr] = None
            if roles & (CALLED_BY | CONTAINED_BY):
                containers.append(owner)
        if symbol.kind == PARAMETER:
            return
        # Where a type conforms to a protocol by a method of another file, this is only said of it, not called.
        if any(roles & OVERRIDE_OF for roles, _ in occurrence.relations):
            return
        for container in containers:
            self.inside[container].append((symbol.usr, place))
        if occurrence.roles & REFERENCE:
            self.references[symbol.usr] += [(container, place) for container in containers] or [(None, place)]
        if occurrence.roles & REFERENCE and not occurrence.relations:
            if occurrence.roles & CALL and not unit.path.endswith("/main.swift"):
                raise IndexStoreError(f"{unit.path}:{place.line}: a call of {symbol.name} outside every function")
            self.top[unit.path].append((symbol.usr, place))

    def _name(self, symbol: Symbol) -> None:
        self.names[symbol.usr] = symbol.name
        self.kinds[symbol.usr] = symbol.kind

    def type_of(self, symbol: str) -> str | None:
        """The type or protocol that a symbol is declared in, however deep; its own if it is one."""
        while symbol is not None and self.kinds.get(symbol) not in TYPES | {PROTOCOL}:
            symbol = self.parents.get(symbol)
        return symbol

    def title(self, symbol: str) -> str:
        """A symbol as people write it: `Type.method(_:)`."""
        title = self.titles.get(symbol)
        if title is None:
            name = self.names.get(symbol, symbol).removeprefix("getter:").removeprefix("setter:")
            parent = self.parents.get(symbol)
            title = self.titles[symbol] = f"{self.title(parent)}.{name}" if parent else name
        return title

    def reach(
        self, main: str, cuts: frozenset[tuple[str, str]] = frozenset(), closed: frozenset[str] = frozenset()
    ) -> "Reach":
        """What the statements of a file reach.

        cuts: titles of one that calls and one that is called, whose calls do not happen.
        closed: names of types of which nothing is reached."""
        return Reach(self, cuts, closed, self.top[main])

    def reach_from(self, symbols: list[str], cuts: frozenset[tuple[str, str]] = frozenset()) -> "Reach":
        """What some symbols reach by themselves."""
        return Reach(self, cuts, frozenset(), [(symbol, self.definitions.get(symbol)) for symbol in symbols])


class Reach:
    """A search: what was reached, each with the step that led there first."""

    def __init__(
        self, graph: CallGraph, cuts: frozenset[tuple[str, str]], closed: frozenset[str], start: list[tuple[str, Place | None]]
    ):
        self.graph, self.cuts, self.closed = graph, cuts, closed
        self.steps: dict[str, Step] = {}
        self.named: set[str] = set()
        self.made: set[str] = set()
        self.queue: deque[str] = deque()
        for symbol, place in start:
            self.add(symbol, None, place)
        while self.queue:
            self.follow(self.queue.popleft())

    def __contains__(self, symbol: str) -> bool:
        return symbol in self.steps

    def add(self, symbol: str, source: str | None, place: Place | None) -> None:
        if symbol in self.steps:
            return
        title = self.graph.title(symbol)
        if title.split(".")[0] in self.closed:
            return
        if source is not None and (self.graph.title(source), title) in self.cuts:
            return
        self.steps[symbol] = Step(source, place)
        self.queue.append(symbol)

    def follow(self, symbol: str) -> None:
        graph = self.graph
        for inner, place in graph.inside.get(symbol, ()):
            self.add(inner, symbol, place)
        kind = graph.kinds.get(symbol)
        if kind in PROPERTIES:
            # Read, written or only named: all that it does then.
            for accessor in graph.accessors.get(symbol, ()):
                self.add(accessor, symbol, graph.definitions.get(accessor))
        owner = graph.type_of(symbol)
        if owner is not None and graph.kinds.get(owner) in TYPES:
            self.enliven(owner, symbol)
        for witness in graph.overrides.get(symbol, ()):
            if self.can_be_called(witness):
                self.add(witness, symbol, graph.definitions.get(witness))

    def can_be_called(self, witness: str) -> bool:
        """Whether a call through a protocol or of an overridden method may come here: a method of instances only if one
        was made, a method of the type if the type was named, and what a protocol's extension gives to all."""
        owner = self.graph.type_of(witness)
        if self.graph.kinds.get(owner) not in TYPES or owner not in self.graph.definitions:
            return True
        return owner in (self.made if self.graph.kinds.get(witness) in OF_INSTANCES else self.named)

    def enliven(self, owner: str, symbol: str) -> None:
        """Something of a type is reached: the type is named, and made if it is an initialiser or the type is an
        enumeration. What it implements of others' protocols may then be called by whom we do not see."""
        graph = self.graph
        kind = graph.kinds.get(symbol)
        makes = kind in CONSTRUCTORS or graph.kinds.get(owner) == ENUMERATION
        if owner in (self.made if makes else self.named):
            return
        self.named.add(owner)
        if makes:
            self.made.add(owner)
        for base in graph.bases.get(owner, ()):
            if graph.kinds.get(base) in TYPES:
                self.enliven(base, symbol)
        for member in graph.children.get(owner, ()):
            place = graph.definitions.get(member)
            if makes and graph.kinds.get(member) == DESTRUCTOR:
                self.add(member, symbol, place)
            if makes and graph.kinds.get(member) == INSTANCE_PROPERTY:
                for inner, where in graph.inside.get(member, ()):
                    self.add(inner, symbol, where)
            for requirement in graph.overridden.get(member, ()):
                if requirement in self.steps or requirement not in graph.definitions:
                    if self.can_be_called(member):
                        self.add(member, symbol, place)
