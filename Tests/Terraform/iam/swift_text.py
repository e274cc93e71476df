"""As much of Swift's syntax as is needed to find a call's arguments in the text, at a place that the index names."""

from functools import cache

from iam.index_store import IndexStoreError

_CLOSING = {"(": ")", "[": "]", "{": "}"}


@cache
def lines(path: str) -> list[bytes]:
    """The lines of a file, from 0."""
    with open(path, "rb") as file:
        return file.read().split(b"\n")


def text_from(path: str, line: int, column: int) -> str:
    """The text of a file from a place on; lines and columns count from 1, columns in bytes."""
    rest = lines(path)[line - 1:]
    return b"\n".join([rest[0][column - 1:], *rest[1:]]).decode()


def arguments(text: str) -> list[tuple[str | None, str]] | None:
    """The arguments of the call or the parameters of the declaration whose name a text starts with: label and text of
    each, without what follows the parentheses. None where no parentheses follow the name: it is named, not called."""
    start = 0
    while start < len(text) and (text[start].isalnum() or text[start] in "_`"):
        start += 1
    if start < len(text) and text[start] == "<":
        start = _end_of_generics(text, start)
    if start >= len(text) or text[start] != "(":
        return None
    parts, current, depth, place = [], "", 0, start
    while place < len(text):
        character = text[place]
        if character == '"':
            end = _end_of_string(text, place)
            current += text[place:end]
            place = end
            continue
        if text.startswith("//", place):
            place = text.index("\n", place)
            continue
        if character in "([{":
            depth += 1
        if character in ")]}":
            depth -= 1
            if depth == 0:
                break
        if character == "," and depth == 1:
            parts.append(current)
            current = ""
        elif not (depth == 1 and character == "(" and place == start):
            current += character
        place += 1
    else:
        raise IndexStoreError(f"a call without an end: {text[:80]}")
    if current.strip():
        parts.append(current)
    return [_labelled(part.strip()) for part in parts]


def parameters(text: str) -> list[tuple[str, str]]:
    """The parameters of a declaration whose name a text starts with: label (`_` for none) and name of each."""
    result = []
    for label, rest in arguments(text) or []:
        words = (label or rest.split(":")[0]).split()
        result.append((words[0], words[-1]))
    return result


def matched(parameters: list[tuple[str, str]], arguments: list[tuple[str | None, str]]) -> dict[str, str]:
    """The arguments by the names of the parameters that they are for; parameters that have defaults may lack one."""
    found, place = {}, 0
    for label, text in arguments:
        while place < len(parameters) and parameters[place][0] != (label or "_"):
            place += 1
        if place == len(parameters):
            raise IndexStoreError(f"no parameter takes the argument {label or '_'}: {text}")
        found[parameters[place][1]] = text
        place += 1
    return found


def string(text: str) -> str | None:
    """The value of a literal without escapes or interpolation; None for every other expression."""
    inner = text[1:-1]
    whole = len(text) >= 2 and text[0] == '"' and text[-1] == '"'
    return inner if whole and '"' not in inner and "\\" not in inner else None


def _labelled(part: str) -> tuple[str | None, str]:
    """`label: value` taken apart; a parameter's `label name: Type` too."""
    label, colon, rest = part.partition(":")
    words = label.split()
    if colon and words and all(word.replace("_", "a").replace("`", "").isalnum() for word in words):
        return label.strip(), rest.strip()
    return None, part


def _end_of_generics(text: str, start: int) -> int:
    depth = 0
    for place in range(start, len(text)):
        depth += {"<": 1, ">": -1}.get(text[place], 0)
        if depth == 0:
            return place + 1
    return start


def _end_of_string(text: str, start: int) -> int:
    """Behind a string literal; what is interpolated may hold literals of its own."""
    if text.startswith('"""', start):
        return text.index('"""', start + 3) + 3
    place, depth = start + 1, 0
    while place < len(text):
        if text.startswith("\\(", place):
            depth += 1
            place += 2
            continue
        if depth and text[place] in "()":
            depth += 1 if text[place] == "(" else -1
        elif depth and text[place] == '"':
            place = _end_of_string(text, place)
            continue
        elif text[place] == "\\":
            place += 1
        elif not depth and text[place] == '"':
            return place + 1
        place += 1
    raise IndexStoreError(f"a literal without an end: {text[start:start + 80]}")
