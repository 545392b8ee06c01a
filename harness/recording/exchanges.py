"""The observed calls as they are worked with: bodies read, secrets covered in their places.

Pure. May import nothing but harness.core and its own folder.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from harness.core.http_text import HttpRequest, HttpResponse, Pairs
from harness.recording.bodies import Body, media_type, read_body
from harness.recording.model import Observed
from harness.recording.secrets import Covering

SAFE = ("GET", "HEAD", "OPTIONS")
"""Methods that change nothing (RFC 9110, 9.2.1)."""


@dataclass(frozen=True, slots=True, eq=False)
class Exchange:
    """An observed call. The queries and bodies of `request`, `asked` and `answered` have their
    secrets covered where they stand; headers are as they were."""

    observed: Observed
    request: HttpRequest
    asked: Body
    answered: Body

    @property
    def response(self) -> HttpResponse | None:
        return self.observed.response

    @property
    def is_trigger(self) -> bool:
        """Whether it is a call of the user to the service."""
        return self.observed.side == "service"

    @property
    def changes(self) -> bool:
        """Whether the request changes something."""
        return self.request.method not in SAFE

    @property
    def at(self) -> float:
        return self.observed.at

    @property
    def end(self) -> float:
        """When the answer was there."""
        return self.observed.at + self.observed.took

    @property
    def target(self) -> tuple[str, str, str, Pairs]:
        """What is asked: calls with the same target are answered in turn."""
        request = self.request
        return self.observed.host, request.method, request.path, request.query

    @property
    def name(self) -> str:
        """The call in a few words; not without secrets."""
        return f"{self.request.method} {self.observed.host}{self.request.path}"


class Reader:
    """Reads calls. Bodies that are equal (most are, of a service that polls) are read once."""

    def __init__(self, covering: Covering) -> None:
        self._covering = covering
        self._bodies: dict[tuple[str, bytes], Body] = {}

    def read(self, observed: Iterable[Observed]) -> list[Exchange]:
        """The calls in the order in which they began."""
        return [self._exchange(each) for each in sorted(observed, key=lambda each: each.at)]

    def _exchange(self, observed: Observed) -> Exchange:
        request, response = observed.request, observed.response
        self._covering.headers(request.headers)
        asked = self._body(request.headers, request.body)
        answered = Body("none")
        if response is not None:
            self._covering.headers(response.headers)
            answered = self._body(response.headers, response.body)
        query = self._covering.query(request.query)
        return Exchange(observed, replace(request, query=query), asked, answered)

    def _body(self, headers: Pairs, data: bytes | None) -> Body:
        declared = media_type(headers)
        key = declared, data or b""
        if key not in self._bodies:
            self._bodies[key] = self._covering.body(read_body(headers, data), declared)
        return self._bodies[key]
