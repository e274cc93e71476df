"""What two plans differ in, attribute by attribute, and how that is shown side by side."""

import json
from collections.abc import Iterator
from typing import NamedTuple

ABSENT = "—"


class Change(NamedTuple):
    """One value that two plans differ in. `path` leads to it, also into JSON that a string holds; it is empty for a resource
    that only one of them has."""

    address: str
    path: str
    before: object
    after: object


def changes(before, after) -> list[Change]:
    """Everything that two plans differ in, in the order of addresses."""
    found = []
    for address in sorted(before.addresses | after.addresses):
        if address not in after:
            found.append(Change(address, "", "planned", ABSENT))
        elif address not in before:
            found.append(Change(address, "", ABSENT, "planned"))
        else:
            pair = before[address], after[address]
            unknown = [dict(_unknown(one.unknown)) for one in pair]
            assert unknown[0].keys() == unknown[1].keys(), f"{address}: what is unknown changes: {unknown}"
            found += [Change(address, *one) for one in differences(pair[0].values, pair[1].values, "")]
    return found


def _unknown(value, path: str = "") -> Iterator[tuple[str, bool]]:
    """Paths of what is unknown until apply; items of lists are not told apart."""
    if value is True:
        yield path, True
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _unknown(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from _unknown(inner, f"{path}[]")


def differences(before, after, path: str) -> Iterator[tuple[str, object, object]]:
    """Paths at which two values differ, with what stands there. JSON in strings is looked into; lists of statements, widgets
    and the like are told apart by the name that their items carry, other lists by what is in only one of them."""
    before, after = _parsed(before), _parsed(after)
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for name in sorted(before.keys() | after.keys()):
            yield from differences(before.get(name, ABSENT), after.get(name, ABSENT), f"{path}.{name}" if path else name)
    elif isinstance(before, list) and isinstance(after, list):
        if len(before) == len(after) == 1:
            yield from differences(before[0], after[0], path)
            return
        if path.endswith("widgets"):
            before, after = _titled(before, after)
            yield from differences(before, after, path)
            return
        if (named := _named(before)) is not None and (others := _named(after)) is not None:
            yield from differences(named, others, path)
            return
        kept, rest = [], [_key(item) for item in after]
        for item in before:
            rest.remove(_key(item)) if _key(item) in rest else kept.append(_key(item))
        for item in kept:
            yield f"{path}[]", item, ABSENT
        for item in rest:
            yield f"{path}[]", ABSENT, item
    else:
        yield path, before, after


def _named(items: list) -> dict | None:
    """A list of objects with names of their own as a dictionary."""
    for name in ("Sid", "id", "name"):
        if items and all(isinstance(item, dict) and isinstance(item.get(name), str) for item in items):
            names = [item[name] for item in items]
            return dict(zip(names, items, strict=True)) if len(set(names)) == len(names) else None
    return None


def _titled(before: list[dict], after: list[dict]) -> tuple[dict, dict]:
    """Widgets by their titles, without their places, which move when one comes before them. Of those with the same title the
    ones that both plans have go first, so that what remains is paired with what it was. Alarms flow from one widget, which
    holds a hundred, into the next, and so are shown as those of one."""
    sides = [_as_one([{name: widget[name] for name in ("type", "properties")} for widget in side]) for side in (before, after)]
    common = [widget for widget in sides[0] if widget in sides[1]]
    found = []
    for side in sides:
        rest, named = list(side), {}
        for widget in common:
            rest.remove(widget)
        for widget in (*common, *rest):
            title = widget["properties"].get("title") or widget["properties"].get("markdown", "").split("\n")[0]
            number = sum(name.split(" #")[0] == title for name in named)
            named[f"{title} #{number}" if number else title] = widget
        found.append(named)
    return found[0], found[1]


def _as_one(widgets: list[dict]) -> list[dict]:
    alarms = [arn for widget in widgets if widget["type"] == "alarm" for arn in widget["properties"]["alarms"]]
    rest = [widget for widget in widgets if widget["type"] != "alarm"]
    return [{"type": "alarm", "properties": {"title": "Alarms", "alarms": alarms}}, *rest]


def _parsed(value):
    if isinstance(value, str) and value[:1] in "{[":
        try:
            return json.loads(value)
        except ValueError:
            pass
    return value


def _key(value) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def side_by_side(found: list[Change], width: int = 68) -> str:
    """The differences as a table."""
    rows = [("resource", "what", "before", "after")]
    rows += [(change.address, change.path, _short(change.before, width), _short(change.after, width)) for change in found]
    widths = [min(max(len(row[column]) for row in rows), 110) for column in range(4)]
    return "\n".join(" | ".join(cell.ljust(size) for cell, size in zip(row, widths, strict=True)).rstrip() for row in rows)


def _short(value, width: int) -> str:
    text = _key(value)
    return text if len(text) <= width else text[: width - 1] + "…"
