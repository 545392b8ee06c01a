"""aiohttp's low-level server as the mock uses it: what all its connections have in common."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiohttp import web
from aiohttp.http import HttpProcessingError

from mock_nrfcloud.playing import Pauses

STOP_SECONDS: Final = 1.0
"""How long is waited for answers that are under way, and for bodies that nobody reads."""

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

_LOG: Final = logging.getLogger("mock_nrfcloud")


def _without_traceback(record: logging.LogRecord) -> bool:
    """What a client did wrong is no error of the mock: one line is enough."""
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, (HttpProcessingError, web.RequestPayloadError, ConnectionError)):
        record.exc_info = None
        record.msg, record.levelno, record.levelname = f"{record.msg}: bad request", 30, "WARNING"
    return True


_LOG.addFilter(_without_traceback)


class Connections(web.Server):
    """Makes connections whose requests a handler answers.

    Tells when a client has left: then nobody waits for the rest of its answer.
    """

    def __init__(
        self, handler: Handler, pauses: Pauses, *, max_body: int, idle_seconds: float
    ) -> None:
        super().__init__(
            handler,
            request_factory=self._request,
            access_log=None,
            logger=_LOG,
            lingering_time=STOP_SECONDS,
            keepalive_timeout=idle_seconds,
        )
        self._pauses = pauses
        self._max_body = max_body

    def connection_lost(self, handler: Any, exc: BaseException | None = None) -> None:
        super().connection_lost(handler, exc)
        self._pauses.end(handler)

    def _request(self, message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> Any:
        loop = asyncio.get_running_loop()
        return web.BaseRequest(
            message, payload, protocol, writer, task, loop, client_max_size=self._max_body
        )
