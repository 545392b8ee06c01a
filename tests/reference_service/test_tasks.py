"""Background tasks."""

from __future__ import annotations

import asyncio

import pytest

from reference_service.tasks import Tasks, pause
from tests.reference_service.world import run


def test_a_failure_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def test() -> None:
        tasks = Tasks()
        failed = asyncio.Event()

        async def fail() -> None:
            failed.set()
            raise ValueError("broken")

        tasks.start(fail(), "the work")
        await failed.wait()
        await tasks.close()
        assert "the work has failed" in caplog.messages
        assert "ValueError: broken" in caplog.text

    run(test)


def test_all_end_at_the_close() -> None:
    async def test() -> None:
        tasks = Tasks()
        ended = []

        async def last() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                ended.append(True)

        tasks.start(last(), "one")
        tasks.start(last(), "two")
        await asyncio.sleep(0)
        await tasks.close()
        assert ended == [True, True]

    run(test)


def test_a_pause_ends_when_woken_or_when_it_is_over() -> None:
    async def test() -> None:
        wake = asyncio.Event()
        await pause(wake, 0.001)
        wake.set()
        await pause(wake, 3600)

    run(test)
