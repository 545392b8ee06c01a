"""Markers: strings in expected JSON that test a value instead of being one (docs/matching.md).

    "#uuid"             the value is a UUID
    "##uuid"            the same, or null, or nothing
    "#regex ^[a-z]+$"   the whole value matches
    "#? $ > 5"          JSONata in which `$` is the value gives true

The names are those of Karate. A marker is written out: `with_markers` looks at the JSON text, in
which `"\\u0023uuid"` is the plain string `#uuid`, and `as_literals` writes that for data.

Pure. May import nothing but harness.core.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

from harness.core.expressions import ExpressionError, LimitExceeded, compile_expression
from harness.core.nearest import nearest
from harness.core.showing import MISSING, kind, shorten


class MarkerError(Exception):
    """A marker that cannot be tried; `offset` is that of its string in the text."""

    def __init__(self, what: str, offset: int = 0) -> None:
        super().__init__(what)
        self.what = what
        self.offset = offset


class RunawayError(Exception):
    """A test was given up: it takes too long."""


class _Test(NamedTuple):
    """A marker without an argument: what it accepts, in words and as a function."""

    words: str
    holds: Callable[[Any], bool]
    is_kind: bool = True  # so that null and nothing may be allowed besides, with `##`


_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
_ISO8601: Final = re.compile(
    r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d([.,]\d+)?)?(Z|[+-]\d\d(:?\d\d)?)?)?", re.ASCII
)


def _is_uuid(value: Any) -> bool:
    return isinstance(value, str) and _UUID.fullmatch(value) is not None


def _is_iso8601(value: Any) -> bool:
    if not isinstance(value, str) or len(value) > 100 or not _ISO8601.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_integer(value: Any) -> bool:
    return kind(value) == "number" and (isinstance(value, int) or value.is_integer())


TESTS: Final[Mapping[str, _Test]] = {
    "string": _Test("a string", lambda value: isinstance(value, str)),
    "number": _Test("a number", lambda value: kind(value) == "number"),
    "integer": _Test("a whole number", _is_integer),
    "boolean": _Test("true or false", lambda value: isinstance(value, bool)),
    "object": _Test("an object", lambda value: isinstance(value, dict)),
    "array": _Test("an array", lambda value: isinstance(value, list)),
    "uuid": _Test("a UUID", _is_uuid),
    "iso8601": _Test("a date, or a date and time, of ISO 8601", _is_iso8601),
    "null": _Test("null", lambda value: value is None, is_kind=False),
    "notnull": _Test(
        "a value that is not null", lambda value: value not in (None, MISSING), is_kind=False
    ),
    "present": _Test("any value", lambda value: value is not MISSING, is_kind=False),
    "notpresent": _Test("nothing", lambda value: value is MISSING, is_kind=False),
    "ignore": _Test("anything or nothing", lambda _: True, is_kind=False),
}
"""The markers without an argument, by name (without `#`)."""
REGEX: Final = "regex"
PREDICATE: Final = "?"

_NAMES: Final = (*TESTS, REGEX)
_HEAD: Final = rf"##?(?:{'|'.join(_NAMES)}|\?)"
_MARKER: Final = re.compile(rf"(##?)({'|'.join(_NAMES)}|\?)( .*)?", re.DOTALL)
_WRITTEN: Final = re.compile(rf'"({_HEAD})(?=[" ])')
_LIKE: Final = re.compile(r"(##?)([A-Za-z0-9]{2,20})(?:\s.*)?", re.DOTALL)
_STRING: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_KEY: Final = re.compile(r"\s*:")

_REGEX_SECONDS: Final = 0.05
_STEPS: Final = 5_000
_COST: Final = 1_000


@dataclass(frozen=True, slots=True)
class Marker:
    """A test of a value; made by `parse`. `text` is the marker as it is written."""

    text: str
    name: str
    argument: str = ""
    is_optional: bool = False

    @property
    def cost(self) -> int:
        """How much work a test is, in comparisons of plain values."""
        return _COST if self.argument else 0

    @property
    def words(self) -> str:
        """What is accepted, for a person."""
        if self.name == REGEX:
            words = f"a string that matches {self.argument}"
        elif self.name == PREDICATE:
            words = f"a value for which `{self.argument}` is true"
        else:
            words = TESTS[self.name].words
        if self.is_optional:
            return f"{words}, null or nothing (##{self.name})"
        return f"{words} (#{self.name})"

    def holds(self, actual: object) -> bool:
        """Whether a value, or `MISSING`, passes. Raises RunawayError."""
        if self.is_optional and (actual is None or actual is MISSING):
            return True
        if self.name == REGEX:
            return isinstance(actual, str) and self._matches(actual)
        if self.name == PREDICATE:
            return actual is not MISSING and not self.reason(actual)
        return TESTS[self.name].holds(actual)

    def reason(self, actual: object) -> str:
        """What a predicate gives instead of true, in words; empty if it gives true, or if this is
        none. Raises RunawayError."""
        if self.name != PREDICATE or actual is MISSING:
            return ""
        from harness.core.sandbox.purse import Limits  # late: as all of the sandbox

        limits = Limits(steps=_STEPS, regex_seconds=_REGEX_SECONDS)
        try:
            value = compile_expression(self.argument).evaluate(actual, now=0, limits=limits)
        except LimitExceeded as error:
            raise RunawayError(f"{self.text}: {error.what}") from None
        except ExpressionError as error:
            return error.what
        if value is True:
            return ""
        return f"it gives {shorten(value, 60)}"

    def _matches(self, actual: str) -> bool:
        try:
            return _compiled(self.argument).fullmatch(actual, timeout=_REGEX_SECONDS) is not None
        except TimeoutError:
            raise RunawayError(f"{self.text} takes too long to match") from None

    def __str__(self) -> str:
        return self.text


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> Any:
    import regex  # late: few expectations need it

    return regex.compile(pattern)


def parse(text: str) -> Marker | None:
    """The marker that a string is; None if it is a plain one. Raises MarkerError."""
    found = _MARKER.fullmatch(text)
    if found is None:
        return None
    hashes, name, argument = found.groups(default="")
    marker = Marker(text, name, argument.strip(), is_optional=hashes == "##")
    if name in TESTS:
        if argument:
            return None
        if marker.is_optional and not TESTS[name].is_kind:
            raise MarkerError(f"{text} is no marker, since #{name} cannot be optional: use one #")
    elif problem := _argument_problem(marker):
        raise MarkerError(problem)
    return marker


def _argument_problem(marker: Marker) -> str:
    if marker.name == REGEX:
        from harness.core.sandbox.patterns import check_pattern

        if not marker.argument:
            return f"{marker.text} lacks a regular expression: write it after a space"
        if problem := check_pattern(marker.argument):
            return f"{marker.text} has an invalid regular expression: {problem}"
        return ""
    if not marker.argument:
        return f"{marker.text} lacks JSONata: write it after a space, as in #? $ > 0"
    try:
        compile_expression(marker.argument)
    except ExpressionError as error:
        return f"{marker.text}: {error}"
    return ""


def problem(text: str) -> str:
    """Why a string may not be what its author meant, and what to do; empty if all is well.

    It is a marker that cannot be tried, or nearly a marker.
    """
    try:
        return "" if parse(text) else meant_as(text)
    except MarkerError as error:
        return error.what


def meant_as(text: str) -> str:
    """A question: which marker a string may be meant as that is none; empty for any other."""
    if text.startswith(("#?", "##?")):
        return "did you mean the marker #? with a space after it?"
    found = _LIKE.fullmatch(text)
    near = nearest(found[2].lower(), _NAMES) if found else ""
    return f"did you mean the marker {found[1]}{near}?" if found and near else ""


def written_in(text: str) -> Iterator[tuple[int, int, str]]:
    """The strings in a JSON text that are written as markers are, as values: start, end, text."""
    for found in _STRING.finditer(text):
        if found[0].startswith('"#') and not _KEY.match(text, found.end()):
            yield found.start(), found.end(), json.loads(found[0], strict=False)


class _Pairs(list[tuple[str, Any]]):
    """An object with its keys as they are written, also one that stands there twice."""


def with_markers(text: str, value: object) -> object:
    """What is expected where `text` is written: `value`, its JSON, with the markers in it.

    Raises MarkerError for one that cannot be tried.
    """
    if '"#' not in text:
        return value
    try:
        return _marked(json.loads(text, object_pairs_hook=_Pairs), _STRING.finditer(text))
    except RecursionError:
        raise MarkerError("it is nested too deeply to have markers") from None


def _marked(value: Any, strings: Iterator[re.Match[str]]) -> object:
    """A value with its markers; `strings` are all that are written from here on, keys included."""
    if isinstance(value, _Pairs):
        result = {}
        for key, item in value:
            next(strings)
            result[key] = _marked(item, strings)
        return result
    if isinstance(value, list):
        return [_marked(item, strings) for item in value]
    if not isinstance(value, str):
        return value
    written = next(strings)
    if not _WRITTEN.match(written[0]):
        return value
    try:
        return parse(value) or value
    except MarkerError as error:
        raise MarkerError(error.what, written.start()) from None


def as_literals(text: str, data: Sequence[tuple[int, int]]) -> str:
    """JSON in which nothing is a marker that came from data: `data` are the spans that did.

    The spans are in order. It is the same JSON: only how a `#` is written changes.
    """
    starts = [start for start, _ in data]

    def escaped(found: re.Match[str]) -> str:
        before = bisect_right(starts, found.end(1) - 1) - 1
        touches = before >= 0 and data[before][1] > found.start(1)
        return f'"\\u0023{found[0][2:]}' if touches else found[0]

    return _WRITTEN.sub(escaped, text)
