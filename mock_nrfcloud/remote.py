"""A mock that runs elsewhere, by its admin API: the interface of mock_nrfcloud.client.

Each run has a namespace of its own there, which it deletes in the end. Patterns and stubs go there
with their real values; what comes back is without secrets.
"""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, Final, TypeVar
from urllib.parse import quote
from uuid import uuid4

import aiohttp
import msgspec

from harness.core.redaction import Redactor
from harness.errors import BddError
from mock_nrfcloud import redacted
from mock_nrfcloud.server import ADMIN
from mock_nrfcloud.shadows import Page
from mock_nrfcloud.spaces import PREFIX
from mock_nrfcloud.stubs import Exhausted
from mock_nrfcloud.twins import Command, Reply
from mock_nrfcloud.values import (
    CONTRACT_TYPE,
    Call,
    CallResult,
    ContractError,
    Outage,
    Pattern,
    SnapshotId,
    Stub,
    Unmatched,
)
from mock_nrfcloud.wire import reading, shapes, writing

REQUEST_SECONDS: Final = 30.0
"""How long an answer of the admin API may take, besides what is waited for there."""
WAIT_SECONDS: Final = 30.0
"""How long one long poll waits at most."""

_LOG: Final = logging.getLogger("mock_nrfcloud")
_PAGE: Final = 1000
T = TypeVar("T", bound=msgspec.Struct)


class RemoteMock:
    """A mock that runs at a URL. Its coroutines run in the loop that `start` ran in."""

    def __init__(
        self,
        url: str,
        token: str | None = None,
        *,
        exhausted: Exhausted = "repeat",
        redactor: Redactor | None = None,
        fault_seed: int = 0,
    ) -> None:
        self._base = url.rstrip("/")
        self._name = f"run-{uuid4().hex[:16]}"
        self._token = token and token.strip()
        self._settings = shapes.NewSettings(exhausted=exhausted, fault_seed=fault_seed)
        self._redactor = redactor or Redactor()
        self._http: aiohttp.ClientSession | None = None

    @property
    def url(self) -> str:
        return f"{self._base}{PREFIX}{self._name}" if self._name else self._base

    async def start(self) -> None:
        """Make the namespace of this run. Raises BddError."""
        self._http = self._session()
        try:
            await self._at(f"{self._base}{ADMIN}/namespaces/{self._name}", "PUT", self._settings)
        except BaseException:
            await self._http.close()
            self._http = None
            raise

    @asynccontextmanager
    async def looking_at(self, namespace: str) -> AsyncIterator[RemoteMock]:
        """In place of `start` and `stop`: see a namespace that is there ("" is the root)."""
        self._name = namespace
        async with self._session() as self._http:
            yield self

    def _session(self) -> aiohttp.ClientSession:
        if "@" in self._base:  # not shown at all: what stands before the @ is a password
            raise BddError("the URL of the mock has a user name in it", hint="use the admin token")
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        return aiohttp.ClientSession(headers=headers, cookie_jar=aiohttp.DummyCookieJar())

    async def stop(self) -> None:
        """Delete the namespace of this run. If that cannot be done it is left to expire there."""
        if self._http is None:
            return
        try:
            await self._at(f"{self._base}{ADMIN}/namespaces/{self._name}", "DELETE")
        except BddError as error:
            _LOG.warning("%s: its namespace %s is left behind", error, self._name)
        finally:
            await self._http.close()
            self._http = None

    async def add(self, stub: Stub) -> str:
        body = writing.new_mapping(stub)
        return (await self._read(shapes.Mapping, "POST", "/mappings", body)).id

    async def add_shadow(self, device_id: str, page: Page) -> None:
        body = shapes.ShadowPage(page=dict(page))
        await self._ask("PUT", f"/shadows/{quote(device_id, safe='')}", body)

    async def add_outage(self, outage: Outage) -> None:
        await self._ask("POST", "/outages", writing.new_outage(outage))

    async def end_outages(self) -> None:
        await self._ask("DELETE", "/outages")

    async def twin(self, name: str, command: Command, seconds: float = 0.0) -> Reply:
        started = time.perf_counter()
        while True:
            left = max(0.0, seconds - (time.perf_counter() - started))
            path = f"/twins/{quote(name, safe='')}?timeout={min(left, WAIT_SECONDS):.3f}"
            body = shapes.TwinCommand(command=dict(command))
            reply = (await self._read(shapes.TwinReply, "POST", path, body)).reply
            if reply.get("holds", True) or time.perf_counter() - started >= seconds:
                return reply

    async def mqtt(self) -> str:
        return (await self._read(shapes.Broker, "POST", "/mqtt")).url

    async def begin(self, inherited: Sequence[SnapshotId] = ()) -> None:
        await self._ask("POST", "/begin", shapes.Begin(inherit=list(inherited)))

    async def snapshot(self) -> SnapshotId:
        return SnapshotId((await self._read(shapes.Snapshot, "POST", "/snapshots")).id)

    async def unserved(self) -> dict[str, Stub]:
        found: dict[str, Stub] = {}
        while True:
            path = f"/mappings/unmatched?limit={_PAGE}&offset={len(found)}"
            page = await self._read(shapes.Mappings, "GET", path)
            for each in page.mappings:
                found[each.id] = redacted.stub(self._redactor, reading.shown_stub(each))
            if not page.mappings or len(found) >= page.meta.total:
                return found

    async def wait_for(
        self,
        pattern: Pattern,
        timeout: float,  # noqa: ASYNC109 - a budget: to run out of it is a result, no error
        *,
        times: int = 1,
        after: int = 0,
    ) -> CallResult:
        body = writing.pattern(pattern)
        started = time.perf_counter()
        while True:
            left = max(0.0, timeout - (time.perf_counter() - started))
            seconds = f"{min(left, WAIT_SECONDS):.3f}"
            path = f"/requests/wait?timeout={seconds}&times={times}&after={after}"
            result = reading.call_result(await self._read(shapes.CallResult, "POST", path, body))
            waited = time.perf_counter() - started
            if result.found is not None or waited >= timeout:
                return replace(redacted.call_result(self._redactor, result), waited=waited)

    async def calls(self, pattern: Pattern | None = None) -> list[Call]:
        body = shapes.Pattern() if pattern is None else writing.pattern(pattern)
        found: list[Call] = []
        page = await self._read(shapes.Requests, "POST", f"/requests/find?limit={_PAGE}", body)
        found += map(reading.call, page.requests)
        while page.more:
            path = f"/requests/find?limit={_PAGE}&before={found[-1].number}"
            page = await self._read(shapes.Requests, "POST", path, body)
            found += map(reading.call, page.requests)
        return [redacted.call(self._redactor, each) for each in reversed(found)]

    async def dropped(self) -> int:
        counted = await self._read(shapes.Count, "POST", "/requests/count", shapes.Pattern())
        return counted.dropped

    async def unmatched(self) -> list[Unmatched]:
        found: list[Unmatched] = []
        path = f"/requests/unmatched?limit={_PAGE}"
        page = await self._read(shapes.UnmatchedRequests, "GET", path)
        found += map(reading.unmatched, page.requests)
        while page.more:
            older = f"{path}&before={found[-1].call.number}"
            page = await self._read(shapes.UnmatchedRequests, "GET", older)
            found += map(reading.unmatched, page.requests)
        return [redacted.unmatched(self._redactor, each) for each in reversed(found)]

    async def notes(self) -> list[str]:
        found = await self._read(shapes.Notes, "GET", "/notes")
        return [self._redactor.text(each) for each in found.notes]

    async def _ask(self, method: str, path: str, body: msgspec.Struct | None = None) -> bytes:
        """Ask for something in the namespace of this run."""
        return await self._at(f"{self.url}{ADMIN}{path}", method, body)

    async def _read(
        self, kind: type[T], method: str, path: str, body: msgspec.Struct | None = None
    ) -> T:
        answer = await self._ask(method, path, body)
        try:
            return msgspec.json.decode(answer, type=kind)
        except (ValueError, RecursionError) as error:
            raise self._failed(f"what it answers is not understood: {error}") from None

    async def _at(self, url: str, method: str, body: msgspec.Struct | None = None) -> bytes:
        """What a URL of the admin API answers. Raises BddError."""
        if self._http is None:
            raise self._failed("it is not in use", "call start() first")
        sent: dict[str, Any] = {}
        if body is not None:
            sent["headers"] = {"Content-Type": "application/json"}
            try:
                sent["data"] = msgspec.json.encode(body)
            except UnicodeEncodeError:
                raise BddError("there is half a surrogate pair, which UTF-8 cannot write") from None
        timeout = aiohttp.ClientTimeout(total=REQUEST_SECONDS + WAIT_SECONDS)
        try:
            async with self._http.request(
                method, url, timeout=timeout, allow_redirects=False, **sent
            ) as response:
                answer = await response.read()
        except TimeoutError:
            raise self._failed("it does not answer") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise self._failed(str(error) or type(error).__name__) from None
        if response.status == 401:
            raise self._failed("the admin token is missing or wrong", "see admin_token_env")
        if not 200 <= response.status < 300:
            raise self._refused(response.status, answer)
        return answer

    def _failed(self, what: str, hint: str = "") -> BddError:
        shown = self._redactor.url(self._base)
        return BddError(f"the mock at {shown}: {self._redactor.text(what)}", hint=hint)

    def _refused(self, status: int, answer: bytes) -> BddError:
        try:
            problem = msgspec.json.decode(answer, type=shapes.Problem)
        except (ValueError, RecursionError):
            return self._failed(f"it answers with status {status}", "is it a mock of nRF Cloud?")
        if status == 422 and problem.detail is not msgspec.UNSET:
            return BddError(self._redactor.text(problem.detail))
        if problem.type == CONTRACT_TYPE and problem.errors is not msgspec.UNSET:
            return ContractError(reading.problems(problem.errors))
        errors = [] if problem.errors is msgspec.UNSET else problem.errors
        parts = [problem.title, *(f"{each.path}: {each.message}" for each in errors)]
        if problem.detail is not msgspec.UNSET:
            parts.append(problem.detail)
        return self._failed(": ".join(parts))
