"""Operations on what the mock was asked: its journal."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from msgspec import UNSET, Struct

from mock_nrfcloud import redacted
from mock_nrfcloud.admin.table import Asked, Refusal, Table
from mock_nrfcloud.journal import walk
from mock_nrfcloud.values import Call
from mock_nrfcloud.wire import reading, shapes, writing

TABLE = Table()
_MAX_BODIES = 8 * 1024 * 1024
_LOOK = 1.0  # seconds, after which it is looked whether the client of a long poll is still there


@TABLE.operation("GET", "/requests", shapes.Requests, query=shapes.Filters)
async def list_requests(asked: Asked) -> Struct:
    """The requests in the journal, the newest first."""
    space = asked.space
    filters: shapes.Filters = asked.query
    calls = walk(space.journal, filters.after + 1, _before(filters), newest_first=True)
    chosen = (
        redacted.call(space.redactor, call) async for call in calls if _is_wanted(call, filters)
    )
    return await _page(asked, chosen)


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
    task = asyncio.ensure_future(wait)
    try:
        while not (await asyncio.wait({task}, timeout=_LOOK))[0]:
            if asked.gone():
                raise Refusal(400, "The client has left")
        return writing.call_result(task.result())
    finally:
        task.cancel()


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
    shapes.LoggedRequest,
    refusals={404: "There is no such request (any more)."},
)
async def get_request(asked: Asked) -> Struct:
    """A request and its answer."""
    if asked.part.isascii() and asked.part.isdigit() and len(asked.part) < 16:
        number = int(asked.part)
        for call in asked.space.journal.calls(number, number + 1):
            if call.number == number:
                return writing.call(redacted.call(asked.space.redactor, call))
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
    found = writing.mapping(left, redacted.stub(space.redactor, left.stub))
    return shapes.DryRun(answered_by=found, near_misses=[])


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


def _is_wanted(call: Call, filters: shapes.Filters) -> bool:
    return (
        filters.method in (UNSET, call.request.method)
        and filters.host in (UNSET, call.host)
        and (filters.path is UNSET or filters.path in call.request.path)
        and filters.status in (UNSET, call.response.status)
        and filters.matched in (UNSET, bool(call.stub))
    )


def _before(paging: shapes.Paging) -> int | None:
    return None if paging.before is UNSET else paging.before
