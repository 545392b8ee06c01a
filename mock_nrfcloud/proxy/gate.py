"""What becomes of a request to the proxy: it is answered as its host, sent on, or refused.

Hosts that the mock knows are answered: with stubs, over TLS if the client speaks it. Nothing else
leaves this machine unless it was told to let it through; with an admin token, only for those who
have it as the password of the proxy. Certificates come from mock_nrfcloud.proxy.authority.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Collection, Sequence
from contextlib import suppress
from secrets import token_hex
from typing import Final
from urllib.parse import unquote

import aiohttp
from aiohttp import web

from harness.core.http_text import parse_query
from harness.core.nearest import did_you_mean
from harness.errors import BddError, UsageError
from mock_nrfcloud.proxy.authority import Authority
from mock_nrfcloud.proxy.interception import intercept
from mock_nrfcloud.proxy.refusal import Refusal, unreachable
from mock_nrfcloud.proxy.relay import Relay
from mock_nrfcloud.proxy.targets import Target, absolute_target, credentials, tunnel_target
from mock_nrfcloud.proxy.tunnel import Tunnels, accept, connect, is_own, join
from mock_nrfcloud.server import MockServer, problem_answer
from mock_nrfcloud.space import Space
from mock_nrfcloud.spaces import HEADER, Spaces
from mock_nrfcloud.values import ROOT_HOST, request_text

MAX_TUNNELS: Final = 256
"""How many tunnels there may be at once."""

_LOG: Final = logging.getLogger("mock_nrfcloud")
_SHOWN_HOSTS: Final = 20
_SHOWN_TEXT: Final = 300
_NO_NAMESPACE: Final = "-"


class Proxy:
    """Intercepts for the hosts of these spaces; `forward` are other hosts, or `*` for all.

    Belongs to one asyncio loop.
    """

    def __init__(
        self,
        spaces: Spaces,
        authority: Authority,
        *,
        forward: Collection[str] = (),
        token: str | None = None,
    ) -> None:
        self._spaces = spaces
        self._authority = authority
        self._forward = frozenset(host.lower() for host in forward)
        if ROOT_HOST in self._forward:
            raise UsageError(f"{ROOT_HOST} cannot be forwarded", hint="the mock answers for it")
        self._token = token
        self._name = f"mock-{token_hex(8)}"
        self._relay = Relay(self._name)
        self._tunnels = Tunnels()

    def is_for(self, request: web.BaseRequest) -> bool:
        """Whether a request is to the proxy, not to the mock itself."""
        return (
            request.method == "CONNECT"
            or not request.raw_path.startswith(("/", "*"))
            or self._name in request.headers.get("Via", "")
        )

    async def close(self) -> None:
        """End what is open."""
        await self._tunnels.end()
        await self._relay.close()

    async def __call__(self, request: web.BaseRequest, server: MockServer) -> web.StreamResponse:
        """Answer a request to the proxy."""
        space = self._spaces.root
        target = Target(ROOT_HOST, 0, "", request.raw_path)
        try:
            if self._name in request.headers.get("Via", ""):
                raise Refusal(508, "The proxy is asked to forward a request to itself")
            try:
                target = _target(request)
                user, password = credentials(request.headers.get("Proxy-Authorization"))
            except BddError as error:
                raise Refusal(400, str(error)) from None
            name = request.headers.get(HEADER) or ("" if user == _NO_NAMESPACE else user)
            try:
                space = self._spaces.get(name) if name else self._spaces.root
            except BddError as error:
                raise Refusal(404, str(error)) from None
            # Without a name here, a request within the tunnel may still name its namespace.
            known = self._known(target, [space] if name else [each for _, each in self._spaces])
            if known is None:
                self._check_forward(target, password)
            if not target.scheme:
                return await self._tunnel(request, server, target, known, name)
            if known is None:
                return await self._forwarded(request, target)
            path, query = target.path.partition("?")[::2]
            bare = _without_credentials(request)
            return await server.answer(bare, space, known, unquote(path), query)
        except Refusal as refusal:
            return await self._refuse(request, server, space, target, refusal)

    async def _refuse(
        self,
        request: web.BaseRequest,
        server: MockServer,
        space: Space,
        target: Target,
        refusal: Refusal,
    ) -> web.StreamResponse:
        path, _, query = (target.path or f":{target.port}").partition("?")
        shown = request_text(request.method, target.name, path, parse_query(query))
        _LOG.warning("%s is refused with %d: %s", shown[:_SHOWN_TEXT], refusal.status, refusal)
        # After a CONNECT what comes may be anything.
        headers = refusal.headers if target.scheme else (*refusal.headers, ("Connection", "close"))
        problem = problem_answer(refusal.status, str(refusal), headers, **refusal.members)
        bare = _without_credentials(request)
        answer = await server.answer(bare, space, target.name, unquote(path), query, problem)
        if not target.scheme:
            request.protocol.force_close()
        return answer

    def _known(self, target: Target, spaces: Sequence[Space]) -> str | None:
        """The name by which a host is known, if it is."""
        names = (f"{target.name}:{target.port}", target.name)
        return next(
            (name for name in names if any(space.store.knows(name) for space in spaces)), None
        )

    def _check_forward(self, target: Target, password: str) -> None:
        """Raises Refusal if a request is not to be sent on."""
        if not {"*", target.host}.intersection(self._forward):
            known = sorted({host for _, space in self._spaces for host in space.store.known_hosts})
            near = did_you_mean(target.host, known)
            raise Refusal(
                403,
                f"The proxy does not answer for {target.host}{near and f': {near}'}",
                detail="It answers for hosts that have stubs or are configured. Requests for"
                " others are let through with --forward HOST, in the settings of a run [mock]"
                " forward; NO_PROXY in the environment of a client keeps it from asking.",
                hosts=known[:_SHOWN_HOSTS],
            )
        if self._token is not None and not hmac.compare_digest(
            password.encode(errors="replace"), self._token.encode(errors="replace")
        ):
            raise Refusal(
                407,
                "Who wants to be forwarded has the admin token as the password of the proxy",
                ("Proxy-Authenticate", 'Basic realm="mock"'),
            )

    async def _forwarded(self, request: web.BaseRequest, target: Target) -> web.StreamResponse:
        try:
            return await self._relay.send(request, target.url)
        except (aiohttp.ClientError, OSError) as error:
            raise unreachable(target, error) from None

    async def _tunnel(
        self,
        request: web.BaseRequest,
        server: MockServer,
        target: Target,
        known: str | None,
        name: str,
    ) -> web.StreamResponse:
        if len(self._tunnels) >= MAX_TUNNELS:
            raise Refusal(503, f"There are {MAX_TUNNELS} tunnels already")
        # A ConnectionError: the client has gone before its tunnel was there.
        with self._tunnels.opened(), suppress(ConnectionError):
            if known is None:
                await self._joined_with_host(request, target)
            else:
                await self._joined_with_mock(request, server, target, known, name)
        request.protocol.force_close()
        return web.StreamResponse()

    async def _joined_with_host(self, request: web.BaseRequest, target: Target) -> None:
        try:
            reader, writer = await connect(target)
        except OSError as error:
            raise unreachable(target, error) from None
        if is_own(request, writer):
            writer.close()
            raise Refusal(508, "The proxy is asked for a tunnel to itself")
        try:
            client = await accept(request)
        except ConnectionError:
            writer.close()
            raise
        await join(request, client, reader, writer)

    async def _joined_with_mock(
        self, request: web.BaseRequest, server: MockServer, target: Target, known: str, name: str
    ) -> None:
        async def handle(inner: web.BaseRequest) -> web.StreamResponse:
            return await self._answer(inner, server, known, name)

        try:
            context = self._authority.context(target.host)
        except BddError as error:
            raise Refusal(502, str(error)) from None
        await intercept(request, known, context, server.connections(handle))

    async def _answer(
        self, request: web.BaseRequest, server: MockServer, known: str, name: str
    ) -> web.StreamResponse:
        """Answer a request in a tunnel to a host."""
        problem = None
        space = self._spaces.root
        try:
            if name := request.headers.get(HEADER) or name:
                space = self._spaces.get(name)
        except BddError as error:
            problem = problem_answer(404, str(error))
        path, query = request.raw_path.partition("?")[::2]
        return await server.answer(request, space, known, unquote(path), query, problem)


def _target(request: web.BaseRequest) -> Target:
    parse = tunnel_target if request.method == "CONNECT" else absolute_target
    return parse(request.raw_path)


def _without_credentials(request: web.BaseRequest) -> web.BaseRequest:
    """The request as the host would see it: the token is not for the journal."""
    if "Proxy-Authorization" not in request.headers:
        return request
    headers = request.headers.copy()
    del headers["Proxy-Authorization"]
    return request.clone(headers=headers)
