"""The journal: bounded, counted, and it wakes who waits."""

from __future__ import annotations

import asyncio
import gc

import pytest

from harness.core.http_text import HttpRequest, HttpResponse
from mock_nrfcloud.journal import MemoryJournal, wait
from mock_nrfcloud.routes import Answer
from mock_nrfcloud.values import Call
from tests.mock_nrfcloud.seen import seen

OK = Answer("stub-1", HttpResponse(200, body=b"x" * 1000))


def record(
    journal: MemoryJournal, path: str = "/x", answer: Answer = OK, body: bytes = b""
) -> None:
    headers = ((b"X-A", b"b"), (b"Y", b"\xff"))
    request = seen(path, host="h", query="a=1&b=c+d", headers=headers, body=body, at=5.0, took=0.25)
    journal.record(request, answer)


def test_a_request_is_kept_with_its_answer() -> None:
    journal = MemoryJournal()
    record(journal, body=b"body")
    assert list(journal.calls()) == [
        Call(
            number=1,
            at=5.0,
            took=0.25,
            host="h",
            request=HttpRequest(
                "GET", "/x", (("a", "1"), ("b", "c d")), (("X-A", "b"), ("Y", "\udcff")), b"body"
            ),
            response=OK.response,
            stub="stub-1",
        )
    ]


def test_the_oldest_requests_leave_first_and_are_counted() -> None:
    journal = MemoryJournal(max_entries=3)
    for number in range(5):
        record(journal, f"/{number}")
    assert [call.request.path for call in journal.calls()] == ["/2", "/3", "/4"]
    assert [call.number for call in journal.calls(since=4)] == [4, 5]
    assert list(journal.calls(since=6)) == []
    assert (len(journal), journal.first, journal.next) == (3, 3, 6)


def test_bodies_count_but_the_newest_request_always_stays() -> None:
    journal = MemoryJournal(max_bytes=11_000)
    for _ in range(20):
        record(journal, body=b"x" * 3_000)
    assert len(journal) == 3
    record(journal, body=b"x" * 50_000)
    assert len(journal) == 1


def test_responses_count_only_where_they_are_not_shared() -> None:
    shared, unmatched = MemoryJournal(max_bytes=10_000), MemoryJournal(max_bytes=10_000)
    for _ in range(20):
        record(shared)
        record(unmatched, answer=Answer("", HttpResponse(404, body=b"x" * 1000)))
    assert len(shared) == 20
    assert len(unmatched) < 10


def test_entries_are_nothing_to_the_garbage_collector() -> None:
    journal = MemoryJournal()
    record(journal)
    gc.collect()
    before = len(gc.get_objects())
    for _ in range(1000):
        record(journal)
    gc.collect()
    assert len(gc.get_objects()) - before < 100


def any_call(_: Call) -> bool:
    return True


def test_a_wait_finds_what_is_there() -> None:
    async def scenario() -> Call | None:
        journal = MemoryJournal()
        record(journal, "/a")
        record(journal, "/b")
        return await wait(journal, any_call, 2, 0)

    found = asyncio.run(scenario())
    assert found
    assert found.request.path == "/b"


def test_a_wait_is_woken_by_the_request_it_waits_for() -> None:
    async def scenario() -> list[Call | None]:
        journal = MemoryJournal()

        def is_b(call: Call) -> bool:
            return call.request.path == "/b"

        waits = [asyncio.create_task(wait(journal, is_b, 1, 60)) for _ in range(2)]
        await asyncio.sleep(0)
        record(journal, "/a")
        await asyncio.sleep(0)
        assert not any(wait.done() for wait in waits)
        record(journal, "/b")
        record(journal, "/b")
        return await asyncio.gather(*waits)

    one, other = asyncio.run(scenario())
    assert one
    assert one.number == 2
    assert one == other


def test_a_wait_that_has_ended_is_asked_no_more() -> None:
    async def scenario() -> None:
        journal = MemoryJournal()
        asked: list[Call] = []

        def ask(call: Call) -> bool:
            asked.append(call)
            return False

        assert await wait(journal, ask, 1, 0.001) is None
        cancelled = asyncio.create_task(wait(journal, ask, 1, 60))
        await asyncio.sleep(0)
        cancelled.cancel()
        with pytest.raises(asyncio.CancelledError):
            await cancelled
        record(journal)
        assert asked == []

    asyncio.run(scenario())


def test_a_journal_that_is_cleared_counts_on() -> None:
    journal = MemoryJournal()
    record(journal)
    journal.clear()
    record(journal)
    assert [call.number for call in journal.calls()] == [2]
    assert (journal.first, journal.next) == (2, 3)
    assert list(journal.calls(1, 2)) == []


def test_a_response_counts_as_long_as_a_request_has_it() -> None:
    journal = MemoryJournal(max_entries=2)
    large = Answer("", HttpResponse(404, body=b"x" * 5000))
    record(journal)
    empty = journal.size - 1000
    record(journal, answer=large)
    record(journal, answer=large)
    assert journal.size == 2 * empty + 5000
    record(journal)
    record(journal)
    assert journal.size == 2 * empty + 1000
