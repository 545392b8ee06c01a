"""Calls of the twin as its clients make them, without a network, at a time that stands still."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

from harness.core.http_text import HttpRequest, HttpResponse
from mock_nrfcloud.sisters.tuya import HOST
from mock_nrfcloud.sisters.tuya.signature import encoded_query, parameters_of, signed
from mock_nrfcloud.sisters.tuya.twin import Tuya
from mock_nrfcloud.twins import Surroundings

NOW = 1_732_009_663.0
"""2024-11-19T09:47:43Z"""
KEY, SECRET = "testid", "testsecret"
CALL = {
    "Action": "CancelOTATaskByDevice",
    "ProductKey": "k1nhvyl",
    "FirmwareId": "168",
    "DeviceName": ["testDevice1", "testDevice2"],
}


class Caller:
    """A twin that knows an access key, and one who has that; `now` is the time of both."""

    def __init__(self) -> None:
        self.now = NOW
        self.twin = self.another()
        self.twin.command({"do": "key", "id": KEY, "secret": SECRET})
        self._nonces = count(1)

    def another(self) -> Tuya:
        """Another twin with the same clock."""
        return Tuya(
            Surroundings(lambda: self.now, lambda *_: lambda: None, lambda *_: None, lambda: None)
        )

    def task(self, device: str = "testDevice1", status: str = "QUEUED", **other: str) -> None:
        """Let the twin know a task."""
        known = {"product": "k1nhvyl", "firmware": "168", "device": device, "status": status}
        self.twin.command({"do": "task", **known, **other})

    def statuses(self, **which: str) -> list[str]:
        """The states of the tasks."""
        return [task["status"] for task in self.twin.command({"do": "tasks", **which})["tasks"]]

    def parameters(
        self, secret: str = SECRET, method: str = "GET", **other: str | Sequence[str] | None
    ) -> dict[str, str]:
        """Those of a signed call; None leaves one out before it is signed."""
        values = {name: each for name, each in {**CALL, **other}.items() if each is not None}
        nonce = f"nonce-{next(self._nonces)}"
        return dict(signed(method, parameters_of(values), KEY, secret, self.now, nonce))

    def send(
        self, parameters: dict[str, str], method: str = "GET", host: str = HOST, path: str = "/"
    ) -> HttpResponse | None:
        """What these parameters in the query are answered with."""
        request = HttpRequest(method, path, tuple(parameters.items()), (), b"")
        return self.twin.answer(host, request)

    def send_form(self, parameters: dict[str, str], kind: str) -> HttpResponse | None:
        """What these parameters in the body are answered with."""
        body = encoded_query(parameters.items()).encode()
        return self.twin.answer(HOST, HttpRequest("POST", "/", (), (("Content-Type", kind),), body))

    def call(self, **other: Any) -> dict[str, Any]:
        """The members of the answer to a signed call, with the HTTP status."""
        response = self.send(self.parameters(**other))
        assert response is not None
        body = response.json()
        assert isinstance(body, dict)
        return {**body, "status": response.status}
