"""What is asked of requests in a language of its own, in bounds: regular expressions and JSONata
of stubs, markers in the bodies of patterns.

Pure: no I/O. May import nothing but harness.core and harness.errors.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from harness.core.expressions import compile_expression
from harness.core.http_text import json_value
from harness.core.markers import MarkerError, with_markers
from harness.errors import BddError

if TYPE_CHECKING:
    import regex

_REGEX: Final = re.compile(r"/(.+)/([a-z]*)", re.DOTALL)
_REGEX_SECONDS: Final = 0.05
_FLAGS: Final = "imsx"
_NO_FLAGS: Final = "gu"  # known from JavaScript; they make no difference here
_STEPS: Final = 20_000  # of JSONata: they take about as long as a regular expression may


def literal(value: str) -> bool:
    """Whether a query value of a stub is a value, not a regular expression."""
    return _REGEX.fullmatch(value) is None


def holds(wanted: str, actual: str) -> bool:
    """Whether a query value is the wanted one, or is found by the `/regex/flags` that is wanted."""
    if (pattern := compiled(wanted)) is None:
        return wanted == actual
    try:
        return pattern.search(actual, timeout=_REGEX_SECONDS) is not None
    except TimeoutError:  # a runaway pattern: it cannot be said to match
        return False


@lru_cache(maxsize=1024)
def compiled(value: str) -> regex.Pattern[str] | None:
    """The regular expression that a value stands for, or None. Raises ValueError."""
    if not (match := _REGEX.fullmatch(value)):
        return None
    # Imported late: it takes as long as all of the mock's own modules, and few stubs need it.
    import regex

    flags = 0
    for letter in match[2]:
        if letter in _FLAGS:
            flags |= getattr(regex, letter.upper())
        elif letter not in _NO_FLAGS:
            raise ValueError(f"unknown flag {letter!r} (known: {', '.join(_FLAGS + _NO_FLAGS)})")
    try:
        return regex.compile(match[1], flags)
    except regex.error as error:
        raise ValueError(str(error)) from None


def expected_json(body: bytes) -> object:
    """The JSON of a body that is expected, with its markers.

    Raises ValueError for no JSON, BddError for a marker that cannot be tried.
    """
    value = json_value(body)
    if b'"#' not in body:
        return value
    try:
        return with_markers(body.decode(), value)
    except MarkerError as error:
        raise BddError(f"the body that is expected: {error.what}") from None


def evaluated(source: str, body: object) -> object:
    """What JSONata says of a JSON body; its clock stands still, at 1970. Raises ExpressionError."""
    from harness.core.sandbox.purse import Limits  # late, as above

    limits = Limits(steps=_STEPS, regex_seconds=_REGEX_SECONDS)
    return compile_expression(source).evaluate(body, now=0, limits=limits)
