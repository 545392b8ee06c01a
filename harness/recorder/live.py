"""A live recording: the service between a driver front and nRF Cloud, until somebody ends it.

Starts what a run starts (harness.world), but with a mock that sends on what it is asked. What goes
by stays in the journals of the two servers, which are bounded. Values are real in here; what is
told meanwhile is without secrets.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, replace
from typing import TextIO

from harness.core.nearest import did_you_mean
from harness.core.secret_rules import Rules
from harness.errors import StepFailure, UsageError
from harness.interrupts import told_by_socket
from harness.recorder.driver import CONTROL, DriverFront
from harness.recorder.keys import with_made_up_keys
from harness.recorder.plan import NewDevice, Plan
from harness.recorder.seen import line, observed
from harness.recorder.telling import tell
from harness.recording.model import KnownDevice, Mark, Recording, Side
from harness.recording.secrets import Covering
from harness.settings import Settings
from harness.world import World
from mock_nrfcloud.client import InProcessMock
from mock_nrfcloud.seeds import plant, read_seed
from mock_nrfcloud.server import MockServer
from mock_nrfcloud.space import Space
from mock_nrfcloud.spaces import Spaces
from mock_nrfcloud.upstream import Upstream
from mock_nrfcloud.values import ROOT_HOST, Call

WATCH_SECONDS = 3600.0
"""After how long it is looked at the latest whether there is something new to tell."""
SHOWN_LINES = 20
"""Lines that are shown of the log of a service that has died."""
MAX_TYPED = 4096
"""Bytes that are typed at once; a terminal takes no longer lines."""
MAX_TITLE = 200
"""Characters of the title of a scenario."""


def record(
    settings: Settings, environ: Mapping[str, str], plan: Plan, out: TextIO, err: TextIO
) -> Recording:
    """Record until Ctrl-C, SIGTERM, or POST /__record/stop at the driver front.

    Where it is reached goes to `out` as a line of JSON, and what is happening to `err`. Raises
    BddError if it cannot be started.
    """
    settings, keys, secrets = with_made_up_keys(settings, environ)
    # The service is recorded against the mock of this process, wherever runs have theirs.
    settings = replace(settings, mock=replace(settings.mock, url=None))
    upstream = Upstream(plan.upstreams, keys, on_miss=plan.on_miss)
    world = World(settings, environ, beyond=upstream, port=plan.port)
    assert isinstance(world.mock, InProcessMock)
    space = world.mock.space
    if plan.seed is not None:
        plant(read_seed(plan.seed), space, str(plan.seed))
    if not keys.real:
        tell("No API key is set: the upstream gets those that the service has.", err)
    world.start()
    # Whoever presses Ctrl-C again, while the service ends, would lose what was recorded.
    with told_by_socket() as signals, closing(world):
        live = _Live(world, plan, _Side("cloud", space, upstream), secrets, err)
        where = world.loop.call(live.start(signals))
        live.explain()
        print(json.dumps(where), file=out, flush=True)
        world.loop.call(live.stopped.wait())
        return world.loop.call(live.finish(signals))


@dataclass(frozen=True, slots=True)
class _Side:
    """What is asked on one side of the service: its journal, and who answers."""

    name: Side
    space: Space
    upstream: Upstream

    def note(self, call: Call) -> str:
        return self.upstream.notes.get(call.number, "")


class _Live:
    """One recording. Its coroutines run on the loop of the world."""

    def __init__(
        self, world: World, plan: Plan, cloud: _Side, secrets: frozenset[str], err: TextIO
    ) -> None:
        self.stopped = asyncio.Event()
        self._world = world
        self._plan = plan
        service = Upstream({ROOT_HOST: world.service_url})
        self._sides = (_Side("service", Space(), service), cloud)
        self._secrets = secrets
        covering = Covering(Rules(()), (), (), secrets)
        covering.seal()
        self._covered = covering.text
        self._err = err
        self._driver: MockServer | None = None
        self._devices: list[KnownDevice] = []
        self._marks: list[Mark] = []
        self._tellers: list[asyncio.Task[None]] = []

    async def start(self, signals: socket.socket) -> dict[str, object]:
        """Take requests until something can be read from the socket; where, and for which devices.
        Raises BddError."""
        asyncio.get_running_loop().add_reader(signals, self.stopped.set)
        for each in self._plan.devices:
            self._devices.append(await self._registered(each))
        where: dict[str, object] = {"mock": self._world.mock.url}
        if self._world.service_url:
            self._driver = await self._started_driver(self._sides[0])
            where["driver"] = self._driver.url
        where["devices"] = [asdict(each) for each in self._devices]
        self._tellers = [asyncio.create_task(self._tell(side)) for side in self._sides]
        if _typed_by_a_person():
            asyncio.get_running_loop().add_reader(sys.stdin.fileno(), self._read_titles)
        return where

    def explain(self) -> None:
        """Tell a person what to do now."""
        ends = "Ctrl-C ends it"
        self._say(f"Recording. For the service, nRF Cloud is at {self._world.mock.url}.")
        for each in self._devices:
            self._say(f"{_name(each)} is a {each.model} device; ID and fingerprint are on stdout.")
        if self._driver is not None:
            control = self._driver.url + CONTROL
            self._say(f"What is sent to {self._driver.url} goes to the service, and is kept.")
            self._say(f"POST {control}mark?title=… begins a scenario.")
            ends += f", or POST {control}stop"
        if _typed_by_a_person():
            self._say("A title and Enter begins a scenario.")
        self._say(f"{ends}.")

    async def finish(self, signals: socket.socket) -> Recording:
        """Take no more requests; what there was."""
        asyncio.get_running_loop().remove_reader(signals)
        if _typed_by_a_person():
            asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
        if self._driver is not None:
            await self._driver.stop()
        service = self._world.service
        if service is not None and not service.alive:
            log = service.log_since(0)[-SHOWN_LINES:]
            self._say("\n".join((f"The service {service.ending}:", *log)))
        await self._world.mock.stop()  # what is under way ends, and is in the journal
        for each in self._tellers:
            each.cancel()
        await asyncio.gather(*self._tellers, return_exceptions=True)
        if lost := sum(side.space.journal.first - 1 for side in self._sides):
            self._say(f"The oldest {lost:,} calls are left out: there were too many to keep.")
        calls = [
            observed(call, side.name, side.note(call))
            for side in self._sides
            for call in side.space.journal.calls()
        ]
        calls.sort(key=lambda each: each.at)
        texts = {name: text for name, text in self._world.values.items() if isinstance(text, str)}
        marks, devices = tuple(self._marks), tuple(self._devices)
        return Recording(tuple(calls), marks, devices, texts, self._secrets)

    async def _started_driver(self, side: _Side) -> MockServer:
        front = DriverFront(self._world.service_url, self._mark, self.stopped.set)
        spaces = Spaces(lambda _: side.space, time.monotonic)
        driver = MockServer(spaces, proxy=front, beyond=side.upstream)
        port = self._plan.driver_port
        try:
            await driver.start(port=port)
        except OSError as error:
            raise UsageError(f"cannot listen on port {port}: {error.strerror}") from None
        return driver

    async def _registered(self, new: NewDevice) -> KnownDevice:
        accounts = self._world.settings.accounts
        if new.account not in accounts:
            near = did_you_mean(new.account, accounts) or f"there are: {', '.join(accounts)}"
            raise UsageError(f"there is no account {new.account!r} in the settings", hint=near)
        try:
            device = await self._world.registry().register(new.model, new.account)
        except StepFailure as failure:
            raise UsageError(str(failure)) from None
        return KnownDevice(new.name, new.model, new.account, device.id, device.fingerprint)

    def _mark(self, title: str) -> None:
        self._marks.append(Mark(time.time(), title[:MAX_TITLE]))
        self._say(f"Scenario: {title[:MAX_TITLE]}")

    def _read_titles(self) -> None:
        terminal = sys.stdin.fileno()
        typed = b""
        with suppress(OSError):  # it has gone
            typed = os.read(terminal, MAX_TYPED)
        if not typed:
            asyncio.get_running_loop().remove_reader(terminal)
        for each in typed.decode(errors="replace").splitlines():
            if title := " ".join(each.split()):
                self._mark(title)

    async def _tell(self, side: _Side) -> None:
        """Say each call as it is recorded."""
        journal, next_number = side.space.journal, 1
        while True:
            for call in journal.calls(next_number):
                self._say(line(call, side.name, side.note(call)))
                next_number = call.number + 1
            await journal.waits.watch(WATCH_SECONDS)

    def _say(self, text: str) -> None:
        for each in self._devices:
            text = text.replace(each.id, _name(each))
        tell(self._covered(text), self._err)


def _name(device: KnownDevice) -> str:
    """What stands for its ID in scenarios."""
    return f"${{{device.name}_deviceId}}"


def _typed_by_a_person() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()
