"""What goes wrong with the next answers of nRF Cloud and of other third parties."""

from __future__ import annotations

import json
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from harness.capabilities.third_party import ask, from_url, request_line
from harness.core.http_text import HttpResponse, Pairs
from harness.core.nearest import nearest
from harness.drivers.loop import LoopThread
from harness.errors import StepFailure
from mock_nrfcloud.client import Mock, Outage
from mock_nrfcloud.faults import (
    Damage,
    Drip,
    Fault,
    FixedDelay,
    LogNormalDelay,
    UniformDelay,
)
from mock_nrfcloud.values import ROOT_HOST

DROPS = 20
"""In how many parts an answer drips in."""
SIGMA = 0.5
"""The spread of a delay about a median: one in a hundred is more than three times as long."""


class Faults:
    """The outages of one feature; they end with it.

    Requests are `METHOD /path?query` of nRF Cloud, or `METHOD host/path` of a third party.
    """

    def __init__(self, loop: LoopThread, mock: Mock) -> None:
        self._loop = loop
        self._mock = mock

    def delay(self, request: str, seconds: float, times: int) -> None:
        """Be late with the next answers to a request."""
        self._begin(times, request, fault=Fault(FixedDelay(seconds * 1000)))

    def delay_between(self, request: str, lower: float, upper: float, times: int) -> None:
        """Be late by chance, each delay between the bounds as likely."""
        self._begin(times, request, fault=Fault(UniformDelay(lower * 1000, upper * 1000)))

    def delay_about(self, request: str, median: float, times: int) -> None:
        """Be late by chance, as real networks are: about the median, sometimes much later."""
        self._begin(times, request, fault=Fault(LogNormalDelay(median * 1000, SIGMA)))

    def drip(self, request: str, seconds: float, times: int) -> None:
        """Let the next answers drip in."""
        self._begin(times, request, fault=Fault(drip=Drip(DROPS, seconds * 1000)))

    def damage(self, request: str, kind: str, times: int) -> None:
        """Damage the next answers, in a way that is named in words."""
        kinds = {each.words: each for each in Damage}
        if kind not in kinds:
            near = nearest(kind, kinds)
            raise StepFailure(
                f"“{kind}” is nothing that can happen to a response"
                + (f": did you mean “{near}”?" if near else ""),
                f"There are: {', '.join(kinds)}.",
                final=True,
            )
        self._begin(times, request, fault=Fault(damage=kinds[kind]))

    def refuse(
        self, times: int, status: int, request: str | None = None, headers: Pairs = ()
    ) -> None:
        """Answer the next requests with an error of nRF Cloud; all requests, or those like one."""
        known = {each.value: each.phrase for each in HTTPStatus}
        problem = {"code": status * 100, "message": known.get(status, "Error")}
        content = (("Content-Type", "application/json"), *headers)
        response = HttpResponse(status, "", content, json.dumps(problem).encode())
        self._begin(times, request, response=response)

    def limit(self, times: int, seconds: int, request: str | None = None) -> None:
        """Refuse the next requests since there are too many (RFC 6585, 4), and say when to come
        back (RFC 9110, 10.2.3)."""
        self.refuse(times, 429, request, (("Retry-After", str(seconds)),))

    def end(self) -> None:
        """From now on all is answered as usual."""
        ask(self._loop, self._mock.end_outages())

    def _begin(self, times: int, request: str | None, **happens: Any) -> None:
        outage = Outage(times, **happens)
        if request is not None:
            host, target = ROOT_HOST, request
            method, _, url = request.strip().partition(" ")
            if url and not url.startswith("/"):
                host, path = from_url(url.strip(), self._mock.url)
                target = f"{method} {path}"
            method, path, query = request_line(target)
            outage = replace(outage, host=host, method=method, path=path, query=query)
        ask(self._loop, self._mock.add_outage(outage))
