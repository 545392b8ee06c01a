"""Websocket connections to the service under test, and the messages that arrive on them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import partial
from urllib.parse import quote

from harness.capabilities.left_over import not_received
from harness.capabilities.values import SHOWN, Values, compare
from harness.core.events import SERVICE, TEST, Frame, kept
from harness.core.matching import mismatches
from harness.core.redaction import Redactor
from harness.core.retry import Budgets, stated
from harness.core.showing import printable
from harness.drivers.loop import LoopThread
from harness.drivers.websocket import WebSocketClient
from harness.errors import StepFailure


class Websockets:
    """The connections of one feature, by fingerprint or URL. Steps speak of the last one.

    `record` is told of each message, `learn` of its text: there may be secrets in it. Both in the
    thread of the loop or of the step.
    """

    def __init__(
        self,
        loop: LoopThread,
        values: Values,
        budgets: Budgets,
        redactor: Callable[[], Redactor],
        timeout: float,
        record: Callable[[Callable[[], Frame]], None] | None = None,
        waits: Callable[[str, float], None] = lambda *_: None,
        learn: Callable[..., None] = lambda *_: None,
    ) -> None:
        self._loop = loop
        self._values = values
        self._budgets = budgets
        self._redactor = redactor
        self._timeout = timeout
        self._record = record
        self._waits = waits
        self._learn = learn
        self._clients: dict[str, WebSocketClient] = {}
        self._current: WebSocketClient | None = None

    def connect_device(self, fingerprint: str, *, again: bool = False) -> None:
        """Connect as the device with this fingerprint, at the configured `webSocketURI`."""
        base = self._values.stored.get("webSocketURI")
        if not isinstance(base, str):
            got = "there is no value" if base is None else "no URL is stored as"
            raise StepFailure(
                f"{got} `webSocketURI`: set it under [values] in nrfcloud-bdd.toml", final=True
            )
        url = f"{base}?fingerprint={quote(printable(fingerprint), safe='')}"
        self._connect(f"fingerprint {fingerprint}", url, again=again)

    def connect(self, url: str) -> None:
        """Speak of the connection to `url` from now on; open it if it is not open."""
        self._connect(url, url, again=False)

    def _connect(self, key: str, url: str, *, again: bool) -> None:
        client = self._clients.get(key)
        if client is None:
            # It outlives the values of now: the redactor is asked anew for each text.
            client = WebSocketClient(
                redact=lambda text: self._redactor().text(text),
                heard=lambda message: self._note(SERVICE, TEST, message.text),
            )
            self._clients[key] = client
        if again or not client.is_open:
            self._loop.call(client.connect(url, self._timeout))
        self._current = client

    def expect(self, expected: object, *, exact: bool, retries: int | None = None) -> None:
        """Wait for a message that matches or equals; it is used up by this step."""
        client, started = self._open(), time.monotonic()
        budget = self._budgets.for_websocket(retries)
        self._waits("a message on the websocket", budget)
        ended: tuple[str, ...] = ()
        kind = StepFailure
        try:
            if self._loop.call(client.expect(_matcher(expected, exact), budget)) is not None:
                return
        except StepFailure as failure:
            kind, ended = type(failure), (failure.summary,)
        waited = time.monotonic() - started
        verb = "is equal to" if exact else "matches"
        raise not_received(
            f"no message on the websocket {verb} what is expected, in {waited:.1f} s",
            expected,
            client.inbox,
            self._redactor().text,
            exact=exact,
            kind=kind,
            ended=ended,
        )

    def expect_none(self, expected: object, seconds: float) -> None:
        """Assert that no message matches, of those left over and those of the coming seconds."""
        client = self._open()
        self._waits("messages on the websocket", stated(seconds))
        message = self._loop.call(client.none_within(_matcher(expected, False), seconds))
        if message is not None:
            raise StepFailure(
                "a message on the websocket matches what should not come",
                f"  {self._redactor().text(message.text[:SHOWN])}",
            )

    def send(self, message: object) -> None:
        """Send a JSON message."""
        text = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
        # A lone surrogate has no UTF-8: it is sent as JSON's escape.
        self._loop.call(self._open().send(printable(text)))
        self._note(TEST, SERVICE, text)

    def check_last(self, expression: str, expected: object) -> None:
        """Assert on the message that satisfied a step last."""
        message = self._open().last_matched
        if message is None:
            raise StepFailure("no message has satisfied a step on this websocket yet", final=True)
        actual = self._values.look_up(expression, message.data)
        compare(expression, " of the last websocket message", actual, expected, exact=True)

    def close(self) -> None:
        """Close every connection."""
        for client in self._clients.values():
            self._loop.call(client.close())
        self._clients.clear()
        self._current = None

    def _note(self, source: str, target: str, text: str) -> None:
        self._learn(text)
        if self._record is not None:
            self._record(partial(self._frame, source, target, text))

    def _frame(self, source: str, target: str, text: str) -> Frame:
        shown = kept(printable(self._redactor().text(text)))
        return Frame(at=time.time(), source=source, target=target, text=shown)

    def _open(self) -> WebSocketClient:
        if self._current is None:
            raise StepFailure("no websocket is open: connect to one first", final=True)
        return self._current


def _matcher(expected: object, exact: bool) -> Callable[[object], bool]:
    return lambda data: not mismatches(expected, data, exact=exact)
