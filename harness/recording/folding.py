"""A recording without its repetitions: what is asked again and again is told once.

Pure. May import nothing but harness.core and its own folder.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from harness.core.http_text import Pairs
from harness.recording.bodies import Body
from harness.recording.exchanges import Exchange
from harness.recording.prettier import Written
from harness.recording.times import Clock

TELLING_HEADERS: Final = frozenset(
    {"content-type", "etag", "if-match", "if-none-match", "link", "location", "retry-after"}
)
"""Headers that belong to what is said, not to how it is carried; in lower case."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: a call, or `times` calls that were alike.

    Of polls of the service's state the last is kept, of answers to the service the first. It
    stands in the flow where `at` says; `start` and `end` are when it all began and was over, in
    seconds since 1970. `changed_since` is when the same question was last answered otherwise, None
    if it never was.
    """

    exchange: Exchange
    at: float
    start: float
    end: float
    times: int = 1
    changed_since: float | None = None

    @property
    def is_change(self) -> bool:
        """Whether the same question was answered otherwise before."""
        return self.changed_since is not None


def telling(headers: Pairs) -> Pairs:
    """The headers that a scenario tells of."""
    return tuple(pair for pair in headers if pair[0].lower() in TELLING_HEADERS)


class Folding:
    """Compares answers. Those that differ only in times near that of the recording are alike."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._signatures: dict[int, tuple[Body, str]] = {}

    def answer(self, exchange: Exchange) -> object:
        """What is equal for answers that are alike."""
        response = exchange.response
        if response is None:
            return None
        return response.status, telling(response.headers), self._body(exchange.answered)

    def request(self, exchange: Exchange) -> object:
        """What is equal for requests that are alike."""
        return exchange.target, self._body(exchange.asked)

    def _body(self, body: Body) -> str:
        # Equal bodies are read once: most are found here by what they are.
        known = self._signatures.get(id(body))
        if known is None:
            signature = f"{body.kind} {body.value!r}"
            if body.kind == "json":
                signature = json.dumps(self._timeless(body.value), sort_keys=True)
            known = self._signatures[id(body)] = body, signature
        return known[1]

    def _timeless(self, value: object) -> object:
        match value:
            case dict():
                return {key: self._timeless(each) for key, each in value.items()}
            case list():
                return [self._timeless(each) for each in value]
            case Written():
                return {"number": value.text}
        return "time" if self._clock.millis(value) is not None else value


def fold(
    exchanges: Iterable[Exchange], folding: Folding, is_apart: Callable[[float, float], bool]
) -> list[Event]:
    """What happened, in its order, told once.

    Kept are all triggers and all calls that change something; of triggers in a row that only ask
    for the same the last, and of other calls those that were answered otherwise than before.
    `is_apart` tells of two moments whether they belong to different scenarios.
    """
    events: list[Event | None] = []
    answers: dict[object, tuple[object, int, float]] = {}
    trigger: int | None = None
    for each in exchanges:
        event = Event(each, each.at, each.at, each.end)
        if each.is_trigger:
            before = events[trigger] if trigger is not None else None
            if before and _is_again(before.exchange, each) and not is_apart(before.end, each.at):
                assert trigger is not None
                events[trigger] = None
                event = replace(event, start=before.start, times=before.times + 1)
            trigger = len(events)
        elif not each.changes:
            if each.response is None:
                continue
            answer = folding.answer(each)
            known, index, seen = answers.get(each.target, (None, -1, None))
            if known == answer:
                answers[each.target] = answer, index, each.at
                same = events[index]
                assert same, "only triggers give way"
                events[index] = replace(same, times=same.times + 1)
                continue
            answers[each.target] = answer, len(events), each.at
            event = replace(event, changed_since=seen)
        events.append(event)
    return _settled([each for each in events if each])


def _is_again(before: Exchange, exchange: Exchange) -> bool:
    """Whether a request only asks for the same as the one before."""
    return not exchange.changes and before.target == exchange.target


def _settled(events: Sequence[Event]) -> list[Event]:
    """The events with each change where a run needs it.

    What the service saw while it answered the user has to be so before the user asks. And what it
    saw when it first looked after a request that changes something may have been so before: then
    it stands above that request, too. Otherwise it could see in a run what it did not see here.
    But a request of the service that came in between may well be the reason of the change.
    """
    settled: list[Event] = []
    trigger: Event | None = None
    place = 0
    called = float("-inf")
    for event in events:
        if event.exchange.is_trigger:
            trigger, place = event, len(settled)
        elif event.exchange.changes:
            called = event.at
        elif trigger and _belongs_above(event, trigger, called):
            settled.insert(place, replace(event, at=trigger.at, start=trigger.start))
            place += 1
            continue
        settled.append(event)
    return settled


def _belongs_above(event: Event, trigger: Event, called: float) -> bool:
    """Whether a change stands above the request of the user before it; `called` is when the service
    last asked for something to be changed."""
    if event.changed_since is None or event.changed_since >= trigger.at:
        return False
    if event.at < trigger.exchange.end:
        return True
    return trigger.exchange.changes and called < trigger.at


def without_repeats(answers: Sequence[Event], before: object, folding: Folding) -> list[Event]:
    """The answers that are to be queued, so that these come in this order: the last one is
    repeated by itself, and so is the one `before` these, if there was one."""
    last = len(answers)
    while last > 1 and folding.answer(answers[last - 1].exchange) == folding.answer(
        answers[last - 2].exchange
    ):
        last -= 1
    if last == 1 and folding.answer(answers[0].exchange) == before:
        return []
    return [*answers[: last - 1], replace(answers[last - 1], times=len(answers) - last + 1)]
