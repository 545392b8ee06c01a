"""Refusals as problem details, on an application with nothing but this middleware.

tests/reference_service/test_rest.py shows that every route of the service goes through it.
"""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from reference_service import contexts
from reference_service.problems import Problem, problems
from tests.reference_service.world import run, serving


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422, 502])
def test_a_problem_says_its_status_and_what_to_do(status: int) -> None:
    response = Problem(status, "do it otherwise").response()
    assert (response.status, response.content_type) == (status, "application/problem+json")
    assert json.loads(str(response.text)) == {
        "@context": contexts.PROBLEM,
        "type": "about:blank",
        "status": status,
        "title": HTTPStatus(status).phrase,
        "detail": "do it otherwise",
    }
    assert "detail" not in json.loads(str(Problem(status).response().text))


async def good(_request: web.Request) -> web.Response:
    return web.json_response({})


async def refused(_request: web.Request) -> web.Response:
    raise Problem(409, "it runs already")


async def broken(_request: web.Request) -> web.Response:
    raise ValueError("secret-in-an-error")


def application() -> web.Application:
    app = web.Application(middlewares=[problems])
    app.router.add_get("/health", good)
    app.router.add_get("/good", good)
    app.router.add_get("/refused", refused)
    app.router.add_get("/broken", broken)
    return app


@pytest.mark.parametrize(
    ("method", "path", "status", "allow", "logged"),
    [
        ("GET", "/good", 200, None, "GET /good -> 200"),
        ("GET", "/health", 200, None, ""),
        ("GET", "/refused", 409, None, "GET /refused -> 409 (it runs already)"),
        ("GET", "/gone", 404, None, "GET /gone -> 404"),
        ("PUT", "/good", 405, "GET,HEAD", "PUT /good -> 405"),
        ("GET", "/broken", 500, None, "GET /broken has failed"),
    ],
)
def test_every_answer_is_a_problem_or_good_and_is_logged_without_its_query(
    method: str,
    path: str,
    status: int,
    allow: str | None,
    logged: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def test() -> None:
        async with serving(application()) as url, aiohttp.ClientSession() as http:
            response = await http.request(method, f"{url}{path}?fingerprint=92b.y7i24q")
            body: dict[str, Any] = await response.json(content_type=None)
        assert (response.status, response.headers.get("Allow")) == (status, allow)
        if status >= 400:
            assert body["@context"] == contexts.PROBLEM
            assert (body["status"], body["title"]) == (status, HTTPStatus(status).phrase)
        assert "secret-in-an-error" not in json.dumps(body)

    caplog.set_level(logging.INFO, "reference_service")
    run(test)
    lines = [item.getMessage() for item in caplog.records if item.name.endswith("problems")]
    assert lines == ([logged] if logged else [])
    assert "92b.y7i24q" not in caplog.text
