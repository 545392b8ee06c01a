"""Jobs, devices, cancels, deletes and time in any order, over REST: what always holds."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from http.client import HTTPConnection
from itertools import cycle
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from harness.drivers.loop import LoopThread
from mock_nrfcloud import twins
from mock_nrfcloud.client import InProcessMock
from mock_nrfcloud.fota.assumptions import DELETION_SECONDS, ROLLOUT_SECONDS
from mock_nrfcloud.fota.lifecycle import PENDING, ExecutionStatus

KEY = {"Authorization": "Bearer made-up-key"}
DEVICES = {f"d{number}": ["APP"] for number in range(30)} | {
    "boot": ["BOOT"],
    "none": [],
    "both": ["MODEM", "APP"],
}
NAMES = st.sampled_from(sorted(DEVICES))
STATS = {
    "QUEUED": "queued",
    "IN_PROGRESS": "inProgress",
    "DOWNLOADING": "downloading",
    "SUCCEEDED": "succeeded",
    "FAILED": "failed",
    "REJECTED": "rejected",
    "TIMED_OUT": "timedOut",
    "CANCELLED": "cancelled",
}


class Server:
    """A mock that serves, and one connection to it."""

    def __init__(self, loop: LoopThread) -> None:
        self.loop = loop
        self.mock = InProcessMock()
        loop.call(self.mock.start())
        self.connection = HTTPConnection(self.mock.url.removeprefix("http://"))

    def close(self) -> None:
        self.connection.close()
        self.loop.call(self.mock.stop())

    def begin(self, *snapshots: Any) -> None:
        self.loop.call(self.mock.begin(snapshots))

    def do(self, what: str, **members: object) -> Any:
        return self.loop.call(self.mock.twin("nrfcloud", {"do": what, **members}))

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        self.connection.request(method, path, body and json.dumps(body), KEY)
        with self.connection.getresponse() as response:
            text = response.read()
            return response.status, json.loads(text) if text else None

    def items(self, path: str) -> list[Any]:
        """The items of all pages, which are short."""
        found, token = [], ""
        while True:
            status, page = self.ask("GET", f"{path}?pageLimit=3{token}")
            assert status == 200
            found += page["items"]
            if "pageNextToken" not in page:
                return found
            token = f"&pageNextToken={page['pageNextToken']}"


class Life(RuleBasedStateMachine):
    """A service, its users and its devices do whatever they like."""

    server: Server

    def __init__(self) -> None:
        super().__init__()
        self.server.begin()
        for name, types in DEVICES.items():
            self.server.do("device", id=name, firmwareTypes=types, tags=["all", *types])
        self.bundle = self.server.do("bundle", version="2.0.0")["bundleId"]
        self.known = set(DEVICES)
        self.jobs: list[str] = []
        self.busy: list[str] = []
        self.deleted: set[str] = set()
        self.ended: dict[tuple[str, str], str] = {}
        self.ended_jobs: dict[str, str] = {}

    @rule(
        devices=st.lists(NAMES, max_size=4),
        tags=st.sampled_from([[], ["all"], ["MODEM"], ["BOOT"]]),
        apply=st.sampled_from([True, True, False]),
    )
    def create(self, devices: list[str], tags: list[str], apply: bool) -> None:
        body = {"bundleId": self.bundle, "deviceIds": devices, "tags": tags, "autoApply": apply}
        status, _ = self.server.ask("POST", "/v1/fota-jobs", body)
        assert status == 201

    @rule(job=st.integers(0, 9), how=st.sampled_from(["apply", "cancel", "delete"]))
    def change(self, job: int, how: str) -> None:
        if not self.jobs:
            return
        name = self.jobs[job % len(self.jobs)]
        path = f"/v1/fota-jobs/{name}"
        before = self.server.ask("GET", path)
        calls = {
            "apply": ("POST", "/apply"),
            "cancel": ("PUT", "/cancel"),
            "delete": ("DELETE", ""),
        }
        method, rest = calls[how]
        allowed = {
            "apply": ("CREATED",),
            "cancel": ("CREATED", "IN_PROGRESS"),
            "delete": ("CREATED", "COMPLETED", "CANCELLED"),
        }
        status, _ = self.server.ask(method, path + rest)
        if before[0] == 404:
            assert status == 404
        elif before[1]["status"] in allowed[how]:
            assert status == 202
            if how == "delete":
                self.deleted.add(name)
        else:
            assert status == 409
            assert self.server.ask("GET", path) == before

    @rule(which=st.integers(0, 99), status=st.sampled_from(ExecutionStatus), oldest=st.booleans())
    def report(self, which: int, status: ExecutionStatus, oldest: bool) -> None:
        if not self.busy:
            return
        path = f"/v1/fota-job-executions/{self.busy[which % len(self.busy)]}"
        found = self.server.items(path)
        pending = [each for each in found if each["status"] in PENDING]
        chosen = pending[-1] if pending and oldest else found[0]
        may = chosen in pending and status != "QUEUED"
        may = may and (chosen == pending[-1] or status == "CANCELLED")
        path = f"{path}/{chosen['jobId']}"
        said, _ = self.server.ask("PATCH", path, {"status": status, "details": "so it is"})
        assert said == (202 if may else 409)
        after = self.server.ask("GET", path)[1]
        if may:
            assert after["status"] == status
        else:
            assert after == chosen

    @rule(statuses=st.lists(st.sampled_from(["SUCCEEDED", "FAILED", "REJECTED"]), min_size=1))
    def all_report(self, statuses: list[str]) -> None:
        for device, status in zip(self.busy, cycle(statuses), strict=False):
            path = f"/v1/fota-job-executions/{device}"
            found, current = self.server.ask("GET", f"{path}/current")
            if found == 200:
                said = self.server.ask("PATCH", f"{path}/{current['jobId']}", {"status": status})
                assert said == (202, None)

    @rule(device=NAMES, busy=st.booleans())
    def forget_device(self, device: str, busy: bool) -> None:
        device = self.busy[0] if busy and self.busy else device
        status, _ = self.server.ask("DELETE", f"/v1/devices/{device}")
        assert status == (202 if device in self.known else 404)
        self.known.discard(device)
        for key in [each for each in self.ended if each[1] == device]:
            del self.ended[key]

    @rule(seconds=st.sampled_from([1, ROLLOUT_SECONDS, DELETION_SECONDS]))
    def time_passes(self, seconds: float) -> None:
        self.server.do("advance", seconds=seconds)

    @rule()
    def another_feature_begins(self) -> None:
        left = self.server.loop.call(self.server.mock.snapshot())
        self.server.begin(left)

    @invariant()
    def what_always_holds(self) -> None:
        listed = self.server.items("/v1/fota-jobs")
        self.jobs = [each["jobId"] for each in listed]
        assert len(set(self.jobs)) == len(self.jobs)
        assert not self.deleted & set(self.jobs)
        self.busy = sorted({device for job in listed for device in self.check(job, listed)})
        for device in self.busy:
            found = self.server.items(f"/v1/fota-job-executions/{device}")
            assert not self.deleted & {each["jobId"] for each in found}
            pending = [each for each in found if each["status"] in PENDING]
            status, current = self.server.ask("GET", f"/v1/fota-job-executions/{device}/current")
            assert (status, current) == (200, pending[-1]) if pending else status == 404

    def check(self, job: dict[str, Any], listed: list[dict[str, Any]]) -> list[str]:
        """What holds for one job; returns the devices that have executions of it."""
        name, stats = job["jobId"], job["executionStats"]
        found = self.server.items(f"/v1/fota-job-execution-statuses/{name}")
        counts = Counter(each["status"] for each in found)
        assert {status: stats[key] for status, key in STATS.items() if stats[key]} == counts
        assert stats["executions"] == len(found) + stats["removed"]
        assert stats["removed"] <= len(DEVICES) - len(self.known)
        pending = sum(counts[each] for each in PENDING)
        assert stats["completedExecutions"] == stats["executions"] - pending
        assert stats["executions"] <= stats["devices"]
        for each in found:
            device, status = each["deviceId"], each["status"]
            assert "APP" in DEVICES[device], f"{device} is not eligible"
            assert self.ended.get((name, device), status) == status
            if status not in PENDING:
                self.ended[name, device] = status
        if job["status"] in ("COMPLETED", "CANCELLED"):
            assert not pending
            assert self.ended_jobs.setdefault(name, job["status"]) == job["status"]
        retries = [
            each for each in listed if each["target"]["tags"] == [f"retry-{job['name']}-{name}"]
        ]
        if job["status"] == "COMPLETED":
            assert stats["executions"] == stats["devices"]
            # A retry job may have been deleted; the failed devices may be gone.
            assert len(retries) <= 1
            if counts["FAILED"] and not self.deleted:
                assert len(retries) == 1
        else:
            assert retries == []
        return [each["deviceId"] for each in found]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    # Nothing happens by itself between two requests: only when the machine lets time pass.
    monkeypatch.setattr(twins, "_later", lambda *_: lambda: None)
    with LoopThread() as loop:
        server = Server(loop)
        yield server
        server.close()


def test_what_always_holds(server: Server) -> None:
    Life.server = server
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
