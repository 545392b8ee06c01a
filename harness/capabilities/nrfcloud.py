"""nRF Cloud and other third parties, played by the mock: what they answer, and reports of that."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Literal, cast

from harness.capabilities.blocks import place_in_response
from harness.capabilities.call_texts import call_text
from harness.capabilities.third_party import ask, from_url, request_line
from harness.core.events import SERVICE, Exchange, exchange
from harness.core.http_text import HttpResponse
from harness.core.ids import StoryIds, job_ids
from harness.core.redaction import REDACTED, Redactor
from harness.drivers.loop import LoopThread
from harness.errors import BddError, StepFailure
from harness.recording.model import Observed
from mock_nrfcloud.client import Call, ContractError, Mock, NearMiss, Stub, Unmatched
from mock_nrfcloud.conditions import segments_apart
from mock_nrfcloud.upstream import UPSTREAM

SHOWN = 3
"""How many of the requests without an answer a failure shows."""
_TO_BE_FILLED_IN = HttpResponse(200, "OK", (("Content-Type", "application/json"),), b"{}")


class NrfCloud:
    """What the mock answers in one feature. `place` tells where the step stands that is running,
    `learn` is told of bodies that are shown: there may be secrets in them.

    `queued` has the places of the steps that queued responses, by the ID of the stub.
    """

    def __init__(
        self,
        loop: LoopThread,
        mock: Mock,
        ids: StoryIds,
        place: Callable[[], str],
        redactor: Callable[[], Redactor],
        learn: Callable[..., None] = lambda *_: None,
    ) -> None:
        self._loop = loop
        self._mock = mock
        self._ids = ids
        self._place = place
        self._redactor = redactor
        self._learn = learn
        self.queued: dict[str, str] = {}

    def queue(self, request: str, response: HttpResponse, *, predicate: str | None = None) -> None:
        """Queue an answer of nRF Cloud to `METHOD /path?query`, if the JSONata `predicate` gives
        true for the body."""
        method, path, query = request_line(request)
        self._add(Stub(method, path, response, query=query, predicate=predicate))

    def queue_third_party(
        self, request: str, response: HttpResponse, *, kept: bool = False
    ) -> None:
        """Queue (or set) an answer of a third party to `METHOD URL`; see `from_url`."""
        method, _, url = request.strip().partition(" ")
        host, target = from_url(url.strip(), self._mock.url)
        method, path, query = request_line(f"{method} {target}")
        kind: Literal["queued", "kept"] = "kept" if kept else "queued"
        self._add(Stub(method, path, response, host=host, query=query, kind=kind))

    def set_shadow(self, device_id: str, page: object) -> None:
        """Let nRF Cloud know a device's shadow; `page` is what GET /v1/devices answers."""
        if not isinstance(page, dict):
            raise StepFailure("the shadow data is not a JSON object with `items`", final=True)
        try:
            ask(self._loop, self._mock.add_shadow(device_id, cast("dict[str, object]", page)))
        except ContractError as error:
            raise _not_as_said(error, None) from None
        self._ids.add(device_id, *job_ids(page))

    def check_all_asked_for(self) -> None:
        """Assert that somebody has asked for every response that this feature has queued."""
        unserved = ask(self._loop, self._mock.unserved())
        left = [
            f"  {place}: {unserved[each]}"
            for each, place in self.queued.items()
            if each in unserved
        ]
        if left:
            were = "response was" if len(left) == 1 else "responses were"
            raise StepFailure(f"{len(left)} queued {were} not asked for", *left)

    def unanswered(self, values: Mapping[str, object], since: float) -> list[str]:
        """The latest requests since the feature began that nearly found a stub, each with it, and
        a step that would answer the last; there `values` are written as placeholders.

        What differs in more than one thing, or one segment of the path, is mostly not worth a
        look: services also ask for much that a feature does not care about. Only where nothing was
        near are the requests from the time `since` on (in seconds since 1970) shown: a feature
        that queues nothing yet has no stub that could be near. Requests about somebody of an
        earlier feature are left out.
        """
        near: dict[str, tuple[Call, list[str]]] = {}
        far: dict[str, tuple[Call, list[str]]] = {}
        try:
            misses = self._loop.call(self._mock.unmatched())
        except BddError:  # this is beside what has failed: that must not be lost
            return []
        for miss in misses:
            if self._ids.is_foreign(miss.call.request):
                continue
            line = call_text(miss.call)
            stub = next((each for each in miss.nearest if _is_near(each)), None)
            found = near if stub else far
            if stub or miss.call.at >= since:
                found.pop(line, None)
                why = [f"    nearest: {stub.stub}: {stub.reasons[0]}"] if stub else []
                found[line] = miss.call, why
        shown = list((near or far).items())[-SHOWN:]
        if not shown:
            return []
        lines = [text for line, (_, why) in shown for text in (f"  {line}", *why)]
        if not near:
            return lines
        which = "it" if len(shown) == 1 else "the last"
        last, _ = shown[-1][1]
        from harness.recording.answering import answering_steps  # late: for failures only

        (step,) = answering_steps([_answerable(last)], values, allow=("imei", "iccid"))
        return [
            *lines,
            f"A step that answers {which}:",
            *(f"  {line}".rstrip() for line in step.split("\n")),
        ]

    def notes(self) -> list[str]:
        """The latest notes of what is not as the OpenAPI documents say."""
        try:
            notes = self._loop.call(self._mock.notes())
        except BddError:  # this is beside what has failed: that must not be lost
            return []
        return [f"  {each}" for each in notes[-SHOWN:]]

    def exchanges(
        self, answering: Callable[[Sequence[Observed]], list[str]] | None = None
    ) -> list[tuple[float, Callable[[], Exchange]]]:
        """The requests since the feature began, for reports: the time of each, and its maker.

        `answering` gives steps for those that no stub has answered, in the order of their times.
        """
        try:
            calls = self._loop.call(self._mock.calls())
            some = any(not each.stub for each in calls)
            unmatched = self._loop.call(self._mock.unmatched()) if some else []
            misses = {each.call.number: each for each in unmatched}
        except BddError:  # a report must not make a run fail
            return []
        missed = sorted((call for call in calls if _is_missed(call)), key=lambda call: call.at)
        missed = [call for call in missed if not self._ids.is_foreign(call.request)]
        steps = answering(list(map(_answerable, missed))) if answering and missed else []
        answers = dict(zip((call.number for call in missed), steps, strict=False))
        self._learn(*(body for call in calls for body in (call.request.body, call.response.body)))
        redactor = self._redactor()
        return [
            (
                call.at,
                partial(
                    exchange,
                    call.request,
                    _target(call),
                    call.response,
                    redactor,
                    at=call.at,
                    took=call.took,
                    source=SERVICE,
                    target=call.host,
                    note=_note(call, misses.get(call.number)),
                    answering=answers.get(call.number, ""),
                ),
            )
            for call in calls
        ]

    def _add(self, stub: Stub) -> None:
        try:
            stub_id = ask(self._loop, self._mock.add(stub))
        except ContractError as error:
            position = place_in_response(stub.response, error.problems[0].path)
            raise _not_as_said(error, position) from None
        if stub.kind == "queued":
            self.queued[stub_id] = self._place()
        try:
            self._ids.add(*job_ids(stub.response.json()))
        except ValueError:  # it is not JSON: it tells of no job
            return


def _is_near(miss: NearMiss) -> bool:
    unmet = [each for each in miss.criteria if not each.matched]
    if len(unmet) != 1:
        return False
    return unmet[0].field != "path" or segments_apart(unmet[0].expected, unmet[0].actual) == 1


def _is_missed(call: Call) -> bool:
    return call.stub in ("", UPSTREAM)


def _answerable(call: Call) -> Observed:
    """A call with the answer that it is to get: what the upstream said, if it was asked, else one
    to be filled in."""
    response = call.response if call.stub == UPSTREAM else _TO_BE_FILLED_IN
    query = tuple(pair for pair in call.request.query if REDACTED not in pair[1])
    request = replace(call.request, query=query)
    return Observed(call.at, call.took, "cloud", call.host, request, response)


def _not_as_said(error: ContractError, position: tuple[int, int] | None) -> StepFailure:
    return StepFailure(
        "the answer is not as the OpenAPI document says",
        *(f"  {each}" for each in error.problems),
        final=True,
        position=position,
    )


def _target(call: Call) -> str:
    """Path and query of a request to a third party."""
    query = "&".join(f"{name}={value}" for name, value in call.request.query)
    return call.request.path + (f"?{query}" if query else "")


def _note(call: Call, miss: Unmatched | None) -> str:
    """What went wrong with the answer, and why there was none."""
    lines = [f"the answer went wrong: {call.fault}"] if call.fault else []
    if miss is not None:
        near = (f"{each.stub}: {'; '.join(each.reasons)}" for each in miss.nearest)
        lines += ["no stub answered it", *near]
    return "\n".join(lines)
