"""The twin alone, with a clock that stands still."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.core.http_text import HttpRequest, HttpResponse, parse_target
from mock_nrfcloud.sisters.aws_iot.twin import AwsIot
from mock_nrfcloud.twins import Surroundings


class Service:
    """The twin, and what asks it: `control` and `data` are the two planes."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.twin = AwsIot(self.surroundings())

    def surroundings(self) -> Surroundings:
        return Surroundings(
            lambda: self.now, lambda _s, _c: lambda: None, lambda _t, _p: None, lambda: None
        )

    def do(self, do: str, **command: Any) -> Any:
        return self.twin.command({"do": do, **command})

    def control(self, request: str, body: Any = None, host: str = "aws-iot") -> HttpResponse:
        method, _, target = request.partition(" ")
        path, query = parse_target(target)
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        answer = self.twin.answer(host, HttpRequest(method, path, query, (), data))
        assert answer, f"{request} is not known"
        return answer

    def data(self, request: str, body: Any = None) -> HttpResponse:
        return self.control(request, body, "aws-iot-data")

    def execution(self, job: str = "j", thing: str = "t") -> Any:
        return self.do("execution", job=job, thing=thing)["execution"]


@pytest.fixture
def iot() -> Service:
    """With the thing `t` and the job `j` for it."""
    service = Service()
    service.do("thing", name="t")
    service.do("create", job="j", things=["t"])
    return service
