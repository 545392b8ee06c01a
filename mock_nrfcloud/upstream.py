"""Where requests are really answered: they are sent on to it as they come, and kept in the journal.

The API keys that a service has may be made up; the real ones take their place on the way. They
leave for no other host: redirects are not followed, and certificates are verified.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from secrets import token_hex
from typing import Final
from urllib.parse import unquote

import aiohttp
from aiohttp import web
from multidict import CIMultiDict

from harness.core.http_text import HttpRequest, HttpResponse
from mock_nrfcloud.journal import Journal, Seen
from mock_nrfcloud.kept import Kept, codings
from mock_nrfcloud.proxy.refusal import Refusal, unreachable
from mock_nrfcloud.proxy.relay import Relay
from mock_nrfcloud.proxy.targets import absolute_target
from mock_nrfcloud.routes import Answer
from mock_nrfcloud.sending import send
from mock_nrfcloud.server import problem_answer
from mock_nrfcloud.space import Space
from mock_nrfcloud.values import ROOT_HOST

UPSTREAM: Final = "upstream"
"""Stands in the journal where else is the ID of the stub that has answered."""

_REPACKED: Final = frozenset({"content-encoding", "content-length"})


@dataclass(frozen=True, slots=True)
class Keys:
    """API keys: `real` are those of the upstream by those that the service has; `only` is for all
    that the service may have besides, if there is no doubt which."""

    real: Mapping[str, str] = field(default_factory=dict, repr=False)
    only: str | None = field(default=None, repr=False)

    def exchange(self, headers: CIMultiDict[str]) -> None:
        """Put the real key in the place of the one that the service has sent."""
        scheme, _, sent = headers.get("Authorization", "").partition(" ")
        key = self.real.get(sent.strip(), self.only)
        if scheme.lower() == "bearer" and key is not None:
            headers["Authorization"] = f"{scheme} {key}"


class Upstream:
    """Answers for the hosts of `urls` (which have no trailing slash); `keys` are for ROOT_HOST.

    With `on_miss` it answers only what no stub and no twin does. `notes` say of calls, by their
    number in the journal, why there is no answer, or not all of it.
    """

    def __init__(
        self, urls: Mapping[str, str], keys: Keys | None = None, *, on_miss: bool = False
    ) -> None:
        self._urls = urls
        self._keys = keys or Keys()
        self._on_miss = on_miss
        self._relay = Relay(f"recorder-{token_hex(8)}")
        self.notes: dict[int, str] = {}

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts that it answers for, in lower case."""
        return frozenset(self._urls)

    def takes(self, space: Space, host: str, asked: HttpRequest) -> bool:
        """Whether it answers this request, whose body is None if it is still to come."""
        return host in self._urls and not (self._on_miss and space.answers(host, asked))

    async def __call__(
        self, request: web.BaseRequest, space: Space, host: str, asked: HttpRequest
    ) -> web.StreamResponse:
        """Send it on, and keep it in the journal."""
        url = self._urls[host]
        exchange = _Exchange(self._keys if host == ROOT_HOST else Keys())
        failed = Refusal(504, f"{url} had not answered when the recording ended")
        at, started = time.time(), time.perf_counter()
        try:
            target = url + _target(request.raw_path, asked.path)
            return await self._relay.send(request, target, exchange, asked.body or None)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            failed = unreachable(absolute_target(url), error)
            return await send(request, _problem(failed).rendered, at)
        finally:
            took = time.perf_counter() - started
            body, response, note = exchange.kept()
            answer = _problem(failed) if response is None else Answer(UPSTREAM, response)
            self._note(space.journal, note if response else str(failed))
            query = request.raw_path.partition("?")[2]
            headers = request.raw_headers
            space.journal.record(
                Seen(at, took, asked.method, host, asked.path, query, headers, body), answer
            )

    async def close(self) -> None:
        """Close the connections."""
        await self._relay.close()

    def _note(self, journal: Journal, note: str) -> None:
        """Of the call that comes next into the journal. Those of calls that left it leave too."""
        if note:
            self.notes[journal.next] = note
        while self.notes and (oldest := next(iter(self.notes))) < journal.first:
            del self.notes[oldest]


class _Exchange:
    """A request and its answer, as they go by."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._sent = Kept()
        self._received = Kept()
        self._head: HttpResponse | None = None
        self._broken = "the recording ended before the answer did"

    def asks(self, headers: CIMultiDict[str]) -> None:
        """With the real key, and for nothing that cannot be unpacked."""
        self._keys.exchange(headers)
        if (accepted := headers.get("Accept-Encoding")) is not None:
            known = [
                each
                for each in accepted.split(",")
                if each.partition(";")[0].strip().lower() in codings()
            ]
            headers["Accept-Encoding"] = ",".join(known) or "identity"

    def sends(self, chunk: bytes) -> None:
        self._sent.add(chunk)

    def is_answered(self, answer: aiohttp.ClientResponse) -> None:
        headers = tuple((_text(name), _text(value)) for name, value in answer.raw_headers)
        self._head = HttpResponse(answer.status, answer.reason or "", headers)

    def receives(self, chunk: bytes) -> None:
        self._received.add(chunk)

    def ends(self, error: Exception | None) -> None:
        self._broken = f"the answer broke off: {error}" if error else ""

    def kept(self) -> tuple[bytes, HttpResponse | None, str]:
        """The body of the request, the answer, and what there is to say of them."""
        body, sent_note = self._sent.body()
        if self._head is None:
            return body, None, sent_note
        received, note = self._received.body(self._head.header("Content-Encoding") or "")
        headers = tuple(each for each in self._head.headers if each[0].lower() not in _REPACKED)
        response = replace(self._head, headers=headers, body=received)
        notes = [f"of the request {sent_note}" if sent_note else "", note, self._broken]
        return body, response, "; ".join(filter(None, notes))


def _problem(refusal: Refusal) -> Answer:
    return problem_answer(refusal.status, str(refusal))


def _target(raw: str, path: str) -> str:
    """A request's target as it is sent on: without what named its host or its namespace here.

    `raw` is as it was received, `path` is decoded; what is encoded in `raw` stays so.
    """
    encoded, mark, query = raw.partition("?")
    ends = (start for start, each in enumerate(encoded) if each == "/")
    own = next((encoded[start:] for start in ends if unquote(encoded[start:]) == path), "/")
    return own + mark + query


def _text(raw: bytes) -> str:
    return raw.decode(errors="replace")
