"""What devices ask over CoAP in a feature."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import aiohttp

from harness.capabilities.third_party import ask
from harness.core.nearest import did_you_mean
from harness.drivers.loop import LoopThread
from harness.errors import BddError, StepFailure
from mock_nrfcloud.client import Mock
from mock_nrfcloud.coap.senml import to_labels

if TYPE_CHECKING:
    from mock_nrfcloud.coap.endpoint import Endpoint

METHODS: Final = ("GET", "POST", "PUT", "DELETE", "PATCH", "iPATCH")
MAX_DEVICES: Final = 50
"""How many devices speak CoAP in a feature."""
SECONDS: Final = 20.0
"""How long an answer may take."""

_SHOWN: Final = 500


class Coap:
    """The CoAP devices of one feature, each with its endpoint at the mock."""

    def __init__(self, loop: LoopThread, mock: Mock) -> None:
        self._loop = loop
        self._mock = mock
        self._endpoints: dict[str, Endpoint] = {}
        self._http: aiohttp.ClientSession | None = None

    def ask(self, device: str, method: str, path: str, pack: object) -> None:
        """Let a device send SenML, as CBOR. Fails if the answer is an error."""
        if method not in METHODS:
            hint = did_you_mean(method, METHODS) or f"there are: {', '.join(METHODS)}"
            raise StepFailure(f"“{method}” is no method of CoAP: {hint}", final=True)
        if not path.startswith("/"):
            raise StepFailure(f"“{path}” is no path: it begins with /", final=True)
        status, said = ask(self._loop, self._ask(device, method, path, pack))
        if not status.startswith("2."):
            raise StepFailure(
                f"the CoAP resource {path} answers {status}", *([said[:_SHOWN]] if said else [])
            )

    def close(self) -> None:
        """Stop the endpoints."""
        if self._http is not None:
            self._loop.call(self._close(self._http))
            self._http = None

    async def _ask(self, device: str, method: str, path: str, pack: object) -> tuple[str, str]:
        labelled = to_labels(pack)
        endpoint = await self._endpoint(device)
        from mock_nrfcloud.coap.asking import request

        return await request(endpoint.address + path, method, labelled, SECONDS)

    async def _endpoint(self, device: str) -> Endpoint:
        if (known := self._endpoints.get(device)) is not None:
            return known
        if len(self._endpoints) >= MAX_DEVICES:
            raise BddError(f"a feature can have {MAX_DEVICES} devices that speak CoAP")
        try:
            from mock_nrfcloud.coap.endpoint import Endpoint  # late: an extra
        except ImportError as error:
            hint = "install it with: pip install 'nrfcloud-bdd[coap]'"
            raise BddError(f"CoAP needs {error.name}", hint=hint) from None
        self._http = self._http or aiohttp.ClientSession()
        endpoint = Endpoint(self._http, self._mock.url, device)
        await endpoint.start()
        self._endpoints[device] = endpoint
        return endpoint

    async def _close(self, http: aiohttp.ClientSession) -> None:
        await asyncio.gather(*(each.stop() for each in self._endpoints.values()))
        self._endpoints.clear()
        await http.close()
