"""The mock's HTTP server: requests in, answers of the stub store out, everything in the journal.

aiohttp's low-level server, since there is nothing to route. Belongs to one asyncio loop.
"""

from __future__ import annotations

import asyncio
import json
import logging
import ssl
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, replace
from typing import Final, Protocol
from urllib.parse import unquote

from aiohttp import web

from harness.core.http_text import HttpRequest, HttpResponse, Pairs, parse_query
from harness.errors import BddError
from mock_nrfcloud import redacted
from mock_nrfcloud.connections import STOP_SECONDS, Connections, Handler
from mock_nrfcloud.journal import JournalError, Seen
from mock_nrfcloud.playing import Pauses, play
from mock_nrfcloud.routes import Answer
from mock_nrfcloud.sending import let_send, send
from mock_nrfcloud.space import Space
from mock_nrfcloud.spaces import HEADER, Spaces, split
from mock_nrfcloud.values import CONTRACT_TITLE, CONTRACT_TYPE, Violation, request_text

MAX_BODY: Final = 10 * 1024 * 1024
"""The largest body of a request, in bytes; more is answered with 413."""
BODY_SECONDS: Final = 30.0
"""How long a body may take to arrive; then the answer is 408."""

IDLE_SECONDS: Final = 75.0
"""How long a connection may be without a request, and how long a head may take to arrive."""

ADMIN: Final = "/__admin"
"""The path of the admin API, below the root and below each namespace."""
RESERVED: Final = "/__"
"""How paths begin that are not the service's own."""

Admin = Callable[[web.BaseRequest, Space, str], Awaitable[web.StreamResponse]]
"""Answers a request of the admin API for a space; the text is what follows ADMIN in the target."""

_LOG: Final = logging.getLogger("mock_nrfcloud")


class Front(Protocol):
    """What may take requests before the mock does: a proxy."""

    def is_for(self, request: web.BaseRequest) -> bool:
        """Whether it answers this request."""

    async def __call__(self, request: web.BaseRequest, server: MockServer) -> web.StreamResponse:
        """Answer it, perhaps with what the server answers for a host."""

    async def close(self) -> None:
        """End what is open."""


class Beyond(Protocol):
    """Where requests are really answered that nothing here answers."""

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts that it answers for, in lower case."""

    def takes(self, space: Space, host: str, asked: HttpRequest) -> bool:
        """Whether it answers this request, whose body is None if it is still to come."""

    async def __call__(
        self, request: web.BaseRequest, space: Space, host: str, asked: HttpRequest
    ) -> web.StreamResponse:
        """Answer it, and keep it in the journal."""

    async def close(self) -> None:
        """End what is open."""


class MockServer:
    """Serves spaces; `url` is known once it has started, and has no trailing slash.

    Without an `admin` there is no admin API, without a `proxy` it is none; `beyond` answers what
    it takes.
    """

    def __init__(
        self,
        spaces: Spaces,
        *,
        admin: Admin | None = None,
        proxy: Front | None = None,
        beyond: Beyond | None = None,
        max_body: int = MAX_BODY,
        body_seconds: float = BODY_SECONDS,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self._spaces = spaces
        self._admin = admin
        self._proxy = proxy
        self._beyond = beyond
        self._max_body = max_body
        self._body_seconds = body_seconds
        self._idle_seconds = idle_seconds
        self.pauses = Pauses()
        self._runner: web.ServerRunner | None = None
        self.url = ""

    async def start(
        self, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
    ) -> None:
        """Listen; port 0 takes a free one. Raises OSError if it cannot."""
        server = self.connections(self._handle)
        self._runner = web.ServerRunner(server, shutdown_timeout=STOP_SECONDS)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port, ssl_context=tls).start()
        except OSError:
            await self.stop()
            raise
        address, bound, *_ = self._runner.addresses[0]
        scheme = "https" if tls else "http"
        self.url = f"{scheme}://{f'[{address}]' if ':' in address else address}:{bound}"

    async def stop(self) -> None:
        """Stop listening, and close the connections."""
        if self._runner:
            for _, space in self._spaces:
                space.journal.waits.end()
                space.twins.close()
            self.pauses.end_all()
            if self._proxy:
                await self._proxy.close()
            await self._runner.cleanup()
            if self._beyond:
                await self._beyond.close()
            self._runner = None

    def connections(self, handler: Handler) -> Connections:
        """Makes connections whose requests a handler answers."""
        return Connections(
            handler, self.pauses, max_body=self._max_body, idle_seconds=self._idle_seconds
        )

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if self._proxy and self._proxy.is_for(request):
            return await self._proxy(request, self)
        target = request.raw_path
        space = self._spaces.root
        problem = None
        name = request.headers.get(HEADER)
        if name is not None or target.startswith(RESERVED):
            try:
                space, target = self._spaces.choose(target, name)
            except BddError as error:
                problem = problem_answer(404, str(error))
                if self._admin and _admin_target(split(target, name)[1]) is not None:
                    return await send(request, problem.rendered, time.time())
            if self._admin and (rest := _admin_target(target)) is not None and not problem:
                return await self._admin(request, space, rest)
        path, _, query = target.partition("?")
        host, path = space.store.locate(request.headers.get("Host"), unquote(path))
        return await self.answer(request, space, host, path, query, problem)

    async def answer(
        self,
        request: web.BaseRequest,
        space: Space,
        host: str,
        path: str,
        query: str,
        problem: Answer | None = None,
    ) -> web.StreamResponse:
        """Answer a request for a host, or with this problem, and keep it in the journal.

        `path` is decoded, `query` is not.
        """
        at = time.time()
        started = time.perf_counter()
        beyond = self._beyond if problem is None else None
        if beyond:
            asked = HttpRequest(request.method, path, parse_query(query), _decoded(request))
            if beyond.takes(space, host, asked):
                return await beyond(request, space, host, asked)
        body = b""
        if request.body_exists and request.method != "CONNECT":  # what follows is no body
            try:
                body = await self._read(request)
            except web.HTTPRequestEntityTooLarge:
                problem = problem_answer(413, f"The body is larger than {self._max_body:,} bytes")
            except TimeoutError:
                problem = problem_answer(408, f"The body took longer than {self._body_seconds:g} s")
            except (web.RequestPayloadError, ConnectionError):
                problem = problem_answer(400, "The body is malformed or incomplete")
        asked = HttpRequest(request.method, path, parse_query(query), _decoded(request), body)
        if beyond and problem is None and beyond.takes(space, host, asked):
            return await beyond(request, space, host, asked)
        answer = problem or _answer(space, host, asked)
        if answer.fault is not None:
            answer = answer.settled(space.chance)
        try:
            space.journal.record(
                Seen(
                    at,
                    time.perf_counter() - started,
                    request.method,
                    host,
                    path,
                    query,
                    request.raw_headers,
                    body,
                ),
                answer,
            )
            if (batch := space.journal.batch) is not None:
                await batch.done()
        except JournalError as error:
            _LOG.error("the journal cannot be written: %s", error)
            answer = problem_answer(500, f"The journal cannot be written: {error}")
        if answer.fault is not None:
            return await play(request, answer.rendered, answer.fault, at, self.pauses)
        return await send(request, answer.rendered, at)

    async def _read(self, request: web.BaseRequest) -> bytes:
        await let_send(request)
        async with asyncio.timeout(self._body_seconds):
            return await request.read()


def _admin_target(target: str) -> str | None:
    """What follows the path of the admin API, if a target is below that."""
    if not target.startswith(ADMIN):
        return None
    rest = target[len(ADMIN) :]
    return rest if not rest or rest[0] in "/?" else None


def _answer(space: Space, host: str, request: HttpRequest) -> Answer:
    keeper = space.keeper
    if keeper is None or not (problems := keeper.call(host, request)):
        return _chosen(space, host, request)
    answer = _refused(space, problems) if keeper.strict else _chosen(space, host, request)
    return replace(answer, problems=problems)


def _chosen(space: Space, host: str, request: HttpRequest) -> Answer:
    outage = space.store.outages.meet(host, request) if space.store.outages else None
    if outage is None:
        return space.store.answer(host, request) or _without_stub(space, host, request)
    if outage.answer is not None:
        return outage.answer
    found = space.store.answer(host, request, serve=outage.spares)
    return replace(found or _without_stub(space, host, request), fault=outage.outage.fault)


def _without_stub(space: Space, host: str, request: HttpRequest) -> Answer:
    return space.twins.answer(host, request) or _not_found(space, host, request)


def _refused(space: Space, problems: Sequence[Violation]) -> Answer:
    shown = (redacted.problem(space.redactor, each) for each in problems)
    errors = [{"path": each.path, "message": each.what} for each in shown]
    return problem_answer(400, CONTRACT_TITLE, type=CONTRACT_TYPE, errors=errors)


def _not_found(space: Space, host: str, request: HttpRequest) -> Answer:
    space.unanswered += 1
    asked = request_text(request.method, host, request.path, request.query)
    nearest = [
        {
            "stub": near.stub,
            "reasons": near.reasons,
            "criteria": [asdict(each) for each in near.criteria],
        }
        for near in space.near_stubs(host, request)
    ]
    return problem_answer(
        404,
        "No stub answers this request",
        request=space.redactor.text(asked),
        nearest=nearest,
    )


def problem_answer(status: int, title: str, headers: Pairs = (), **members: object) -> Answer:
    """A problem detail (RFC 9457), which comes from no stub."""
    body = json.dumps({"type": "about:blank", "title": title, "status": status} | members)
    headers = (("Content-Type", "application/problem+json"), *headers)
    return Answer("", HttpResponse(status, "", headers, body.encode()))


def _decoded(request: web.BaseRequest) -> tuple[tuple[str, str], ...]:
    return tuple(request.headers.items())
