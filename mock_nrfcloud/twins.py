"""Twins: services that answer out of a state of their own, beside the canned answers of stubs.

A twin is asked when no stub answers, and only after a feature has asked for it: its state follows
the rule for stubs. Here is what all twins have in common, and how a space holds them; each twin
itself is pure, with its clock and its timers given to it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final, Protocol

from harness.core.http_text import HttpRequest, HttpResponse
from harness.core.nearest import did_you_mean
from harness.errors import BddError
from mock_nrfcloud.routes import Answer

PREFIX: Final = "twin:"
"""How that begins which stands as the stub of a call that a twin has answered."""
Command = Mapping[str, Any]
"""What a step or a person asks of a twin; can be written as JSON."""
Reply = Mapping[str, Any]
"""What a twin says to a command. Where one can be waited for, `holds` tells whether it is true."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a twin has of the world around it.

    `now` gives seconds since 1970. `later` calls something after so many seconds, and returns what
    cancels that. `publish` sends an MQTT message (topic, payload). `changed` is to be called after
    each change of state that was not caused by `Twin.answer`, `command` or `received`.
    """

    now: Callable[[], float]
    later: Callable[[float, Callable[[], None]], Callable[[], None]]
    publish: Callable[[str, bytes], None]
    changed: Callable[[], None]


class Twin(Protocol):
    """A service that behaves. Nothing in it blocks or does I/O."""

    hosts: frozenset[str]
    """The hosts that it answers for, in lower case."""

    def answer(self, host: str, request: HttpRequest) -> HttpResponse | None:
        """Answer a request for one of its hosts; None for a path that it knows nothing of."""

    def command(self, command: Command) -> Reply:
        """Do or tell what a step asks. Raises BddError if that cannot be done."""

    def received(self, topic: str, payload: bytes) -> None:
        """An MQTT message of a device has come. One that makes no sense changes nothing."""

    def resend(self) -> None:
        """The broker was away, and MQTT messages may be lost: publish again what is still due."""

    def snapshot(self) -> object:
        """A copy of its state, which never changes."""

    def begin(self, inherited: Sequence[object]) -> None:
        """Start with what snapshots of other twins of its kind left; later ones are newer."""

    def close(self) -> None:
        """Cancel all timers: it is not used any more."""


Make = Callable[[Surroundings], Twin]
Snapshot = Mapping[str, object]
"""What a feature leaves to those that need it: the state of each twin, by its name."""

_TWINS: Final[Mapping[str, str]] = {
    "aws-iot": "mock_nrfcloud.sisters.aws_iot.twin:AwsIot",
    "nrfcloud": "mock_nrfcloud.fota.twin:Twin",
    "tuya": "mock_nrfcloud.sisters.tuya.twin:Tuya",
}
"""Where the class of each twin is, by its name."""


class Twins:
    """The twins of one space, of which those are there that were asked for."""

    def __init__(self) -> None:
        self.publish: Callable[[str, bytes], None] = _nowhere
        """Where the MQTT messages of twins go."""
        self._running: dict[str, Twin] = {}
        self._changed: asyncio.Event | None = None

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts that they answer for."""
        return frozenset().union(*(twin.hosts for twin in self._running.values()))

    @property
    def names(self) -> list[str]:
        """Those that are there."""
        return list(self._running)

    def start(self, name: str) -> Twin:
        """The twin of that name, which is there from now on. Raises BddError if there is none."""
        if (twin := self._running.get(name)) is None:
            surroundings = Surroundings(time.time, _later, self._publish, self._wake)
            twin = self._running[name] = _class(name)(surroundings)
        return twin

    def answer(self, host: str, request: HttpRequest) -> Answer | None:
        """What the twin for a host answers, if one does."""
        for name, twin in self._running.items():
            if host in twin.hosts and (response := twin.answer(host, request)) is not None:
                self._wake()
                return Answer(PREFIX + name, response)
        return None

    async def command(self, name: str, command: Command, seconds: float = 0.0) -> Reply:
        """Ask something of a twin, which starts if it has not; a question whose answer does not
        hold is asked again after each change, for so many seconds. Raises BddError."""
        twin = self.start(name)
        reply = twin.command(command)
        self._wake()
        if seconds <= 0 or reply.get("holds", True):
            return reply
        try:
            async with asyncio.timeout(seconds):
                while not reply["holds"]:
                    self._changed = self._changed or asyncio.Event()
                    await self._changed.wait()
                    reply = twin.command(command)
        except TimeoutError:
            pass  # the last reply says what does not hold
        return reply

    def received(self, topic: str, payload: bytes) -> None:
        """A device has published an MQTT message."""
        for twin in self._running.values():
            twin.received(topic, payload)
        self._wake()

    def resend(self) -> None:
        """MQTT messages may have been lost: what is still due is published again."""
        for twin in self._running.values():
            twin.resend()

    def snapshot(self) -> Snapshot:
        """The state of all of them."""
        return {name: twin.snapshot() for name, twin in self._running.items()}

    def begin(self, inherited: Sequence[Snapshot] = ()) -> None:
        """Start anew, with those that are in the snapshots."""
        self.close()
        for name in dict.fromkeys(name for each in inherited for name in each):
            self.start(name).begin([each[name] for each in inherited if name in each])

    def close(self) -> None:
        """All of them end."""
        for twin in self._running.values():
            twin.close()
        self._running.clear()
        self._wake()

    def _publish(self, topic: str, payload: bytes) -> None:
        self.publish(topic, payload)

    def _wake(self) -> None:
        if self._changed is not None:
            self._changed.set()
            self._changed = None


def _class(name: str) -> Make:
    """What makes a twin of that name. Raises BddError if there is none."""
    if (where := _TWINS.get(name)) is None:
        hint = did_you_mean(name, _TWINS) or f"there are: {', '.join(_TWINS)}"
        raise BddError(f"there is no twin {name[:100]!r}", hint=hint)
    module, _, attribute = where.partition(":")
    make: Make = getattr(import_module(module), attribute)  # late: most mocks have no twin
    return make


def _later(seconds: float, call: Callable[[], None]) -> Callable[[], None]:
    return asyncio.get_running_loop().call_later(seconds, call).cancel


def _nowhere(_topic: str, _payload: bytes) -> None:
    """There is no broker."""
