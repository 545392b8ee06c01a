"""JSON and paragraphs laid out as Prettier would (https://prettier.io, 80 columns).

What comes out stays as it is when Prettier formats the file: `proseWrap: always` for paragraphs,
its parser `json` for JSON that had no line breaks.

Pure. May import nothing of the project.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple

WIDTH: Final = 80
MAX_DEPTH: Final = 100
"""How deep JSON may be nested; nobody reads what is deeper."""

_WORD: Final = re.compile(r"(?:(`+)(?!`).+?(?<!`)\1(?!`)|\S)+", re.DOTALL)
_CLEANED: Final = (  # Prettier's own rules for numbers, in its order
    (re.compile(r"^(-?[\d.]+e)(?:\+|(-))?0*(?=\d)"), r"\1\2"),
    (re.compile(r"^(-?[\d.]+)e[+-]?0+$"), r"\1"),
    (re.compile(r"(\.\d+?)0+(?=e|$)"), r"\1"),
)


class Written(NamedTuple):
    """A part of a JSON value (also a key) that is already JSON text: a number as it was written,
    a string with a placeholder."""

    text: str
    is_number: bool = False


class TooDeepError(ValueError):
    """JSON is nested deeper than MAX_DEPTH."""


def format_json(value: object, *, depth: int = 0, before: int = 0) -> str:
    """A JSON value as text of lines without a final line break.

    It stands in a value that is `depth` levels deep, `before` columns into its line. Raises
    TooDeepError.
    """
    _check_depth(value)
    return _laid_out(value, depth, before, 0)


def read_written(text: str | bytes) -> object:
    """A JSON text as a value that `format_json` lays out without a loss: numbers that are no plain
    integers are `Written`.

    Raises ValueError for what is not JSON, what has a key twice in one object, and TooDeepError.
    """
    try:
        value: object = json.loads(
            text,
            parse_float=_number,
            parse_int=_integer,
            parse_constant=_refused,
            object_pairs_hook=_unique,
        )
    except RecursionError:
        raise TooDeepError("it is nested too deeply") from None
    _check_depth(value)
    return value


def wrap(text: str) -> str:
    """A paragraph filled up to 80 columns; what stands in backticks is one word."""
    lines: list[str] = []
    line = ""
    for match in _WORD.finditer(text):
        word = match[0]
        if line and _columns(line) + 1 + _columns(word) > WIDTH:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return "\n".join((*lines, line))


def quoted(text: str) -> str:
    """A string as JSON."""
    return json.dumps(text, ensure_ascii=False)


def _laid_out(value: object, depth: int, before: int, after: int) -> str:
    """A value; so many columns stand before it in its line, and after it."""
    if not isinstance(value, (dict, list)) or not value:
        return _scalar(value)
    if not _must_break(value):
        flat = _flat(value, WIDTH - before - after)
        if flat is not None:
            return flat
    pad = "  " * (depth + 1)
    if isinstance(value, list) and len(value) > 1 and all(map(_is_number, value)):
        lines = _filled([_scalar(each) for each in value], WIDTH - len(pad))
        return "[\n" + "\n".join(pad + line for line in lines) + "\n" + "  " * depth + "]"
    items = []
    last = len(value) - 1
    pairs = value.items() if isinstance(value, dict) else (("", each) for each in value)
    for index, (key, each) in enumerate(pairs):
        name = f"{_scalar(key)}: " if isinstance(value, dict) else ""
        start = pad + name
        text = _laid_out(each, depth + 1, _columns(start), int(index < last))
        items.append(start + text)
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}\n" + ",\n".join(items) + "\n" + "  " * depth + closing


def _flat(value: object, room: int) -> str | None:
    """A value on one line, if there is room for it."""
    parts: list[str] = []
    for part in _flat_parts(value):
        parts.append(part)
        room -= _columns(part)
        if room < 0 or part == "\n":
            return None
    return "".join(parts)


def _flat_parts(value: object) -> Iterator[str]:
    """The parts of a value on one line; a line break where there must be one."""
    if not isinstance(value, (dict, list)) or not value:
        yield _scalar(value)
        return
    if _must_break(value):
        yield "\n"
        return
    is_object = isinstance(value, dict)
    yield "{ " if is_object else "["
    for index, each in enumerate(value):
        yield ", " if index else ""
        if is_object:
            yield f"{_scalar(each)}: "
        yield from _flat_parts(value[each] if is_object else each)
    yield " }" if is_object else "]"


def _must_break(value: dict[object, object] | list[object]) -> bool:
    """Whether it is an array of objects, or of arrays, that have several members each."""
    if isinstance(value, dict) or len(value) < 2:
        return False
    kind = type(value[0])
    return kind in (dict, list) and all(type(each) is kind and len(each) > 1 for each in value)


def _filled(numbers: list[str], room: int) -> Iterator[str]:
    """Numbers, as many on a line as there is room for."""
    line = ""
    for index, number in enumerate(numbers):
        text = number + "," * (index < len(numbers) - 1)
        if line and len(line) + 1 + len(text) > room:
            yield line
            line = text
        else:
            line = f"{line} {text}" if line else text
    yield line


def _scalar(value: object) -> str:
    if isinstance(value, Written):
        return value.text
    if isinstance(value, (dict, list)):
        return "{}" if isinstance(value, dict) else "[]"
    return json.dumps(value, ensure_ascii=False)


def _is_number(value: object) -> bool:
    if isinstance(value, Written):
        return value.is_number
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _columns(text: str) -> int:
    """How wide a text is: East Asian characters take two columns, combining ones none."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(each) in "WF" for each in text)
    return len(text) + wide - sum(unicodedata.combining(each) > 0 for each in text)


def _number(text: str) -> Written:
    text = text.lower()
    for pattern, cleaned in _CLEANED:
        text = pattern.sub(cleaned, text)
    return Written(text, is_number=True)


def _integer(text: str) -> int | Written:
    return int(text) if len(text) < 19 and text != "-0" else Written(text, is_number=True)


def _refused(name: str) -> object:
    raise ValueError(f"{name} is no JSON number")


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a key stands twice in one object")
    return members


def _check_depth(value: object) -> None:
    level: list[object] = [value]
    for _ in range(MAX_DEPTH):
        level = [each for outer in level for each in _inner(outer)]
        if not level:
            return
    raise TooDeepError("it is nested too deeply")


def _inner(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
