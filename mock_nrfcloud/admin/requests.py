"""Operations on what the mock was asked: its journal."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace

from msgspec import UNSET, Struct

from mock_nrfcloud import redacted
from mock_nrfcloud.admin.mappings import mapping
from mock_nrfcloud.admin.table import Asked, Refusal, Table
from mock_nrfcloud.criteria import criteria
from mock_nrfcloud.journal import walk
from mock_nrfcloud.space import Space, near_misses
from mock_nrfcloud.values import Call, Unmatched
from mock_nrfcloud.wire import reading, shapes, writing

TABLE = Table()
_MAX_BODIES = 8 * 1024 * 1024


@TABLE.operation("GET", "/requests", shapes.Requests, query=shapes.Filters)
async def list_requests(asked: Asked) -> Struct:
    """The requests in the journal, the newest first."""
    space = asked.space
    filters: shapes.Filters = asked.query
    calls = walk(space.journal, filters.after + 1, _before(filters), newest_first=True)
    is_wanted = _filter(filters)
    chosen = (
        redacted.call(space.redactor, call if filters.bodies else _without_bodies(call))
        async for call in calls
        if is_wanted(call)
    )
    return await asked.while_there(_page(asked, chosen))


@TABLE.operation("DELETE", "/requests")
async def delete_requests(asked: Asked) -> None:
    """Forget the requests."""
    asked.space.journal.clear()


@TABLE.operation(
    "POST", "/requests/find", shapes.Requests, body=shapes.Pattern, query=shapes.Paging
)
async def find_requests(asked: Asked) -> Struct:
    """The requests since the feature began that match, the newest first."""
    paging: shapes.Paging = asked.query
    pattern = reading.pattern(asked.body)
    calls = asked.space.calls(
        pattern, after=paging.after, before=_before(paging), newest_first=True
    )
    return await _page(asked, calls)


@TABLE.operation("POST", "/requests/count", shapes.Count, body=shapes.Pattern)
async def count_requests(asked: Asked) -> Struct:
    """How many requests since the feature began match."""
    calls = asked.space.calls(reading.pattern(asked.body))
    return shapes.Count(count=sum([1 async for _ in calls]), dropped=asked.space.dropped())


@TABLE.operation(
    "POST", "/requests/wait", shapes.CallResult, body=shapes.Pattern, query=shapes.Waiting
)
async def wait_for_request(asked: Asked) -> Struct:
    """The request since the feature began with which enough match; answers as soon as it is there.

    Enough is one, or `times`.
    """
    waiting: shapes.Waiting = asked.query
    if (pattern := reading.pattern(asked.body)) is None:
        raise Refusal(422, "There is nothing to wait for", "say which request")
    wait = asked.space.wait_for(pattern, waiting.timeout, times=waiting.times, after=waiting.after)
    return writing.call_result(await asked.while_there(wait))


@TABLE.operation("GET", "/requests/unmatched", shapes.UnmatchedRequests, query=shapes.Paging)
async def list_unmatched_requests(asked: Asked) -> Struct:
    """The requests since the feature began that no stub answered, with the nearest stubs."""
    paging: shapes.Paging = asked.query
    misses = asked.space.unmatched(after=paging.after, before=_before(paging), newest_first=True)
    found: list[shapes.UnmatchedRequest] = []
    size = 0
    async for miss in misses:
        if len(found) == paging.limit or size > _MAX_BODIES:
            return shapes.UnmatchedRequests(requests=found, more=True)
        found.append(writing.unmatched(miss))
        size += _size(miss.call)
    return shapes.UnmatchedRequests(requests=found, more=False)


@TABLE.operation(
    "GET",
    "/requests/{number}",
    shapes.ExplainedRequest,
    refusals={404: "There is no such request (any more)."},
)
async def get_request(asked: Asked) -> Struct:
    """A request, its answer, and why it got that."""
    space = asked.space
    if asked.part.isascii() and asked.part.isdigit() and len(asked.part) < 16:
        number = int(asked.part)
        for call in space.journal.calls(number, number + 1):
            if call.number == number:
                near = () if call.stub else near_misses(call)
                shown = redacted.unmatched(space.redactor, Unmatched(call, near))
                return writing.explained(shown, _answered_by(space, call))
    raise Refusal(404, "There is no such request (any more)")


@TABLE.operation("POST", "/near-misses/request", shapes.DryRun, body=shapes.Request)
async def try_request(asked: Asked) -> Struct:
    """What a request would get. Nothing is sent, served or recorded."""
    wanted: shapes.Request = asked.body
    space, request, host = asked.space, reading.request(wanted), wanted.host.lower()
    left = space.store.would_answer(host, request)
    if left is None:
        near = writing.near_misses(space.near_stubs(host, request))
        return shapes.DryRun(answered_by=None, near_misses=near)
    return shapes.DryRun(answered_by=mapping(space, left), near_misses=[])


async def _page(asked: Asked, calls: AsyncIterator[Call]) -> Struct:
    """So many of these as are wanted, and as do not take too much together."""
    paging: shapes.Paging = asked.query
    journal = asked.space.journal
    found: list[shapes.LoggedRequest] = []
    size = 0
    more = False
    async for call in calls:
        if len(found) == paging.limit or size > _MAX_BODIES:
            more = True
            break
        found.append(writing.call(call))
        size += _size(call)
    total = shapes.Total(total=journal.next - journal.first)
    return shapes.Requests(requests=found, meta=total, more=more)


def _size(call: Call) -> int:
    return len(call.request.body or b"") + len(call.response.body)


def _answered_by(space: Space, call: Call) -> shapes.AnsweredBy | None:
    """The stub that answered a call, if it is still there."""
    if not call.stub or (left := space.store.get(call.stub)) is None:
        return None
    met = [
        redacted.criterion(space.redactor, each)
        for each in criteria(left.stub, call.host, call.request)
    ]
    return shapes.AnsweredBy(mapping=mapping(space, left), criteria=writing.criteria(met))


def _without_bodies(call: Call) -> Call:
    return replace(
        call, request=replace(call.request, body=None), response=replace(call.response, body=b"")
    )


def _filter(filters: shapes.Filters) -> Callable[[Call], bool]:
    """Whether a call is one of those that are wanted."""
    status = "" if filters.status is UNSET else filters.status.removesuffix("xx")
    text = "" if filters.text is UNSET else filters.text.lower()

    def is_wanted(call: Call) -> bool:
        return (
            filters.method in (UNSET, call.request.method)
            and filters.host in (UNSET, call.host)
            and (filters.path is UNSET or filters.path in call.request.path)
            and str(call.response.status).startswith(status)
            and filters.matched in (UNSET, bool(call.stub))
            and (not text or any(text in each.lower() for each in _texts(call)))
        )

    return is_wanted


def _texts(call: Call) -> Iterator[str]:
    """What can be read in a call."""
    query = "&".join(f"{name}={value}" for name, value in call.request.query)
    yield f"{call.request.path}?{query}"
    for pairs in (call.request.headers, call.response.headers):
        yield from (f"{name}: {value}" for name, value in pairs)
    for body in (call.request.body, call.response.body):
        yield (body or b"").decode(errors="replace")


def _before(paging: shapes.Paging) -> int | None:
    return None if paging.before is UNSET else paging.before
