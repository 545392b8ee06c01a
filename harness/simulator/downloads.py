"""What simulated devices ask over HTTP: the mock, which stands for every host. Real ones are never
contacted."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Final
from urllib.parse import quote

import aiohttp

from harness.simulator.updating import Job

MAX_CONNECTIONS: Final = 20
"""To the mock, of all devices of a feature together."""
SECONDS: Final = 30.0
"""How long an answer may take, and a file."""
REPORTED: Final = 25
"""After how many percent a device reports how far it is."""

_CHUNK: Final = 64 * 1024


class DownloadFailedError(Exception):
    """A file is not there, or not as it should be."""


def make_http() -> aiohttp.ClientSession:
    """What all devices of a feature share."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=MAX_CONNECTIONS),
        timeout=aiohttp.ClientTimeout(total=SECONDS),
        cookie_jar=aiohttp.DummyCookieJar(),
    )


async def download(
    http: aiohttp.ClientSession, mock_url: str, job: Job
) -> AsyncGenerator[int, None]:
    """Download the files of a job; tells now and then how many percent are there, at last 100.

    Raises DownloadFailedError if a file is not there, or there is more or less than the job says.
    """
    got, told = 0, 0
    try:
        for path in job.paths:
            async with http.get(f"{mock_url}/{job.host}/{quote(path)}") as answer:
                if answer.status != 200:
                    raise DownloadFailedError(f"{path}: status {answer.status}")
                async for chunk in answer.content.iter_chunked(_CHUNK):
                    got += len(chunk)
                    if got > job.size:
                        raise DownloadFailedError(f"there are more than {job.size:,} bytes")
                    percent = 100 * got // job.size
                    if percent - told >= REPORTED or percent == 100:
                        told = percent
                        yield percent
    except (aiohttp.ClientError, TimeoutError) as error:
        raise DownloadFailedError(str(error) or type(error).__name__) from None
    if got != job.size:
        raise DownloadFailedError(f"there are {got:,} bytes of {job.size:,}")
