"""Stored values: storing, evaluating, asserting."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random

from harness.core.expressions import MISSING, ExpressionError, compile_expression
from harness.core.generators import generate, number_between
from harness.core.ids import StoryIds
from harness.core.matching import Mismatch, mismatches, shorten
from harness.core.redaction import names_secret
from harness.errors import Mark, Seen, StepFailure

SHOWN = 300
"""Characters of a value that a failure shows."""


class Values:
    """The values of one feature, by name: all that it sees, and those that it stored itself.

    `row` are the cells of the running outline row; they are laid over the values. `now`
    gives milliseconds since the epoch.
    """

    def __init__(
        self, stored: dict[str, object], now: Callable[[], int], random: Random, ids: StoryIds
    ) -> None:
        self.stored = stored
        self.own: dict[str, object] = {}
        self.row: Mapping[str, str | None] = {}
        self._now = now
        self._random = random
        self._ids = ids

    @property
    def visible(self) -> dict[str, object]:
        """What expressions see now."""
        return {**self.stored, **self.row} if self.row else self.stored

    def store(self, name: str, value: object) -> None:
        """Store a value; one of the same name is replaced."""
        if name in ("true", "false", "null"):
            raise StepFailure(f"“{name}” cannot name a value: it is one of JSON's own", final=True)
        if not name.isidentifier():
            raise StepFailure(
                f"“{name}” cannot name a value: use letters, digits and `_`", final=True
            )
        self.stored[name] = self.own[name] = value

    def store_result(self, expression: str, name: str) -> None:
        """Store what an expression over the stored values gives."""
        value = self.look_up(expression, self.visible)
        if value is MISSING:
            names = ", ".join(sorted(self.visible)) or "no values at all"
            raise StepFailure(f"`{expression}` has no value", f"Stored are: {names}.")
        self.store(name, value)

    def store_random(self, kind: str, name: str) -> None:
        """Store a new value of the kind (see `harness.core.generators`)."""
        value = generate(kind, self._random)
        self.store(name, value)
        if isinstance(value, str):  # a number may be anything
            self._ids.add(value)

    def store_random_number(self, low: int, high: int, name: str) -> None:
        """Store a random whole number, both ends included."""
        self.store(name, number_between(low, high, self._random))

    def look_up(self, expression: str, data: object) -> object:
        """What a JSONata expression over `data` gives; MISSING if that is nothing.

        Raises StepFailure if the expression is invalid.
        """
        try:
            return compile_expression(expression).evaluate(data, now=self._now())
        except ExpressionError as error:
            at = "" if error.offset is None else f" (character {error.offset + 1})"
            hint = f": {error.hint}" if error.hint else ""
            raise StepFailure(f"`{expression}`: {error.what}{at}{hint}", final=True) from None

    def check(self, expression: str, expected: object, *, exact: bool) -> None:
        """Assert that the value of an expression matches or equals what is expected."""
        compare(expression, "", self.look_up(expression, self.visible), expected, exact=exact)


def compare(expression: str, of: str, actual: object, expected: object, *, exact: bool) -> None:
    """Raise StepFailure with every difference, if there are any; `of` says what it is part of."""
    found = differences(expression, actual, expected, exact=exact)
    if found:
        verb = "equal" if exact else "match"
        lines = [f"  {each}" for each in found]
        if isinstance(actual, (dict, list)):
            lines.append(f"  it is: {shorten(actual, SHOWN)}")
        summary = f"`{expression}`{of} does not {verb} what is expected"
        seen = seen_value(expression, actual, exact=exact)
        raise StepFailure(summary, *lines, marks=marks(found), seen=seen)


def differences(
    expression: str, actual: object, expected: object, *, exact: bool
) -> list[Mismatch]:
    """How the value of an expression fails to match (or equal) what is expected."""
    found = mismatches(expected, actual, exact=exact)
    if found and names_secret(expression):
        return [Mismatch("", "expected another value (it is secret)", MISSING, MISSING)]
    return found


def seen_value(expression: str | None, actual: object, *, exact: bool) -> Seen | None:
    """What a step saw; None if that is nothing, or secret by the expression that gives it."""
    if actual is MISSING or names_secret(expression or ""):
        return None
    return Seen(actual, exact)


def marks(found: Sequence[Mismatch]) -> tuple[Mark, ...]:
    """Where the differences stand in the step's code block."""
    return tuple(
        Mark(each.wanted, str(each) if each.expected is MISSING else each.what) for each in found
    )
