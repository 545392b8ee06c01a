"""The plain data that crosses between steps, the mock, and its admin API.

Pure values. May import nothing but harness.core, harness.errors and, of the mock, its faults and
predicates.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Literal, NewType

from harness.core.http_text import HttpRequest, HttpResponse, Pairs
from harness.core.redaction import Redactor
from harness.core.showing import printable
from harness.errors import BddError
from mock_nrfcloud.faults import Fault
from mock_nrfcloud.predicates import expected_json

ROOT_HOST: Final = "api.nrfcloud.com"
"""The host as which the root of the mock answers."""
SHADOW_PATH: Final = "/v1/devices"
SHADOW_QUERY: Final = (("includeState", "true"), ("includeStateMeta", "true"), ("pageLimit", "100"))
"""What a request for device shadows asks besides `deviceIds`."""

CONTRACT_TITLE: Final = "This is not as the OpenAPI document says"
CONTRACT_TYPE: Final = "urn:nrfcloud-bdd:openapi"
"""The type of a problem detail (RFC 9457) that lists what is not as an OpenAPI document says."""

SnapshotId = NewType("SnapshotId", str)
"""What a feature has left, which the mock keeps to be inherited."""

_REDACTOR: Final = Redactor()


@dataclass(frozen=True, slots=True)
class Stub:
    """A request and the response that it gets.

    The path must be equal; each query parameter and header must be there with its value (a query
    value written `/regex/flags` is searched for), others are free; a body matches partially if it
    is JSON, else it must be equal; the predicate is JSONata that gives true for the JSON body.
    `queued` responses are given one by one, `kept` ones for good. The fault happens to each.
    """

    method: str
    path: str
    response: HttpResponse
    host: str = ROOT_HOST
    query: Pairs = ()
    headers: Pairs = ()
    body: bytes | None = None
    predicate: str | None = None
    kind: Literal["queued", "kept"] = "queued"
    fault: Fault | None = None

    @property
    def specificity(self) -> int:
        """How many conditions it has besides host, method and path."""
        bodies = (self.body is not None) + (self.predicate is not None)
        return len(self.query) + len(self.headers) + bodies

    def __str__(self) -> str:
        return f"{self.kind} {request_text(self.method, self.host, self.path, self.query)}"


@dataclass(frozen=True, slots=True)
class Outage:
    """What happens to the next so many requests, before any stub is asked.

    They get the `response`; without one, what the stubs answer. The `fault` happens to either.
    It is for all requests to the host, or for those with this method, path and (as of a stub)
    query.
    """

    times: int
    response: HttpResponse | None = None
    fault: Fault | None = None
    host: str = ROOT_HOST
    method: str | None = None
    path: str | None = None
    query: Pairs = ()


@dataclass(frozen=True, slots=True)
class CallPattern:
    """A call that is expected of the service.

    `query` is the exact set of parameters (in any order); `headers` must be there (names in any
    case, values exact), others are free. A body of None accepts any. Bodies are compared as JSON
    if both are, where no body counts as `{}`; `body_partial` makes it a match instead of equality.
    A JSON body may have markers (harness.core.markers); BddError for one that cannot be tried.
    """

    method: str
    path: str
    host: str = ROOT_HOST
    query: Pairs = ()
    headers: Pairs = ()
    body: bytes | None = None
    body_partial: bool = False

    def __post_init__(self) -> None:
        with suppress(ValueError):  # it need not be JSON
            expected_json(self.body or b"{}")

    def __str__(self) -> str:
        return request_text(self.method, self.host, self.path, self.query)


@dataclass(frozen=True, slots=True)
class ShadowPattern:
    """A request for the shadow of a device, alone or among others, with these headers."""

    device_id: str
    headers: Pairs = ()

    def __str__(self) -> str:
        return f"GET {SHADOW_PATH} for the shadow of {self.device_id}"


Pattern = CallPattern | ShadowPattern


@dataclass(frozen=True, slots=True)
class Violation:
    """What is not as an OpenAPI document says: `path` (`$.request.body.name`) is the part of it."""

    path: str
    what: str

    def __str__(self) -> str:
        return f"{self.path.removeprefix('$.')}: {self.what}"


class ContractError(BddError):
    """A stub is not as an OpenAPI document says, and the mock is strict about that."""

    def __init__(self, problems: Sequence[Violation]) -> None:
        super().__init__(f"{CONTRACT_TITLE}: {'; '.join(map(str, problems))}")
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Call:
    """A request that the mock has seen, and its answer.

    `at` is the time of day in seconds since 1970, `took` how long the answer took in seconds,
    `stub` the ID of the stub (or the outage) that answered, "" if there was none. `fault` tells
    what happened to the answer when it was sent, "" for nothing. `problems` are what in the
    request is not as an OpenAPI document says.
    """

    number: int
    at: float
    took: float
    host: str
    request: HttpRequest
    response: HttpResponse
    stub: str
    fault: str = ""
    problems: tuple[Violation, ...] = ()

    def __str__(self) -> str:
        target = request_text(self.request.method, self.host, self.request.path, self.request.query)
        fault = f" ({self.fault})" if self.fault else ""
        return f"{target} -> {self.response.status}{fault}"


@dataclass(frozen=True, slots=True)
class Difference:
    """Why a request does not match: `field` is the part of it, `what` says it in words."""

    field: str
    what: str
    expected: str
    actual: str

    def __str__(self) -> str:
        return f"{self.field}: {self.what}"


@dataclass(frozen=True, slots=True)
class NearCall:
    """The request that comes nearest to a pattern, and how it differs."""

    call: Call
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class CallResult:
    """What became of waiting for calls.

    `found` is the last that was waited for; `count` is how many matched until then. If there were
    too few, `found` is None, and `nearest` that of the requests looked at which comes nearest
    without matching (None if there was none). `others` is how many more requests there were,
    `dropped` how many of them the journal no longer has, `waited` the time in seconds.
    """

    found: Call | None
    count: int
    nearest: NearCall | None
    others: int
    dropped: int
    waited: float


@dataclass(frozen=True, slots=True)
class Criterion:
    """A condition of a stub, and whether a request meets it.

    `field` is the part of the request; `what` says in words why it is not met, "" if it is.
    """

    field: str
    what: str
    expected: str
    actual: str

    @property
    def matched(self) -> bool:
        return not self.what


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A stub that nearly answered a request: all of its conditions, at least one of them unmet."""

    stub: str
    criteria: tuple[Criterion, ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it did not answer, as text."""
        return tuple(f"{each.field}: {each.what}" for each in self.criteria if not each.matched)


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A request that no stub answered."""

    call: Call
    nearest: tuple[NearMiss, ...]


def address(host: str, path: str) -> str:
    """A path of a host as one path: as the mock is asked for it."""
    return path if host == ROOT_HOST else f"/{host}{path}"


def device_ids(query: Pairs) -> list[str]:
    """The devices of a shadow request: joined by commas, repeated, or both; each once."""
    values = [value for name, value in query if name == "deviceIds"]
    return list(dict.fromkeys(each.strip() for value in values for each in value.split(",")))


def request_text(method: str, host: str, path: str, query: Pairs) -> str:
    """A request in one line for a person, without secrets."""
    pairs = "&".join(f"{name}={value}" for name, value in _REDACTOR.query(query))
    return printable(f"{method} {address(host, path)}{'?' + pairs if pairs else ''}")
