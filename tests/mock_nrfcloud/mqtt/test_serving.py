"""The bridge between brokers and twins: a real broker of each kind, a real client, and a twin that
writes down what it gets."""

from __future__ import annotations

import asyncio
import shutil
import socket
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import ModuleType, SimpleNamespace
from typing import cast

import pytest

from harness.core.http_text import HttpRequest, HttpResponse
from harness.errors import BddError
from mock_nrfcloud import twins
from mock_nrfcloud.mqtt.link import Link
from mock_nrfcloud.mqtt.mosquitto import Mosquitto
from mock_nrfcloud.mqtt.serving import Broker, Mqtt, load_link
from mock_nrfcloud.space import Space
from mock_nrfcloud.spaces import Spaces
from mock_nrfcloud.twins import Command, Reply, Surroundings

UPDATE = "prod/team/d1/jobs/update"
ASKS = "prod/team/d1/jobs/req"
DUE = "prod/team/d1/jobs/rcv"


class Notes:
    """A twin that knows how often it was told each thing, and sends what it is told to send."""

    hosts: frozenset[str] = frozenset()

    def __init__(self, surroundings: Surroundings) -> None:
        self.surroundings = surroundings
        self.told: list[str] = []
        self.due: list[str] = []

    def answer(self, host: str, request: HttpRequest) -> HttpResponse | None:  # noqa: ARG002
        return None

    def command(self, command: Command) -> Reply:
        match command:
            case {"send": str(text)}:
                self.due.append(text)
                self.surroundings.publish(DUE, text.encode())
                return {}
            case {"told": list(texts)}:
                return {"holds": set(texts) <= set(self.told), "told": self.told}
        raise BddError("this twin only takes notes")

    def received(self, topic: str, payload: bytes) -> None:
        if topic == ASKS:
            self.resend()
        else:
            assert topic == UPDATE
            self.told.append(payload.decode())

    def resend(self) -> None:
        for text in self.due:
            self.surroundings.publish(DUE, text.encode())

    def snapshot(self) -> object:
        return None

    def begin(self, inherited: Sequence[object]) -> None: ...

    def close(self) -> None: ...


@pytest.fixture(autouse=True)
def notes(monkeypatch: pytest.MonkeyPatch) -> None:
    module = cast("ModuleType", SimpleNamespace(Twin=Notes))
    monkeypatch.setitem(sys.modules, "notes_twin", module)
    monkeypatch.setattr(twins, "_TWINS", {"notes": "notes_twin:Twin"})


class Heard:
    """What a device has heard; one who waits is woken."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._news = asyncio.Event()

    def __call__(self, _topic: str, payload: bytes) -> None:
        self.texts.append(payload.decode())
        self._news.set()

    async def until(self, *texts: str) -> None:
        async with asyncio.timeout(30):
            while not set(texts) <= set(self.texts):
                self._news.clear()
                await self._news.wait()


def available(choice: str) -> str:
    if choice == "mosquitto" and shutil.which("mosquitto", path="/usr/sbin:/usr/bin") is None:
        pytest.skip("mosquitto is not installed")
    return choice


@pytest.fixture(params=["embedded", "mosquitto"])
def choice(request: pytest.FixtureRequest) -> str:
    return available(request.param)


@dataclass(frozen=True)
class Stage:
    """A space with the twin, a device of it, what that hears, and the broker between them."""

    space: Space
    device: Link
    heard: Heard
    broker: Broker

    async def told(self, *texts: str) -> list[str]:
        reply = await self.space.twin("notes", {"told": list(texts)}, 30)
        assert reply["holds"], reply
        return list(reply["told"])

    async def break_down(self) -> None:
        if isinstance(self.broker, Mosquitto):
            await self.broker.end(kill=True)
        else:
            await self.broker.stop()


@asynccontextmanager
async def staged(choice: str) -> AsyncIterator[Stage]:
    mqtt, spaces, heard = Mqtt(choice), Spaces(lambda _: Space(), time.monotonic), Heard()
    try:
        address = await mqtt.start(spaces)
        spaces.root.twins.start("notes")
        # As devices do, it asks whenever it has connected: it may be the last to return.
        device = Link(address, "d1", [DUE], heard, lambda: device.send(ASKS, b'[""]') and None)
        await device.start()
        try:
            assert mqtt.broker is not None
            yield Stage(spaces.root, device, heard, mqtt.broker)
        finally:
            await device.stop()
    finally:
        await mqtt.stop()


def test_messages_go_both_ways(choice: str) -> None:
    async def play() -> None:
        async with staged(choice) as stage:
            await stage.device.send(UPDATE, b"downloading")
            assert await stage.told("downloading") == ["downloading"]
            await stage.space.twin("notes", {"send": "a job"})
            await stage.heard.until("a job")

    asyncio.run(play())


def test_a_broker_that_goes_away_and_returns_loses_nothing(choice: str) -> None:
    async def play() -> None:
        async with staged(choice) as stage:
            await stage.device.send(UPDATE, b"before")
            await stage.told("before")
            await stage.break_down()
            meanwhile = [f"meanwhile {n}" for n in range(50)]
            for text in meanwhile:
                stage.device.send(UPDATE, text.encode())
            await stage.space.twin("notes", {"send": "a job"})
            await stage.broker.start()
            # Nothing is lost, and all of it comes in order. What the broker was not yet told to
            # have arrived when it was killed comes twice, which is for the twin to see.
            told = await stage.told(meanwhile[-1])
            assert list(dict.fromkeys(told)) == ["before", *meanwhile]
            await stage.heard.until("a job")
            await stage.device.send(UPDATE, b"after")
            assert (await stage.told("after"))[-1] == "after"

    asyncio.run(play())


def test_mosquitto_keeps_what_it_was_given_before_it_was_killed() -> None:
    async def play() -> None:
        async with staged(available("mosquitto")) as stage:
            sent = [f"update {n}" for n in range(200)]
            sending = [stage.device.send(UPDATE, text.encode()) for text in sent]
            await sending[50]
            await stage.break_down()
            await stage.broker.start()
            await sending[-1]
            # What was on its way may come twice, but all of it comes, and in order.
            assert list(dict.fromkeys(await stage.told(*sent))) == sent

    asyncio.run(play())


def test_what_cannot_be_used_is_said() -> None:
    async def start(choice: str, **more: object) -> None:
        mqtt = Mqtt(choice, **more)  # type: ignore[arg-type]
        await mqtt.start(Spaces(lambda _: Space(), time.monotonic))

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(BddError, match=rf"cannot listen on port {port}: .*in use"):
            asyncio.run(start("embedded", port=port))
        with pytest.raises(BddError, match=rf"broker at mqtt://127.0.0.1:{port} cannot be used: "):
            asyncio.run(start(f"mqtt://127.0.0.1:{port}"))
    with pytest.raises(BddError, match="no URL of an MQTT broker: write mqtt://HOST:PORT"):
        asyncio.run(start("http://127.0.0.1"))


def test_what_is_not_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "mock_nrfcloud.mqtt.link", raising=False)
    monkeypatch.setitem(sys.modules, "aiomqtt", None)
    with pytest.raises(BddError, match=r"MQTT needs aiomqtt: .* 'nrfcloud-bdd\[mqtt\]'"):
        load_link()
