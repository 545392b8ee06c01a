from __future__ import annotations

import pytest

from harness.capabilities.faults import Faults
from harness.core.http_text import HttpRequest
from harness.drivers.loop import LoopThread
from harness.errors import StepFailure
from mock_nrfcloud.client import InProcessMock, Outage
from mock_nrfcloud.faults import Damage, Drip, Fault, FixedDelay, LogNormalDelay, UniformDelay
from mock_nrfcloud.values import ROOT_HOST


class Noted(InProcessMock):
    """A mock that does not run, and tells what was ordered."""

    def __init__(self) -> None:
        super().__init__()
        self.outages: list[Outage] = []

    async def add_outage(self, outage: Outage) -> None:
        self.outages.append(outage)

    async def end_outages(self) -> None:
        self.outages.clear()


def test_what_happens_to_the_answers_of_a_request(loop: LoopThread) -> None:
    mock = Noted()
    faults = Faults(loop, mock)
    faults.delay("GET /x?a=b", 0.5, 1)
    faults.delay_between("GET /x", 1, 2, 2)
    faults.delay_about("GET h.example/x", 0.2, 1)
    faults.drip("GET /x", 2, 1)
    faults.damage("GET /x", "malformed JSON", 1)
    first, second, third, fourth, fifth = mock.outages
    assert first == Outage(1, None, Fault(FixedDelay(500)), ROOT_HOST, "GET", "/x", (("a", "b"),))
    assert (second.times, second.fault) == (2, Fault(UniformDelay(1000, 2000)))
    assert (third.host, third.fault) == ("h.example", Fault(LogNormalDelay(200, 0.5)))
    assert fourth.fault == Fault(drip=Drip(20, 2000))
    assert fifth.fault == Fault(damage=Damage.MALFORMED_JSON)


@pytest.mark.parametrize("kind", Damage)
def test_every_damage_has_a_name(loop: LoopThread, kind: Damage) -> None:
    mock = Noted()
    Faults(loop, mock).damage("GET /x", kind.words, 1)
    assert mock.outages[0].fault == Fault(damage=kind)


def test_what_is_no_damage(loop: LoopThread) -> None:
    with pytest.raises(StepFailure, match="did you mean “garbage”") as caught:
        Faults(loop, Noted()).damage("GET /x", "garbages", 1)
    assert caught.value.final


@pytest.mark.parametrize(
    ("request_", "host", "path"),
    [
        ("GET /v1/x", ROOT_HOST, "/v1/x"),
        ("GET /hooks.example.com/x", ROOT_HOST, "/hooks.example.com/x"),
        ("GET hooks.example.com/x", "hooks.example.com", "/x"),
        ("GET https://hooks.example.com/x", "hooks.example.com", "/x"),
        ("GET /v1/x?url=http://h/", ROOT_HOST, "/v1/x"),
    ],
)
def test_a_request_is_for_nrf_cloud_unless_it_names_a_host(
    loop: LoopThread, request_: str, host: str, path: str
) -> None:
    mock = Noted()
    Faults(loop, mock).drip(request_, 1, 1)
    assert (mock.outages[0].host, mock.outages[0].path) == (host, path)


@pytest.mark.parametrize("request_", ["", "GET", "/v1/x", "get /x", "GET https://"])
def test_what_names_no_request(loop: LoopThread, request_: str) -> None:
    with pytest.raises(StepFailure) as caught:
        Faults(loop, Noted()).drip(request_, 1, 1)
    assert caught.value.final


def test_refusals_are_errors_of_nrf_cloud(loop: LoopThread) -> None:
    mock = Noted()
    faults = Faults(loop, mock)
    faults.refuse(3, 503)
    faults.refuse(1, 599, "GET /x")
    faults.limit(2, 7, "POST /x")
    down, unknown, limited = mock.outages
    assert (down.method, down.path, down.times) == (None, None, 3)
    assert down.response
    assert down.response.json() == {"code": 50300, "message": "Service Unavailable"}
    assert unknown.response
    assert unknown.response.json() == {"code": 59900, "message": "Error"}
    assert limited.response
    assert (limited.method, limited.response.status) == ("POST", 429)
    assert limited.response.header("retry-after") == "7"
    faults.end()
    assert mock.outages == []


def test_an_outage_of_all_is_not_one_of_third_parties(loop: LoopThread) -> None:
    mock = InProcessMock()
    Faults(loop, mock).refuse(1, 503)
    outages = mock.space.store.outages
    assert outages.meet("h.example", HttpRequest("GET", "/x")) is None
    assert outages.meet(ROOT_HOST, HttpRequest("GET", "/x")) is not None
