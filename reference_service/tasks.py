"""Background tasks that have an owner: none is lost, none fails unseen, all end at the stop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress

_log = logging.getLogger(__name__)


class Tasks:
    """The tasks that run beside the requests."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[None, None, None], name: str) -> None:
        """Run something in the background; `name` stands in the log if it fails."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _log.error("%s has failed", task.get_name(), exc_info=error)

    async def close(self) -> None:
        """Cancel all, and wait until they have ended."""
        tasks = list(self._running)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def pause(wake: asyncio.Event, seconds: float) -> None:
    """Wait until `wake` is set, but no longer than that."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await wake.wait()
