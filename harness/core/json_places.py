"""Where a value stands in a JSON text, and the way there as text: `$.mappings[3].request`.

Pure. May import nothing of the project.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from json import JSONDecoder, dumps, loads
from typing import Final, NamedTuple

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_SCALAR: Final = re.compile(r"[^\s,\]}]+")
_READ: Final = JSONDecoder().raw_decode
_NEXT: Final = re.compile(r'["\[\]{}]')
_PART: Final = re.compile(r'\.(\w+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]')
_NAME: Final = re.compile(r"\w+")


def path_of(parts: Iterable[str | int]) -> str:
    """A way as text: `$.mappings[3].headers["Content-Type"]`."""
    return "$" + "".join(map(_part, parts))


def _part(part: str | int) -> str:
    if isinstance(part, int):
        return f"[{part}]"
    return f".{part}" if _NAME.fullmatch(part) else f"[{dumps(part, ensure_ascii=False)}]"


def parts_of(path: str) -> tuple[str | int, ...]:
    """The way that a text says, as `path_of` writes it; what is no part of one is left out."""
    return tuple(
        name or (int(index) if index else str(loads(quoted)))
        for name, index, quoted in _PART.findall(path)
    )


def position(text: str, path: Sequence[str | int]) -> tuple[int, int]:
    """Line and column (from 1) at which a value begins; see `locate`."""
    at, _ = locate(text, path) or (0, 0)
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def locate(text: str, path: Sequence[str | int], start: int = 0) -> tuple[int, int] | None:
    """The offsets of a value's first character and after its last, by its keys from the top.

    Where there is no such value it is that of the nearest one around it. None if the text, from
    `start` on, is no JSON as far as it has to be read.
    """
    try:
        at = _space(text, start)
        span = at, _end(text, at)
        for key in path:
            found = _child(text, span[0], key)
            if found is None:
                break
            span = found
    except (ValueError, IndexError, StopIteration):
        return None
    return span


class Child(NamedTuple):
    """An item of an object or array: its key, where it begins (with its key), and its value."""

    key: str | int
    begin: int
    start: int
    end: int


def children(text: str, at: int) -> Iterator[Child]:
    """The items of the object or array that begins here; of a scalar there are none.

    Raises ValueError or IndexError where the text is no JSON.
    """
    opening = text[at]
    if opening not in "{[":
        return
    at, number = _space(text, at + 1), 0
    while text[at] not in "]}":
        begin = at
        key: str | int = number
        if opening == "{":
            key, at = _READ(text, at)
            at = _space(text, at)
            if text[at] != ":":
                raise ValueError(text[at])
            at = _space(text, at + 1)
        end = _end(text, at)
        yield Child(key, begin, at, end)
        at, number = _space(text, end), number + 1
        if text[at] == ",":
            at = _space(text, at + 1)


def _child(text: str, at: int, key: str | int) -> tuple[int, int] | None:
    """The item with this key of the object or array that begins here."""
    if text[at] != ("{" if isinstance(key, str) else "["):
        return None
    return next(((each.start, each.end) for each in children(text, at) if each.key == key), None)


def _end(text: str, at: int) -> int:
    """The offset after the value that begins here; what is in it is not checked."""
    if text[at] == '"':
        return _READ(text, at)[1]
    if text[at] not in "{[":
        scalar = _SCALAR.match(text, at)
        if scalar is None:
            raise ValueError(text[at])
        return scalar.end()
    depth = 0
    while True:
        found = _NEXT.search(text, at)
        if found is None:
            raise ValueError("it does not end")
        at = found.end()
        if found[0] == '"':
            at = _READ(text, at - 1)[1]
            continue
        depth += 1 if found[0] in "{[" else -1
        if depth == 0:
            return at


def _space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    assert match, "it matches nothing too"
    return match.end()
