"""What steps see of a mock: one interface, whether it runs in this process or elsewhere.

Everything that crosses it is plain data, and what comes out is fit to be shown: secrets are
redacted. Matching works on the real values. The mock elsewhere is in mock_nrfcloud.remote.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from harness.core.redaction import Redactor
from harness.errors import UsageError
from mock_nrfcloud import redacted
from mock_nrfcloud.contract.keeping import Keeper
from mock_nrfcloud.journal import MAX_BYTES, MAX_ENTRIES, MemoryJournal
from mock_nrfcloud.mqtt.serving import Mqtt
from mock_nrfcloud.server import MAX_BODY, Beyond, Front, MockServer
from mock_nrfcloud.shadows import Page
from mock_nrfcloud.space import Space
from mock_nrfcloud.spaces import Spaces
from mock_nrfcloud.stubs import Exhausted
from mock_nrfcloud.twins import Command, Reply
from mock_nrfcloud.values import (
    Call,
    CallPattern,
    CallResult,
    ContractError,
    Difference,
    NearCall,
    NearMiss,
    Outage,
    Pattern,
    ShadowPattern,
    SnapshotId,
    Stub,
    Unmatched,
)

__all__ = [
    "Call",
    "CallPattern",
    "CallResult",
    "ContractError",
    "Difference",
    "InProcessMock",
    "Mock",
    "NearCall",
    "NearMiss",
    "Outage",
    "Pattern",
    "ShadowPattern",
    "SnapshotId",
    "Stub",
    "Unmatched",
]


class Mock(Protocol):
    """A mock of nRF Cloud and of third parties. "Since" is always since `begin`."""

    @property
    def url(self) -> str:
        """Where the service reaches it, without a trailing slash; known once it has started."""

    async def start(self) -> None:
        """Make it ready. Raises BddError or OSError if that cannot be done."""

    async def stop(self) -> None:
        """Leave nothing behind."""

    async def add(self, stub: Stub) -> str:
        """Answer with this stub; returns its ID. Raises BddError if it is malformed, ContractError
        if the mock is strict about its OpenAPI documents and the stub is not as they say."""

    async def add_shadow(self, device_id: str, page: Page) -> None:
        """Answer shadow requests for a device, until replaced. Raises BddError for no page, and
        ContractError as `add` does."""

    async def add_outage(self, outage: Outage) -> None:
        """Let something happen to the next requests. Raises BddError if it is malformed."""

    async def end_outages(self) -> None:
        """From now on all is answered as usual."""

    async def twin(self, name: str, command: Command, seconds: float = 0.0) -> Reply:
        """Ask something of a twin, which from now on answers what no stub does; a question whose
        answer does not hold yet is waited for so many seconds. Raises BddError."""

    async def mqtt(self) -> str:
        """The URL of the MQTT broker between devices and twins, which starts if it does not run.
        Raises BddError if that cannot be done."""

    async def begin(self, inherited: Sequence[SnapshotId] = ()) -> None:
        """A feature begins: forget all stubs and twins but those that it inherits, all outages and
        all requests."""

    async def snapshot(self) -> SnapshotId:
        """Keep the stubs, shadows and twins that there are now, to be inherited."""

    async def unserved(self) -> dict[str, Stub]:
        """Queued responses of the whole run that nobody asked for, by ID, the oldest first."""

    async def wait_for(
        self,
        pattern: Pattern,
        timeout: float,  # noqa: ASYNC109 - a budget: to run out of it is a result, no error
        *,
        times: int = 1,
        after: int = 0,
    ) -> CallResult:
        """The `times`-th call that matches, of those with a number greater than `after`; waits up
        to `timeout` seconds for it."""

    async def calls(self, pattern: Pattern | None = None) -> list[Call]:
        """The requests seen (those that match), the oldest first."""

    async def dropped(self) -> int:
        """How many requests the journal no longer has, which `calls` therefore leaves out."""

    async def unmatched(self) -> list[Unmatched]:
        """The requests that no stub answered."""

    async def notes(self) -> list[str]:
        """Stubs and calls of the whole run that are not as an OpenAPI document says."""


class InProcessMock:
    """A mock in this process. Its coroutines run in the loop that `start` ran in."""

    def __init__(
        self,
        *,
        exhausted: Exhausted = "repeat",
        hosts: Iterable[str] = (),
        redactor: Redactor | None = None,
        max_entries: int = MAX_ENTRIES,
        max_bytes: int = MAX_BYTES,
        max_body: int = MAX_BODY,
        fault_seed: int = 0,
        proxy: Callable[[Spaces], Front] | None = None,
        keeper: Keeper | None = None,
        beyond: Beyond | None = None,
        port: int = 0,
        mqtt: Mqtt | None = None,
    ) -> None:
        """`proxy` makes the proxy that it is too, if it is one; `beyond` answers what it takes.
        A port of 0 takes a free one."""
        self.space = Space(
            exhausted=exhausted,
            hosts=(*hosts, *(beyond.hosts if beyond else ())),
            redactor=redactor,
            journal=MemoryJournal(max_entries=max_entries, max_bytes=max_bytes),
            fault_seed=fault_seed,
            keeper=keeper,
        )
        # Nobody else uses this mock: there is no way to make a namespace.
        self._spaces = Spaces(lambda _: self.space, time.monotonic)
        front = proxy(self._spaces) if proxy else None
        self._server = MockServer(self._spaces, proxy=front, beyond=beyond, max_body=max_body)
        self._port = port
        self._mqtt = mqtt or Mqtt()

    @property
    def url(self) -> str:
        return self._server.url

    async def start(self) -> None:
        """Listen. Raises UsageError if it cannot."""
        try:
            await self._server.start(port=self._port)
        except OSError as error:
            raise UsageError(f"cannot listen on port {self._port}: {error.strerror}") from None

    async def stop(self) -> None:
        """Stop listening, and close the connections."""
        await self._mqtt.stop()
        await self._server.stop()

    async def add(self, stub: Stub) -> str:
        stub_id, _ = self.space.add(stub)
        return stub_id

    async def add_shadow(self, device_id: str, page: Page) -> None:
        self.space.add_shadow(device_id, page)

    async def add_outage(self, outage: Outage) -> None:
        self.space.store.add_outage(outage)

    async def end_outages(self) -> None:
        self.space.store.outages.clear()

    async def twin(self, name: str, command: Command, seconds: float = 0.0) -> Reply:
        return await self.space.twin(name, command, seconds)

    async def mqtt(self) -> str:
        return str(await self._mqtt.start(self._spaces))

    async def begin(self, inherited: Sequence[SnapshotId] = ()) -> None:
        self.space.begin(inherited)

    async def snapshot(self) -> SnapshotId:
        return self.space.snapshot()

    async def unserved(self) -> dict[str, Stub]:
        return {
            stub_id: redacted.stub(self.space.redactor, stub)
            for stub_id, stub in self.space.store.unserved().items()
        }

    async def wait_for(
        self,
        pattern: Pattern,
        timeout: float,  # noqa: ASYNC109 - a budget: to run out of it is a result, no error
        *,
        times: int = 1,
        after: int = 0,
    ) -> CallResult:
        return await self.space.wait_for(pattern, timeout, times=times, after=after)

    async def calls(self, pattern: Pattern | None = None) -> list[Call]:
        return [call async for call in self.space.calls(pattern)]

    async def dropped(self) -> int:
        return self.space.dropped()

    async def unmatched(self) -> list[Unmatched]:
        return [each async for each in self.space.unmatched()]

    async def notes(self) -> list[str]:
        return self.space.notes
