from __future__ import annotations

import asyncio

import pytest

from harness.errors import BddError
from mock_nrfcloud.mqtt import link as links
from mock_nrfcloud.mqtt import topics
from mock_nrfcloud.mqtt.embedded import EmbeddedBroker
from mock_nrfcloud.mqtt.link import Link


def test_there_is_an_end_to_what_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "MAX_WAITING", 2)
    monkeypatch.setattr(topics, "MAX_MESSAGE", 3)

    async def play() -> None:
        broker = EmbeddedBroker()
        await broker.start()
        link = Link(broker.address, "me")
        await link.start()
        await link.send("a", b"123")
        with pytest.raises(BddError, match="the message has 4 bytes, and 3 may be"):
            link.send("a", b"1234")
        await broker.stop()
        waiting = [link.send("a", b"1"), link.send("a", b"2")]
        with pytest.raises(BddError, match="2 messages wait for the MQTT broker at mqtt://"):
            link.send("a", b"3")
        await link.stop()
        assert all(each.cancelled() for each in waiting)

    asyncio.run(play())
