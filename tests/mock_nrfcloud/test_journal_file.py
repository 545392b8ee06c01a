"""The journal in a file: what was answered stays, whatever happens to the mock."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import pytest

from harness.core.http_text import HttpRequest, HttpResponse
from harness.errors import BddError
from mock_nrfcloud.journal import Journal, JournalError, wait
from mock_nrfcloud.journal_file import JournalFile, read
from mock_nrfcloud.routes import Answer
from mock_nrfcloud.values import Call
from tests.mock_nrfcloud.seen import seen
from tests.mock_nrfcloud.standalone import running

ANSWER = Answer("stub-1", HttpResponse(201, "Made", (("A", "b: c"), ("A", "d")), b"\xff"))
HEADERS = ((b"X-A", b"b: c"), (b"Y", b"\xff"), (b"Z", b""))


def record(journal: Journal, path: str = "/x", answer: Answer = ANSWER) -> None:
    request = seen(
        path, host="h", query="a=1&b=c+d", headers=HEADERS, body=b"\x00b", at=5.0, took=0.25
    )
    journal.record(request, answer)


@contextmanager
def opened(path: Path, most: int | None = None) -> Iterator[JournalFile]:
    file = JournalFile(path, most)
    try:
        yield file
    finally:
        file.close()


def in_loop(action: Callable[[], None]) -> None:
    async def run() -> None:
        action()

    asyncio.run(run())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "requests.sqlite"


def test_a_request_is_kept_with_its_answer(path: Path) -> None:
    def scenario() -> None:
        with opened(path) as file:
            journal = file.journal("")
            record(journal)
            expected = Call(
                1,
                5.0,
                0.25,
                "h",
                HttpRequest(
                    "GET",
                    "/x",
                    (("a", "1"), ("b", "c d")),
                    (("X-A", "b: c"), ("Y", "\udcff"), ("Z", "")),
                    b"\x00b",
                ),
                ANSWER.response,
                "stub-1",
            )
            assert list(journal.calls()) == [expected]
            record(journal, "/\udcff")
            assert [call.request.path for call in journal.calls(2)] == ["/\\udcff"]
            assert list(journal.calls(1, 2)) == [expected]
            assert (journal.first, journal.next, journal.size) == (1, 3, 0)

    in_loop(scenario)
    assert [name for name, _ in read(path)] == ["", ""]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_it_goes_on_where_it_ended_and_namespaces_are_new(path: Path) -> None:
    def first() -> None:
        with opened(path) as file:
            record(file.journal(""))
            record(file.journal("a"), "/a")

    def second() -> None:
        with opened(path) as file:
            journal = file.journal("")
            assert (journal.first, journal.next) == (1, 2)
            record(journal, "/y")
            other = file.journal("a")
            assert other.next == 1
            other.close()

    in_loop(first)
    in_loop(second)
    found = [(name, call.number, call.request.path) for name, call in read(path)]
    assert found == [("", 1, "/x"), ("", 2, "/y"), ("a", 1, "/a")]


def test_it_keeps_so_many_of_each_namespace(path: Path) -> None:
    def scenario() -> None:
        with opened(path, 10) as file:
            journal, other = file.journal(""), file.journal("a")
            record(other)
            for _ in range(2005):
                record(journal)
            assert journal.next - journal.first <= 1010
            assert [call.number for call in journal.calls()][-1] == 2005
            assert journal.first == next(journal.calls()).number
            assert len(list(other.calls())) == 1
            other.close()
            assert list(other.calls()) == []

    in_loop(scenario)
    with opened(path, 10):
        assert {name for name, _ in read(path)} == {""}


def test_it_can_be_cleared(path: Path) -> None:
    def scenario() -> None:
        with opened(path) as file:
            journal = file.journal("")
            record(journal)
            journal.clear()
            record(journal)
            assert [call.number for call in journal.calls()] == [2]
            assert journal.first == 2

    in_loop(scenario)


def test_requests_of_the_same_moment_are_written_together(path: Path) -> None:
    async def scenario() -> None:
        with opened(path) as file:
            journal, other = file.journal(""), file.journal("a")
            assert journal.batch is None
            record(journal)
            record(other)
            batch = journal.batch
            assert batch is not None
            assert other.batch is batch
            assert list(read(path)) == [], "others see it when it is written"
            await batch.done()
            assert journal.batch is None
            assert len(list(read(path))) == 2

    asyncio.run(scenario())


def test_a_wait_is_woken(path: Path) -> None:
    async def scenario() -> None:
        with opened(path) as file:
            journal = file.journal("")
            waiting = asyncio.create_task(wait(journal, lambda _: True, 1, 60))
            await asyncio.sleep(0)
            record(journal)
            found = await waiting
            assert found
            assert found.number == 1

    asyncio.run(scenario())


def test_what_cannot_be_written_is_told(path: Path) -> None:
    async def scenario() -> None:
        with opened(path) as file:
            journal = file.journal("")
            pages = file.database.execute("PRAGMA page_count").fetchone()[0]
            file.database.execute(f"PRAGMA max_page_count = {pages}")

            def fill() -> None:
                for _ in range(100):
                    record(journal)

            with pytest.raises(JournalError, match="full"):
                fill()
            assert file.batch
            with pytest.raises(JournalError, match="full"):
                await file.batch.done()
            file.database.execute("PRAGMA max_page_count = 100000")
            record(journal)
            assert file.batch
            await file.batch.done()
            # At the latest when they are committed.
            record(journal)
            failing = file.batch
            file.database.execute("ROLLBACK")
            assert failing
            with pytest.raises(JournalError, match="no transaction"):
                await failing.done()

    asyncio.run(scenario())


def test_a_file_that_is_no_journal(path: Path, tmp_path: Path) -> None:
    path.write_text("hello, this is a text that is long enough to be looked at" * 10)
    with pytest.raises(BddError, match="cannot be used: file is not a database"):
        JournalFile(path)
    with pytest.raises(BddError, match="cannot be used: file is not a database"):
        list(read(path))
    other = tmp_path / "other.sqlite"
    database = sqlite3.connect(other)
    database.execute("CREATE TABLE a (b)")
    database.close()
    for use in (JournalFile, lambda path: list(read(path))):
        with pytest.raises(BddError, match="is no journal of a mock"):
            use(other)
    with pytest.raises(BddError, match="cannot be used: Is a directory"):
        JournalFile(tmp_path)
    with pytest.raises(BddError, match="is not there"):
        list(read(tmp_path / "nothing"))


@pytest.mark.parametrize(
    "damage", ["at = 'x'", "query = x'ff'", "headers = 'x'", "body = 1", "problems = '[1'"]
)
def test_a_journal_that_is_damaged(path: Path, damage: str) -> None:
    with opened(path) as file:
        in_loop(lambda: record(file.journal("")))
    database = sqlite3.connect(path)
    database.execute(f"UPDATE requests SET {damage}")
    database.commit()
    database.close()
    with pytest.raises(BddError, match="cannot be used: its request 1 is damaged"):
        list(read(path))


def test_two_mocks_cannot_write_to_one_file(path: Path) -> None:
    with opened(path), pytest.raises(BddError, match="is used by another mock"):
        JournalFile(path)
    with opened(path):
        pass


def test_what_was_answered_survives_kill_9(path: Path) -> None:
    async def load(url: str, answered: list[int], enough: asyncio.Event) -> None:
        async with aiohttp.ClientSession() as http:
            try:
                while True:
                    async with http.get(f"{url}/{len(answered)}") as response:
                        answered.append(response.status)
                    if len(answered) == 300:
                        enough.set()
            except (aiohttp.ClientError, OSError):
                return

    async def scenario() -> int:
        with running("--journal", str(path)) as mock:
            answered: list[int] = []
            enough = asyncio.Event()
            tasks = [asyncio.create_task(load(mock.url, answered, enough)) for _ in range(8)]
            await enough.wait()
            mock.process.kill()
            await asyncio.gather(*tasks)
            return len(answered)

    answered = asyncio.run(scenario())
    written = [call.number for _, call in read(path)]
    assert written == list(range(1, len(written) + 1))
    assert answered <= len(written) <= answered + 8
    with running("--journal", str(path)) as mock:
        _, found = mock.ask("/__admin/requests?limit=1")
        assert found["meta"]["total"] == len(written)


def test_numbers_are_not_used_again_when_all_requests_were_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "requests.sqlite"

    def write() -> None:
        with opened(path) as file:
            journal = file.journal("")
            record(journal)
            journal.clear()
        with opened(path) as file:
            journal = file.journal("")
            assert (journal.first, journal.next) == (2, 2)
            record(journal)
            assert [call.number for call in journal.calls()] == [2]

    in_loop(write)
