"""Regular expressions of JSONata, matched by the `regex` package, which can time out.

Matching is timed: the one place of the core where a clock is read.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import regex

from harness.core.sandbox.library import JException
from harness.core.sandbox.purse import Exceeded, purse

_MAX_EXPANDED = 20_000
_PARTS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{(\d+)?(,)?(\d+)?\}|.", re.DOTALL)


class Pattern:
    """A compiled regular expression, with as much of `re.Pattern` as the library needs."""

    def __init__(self, pattern: str, flags: Any) -> None:
        """The library's `RegexEngine`. Raises JException for what is no regular expression."""
        if _expanded(pattern) > _MAX_EXPANDED:
            raise Exceeded("a regular expression repeats too much")
        options = (regex.IGNORECASE if flags.case_insensitive else 0) | (
            regex.MULTILINE if flags.multiline else 0
        )
        try:
            self._regex = regex.compile(pattern, options)
        except regex.error as error:
            raise JException(f"the regular expression is invalid: {error}", -1) from None

    def finditer(self, string: str) -> Iterator[regex.Match[str]]:
        """The matches, within what is left of the evaluation's seconds."""
        ours = purse()
        ours.spend_on(string)
        start = 0
        while start <= len(string):
            began = time.monotonic()
            try:
                match = self._regex.search(string, start, timeout=max(ours.regex_seconds, 0.001))
            except TimeoutError:
                raise Exceeded("a regular expression takes too long to match") from None
            finally:
                ours.regex_seconds -= time.monotonic() - began
            if match is None:
                return
            ours.spend(1)
            yield match
            start = match.end() + (match.end() == match.start())

    def split(self, string: str) -> list[str]:
        """What stands between the matches."""
        parts, start = [], 0
        for match in self.finditer(string):
            parts.append(string[start : match.start()])
            start = match.end()
        return [*parts, string[start:]]

    # The library knows a regular expression by its methods; these two it never calls.
    search = sub = split


def check_pattern(pattern: str) -> str:
    """Why a text is no regular expression; empty if it is one."""
    if _expanded(pattern) > _MAX_EXPANDED:
        return "it repeats too much"
    try:
        regex.compile(pattern)
    except regex.error as error:
        return str(error)
    return ""


def _expanded(pattern: str) -> int:
    """How long the pattern is with its counted repetitions written out, as they are compiled."""
    outer: list[int] = []
    total = last = 0
    for part in _PARTS.finditer(pattern):
        if part[0] == "(":
            outer.append(total)
            total = last = 0
        elif part[0] == ")" and outer:
            last = total + 1
            total += outer.pop() + 1
        elif part[1] or part[3]:
            times = min(int((part[3] or part[1])[:9]), 10**9)
            total += last * max(0, times - 1)
            last *= times
        else:
            last = 1
            total += 1
    return total + sum(outer)
