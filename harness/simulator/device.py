"""One simulated device: it is told of jobs, does what it should, and says so, one job at a time.

How it hears and speaks is the matter of its channel: MQTT or REST. On one asyncio loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from typing import Protocol

import aiohttp

from harness.simulator.downloads import DownloadFailedError, download
from harness.simulator.updating import Action, Download, Job, Report, Updating


class Channel(Protocol):
    """How a device hears of jobs, and reports."""

    async def open(self, updating: Updating) -> None:
        """Connect. Raises BddError if that cannot be done."""

    def jobs(self) -> AsyncIterator[Job]:
        """The jobs that it is told of, without end."""

    async def report(self, report: Report) -> None:
        """Say how a job goes."""

    async def close(self) -> None:
        """Leave nothing behind."""


class Device:
    """A device with its channel; `updating` says what it does."""

    def __init__(
        self, updating: Updating, channel: Channel, http: aiohttp.ClientSession, mock_url: str
    ) -> None:
        self.updating = updating
        self._channel = channel
        self._http = http
        self._mock_url = mock_url
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Connect, and do what it is told from now on. Raises BddError."""
        await self._channel.open(self.updating)
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Stop wherever it is, and disconnect."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        await self._channel.close()

    async def _run(self) -> None:
        async for job in self._channel.jobs():
            await self._do(self.updating.told(job))

    async def _do(self, actions: list[Action]) -> None:
        for action in actions:
            if isinstance(action, Download):
                await self._do(await self._downloaded(action.job))
            else:
                await self._channel.report(action)

    async def _downloaded(self, job: Job) -> list[Action]:
        """What follows from downloading it, which is told as it goes."""
        try:
            async with aclosing(download(self._http, self._mock_url, job)) as parts:
                async for percent in parts:
                    await self._channel.report(self.updating.progress(job, percent))
        except DownloadFailedError:
            return self.updating.download_failed(job)
        return self.updating.downloaded(job)
