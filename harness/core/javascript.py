"""JSON values as JavaScript writes and reads them: JSONata and the placeholders speak its dialect.

Pure text and numbers. May import nothing of the project.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from decimal import Decimal

_SAFE_INTEGER = 2**53
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_RADIX = re.compile(r"0(?:x[0-9a-f]+|o[0-7]+|b[01]+)", re.ASCII | re.IGNORECASE)
_SURROGATE = re.compile("[\ud800-\udfff]")


def number_text(number: float) -> str:
    """A number as JavaScript's `String(n)` writes it (ECMA-262, Number::toString).

    JavaScript knows doubles only, so an integer beyond 2**53 is rounded to the nearest one.
    """
    if isinstance(number, int) and -_SAFE_INTEGER <= number <= _SAFE_INTEGER:
        return str(int(number))
    try:
        number = float(number)
    except OverflowError:
        number = math.inf if number > 0 else -math.inf
    if math.isnan(number):
        return "NaN"
    sign = "-" if number < 0 else ""
    if math.isinf(number):
        return f"{sign}Infinity"
    if number == 0:
        return "0"
    # repr() gives the shortest digits that read back the same, which is JavaScript's rule too.
    _, parts, exponent = Decimal(repr(abs(number))).as_tuple()
    padded = "".join(map(str, parts))
    digits = padded.rstrip("0")
    point = len(padded) + int(exponent)
    if len(digits) <= point <= 21:
        return sign + digits.ljust(point, "0")
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{fraction}e{point - 1:+d}"


def parse_number(text: str) -> int | float | None:
    """The finite number that a text says, by the rules of JavaScript's `Number(s)`; else None.

    Unlike there, a blank text is no number.
    """
    text = text.strip()
    if _RADIX.fullmatch(text):
        # Beyond a few hundred digits it is no double, and int() would take quadratic time.
        return _finite(int(text, 0)) if len(text) < 1100 else None
    return _finite(float(text)) if _NUMBER.fullmatch(text) else None


def _finite(number: int | float) -> int | float | None:
    try:
        number = float(number)
    except OverflowError:
        return None
    if not math.isfinite(number):
        return None
    return int(number) if number.is_integer() and abs(number) <= _SAFE_INTEGER else number


def escape(text: str) -> str:
    """What stands between the quotes of the JSON string for `text`."""
    escaped = json.dumps(text, ensure_ascii=False)[1:-1]
    # A lone surrogate cannot be encoded as UTF-8, its escape can.
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", escaped)


def json_text(value: object, number: Callable[[float], str] = number_text) -> str:
    """Compact JSON, as `JSON.stringify` writes it; `number` writes the finite numbers.

    Raises ValueError for what is no JSON value, RecursionError for what is nested too deeply.
    """
    parts: list[str] = []
    _write(value, parts, number)
    return "".join(parts)


def _write(value: object, parts: list[str], number: Callable[[float], str]) -> None:
    if isinstance(value, str):
        parts.append(f'"{escape(value)}"')
    elif value is None:
        parts.append("null")
    elif isinstance(value, bool):
        parts.append("true" if value else "false")
    elif isinstance(value, int | float):
        parts.append(number(value) if math.isfinite(_double(value)) else "null")
    elif isinstance(value, list):
        parts.append("[")
        for index, item in enumerate(value):
            if index:
                parts.append(",")
            _write(item, parts, number)
        parts.append("]")
    elif isinstance(value, dict):
        parts.append("{")
        for index, (key, item) in enumerate(value.items()):
            parts.append(f'{"," if index else ""}"{escape(to_text(key))}":')
            _write(item, parts, number)
        parts.append("}")
    else:
        raise ValueError(f"has a {type(value).__name__} in it, which is no JSON value")


def _double(number: float) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf


def to_text(value: object) -> str:
    """A JSON value as text: strings as they are, the rest as JavaScript and JSON write it."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number_text(value)
    return json_text(value)
