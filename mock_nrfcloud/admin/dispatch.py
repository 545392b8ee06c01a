"""The admin API over HTTP: who may, which operation, is what was sent right, and the answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Final, TypeVar

import msgspec
from aiohttp import web
from multidict import CIMultiDict

from harness.core.http_text import parse_query
from harness.errors import BddError
from mock_nrfcloud import redacted
from mock_nrfcloud.admin import mappings, outages, page, requests, whole
from mock_nrfcloud.admin.guard import Guard
from mock_nrfcloud.admin.table import Asked, Operation, Refusal, Table
from mock_nrfcloud.mqtt.serving import Mqtt
from mock_nrfcloud.space import Space
from mock_nrfcloud.spaces import Spaces
from mock_nrfcloud.values import CONTRACT_TITLE, CONTRACT_TYPE, ContractError
from mock_nrfcloud.wire import shapes, writing
from mock_nrfcloud.wire.field_errors import field_error

OPERATIONS: Final[Sequence[Operation]] = (
    *mappings.TABLE.operations,
    *outages.TABLE.operations,
    *requests.TABLE.operations,
    *whole.TABLE.operations,
)
BODY_SECONDS: Final = 30.0
"""How long the body of a request may take to arrive."""

_ALL: Final = Table(list(OPERATIONS))
T = TypeVar("T")


class Dispatcher:
    """Answers the requests of the admin API. The token is None on a loopback interface only."""

    def __init__(
        self,
        spaces: Spaces,
        token: str | None,
        *,
        mqtt: Mqtt | None = None,
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        self._spaces = spaces
        self._guard = Guard(token)
        self._mqtt = mqtt or Mqtt()
        self._body_seconds = body_seconds
        self._started = time.monotonic()

    async def __call__(
        self, request: web.BaseRequest, space: Space, target: str
    ) -> web.StreamResponse:
        """The answer to a request for this space; `target` is what follows the API's own path."""
        try:
            self._guard.check(request.headers)
            path, _, query = target.partition("?")
            if (file := page.answer(request, path)) is not None:
                return file
            operation, part = _ALL.find(request.method, path)
            asked = Asked(
                spaces=self._spaces,
                space=space,
                mqtt=self._mqtt,
                started=self._started,
                gone=lambda: request.transport is None,
                part=part,
                body=await self._body(request, operation),
                query=_query(query, operation),
            )
            answer = await operation.handler(asked)
            if operation.changes:
                self._spaces.changed()
        except Refusal as refusal:
            return _refused(request, refusal)
        except ContractError as error:
            errors = writing.problems(
                [redacted.problem(space.redactor, each) for each in error.problems]
            )
            return _refused(
                request, Refusal(422, CONTRACT_TITLE, errors=errors, kind=CONTRACT_TYPE)
            )
        except BddError as error:
            return _refused(request, Refusal(422, "This cannot be done", str(error)))
        if answer is None:
            return web.Response(status=operation.status)
        body = answer if isinstance(answer, bytes) else msgspec.json.encode(answer)
        return web.Response(
            status=operation.status,
            body=body,
            headers={"Content-Type": operation.media, "Cache-Control": "no-store"},
        )

    async def _body(self, request: web.BaseRequest, operation: Operation) -> object:
        if operation.body is None:
            return None
        if request.content_type != "application/json":
            raise Refusal(415, "The body is not JSON", "send Content-Type: application/json")
        try:
            async with asyncio.timeout(self._body_seconds):
                body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            raise Refusal(413, "The body is too large") from None
        except TimeoutError:
            raise Refusal(408, "The body took too long") from None
        except (web.RequestPayloadError, ConnectionError):
            raise Refusal(400, "The body is malformed or incomplete") from None
        return _read_json(body, operation.body)


def _read_json(body: bytes, kind: type[T]) -> T:
    """A JSON text as a value of a type. Raises Refusal: 400 if it is none, 422 if it is another."""
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        raise Refusal(422, "The body is not as it should be", errors=[field_error(error)]) from None
    except msgspec.DecodeError as error:
        raise Refusal(400, "The body is not JSON", str(error)) from None
    except UnicodeDecodeError as error:
        raise Refusal(400, "The body is not JSON", f"byte {error.start} is not UTF-8") from None
    except RecursionError:
        raise Refusal(400, "The body is nested too deeply") from None


def _query(text: str, operation: Operation) -> object:
    values: dict[str, str] = {}
    for name, value in parse_query(text):
        if operation.query is None or name in values:
            what = "is not known here" if operation.query is None else "is there twice"
            error = shapes.FieldError(path=f"$.{name[:100]}", message=f"the parameter {what}")
            raise Refusal(422, "The query is not as it should be", errors=[error])
        values[name] = value
    if operation.query is None:
        return None
    try:
        return msgspec.convert(values, type=operation.query, strict=False)
    except msgspec.ValidationError as error:
        raise Refusal(
            422, "The query is not as it should be", errors=[field_error(error)]
        ) from None


def _refused(request: web.BaseRequest, refusal: Refusal) -> web.Response:
    problem = shapes.Problem(
        type=refusal.kind,
        title=refusal.title,
        status=refusal.status,
        detail=refusal.detail or msgspec.UNSET,
        errors=refusal.errors or msgspec.UNSET,
    )
    headers = CIMultiDict({"Content-Type": "application/problem+json"})
    if refusal.status == 401:
        headers.add("WWW-Authenticate", 'Bearer realm="mock"')
        # A browser asks its person for the password only where this stands; nobody else is asked.
        if request.method == "GET" and "text/html" in request.headers.get("Accept", ""):
            headers.add("WWW-Authenticate", 'Basic realm="mock", charset="UTF-8"')
    if refusal.allow:
        headers["Allow"] = refusal.allow
    return web.Response(status=refusal.status, body=msgspec.json.encode(problem), headers=headers)
