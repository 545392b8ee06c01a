"""What happened as steps in their order, scenario by scenario.

In each scenario stand first the answers that are to be had from its beginning, then what the user
and the service asked. Where nRF Cloud later answers the same question otherwise, that step stands
after the request of the service that came before: so a run cannot be ahead of the recording.

Pure. May import nothing but its own folder.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from harness.recording.folding import Event, Folding, without_repeats
from harness.recording.scenes import Scene
from harness.recording.steps import Step, StepMaker
from harness.recording.values import Stored

_NAME: Final = re.compile(r"\$\{(\w+)\}")
_NO_TRIGGER: Final = (
    "To fill in: nobody was seen to ask the service for this. Write here what makes it ask."
)


class Script:
    """Writes the scenarios of a feature, one after the other."""

    def __init__(self, maker: StepMaker, folding: Folding, stored: Iterable[Stored]) -> None:
        self._maker = maker
        self._folding = folding
        self._stored: dict[Event, list[Stored]] = defaultdict(list)
        for each in stored:
            self._stored[each.event].append(each)
        self._unknown = {each.known.value: each.name for of in self._stored.values() for each in of}
        self._answered: dict[object, object] = {}
        self._calls: Counter[object] = Counter()
        self._is_changed = False

    def steps(self, scene: Scene) -> list[Step]:
        """The steps of the next scenario."""
        begins = self._beginning(scene)
        waiting = [step for event in begins for step in self._maker.answers(event)]
        steps = self._ready(waiting)
        if not scene.triggers and not all(each.is_change for each in scene.events):
            steps.append(Step("When", "", comment=_NO_TRIGGER))
        last = {
            self._folding.request(each.exchange): each for each in scene.events if _is_call(each)
        }
        told = set(begins)
        for event in scene.events:
            exchange = event.exchange
            if exchange.is_trigger:
                steps += self._triggered(event)
                steps += self._ready(waiting)
            elif exchange.changes:
                request = self._folding.request(exchange)
                self._calls[request] += 1
                if last[request] is event:
                    steps.append(self._maker.called(event, self._calls[request]))
            elif event not in told:
                steps += self._maker.answers(event)
                self._is_changed = True
        return [*steps, *waiting]

    def _beginning(self, scene: Scene) -> list[Event]:
        """What is to be answered from the beginning on."""
        calls: dict[object, list[Event]] = defaultdict(list)
        begins: list[Event] = []
        is_early = True
        for event in scene.events:
            if _is_call(event):
                if event.exchange.response is not None:
                    calls[event.exchange.target].append(event)
                is_early = False
            elif event.exchange.is_trigger:
                is_early = False
            elif is_early or not event.is_change:
                begins.append(event)
        for target, events in calls.items():
            begins += without_repeats(events, self._answered.get(target), self._folding)
            self._answered[target] = self._folding.answer(events[-1].exchange)
        # What changes makes the service go on: then all else must be there.
        return sorted(begins, key=lambda each: (each.is_change, each.exchange.at))

    def _triggered(self, event: Event) -> list[Step]:
        """What the user asks, and what is expected then."""
        changes = event.exchange.changes
        retries = not changes and (self._is_changed or event.times > 1)
        self._is_changed = self._is_changed or changes
        steps = [*self._maker.triggered(event, retries=retries)]
        steps += self._maker.answered(event, soon=retries, unknown=self._unknown)
        for each in self._stored[event]:
            steps.append(Step("Soon" if retries else "Then", each.step.title))
            self._unknown.pop(each.known.value, None)
        return steps

    def _ready(self, waiting: list[Step]) -> list[Step]:
        """The steps of those waiting that need nothing that is still to be stored."""
        unknown = set(self._unknown.values())
        ready: list[Step] = []
        still: list[Step] = []
        for each in waiting:
            needs = _NAME.findall(f"{each.title}\n{each.block}") if unknown else ()
            (ready if unknown.isdisjoint(needs) else still).append(each)
        waiting[:] = still
        return ready


def unused(steps: Sequence[Step], stored: Iterable[Stored]) -> set[str]:
    """The titles of steps that store a value which no step reads."""
    text = "\n".join(f"{each.title}\n{each.block}" for each in steps)
    return {each.step.title for each in stored if f"${{{each.name}}}" not in text}


def _is_call(event: Event) -> bool:
    return event.exchange.changes and not event.exchange.is_trigger
