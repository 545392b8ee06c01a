"""The twin in a world of its own: a clock that stands, timers that a test lets run."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from harness.core.http_text import HttpRequest, HttpResponse, parse_target
from mock_nrfcloud.fota.twin import Twin
from mock_nrfcloud.twins import Reply, Surroundings
from mock_nrfcloud.values import ROOT_HOST

KEY = ("Authorization", "Bearer made-up-key")


class Played:
    """A twin, the time, and the messages that it has published."""

    def __init__(self) -> None:
        self.time = 1_700_000_000.0
        self.sent: list[tuple[str, Any]] = []
        self.timers: list[tuple[float, Callable[[], None]]] = []
        self.changes = 0
        self.surroundings = Surroundings(
            lambda: self.time, self._later, self._publish, self._changed
        )
        self.twin = Twin(self.surroundings)

    def pass_time(self, seconds: float) -> None:
        """Real time passes."""
        goal = self.time + seconds
        while due := min((each for each in self.timers if each[0] <= goal), default=None):
            self.timers.remove(due)
            self.time = due[0]
            due[1]()
        self.time = goal

    def request(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        *headers: tuple[str, str],
        host: str = ROOT_HOST,
    ) -> HttpResponse | None:
        """What the twin answers."""
        path, query = parse_target(target)
        return self.twin.answer(host, HttpRequest(method, path, query, headers or (KEY,), body))

    def call(self, method: str, target: str, body: object = None, *headers: tuple[str, str]) -> Any:
        """The JSON of an answer that is no error; None if it is empty."""
        data = b"" if body is None else json.dumps(body).encode()
        answer = self.request(method, target, data, *headers)
        assert answer is not None, f"{method} {target} is unknown"
        assert answer.status < 300, answer.text
        return json.loads(answer.body) if answer.body else None

    def refused(self, method: str, target: str, body: object = None) -> tuple[int, str]:
        """The code and the message of an error."""
        data = b"" if body is None else json.dumps(body).encode()
        answer = self.request(method, target, data)
        assert answer is not None, f"{method} {target} is unknown"
        error = json.loads(answer.body)
        assert answer.status == error["code"] // 100 >= 400
        return error["code"], error["message"]

    def do(self, what: str, **members: object) -> Reply:
        """The reply to a command."""
        return self.twin.command({"do": what, **members})

    def device(self, device_id: str, **members: object) -> None:
        """A device that nRF Cloud knows."""
        self.do("device", id=device_id, **members)

    def job(self, *devices: str, kind: str = "APP", version: str = "2.0.0", **more: object) -> str:
        """The ID of a new job for these devices, with a bundle of its own."""
        bundle = self.do("bundle", type=kind, version=version)["bundleId"]
        job: str = self.call(
            "POST", "/v1/fota-jobs", {"bundleId": bundle, "deviceIds": devices, **more}
        )["jobId"]
        return job

    def status(self, job: str) -> tuple[str, str | None]:
        """Status and detail of a job."""
        seen = self.call("GET", f"/v1/fota-jobs/{job}")
        return seen["status"], seen.get("statusDetail")

    def report(self, device: str, job: str, status: str, details: str = "") -> None:
        """A device tells its status over REST."""
        said = {"status": status, "details": details}
        self.call("PATCH", f"/v1/fota-job-executions/{device}/{job}", said)

    def executions(self, job: str) -> dict[str, str]:
        """The status of each execution of a job, by device."""
        target, found = f"/v1/fota-job-execution-statuses/{job}?pageLimit=100", []
        page = self.call("GET", target)
        found += page["items"]
        while token := page.get("pageNextToken"):
            page = self.call("GET", f"{target}&pageNextToken={token}")
            found += page["items"]
        return {each["deviceId"]: each["status"] for each in found}

    def _later(self, seconds: float, call: Callable[[], None]) -> Callable[[], None]:
        timer = (self.time + seconds, call)
        self.timers.append(timer)
        return lambda: self.timers.remove(timer) if timer in self.timers else None

    def _publish(self, topic: str, payload: bytes) -> None:
        self.sent.append((topic, json.loads(payload)))

    def _changed(self) -> None:
        self.changes += 1
