"""A websocket to the service under test, and the messages that arrive on it.

One who waits is woken by the message. Knows nothing of steps.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable
from time import monotonic

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import (
    ConnectionClosed,
    InvalidHandshake,
    InvalidStatus,
    WebSocketException,
)
from websockets.frames import CloseCode

from harness.core.inbox import Inbox, Message
from harness.drivers.network import (
    ConnectionLost,
    Redact,
    connection_failure,
    parse_address,
    redact_by_form,
    said,
)
from harness.errors import StepFailure

MAX_MESSAGE = 1024 * 1024
"""Bytes of the largest message that is read."""

CLOSE_SECONDS = 2.0
"""How long a peer may take to answer a close."""

_NOT_CONNECTED = "The websocket is not connected."

# The library logs the URL of a handshake, and with it the fingerprint. This logger is not known to
# `logging`, so that nobody's configuration makes it speak.
_SILENT = logging.Logger(__name__, logging.CRITICAL + 1)


class WebSocketClient:
    """One connection at a time. Use it, and close it, on one event loop.

    `inbox` holds what has arrived since it was opened; `last_matched` is the message that
    `expect` has returned last. `redact` makes texts fit to be shown, `heard` is told of each
    message that arrives.
    """

    def __init__(
        self,
        redact: Redact = redact_by_form,
        max_message: int = MAX_MESSAGE,
        heard: Callable[[Message], None] | None = None,
    ) -> None:
        self.inbox = Inbox()
        self.last_matched: Message | None = None
        self._redact = redact
        self._max_message = max_message
        self._heard = heard
        self._connection: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._opened = 0.0
        self._end = _NOT_CONNECTED
        self._ended_normally = False
        self._lost = False

    @property
    def is_open(self) -> bool:
        """Whether it has been opened and neither side has closed it since."""
        return self._connection is not None and not self._end

    async def connect(self, url: str, timeout: float = 30.0) -> None:  # noqa: ASYNC109 - as below
        """Open a connection, with an empty inbox; one that is open is closed first.

        Raises StepFailure: ConnectionRefused if nobody listens, otherwise for an invalid URL, a
        host without an address, TLS, an answer that is not 101 (with what it says), and when
        it is not open after `timeout` seconds.
        """
        await self.close()
        address = parse_address(url, ("ws", "wss"), self._redact)
        action = f"Websocket {address.shown}"
        try:
            connection = await connect(
                address.url,
                compression=None,  # costs more than it saves, above all on loopback
                proxy=None,
                open_timeout=timeout,
                close_timeout=CLOSE_SECONDS,
                max_size=self._max_message,
                logger=_SILENT,
            )
        except TimeoutError:
            raise StepFailure(f"{action}: not open within {timeout:g} s") from None
        except (ssl.SSLError, OSError) as error:
            raise connection_failure(action, address, error) from None
        except InvalidStatus as error:
            raise self._refusal(action, error) from None
        except InvalidHandshake as error:
            reason = self._redact(str(error.__cause__ or error))
            raise StepFailure(f"{action}: the answer is no websocket's: {reason}") from None
        except (WebSocketException, ValueError) as error:
            reason = self._redact(str(error))
            raise StepFailure(f"{action}: it cannot be opened: {reason}", final=True) from None
        self.inbox = Inbox()
        self.last_matched = None
        self._end = ""
        self._opened = monotonic()
        self._connection = connection
        self._reader = asyncio.create_task(self._read(connection))

    async def send(self, text: str, timeout: float = 30.0) -> None:  # noqa: ASYNC109 - as below
        """Send a text message. Raises StepFailure if it is closed, or does not take it in time."""
        if self._connection is None or self._end:
            raise self._ended()
        try:
            async with asyncio.timeout(timeout):
                await self._connection.send(text)
        except TimeoutError:
            raise StepFailure(f"The websocket did not take the message in {timeout:g} s.") from None
        except ConnectionClosed as error:
            raise StepFailure(self._ending(error), final=True) from None

    async def expect(
        self,
        matches: Callable[[object], bool],
        timeout: float,  # noqa: ASYNC109 - None is an answer, not an error
    ) -> Message | None:
        """The oldest unmatched message that matches, which is then used up; waits for one.

        None if there is none after `timeout` seconds. Raises StepFailure as soon as the connection
        is closed and no message that has arrived matches.
        """
        message = await self._wait(self.inbox.take, matches, timeout)
        if message is not None:
            self.last_matched = message
        elif self._end:
            raise self._ended()
        return message

    async def none_within(
        self, matches: Callable[[object], bool], seconds: float
    ) -> Message | None:
        """The oldest unmatched message that matches, or None if there is none in `seconds`.

        It is not used up. Raises StepFailure if the connection is closed meanwhile other than in
        the normal way (code 1000): the silence of one that is broken proves nothing.
        """
        message = await self._wait(self.inbox.find, matches, seconds)
        if message is None and self._end and not self._ended_normally:
            raise self._ended()
        return message

    async def close(self) -> None:
        """Close the connection if one is open; what has arrived stays in the inbox."""
        if self._connection is None or self._reader is None:
            return
        connection, reader = self._connection, self._reader
        self._connection = self._reader = None
        try:
            await connection.close()
        finally:
            connection.transport.abort()
            reader.cancel()
            await asyncio.wait([reader])
            self._finish(_NOT_CONNECTED)

    async def _wait(
        self,
        look: Callable[[Callable[[object], bool], int], Message | None],
        matches: Callable[[object], bool],
        seconds: float,
    ) -> Message | None:
        seen = 0
        try:
            async with asyncio.timeout(seconds) as limit:
                while True:
                    message = look(matches, seen)
                    if message is not None or self._end:
                        return message
                    seen = self.inbox.received
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            if not limit.expired():  # it comes from `matches`
                raise
            return None

    async def _read(self, connection: ClientConnection) -> None:
        try:
            while True:
                message = self.inbox.add(await connection.recv())
                self._news.set()
                if self._heard is not None:
                    self._heard(message)
        except ConnectionClosed as error:
            if connection is self._connection:  # otherwise it is close() that ends it
                code = error.rcvd.code if error.rcvd else None
                self._finish(
                    self._ending(error),
                    normally=code == CloseCode.NORMAL_CLOSURE,
                    lost=error.rcvd is None,
                )

    def _finish(self, end: str, normally: bool = False, lost: bool = False) -> None:
        self._end = end
        self._lost = lost
        self._ended_normally = normally
        self._news.set()

    def _ended(self) -> StepFailure:
        return (ConnectionLost if self._lost else StepFailure)(self._end, final=True)

    def _ending(self, error: ConnectionClosed) -> str:
        """Who closed the connection, when, and with what code and reason (RFC 6455, 7.4)."""
        when = f"{monotonic() - self._opened:.1f} s after it was opened"
        if error.rcvd is not None and error.rcvd_then_sent is not False:
            return f"The service closed the websocket {when}: {self._redact(str(error.rcvd))}."
        if error.sent is not None:
            return f"The websocket was closed on this side {when}: {error.sent}."
        return f"The websocket broke off {when}, without a word: has the service died?"

    def _refusal(self, action: str, error: InvalidStatus) -> StepFailure:
        response = error.response
        what = said(bytes(response.body or b""), self._redact)
        summary = f"{action}: refused with {response.status_code} {response.reason_phrase}".rstrip()
        return StepFailure(f"{summary}: {what}" if what else summary)
