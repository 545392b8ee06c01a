"""JSON values and paths in words, bounded in length and in the work of making them.

Pure. May import nothing of the project.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator
from enum import Enum
from itertools import islice
from typing import Any, Final

UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""What a terminal would act on, or no UTF-8 stream takes."""
_TEXT_LIMIT: Final = 120
_PATH_LIMIT: Final = 200
_DEPTH_LIMIT: Final = 4


class Missing(Enum):
    """The type of `MISSING`."""

    MISSING = "nothing"


MISSING: Final = Missing.MISSING
"""Stands for a value that is not there: that is not the same as null."""

Path = tuple[Any, "str | int"] | None
"""Where a value is: the way back to the root, (parent, key or index); None is the root."""


def shorten(value: object, limit: int = _TEXT_LIMIT) -> str:
    """A value as compact JSON for a message: bounded in length, and in the work of making it."""
    if value is MISSING:
        return "nothing"
    text = "".join(islice(_pieces(value, limit, _DEPTH_LIMIT), limit + 1))
    return clipped(text, limit)


def clipped(text: str, limit: int) -> str:
    """A text in at most so many characters."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def printable(text: str) -> str:
    """A text that every UTF-8 stream takes: lone surrogates, which JSON allows, as escapes."""
    return text.encode(errors="backslashreplace").decode()


def visible(text: str) -> str:
    """A text without what a terminal would act on: as escapes, line breaks too."""
    return UNPRINTABLE.sub(lambda found: found[0].encode("unicode-escape").decode(), text)


def kind(value: object) -> str:
    """The kind of a value, as JSON names it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    names: dict[type, str] = {str: "string", dict: "object", list: "array"}
    return next((name for each, name in names.items() if isinstance(value, each)), "no JSON")


def path_keys(path: Path) -> tuple[str | int, ...]:
    """A path as the keys from the top."""
    keys = []
    while path is not None:
        path, key = path
        keys.append(key)
    return tuple(reversed(keys))


def path_text(path: Path) -> str:
    """A path as in JavaScript (`jobs[0].status`), shortened in its middle if it is long."""
    parts: list[str] = []
    while path is not None:
        path, part = path
        if isinstance(part, int):
            parts.append(f"[{part}]")
        elif part.isidentifier():
            parts.append(f".{part}")
        else:
            parts.append(f"[{shorten(part, 60)}]")
    text = "".join(reversed(parts)).removeprefix(".")
    if len(text) <= _PATH_LIMIT:
        return text
    half = _PATH_LIMIT // 2
    return f"{text[:half]}…{text[-half:]}"


def _pieces(value: object, limit: int, depth: int) -> Generator[str, None, None]:
    """The characters of a value as JSON; what is too deep is left out."""
    if isinstance(value, (dict, list)) and value and not depth:
        yield from "{…}" if isinstance(value, dict) else "[…]"
    elif isinstance(value, dict):
        yield "{"
        for index, (key, item) in enumerate(value.items()):
            yield from ", " if index else ""
            yield from _quoted(str(key)[:limit]) + ": "
            yield from _pieces(item, limit, depth - 1)
        yield "}"
    elif isinstance(value, list):
        yield "["
        for index, item in enumerate(value):
            yield from ", " if index else ""
            yield from _pieces(item, limit, depth - 1)
        yield "]"
    elif isinstance(value, str):
        yield from _quoted(value[: limit + 1])
    elif isinstance(value, int) and abs(value) >= 10**100:
        yield from "a number of more than 100 digits"
    else:
        yield from json.dumps(value, default=str)


def _quoted(text: str) -> str:
    return printable(json.dumps(text, ensure_ascii=False))
