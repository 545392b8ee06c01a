from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import pytest
from websockets.asyncio.server import ServerConnection, serve

from harness.capabilities.values import Values
from harness.capabilities.websocket import Websockets
from harness.core.ids import StoryIds
from harness.core.redaction import Redactor
from harness.core.retry import Budgets
from harness.drivers.loop import LoopThread
from harness.errors import StepFailure


@contextmanager
def websockets(loop: LoopThread) -> Iterator[tuple[Websockets, set[str], list[str]]]:
    """Connections to a server that echoes; the secrets, and the paths that are open."""
    secrets: set[str] = set()
    opened: list[str] = []

    async def echo(connection: ServerConnection) -> None:
        assert connection.request
        opened.append(connection.request.path)
        try:
            async for message in connection:
                await connection.send(message)
        finally:
            opened.remove(connection.request.path)

    server = loop.call(_started(echo))
    port = next(iter(server.sockets)).getsockname()[1]
    values = Values(
        {"webSocketURI": f"ws://127.0.0.1:{port}/live"}, lambda: 0, Random(1), StoryIds()
    )
    mine = Websockets(loop, values, Budgets(scale=0.005), lambda: Redactor(secrets), 5)
    try:
        yield mine, secrets, opened
    finally:
        mine.close()
        server.close()
        loop.call(server.wait_closed())


async def _started(handler):  # type: ignore[no-untyped-def]  # what `serve` takes and gives
    return await serve(handler, "127.0.0.1", 0)


def test_a_connection_is_opened_once_and_spoken_of_last(loop: LoopThread) -> None:
    with websockets(loop) as (mine, _, opened):
        mine.connect_device("a/b")
        mine.send(1)
        mine.connect_device("c")
        mine.send(2)
        mine.expect(2, exact=True, retries=1000)
        mine.connect_device("a/b")
        mine.expect(1, exact=True, retries=1000)
        assert opened == ["/live?fingerprint=a%2Fb", "/live?fingerprint=c"]
        mine.close()
        mine.close()
        with pytest.raises(StepFailure, match="no websocket is open"):
            mine.send(1)


def test_a_secret_that_is_learnt_later_is_hidden(loop: LoopThread) -> None:
    with websockets(loop) as (mine, secrets, _):
        mine.connect_device("92b.y7i24q")
        mine.send({"echo": "92b.y7i24q"})
        mine.send("end")
        mine.expect("end", exact=True, retries=1000)
        secrets.add("92b.y7i24q")
        with pytest.raises(StepFailure) as caught:
            mine.expect({"echo": "x"}, exact=False)
        assert "[redacted]" in str(caught.value)
        assert "92b.y7i24q" not in str(caught.value)
        with pytest.raises(StepFailure) as caught:
            mine.expect_none({"echo": "92b.y7i24q"}, 5)
        assert "92b.y7i24q" not in str(caught.value)


def test_half_a_character_comes_back_as_it_was_sent(loop: LoopThread) -> None:
    with websockets(loop) as (mine, _, _):
        mine.connect_device("\ud83d")
        mine.send({"half": "\ud83d", "whole": "😀"})
        mine.expect({"half": "\ud83d", "whole": "😀"}, exact=True, retries=1000)


@pytest.mark.parametrize("seconds", [-1, 3601, 1e17])
def test_a_silence_that_nobody_waits_for(loop: LoopThread, seconds: float) -> None:
    with websockets(loop) as (mine, _, _):
        mine.connect_device("a")
        with pytest.raises(StepFailure, match="nobody waits"):
            mine.expect_none({}, seconds)


@pytest.mark.parametrize(("stored", "message"), [(None, "no value"), (1, "no URL is stored as")])
def test_without_a_uri(loop: LoopThread, stored: object, message: str) -> None:
    values = Values({"webSocketURI": stored}, lambda: 0, Random(1), StoryIds())
    mine = Websockets(loop, values, Budgets(), Redactor, 1)
    with pytest.raises(StepFailure, match=message):
        mine.connect_device("a")


def test_the_nearest_message_is_what_was_seen_if_it_is_alike(loop: LoopThread) -> None:
    with websockets(loop) as (mine, _, _):
        mine.connect_device("a")
        mine.send({"type": "job", "status": "QUEUED", "more": 1})
        for expected, seen in (
            ({"type": "job", "status": "DONE"}, {"type": "job", "status": "QUEUED", "more": 1}),
            ({"kind": "tracker", "x": 1, "y": 2}, None),
        ):
            with pytest.raises(StepFailure) as caught:
                mine.expect(expected, exact=False, retries=20)
            found = caught.value.seen
            assert (found.value if found else None) == seen
