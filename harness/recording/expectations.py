"""What of an answer or a request a scenario can expect: what is the same each time.

Pure. May import nothing but its own folder.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Final

from harness.recording.bodies import Body
from harness.recording.origins import Origins, Value, generator
from harness.recording.prettier import Written
from harness.recording.times import Clock
from harness.recording.twice import Comparison

MANY: Final = 10
"""Scalars of an array that tell enough."""
SOME: Final = 3
"""Objects of an array that tell enough."""

_LEFT_OUT: Final = object()


class Expectations:
    """Knows what the service makes up anew in each run, and what is covered (`is_covered`).

    `stored` are the values that a scenario stores: it knows them from then on.
    """

    def __init__(
        self,
        origins: Origins,
        clock: Clock,
        comparison: Comparison,
        is_covered: Callable[[str], bool],
        stored: Container[Value] = (),
    ) -> None:
        self._stored = stored
        self._is_covered = is_covered
        self._origins = origins
        self._clock = clock
        self._comparison = comparison

    def is_made_up(self, value: Value) -> bool:
        """Whether the service made a value up, and makes up another one in the next run.

        Without a second recording only times tell that of themselves.
        """
        if not self._origins.made_by_service(value):
            return False
        varies = self._comparison.varies(value)
        return varies if varies is not None else self._clock.millis(value) is not None

    def answer(self, value: object, unknown: Container[Value]) -> object | None:
        """What is to match an answer: without what is made up, or `unknown` when it is matched.
        None if nothing is left."""
        left = _kept(value, lambda each: self._is_foreseen(each) and each not in unknown)
        return None if left is _LEFT_OUT or left == {} else left

    def request(self, body: Body) -> tuple[Body, bool]:
        """What a request is to say, with markers for what is made up; whether there are some."""
        if body.kind != "json":
            return body, False
        marked = self._marked(body.value)
        return body._replace(value=marked), marked != body.value

    def is_stable(self, value: Value) -> bool:
        """Whether a value is the same in each run, or has a placeholder."""
        return not self.is_made_up(value) and not self._is_covered(str(value))

    def _is_foreseen(self, value: Value) -> bool:
        if value in self._stored:
            return True
        if not self.is_stable(value):
            return False
        if self._comparison.varies(value) is False:
            return True
        # An ID that the service alone has told: nobody knows the next one.
        return not (self._origins.made_by_service(value) and generator(value))

    def _marked(self, value: object) -> object:
        match value:
            case dict():
                return {key: self._marked(each) for key, each in value.items()}
            case list():
                return [self._marked(each) for each in value]
            case bool():
                return value
            case str() if self.is_made_up(value):
                if self._clock.millis(value) is not None:
                    return Written('"#iso8601"')
                return Written('"#uuid"' if generator(value) == "UUIDv4" else '"#string"')
            case str() if self._is_covered(value):
                return Written('"#present"')
            case int() if self.is_made_up(value):
                return Written('"#number"')
        return value


def _kept(value: object, is_stable: Callable[[Value], bool]) -> object:
    match value:
        case dict():
            kept = {key: _kept(each, is_stable) for key, each in value.items()}
            left = {key: each for key, each in kept.items() if each is not _LEFT_OUT}
            return left if left or not value else _LEFT_OUT
        case list():
            items = [each for item in value if (each := _kept(item, is_stable)) is not _LEFT_OUT]
            enough = SOME if any(isinstance(each, (dict, list)) for each in items) else MANY
            return items[:enough] if items or not value else _LEFT_OUT
        case bool():
            return value
        case str() | int():
            return value if is_stable(value) else _LEFT_OUT
    return value
