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
    try:
        return _laid_out(_group(value), depth, before, 0)
    except RecursionError:
        raise TooDeepError("it is nested too deeply") from None


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


class _Group(NamedTuple):
    """An object or array. `flat` is it on one line, None if that cannot be; `items` are what it
    holds, each with what stands before it."""

    brackets: str
    flat: str | None
    items: list[tuple[str, str | _Group]]
    is_filled: bool = False


def _group(value: object) -> str | _Group:
    """What a value is made of."""
    if isinstance(value, dict) and value:
        items = [(f"{_scalar(key)}: ", _group(each)) for key, each in value.items()]
        return _Group("{}", _flat("{ ", items, " }"), items)
    if isinstance(value, list) and value:
        items = [("", _group(each)) for each in value]
        flat = None if _must_break(value) else _flat("[", items, "]")
        return _Group("[]", flat, items, len(value) > 1 and all(map(_is_number, value)))
    return _scalar(value)


def _flat(opening: str, items: list[tuple[str, str | _Group]], closing: str) -> str | None:
    """Items on one line, if there may be room for them anywhere."""
    if 3 * len(items) > WIDTH:
        return None
    parts = []
    for name, each in items:
        text = each if isinstance(each, str) else each.flat
        if text is None:
            return None
        parts.append(name + text)
    flat = f"{opening}{', '.join(parts)}{closing}"
    return flat if len(flat) <= WIDTH else None


def _laid_out(group: str | _Group, depth: int, before: int, after: int) -> str:
    """A value; so many columns stand before it in its line, and after it."""
    if isinstance(group, str):
        return group
    if group.flat is not None and before + _columns(group.flat) + after <= WIDTH:
        return group.flat
    pad = "  " * (depth + 1)
    if group.is_filled:
        lines = _filled([str(each) for _, each in group.items], WIDTH - len(pad))
        inner = "\n".join(pad + line for line in lines)
    else:
        last = len(group.items) - 1
        inner = ",\n".join(
            pad + name + _laid_out(each, depth + 1, len(pad) + _columns(name), int(index < last))
            for index, (name, each) in enumerate(group.items)
        )
    return f"{group.brackets[0]}\n{inner}\n{'  ' * depth}{group.brackets[1]}"


def _must_break(value: list[object]) -> bool:
    """Whether it is an array of objects, or of arrays, that have several members each."""
    kind = type(value[0])
    return (
        len(value) > 1
        and kind in (dict, list)
        and all(isinstance(each, kind) and len(each) > 1 for each in value)
    )


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
