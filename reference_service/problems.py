"""Errors as problem details (RFC 9457): what every refusal of this service looks like."""

from __future__ import annotations

import logging
from http import HTTPStatus

from aiohttp import web
from aiohttp.typedefs import Handler

from reference_service import contexts

_log = logging.getLogger(__name__)


class Problem(Exception):  # noqa: N818 - the RFC's word
    """A request that is refused; `detail` tells a person what to do about it."""

    def __init__(self, status: int, detail: str = "") -> None:
        super().__init__(status, detail)
        self.status = status
        self.detail = detail

    def response(self) -> web.Response:
        document = {
            "@context": contexts.PROBLEM,
            "type": "about:blank",
            "status": self.status,
            "title": HTTPStatus(self.status).phrase,
        }
        if self.detail:
            document["detail"] = self.detail
        return web.json_response(
            document, status=self.status, content_type="application/problem+json"
        )


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer every error with problem details, and log each request without its secrets."""
    try:
        response = await handler(request)
    except Problem as problem:
        _note(request, problem.status, problem.detail)
        return problem.response()
    except web.HTTPException as error:
        # aiohttp's own: no such route, method not allowed, body too large.
        response = Problem(error.status).response()
        if "Allow" in error.headers:
            response.headers["Allow"] = error.headers["Allow"]
    except Exception:  # noqa: BLE001 - whatever it is, the service goes on
        _log.exception("%s %s has failed", request.method, request.rel_url.raw_path)
        return Problem(500).response()
    _note(request, response.status)
    return response


def _note(request: web.Request, status: int, detail: str = "") -> None:
    # Without the query: it holds the fingerprint. Health checks would fill the log.
    if request.path != "/health":
        why = f" ({detail})" if detail else ""
        _log.info("%s %s -> %s%s", request.method, request.rel_url.raw_path, status, why)
