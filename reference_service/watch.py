"""Keeps what is known of a device fresh while anyone is interested in it.

nRF Cloud tells nobody when a shadow or a location changes, so it is asked again and again: at
once when the interest begins, then at an interval, until the interest has ended.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from reference_service import shadow
from reference_service.devices import Device
from reference_service.hub import Hub
from reference_service.location import locations
from reference_service.nrfcloud import NrfCloud, Refusal
from reference_service.store import Store
from reference_service.strict_json import dig
from reference_service.tasks import Tasks, pause

_log = logging.getLogger(__name__)


class Watch:
    """The devices that are watched. `on_change` gets the ID of each whose shadow has changed."""

    def __init__(
        self, store: Store, cloud: NrfCloud, hub: Hub, tasks: Tasks, interval: float
    ) -> None:
        self._store = store
        self._cloud = cloud
        self._hub = hub
        self._tasks = tasks
        self._interval = interval
        self._interest: Counter[str] = Counter()
        self._wakes: dict[str, asyncio.Event] = {}
        self._refreshing: dict[str, asyncio.Lock] = {}
        self.on_change: Callable[[str], None] = lambda _device_id: None

    @contextmanager
    def interest(self, device_id: str) -> Iterator[None]:
        """Watch the device while this lasts."""
        self._interest[device_id] += 1
        if device_id in self._wakes:
            self._wakes[device_id].set()
        else:
            self._wakes[device_id] = asyncio.Event()
            self._tasks.start(self._watch(device_id), f"watching {device_id}")
        try:
            yield
        finally:
            self._interest[device_id] -= 1
            if not self._interest[device_id]:
                del self._interest[device_id]
                if device_id in self._wakes:  # not when all are stopped
                    self._wakes[device_id].set()

    async def _watch(self, device_id: str) -> None:
        wake = self._wakes[device_id]
        try:
            while device_id in self._interest:
                wake.clear()
                device = self._store.device(device_id)
                if device is not None:
                    await self.refresh(device)
                    if self._hub.of(device_id):
                        await self._refresh_locations(device)
                await pause(wake, self._interval)
        finally:
            del self._wakes[device_id]

    async def refresh(self, device: Device) -> None:
        """Fetch the device's shadow, and tell whoever is connected if it is a new version."""
        # Answers must not overtake each other.
        async with self._refreshing.setdefault(device.id, asyncio.Lock()):
            answer = await self._cloud.shadows(device.account, device.id)
            if isinstance(answer, Refusal):
                return
            state = shadow.find_shadow(device.id, answer)
            known = self._store.shadow(device.id)
            if state is None or state == known:
                return
            self._store.learn_shadow(device.id, state)
            version = dig(state, "version")
            if known is None or version != dig(known, "version"):
                _log.info("%s has shadow version %s", device.id, version)
                self._hub.send(device.id, self.shadow_message(device.id))
            self.on_change(device.id)

    async def _refresh_locations(self, device: Device) -> None:
        items, refusal = await self._cloud.locations(device.account, device.id)
        history = locations(device.id, items)
        for connection in self._hub.of(device.id):
            connection.send_locations(history, complete=refusal is None)
        known = self._store.location(device.id)
        if history and (known is None or known.seconds < history[-1].seconds):
            self._store.learn_location(device.id, history[-1])

    def shadow_message(self, device_id: str) -> dict[str, object] | None:
        """All that is known of the device, or None if nothing is."""
        return shadow.message(
            self._store.shadow(device_id),
            self._store.wanted(device_id),
            self._store.location(device_id),
        )

    def last_seen(self, device_id: str) -> str | None:
        """When the device was last heard of (ISO 8601), if that is known."""
        return shadow.last_seen(self._store.shadow(device_id), self._store.location(device_id))
