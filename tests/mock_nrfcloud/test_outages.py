from __future__ import annotations

import pytest

from harness.core.http_text import HttpRequest, HttpResponse
from harness.errors import BddError
from mock_nrfcloud.faults import Damage, Fault, FixedDelay
from mock_nrfcloud.outages import MAX_OUTAGES, Outages
from mock_nrfcloud.values import ROOT_HOST, Outage

DOWN = HttpResponse(503)


def meets(outages: Outages, request: HttpRequest, host: str = ROOT_HOST) -> str:
    """The ID of the outage that a request is hit by, "" if there is none."""
    met = outages.meet(host, request)
    return met.id if met else ""


def test_an_outage_is_for_so_many_requests() -> None:
    outages = Outages()
    added = outages.add(Outage(2, DOWN))
    asked = HttpRequest("GET", "/x")
    assert [bool(meets(outages, asked)) for _ in range(3)] == [True, True, False]
    assert (added.left, len(outages)) == (0, 0)


@pytest.mark.parametrize(
    ("outage", "hit"),
    [
        (Outage(1, DOWN), True),
        (Outage(1, DOWN, method="GET"), True),
        (Outage(1, DOWN, method="PUT"), False),
        (Outage(1, DOWN, path="/x"), True),
        (Outage(1, DOWN, path="/"), False),
        (Outage(1, DOWN, host="h.example"), False),
        (Outage(1, DOWN, host="API.nrfcloud.com"), True),
        (Outage(1, DOWN, query=(("a", "1"),)), True),
        (Outage(1, DOWN, query=(("a", "/[1-3]/"),)), True),
        (Outage(1, DOWN, query=(("a", "2"),)), False),
    ],
)
def test_which_requests_it_is_for(outage: Outage, hit: bool) -> None:
    outages = Outages()
    outages.add(outage)
    request = HttpRequest("GET", "/x", (("a", "1"), ("b", "2")))
    assert bool(meets(outages, request)) == hit


def test_the_oldest_comes_first() -> None:
    outages = Outages()
    first, second = outages.add(Outage(1, DOWN)), outages.add(Outage(1, DOWN, path="/x"))
    asked = HttpRequest("GET", "/x")
    assert [each.id for each in outages.held()] == [first.id, second.id]
    assert [meets(outages, asked) for _ in range(3)] == [first.id, second.id, ""]


def test_what_does_not_arrive_whole_is_not_served() -> None:
    outages = Outages()
    assert outages.add(Outage(1, fault=Fault(FixedDelay(1)))).spares
    assert not outages.add(Outage(1, fault=Fault(damage=Damage.TRUNCATED))).spares


def test_outages_are_ended() -> None:
    outages = Outages()
    first = outages.add(Outage(1, DOWN, host="H.example"))
    outages.add(Outage(1, DOWN))
    assert outages.hosts == {"h.example", ROOT_HOST}
    assert outages.remove(first.id)
    assert not outages.remove(first.id)
    outages.clear()
    assert not outages


@pytest.mark.parametrize(
    ("outage", "message"),
    [
        (Outage(0, DOWN), "an outage cannot last for 0 requests: take 1 to 1,000,000"),
        (Outage(1), "nothing happens in this outage: add a response, or a fault"),
        (Outage(1, HttpResponse(99)), "99 is no status of a response"),
        (Outage(1, fault=Fault(FixedDelay(-1))), "-0.001 s is no delay"),
        (Outage(1, DOWN, query=(("a", "/(/"),)), "a is no valid regular expression"),
    ],
)
def test_what_is_no_outage(outage: Outage, message: str) -> None:
    with pytest.raises(BddError) as caught:
        Outages().add(outage)
    assert message in str(caught.value)


def test_there_are_not_too_many() -> None:
    outages = Outages()
    for _ in range(MAX_OUTAGES):
        outages.add(Outage(1, DOWN))
    with pytest.raises(BddError, match="1,000 outages wait to happen already: end them first"):
        outages.add(Outage(1, DOWN))
