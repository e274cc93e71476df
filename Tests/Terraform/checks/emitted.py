"""The metrics that the functions write, read from their code: names, and the dimensions that each comes with."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
NAMESPACE = "Swiftlake"

CALL = re.compile(r"\bmetrics\.put\(")
FUNCTION = re.compile(r"\bfunc \w+")
# Names that a call takes from a list of pairs, or from the cases of a switch.
LISTED = re.compile(r'(?<!put)\("([A-Z]\w*)",|: "([A-Z]\w*)"')
# Names made of the names of a report's numbers, as UpkeepResult does.
DERIVED = ".prefix(1).uppercased()"
RENAMED = re.compile(r'== "(\w+)" \? "([A-Z]\w*)"')


@dataclass(frozen=True)
class Metric:
    """A name with its dimensions: the value of each where the code has a literal one, None where it is the data's."""

    name: str
    dimensions: tuple[tuple[str, str | None], ...]

    def is_counted_as(self, dimensions: dict[str, str]) -> bool:
        """Whether CloudWatch finds it under these dimensions: it wants all of them, and no other."""
        return dict(self.dimensions).keys() == dimensions.keys() and all(
            value in (None, dimensions[name]) for name, value in self.dimensions
        )


@cache
def emitted(sources: Path = REPOSITORY / "Sources") -> frozenset[Metric]:
    """All metrics of the code. A call that cannot be understood is an error: it would be a metric that no check knows."""
    found = set()
    for path in sorted(sources.rglob("*.swift")):
        text = path.read_text()
        for call in CALL.finditer(text):
            arguments = _balanced(text, call.end() - 1)
            dimensions = tuple(sorted((key, _literal(value, sources)) for key, value in _dimensions(arguments)))
            names = _names(arguments, text, call.start(), path)
            if not names:
                raise ValueError(f"{path}: a metric whose name cannot be read: metrics.put({arguments})")
            found |= {Metric(name, dimensions) for name in names}
    if not found:
        raise ValueError(f"no metric in {sources}")
    return frozenset(found)


def _names(arguments: str, text: str, place: int, path: Path) -> set[str]:
    first = arguments.split(",", 1)[0].strip()
    if literal := re.fullmatch(r'"(\w+)"', first):
        return {literal[1]}
    function = _function(text, place)
    if DERIVED in function:
        renamed = dict(RENAMED.findall(function))
        return {renamed.get(name, name[:1].upper() + name[1:]) for name in _numbers(path.parent)}
    return {one or other for one, other in LISTED.findall(function)}


def _numbers(folder: Path) -> list[str]:
    """Names of the numbers of a report, from the property `numbers` beside it."""
    for path in sorted(folder.glob("*.swift")):
        text = path.read_text()
        if declared := re.search(r"var numbers:[^{]*\{", text):
            return re.findall(r'\("(\w+)",', _balanced(text, declared.end() - 1))
    return []


def _function(text: str, place: int) -> str:
    """The function around a place: the last one begun before it."""
    begun = [match for match in FUNCTION.finditer(text, 0, place)]
    if not begun:
        return ""
    return _balanced(text, text.index("{", begun[-1].end()))


def _dimensions(arguments: str) -> list[tuple[str, str]]:
    given = re.search(r"dimensions:\s*\[", arguments)
    if not given:
        return []
    inside = _balanced(arguments, given.end() - 1)
    return [(key, value.strip()) for key, value in re.findall(r'"(\w+)":\s*([^,]+)', inside)]


def _literal(value: str, sources: Path) -> str | None:
    """What a dimension's value is, if the code says so: a text, or the constant `name` of a type."""
    if literal := re.fullmatch(r'"([^"\\]+)"', value):
        return literal[1]
    if constant := re.fullmatch(r"([A-Z]\w*)\.name", value):
        for path in sorted(sources.rglob(f"{constant[1]}*.swift")):
            if declared := re.search(r'static let name(?:: String)? = "([^"]+)"', path.read_text()):
                return declared[1]
    return None


def _balanced(text: str, opening: int) -> str:
    """What stands between a bracket and the one that closes it. Brackets within texts do not count."""
    pairs = {"(": ")", "[": "]", "{": "}"}
    depth, inside = 0, False
    for place in range(opening, len(text)):
        character = text[place]
        if character == '"' and text[place - 1] != "\\":
            inside = not inside
        elif not inside and character in pairs:
            depth += 1
        elif not inside and character in pairs.values():
            depth -= 1
            if depth == 0:
                return text[opening + 1 : place]
    raise ValueError(f"a bracket is never closed: {text[opening:opening + 60]}")
