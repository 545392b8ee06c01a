"""The built-in functions of JSONata, each paying for what it walks over.

Those that the library gets wrong for us (what they cost, which clock they read, what they give)
are replaced; the others are wrapped.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import regex

from harness.core.javascript import json_text, number_text, parse_number
from harness.core.sandbox.library import Functions, JException, Jsonata, Utils, is_function, leave
from harness.core.sandbox.purse import Exceeded, purse

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WIDE = re.compile(r",[^\]]*(?:\d\s*){3}")


class BuiltIns(Functions):  # type: ignore[misc]
    """The built-in functions whose cost, clock or result the library gets wrong for us."""

    @staticmethod
    def string(arg: Any, prettify: bool | None) -> str | None:
        if isinstance(arg, str) or arg is None:
            return arg
        if is_function(arg):
            return ""
        if isinstance(arg, Utils.JList) and arg.outer_wrapper:
            arg = arg[0]
        purse().spend_on_tree(arg)
        if prettify:
            return str(Functions._string(arg, True))
        # The JSONata reference rounds to 15 digits.
        return json_text(leave(arg), lambda number: number_text(float(f"{number:.15g}")))

    @staticmethod
    def pad(string: Any, width: Any, char: Any) -> object:
        if isinstance(width, int | float):
            purse().allow(abs(int(width)))
        return Functions.pad(string, width, char)

    @staticmethod
    def join(strs: Any, separator: Any) -> object:
        if strs is not None:
            purse().allow(sum(map(len, strs)) + len(strs) * len(separator or ""))
        return Functions.join(strs, separator)

    @staticmethod
    def replace(string: Any, pattern: Any, replacement: Any, limit: Any) -> object:
        if string is None:
            return None
        if limit is not None and limit < 0:
            raise JException("D3011", -1)
        count = None if limit is None else int(min(limit, len(string)))
        if isinstance(pattern, str):
            if not pattern:
                raise JException("D3010", -1)
            if not isinstance(replacement, str):
                raise JException("D3012", -1)
            found = string.count(pattern)
            found = found if count is None else min(found, count)
            purse().allow(len(string) + found * len(replacement))
            return string.replace(pattern, replacement, -1 if count is None else count)
        parts: list[str] = []
        length, start = len(string), 0
        for match in islice(pattern.finditer(string), count):
            substitute = _substitute(match, replacement)
            length += len(substitute)
            purse().allow(length)
            parts += (string[start : match.start()], substitute)
            start = match.end()
        return "".join((*parts, string[start:]))

    @staticmethod
    def split(string: Any, pattern: Any, limit: Any) -> object:
        if isinstance(string, str):
            purse().allow(len(string))
        return Functions.split(string, pattern, limit)

    @staticmethod
    def number(arg: Any) -> object:
        if not isinstance(arg, str):
            return Functions.number(arg)
        number = parse_number(arg)
        if number is None:
            raise JException("D3030", -1, arg)
        return number

    @staticmethod
    def datetime_to_millis(timestamp: Any, picture: Any) -> object:
        if timestamp is None:
            return None
        if picture is not None:
            # The library matches pictures without a bound and fills gaps from the real clock.
            raise JException("$toMillis() takes ISO 8601 timestamps only here, no picture", -1)
        try:
            year_only = re.fullmatch(r"\d{4}", timestamp, re.ASCII)
            moment = datetime.fromisoformat(f"{timestamp}-01-01" if year_only else timestamp)
        except ValueError:
            raise JException("D3110", -1, timestamp) from None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return (moment - _EPOCH) // timedelta(milliseconds=1)

    @staticmethod
    def datetime_from_millis(millis: Any, picture: Any, timezone: Any) -> object:
        if millis is None:
            return None
        if picture is None and timezone is None:
            moment = _EPOCH + timedelta(milliseconds=int(millis))
            return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        _short(picture)
        if picture is not None and _WIDE.search(picture):
            raise Exceeded("a date picture asks for a width of more than 99")
        return Functions.datetime_from_millis(millis, picture, timezone)

    @staticmethod
    def now(picture: Any, timezone: Any) -> object:
        return BuiltIns.datetime_from_millis(Jsonata.CURRENT.jsonata.timestamp, picture, timezone)

    @staticmethod
    def format_integer(value: Any, picture: Any) -> object:
        _short(picture)
        if value is not None and picture in ("I", "i") and abs(value) > 9999:
            raise Exceeded("it writes a number beyond 9999 in Roman numerals")
        return Functions.format_integer(value, picture)

    @staticmethod
    def parse_integer(value: Any, picture: Any) -> object:
        _short(value)
        _short(picture)
        return Functions.parse_integer(value, picture)

    @staticmethod
    def format_number(value: Any, picture: Any, decimal_format: Any) -> object:
        _short(picture)
        for name, mark in (decimal_format or {}).items():
            # They become parts of regular expressions.
            if name not in ("infinity", "NaN") and (not isinstance(mark, str) or len(mark) != 1):
                raise JException(f"the $formatNumber() option {name} must be one character", -1)
        return Functions.format_number(value, picture, decimal_format)


def _short(text: object) -> None:
    if isinstance(text, str) and len(text) > 200:
        raise Exceeded("a picture, or what it is applied to, is longer than 200 characters")


def _substitute(match: regex.Match[str], replacement: Any) -> str:
    if isinstance(replacement, str):

        def group(found: re.Match[str]) -> str:
            digits = found[1]
            if digits in ("", "$"):
                return "$"
            while len(digits) > 1 and int(digits) > len(match.groups()):
                digits = digits[:-1]
            rest = found[1][len(digits) :]
            known = int(digits) <= len(match.groups())
            return ((match[int(digits)] or "") if known else "") + rest

        return re.sub(r"\$(\$|[0-9]{1,2}|)", group, replacement)
    found = {
        "match": match[0],
        "start": match.start(),
        "end": match.end(),
        "groups": list(match.groups()),
    }
    substitute = Functions.func_apply(replacement, [found])
    if not isinstance(substitute, str):
        raise JException("D3012", -1)
    return substitute


class BuiltIn(Jsonata.JFunction):  # type: ignore[misc]
    """A built-in function that pays for what it walks over."""

    # These compare or write whole trees in C, where nothing counts.
    _TREES = frozenset({"string", "clone", "distinct", "spread", "keys", "merge", "sort"})
    _SQUARES = frozenset({"spread", "distinct"})

    def __init__(self, native: Any) -> None:
        super().__init__(None, None)
        self.signature = native.signature
        self.function_name = native.function_name
        self.nargs = native.nargs
        self.method: Callable[..., object] = getattr(BuiltIns, native.method.__name__)

    def call(self, input: object, args: Any) -> object:  # noqa: A002, ARG002
        ours = purse()
        ours.spend(1)
        for arg in args:
            ours.spend_on(arg)
            if self.function_name in self._TREES:
                ours.spend_on_tree(arg)
            if self.function_name in self._SQUARES and isinstance(arg, list):
                ours.spend(len(arg) ** 2 >> 8)
        result = Functions._call(self.method, self.nargs, args)
        if isinstance(result, str):
            ours.allow(len(result))
        ours.spend_on(result)
        return result

    def get_number_of_args(self) -> int:
        return int(self.nargs)

    def wanted(self) -> int:
        """With fewer arguments it takes the context for one; 0 if it never does that."""
        params = self.signature._params
        if not any(param.context for param in params):
            return 0
        return sum(1 for param in params if param.context or "?" not in param.regex)


# Without $eval: that would run as code what the network sent.
BUILT_INS: dict[str, BuiltIn] = {
    name: BuiltIn(native)
    for name, native in Jsonata.static_frame.bindings.items()
    if name != "eval"
}
