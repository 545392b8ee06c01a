"""A CoAP endpoint for one device, on a loopback port: each request becomes one to the mock, and its
answer goes back (RFC 8075). So queued answers, faults and the journal are the same for both.

One a device, as nRF Cloud knows a device by its session: the mock is told which in X-Device-Id.
"""

from __future__ import annotations

import json
import logging
import socket
from typing import Any, Final
from urllib.parse import quote

import aiohttp
import cbor2
from aiocoap import Code, Context, Message, resource
from aiocoap.numbers import ContentFormat

from mock_nrfcloud.coap.senml import from_labels

HOST: Final = "127.0.0.1"
COAP_HOST: Final = "coap.nrfcloud.com"
"""The third party that requests are for, as the mock has it."""
SENML_CBOR: Final = 112
"""The content format of SenML in CBOR (RFC 8428, 12.3.2)."""
MAX_PAYLOAD: Final = 64 * 1024
SECONDS: Final = 10.0
"""How long the mock may take."""

_METHODS: Final = {
    Code.GET: "GET",
    Code.POST: "POST",
    Code.PUT: "PUT",
    Code.DELETE: "DELETE",
    Code.PATCH: "PATCH",
    Code.iPATCH: "PATCH",
}
"""Those of CoAP that HTTP has."""
_STATUSES: Final = {200: Code.CONTENT, 201: Code.CREATED}
_KNOWN: Final = frozenset(map(int, Code))


class Endpoint(resource.Resource):  # type: ignore[misc]  # aiocoap's types say nothing of it
    """Where a device reaches the mock at this URL; `address` is known once it has started."""

    def __init__(self, http: aiohttp.ClientSession, mock_url: str, device_id: str) -> None:
        super().__init__()
        self._http = http
        self._url = f"{mock_url}/{COAP_HOST}"
        self._device_id = device_id
        self._context: Context | None = None
        self.address = ""

    async def start(self) -> None:
        """Listen on a free port."""
        logging.getLogger("coap-server").setLevel(logging.CRITICAL)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind((HOST, 0))
            port = probe.getsockname()[1]
        self._context = await Context.create_server_context(
            self, bind=(HOST, port), transports=["simplesocketserver"]
        )
        self.address = f"coap://{HOST}:{port}"

    async def stop(self) -> None:
        """Stop listening."""
        if self._context is not None:
            await self._context.shutdown()
            self._context = None

    async def needs_blockwise_assembly(self, request: Message) -> bool:  # noqa: ARG002
        """Requests are handed over whole."""
        return True

    async def render(self, request: Message) -> Message:
        """The answer of the mock."""
        if (method := _METHODS.get(request.code)) is None:
            return Message(code=Code.METHOD_NOT_ALLOWED)
        if len(request.payload) > MAX_PAYLOAD:
            return Message(code=Code.REQUEST_ENTITY_TOO_LARGE)
        try:
            body, kind = _body(request)
        except (cbor2.CBORDecodeError, ValueError, TypeError, RecursionError):
            return Message(code=Code.BAD_REQUEST, payload=b"The payload is not CBOR")
        path = "/".join(quote(each, safe="") for each in request.opt.uri_path)
        query = "&".join(request.opt.uri_query)
        headers = {"X-Device-Id": self._device_id, **({"Content-Type": kind} if kind else {})}
        url = f"{self._url}/{path}" + (f"?{query}" if query else "")
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        try:
            async with self._http.request(
                method, url, data=body, headers=headers, timeout=timeout
            ) as answer:
                return Message(code=code(answer.status), payload=await answer.read())
        except (aiohttp.ClientError, TimeoutError):
            return Message(code=Code.GATEWAY_TIMEOUT)


def code(status: int) -> Code:
    """The CoAP code of an HTTP status; of one that CoAP has not, that of its class."""
    if status < 400:
        return _STATUSES.get(status, Code.CHANGED)
    kind, detail = divmod(status, 100)
    if detail < 32 and (same := kind << 5 | detail) in _KNOWN:
        return Code(same)
    return Code.BAD_REQUEST if kind == 4 else Code.INTERNAL_SERVER_ERROR


def _body(request: Message) -> tuple[bytes, str]:
    """The payload and its media type; SenML and CBOR as JSON, which can be asserted on."""
    kind: Any = request.opt.content_format
    if kind == SENML_CBOR:
        pack = from_labels(cbor2.loads(request.payload))
        return json.dumps(pack).encode(), "application/senml+json"
    return bytes(request.payload), kind.media_type if isinstance(kind, ContentFormat) else ""
