"""Rules of the settings that say where secrets stand in JSON: JSONPath.

Pure. May import nothing but harness.errors.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from harness.errors import SettingsError

SURE: Final = 6
"""Characters from which on a secret is covered wherever it stands; a shorter one in its place."""
ROOT: Final[tuple[int, object]] = (0, None)
"""The place of a whole value."""


class Rules:
    """JSONPath rules: where in JSON a secret stands. Raises SettingsError for one that is none."""

    def __init__(self, expressions: Iterable[str]) -> None:
        self._rules = [_compiled(each) for each in expressions]

    def places(self, value: object) -> set[tuple[int, object]]:
        """The places of secrets: the identity of the object or array around it, and its key."""
        found: set[tuple[int, object]] = set()
        for rule in self._rules:
            for match in rule.find(value):
                if match.context is None:
                    found.add(ROOT)
                    continue
                keys = getattr(match.path, "fields", ()) or getattr(match.path, "indices", ())
                found.update((id(match.context.value), key) for key in keys)
        return found

    def texts(self, message: bytes | str) -> frozenset[str]:
        """The secrets in a message that is JSON, as texts: those that are long enough to be told
        from other texts wherever they stand."""
        if not self._rules:
            return frozenset()
        try:
            value = json.loads(message)
        except (ValueError, RecursionError):
            return frozenset()
        found = (match.value for rule in self._rules for match in rule.find(value))
        return frozenset(text for each in found for text in _leaves(each) if len(text) >= SURE)


def _leaves(value: object) -> Iterator[str]:
    """The texts and numbers in a JSON value, as texts."""
    match value:
        case dict():
            for each in value.values():
                yield from _leaves(each)
        case list():
            for each in value:
                yield from _leaves(each)
        case str():
            yield value
        case bool() | None:
            return
        case _:
            yield json.dumps(value)


def _compiled(expression: str) -> Any:
    from jsonpath_ng import JSONPath  # late: few projects have rules
    from jsonpath_ng.exceptions import JSONPathError
    from jsonpath_ng.ext.parser import parse

    try:
        rule: JSONPath = parse(expression)
    except (JSONPathError, ValueError, AttributeError) as error:
        what = f"report.redact: “{expression}” is no JSONPath: {error}"
        raise SettingsError(what, hint="write it like $..apiKey") from None
    return rule
