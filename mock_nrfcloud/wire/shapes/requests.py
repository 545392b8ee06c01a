"""The JSON of what the mock was asked: the journal, near misses, waiting. Pure: no I/O."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType, field

from mock_nrfcloud.wire.shapes.mappings import Mapping
from mock_nrfcloud.wire.shapes.messages import FieldError, Response, ShownRequest, Total, Wire


class LoggedRequest(Wire, kw_only=True, frozen=True):
    """A request that was received, and its answer.

    `at` is the time of day in seconds since 1970, `took` is in seconds; `stub` is the ID of the
    stub (or the outage) that answered, "" if none did. `fault` tells what happened to the answer,
    "" for nothing. `problems` are what in the request is not as an OpenAPI document says.
    """

    number: int
    at: float
    took: float
    request: ShownRequest
    response: Response
    stub: str
    was_matched: bool
    fault: str = ""
    problems: list[FieldError] = field(default_factory=list)


class Difference(Wire, kw_only=True, frozen=True):
    """Why a request does not match."""

    field: str
    what: str
    expected: str
    actual: str


class NearCall(Wire, kw_only=True, frozen=True):
    """The request that comes nearest to a pattern."""

    request: LoggedRequest
    differences: list[Difference]


class CallResult(Wire, kw_only=True, frozen=True):
    """What became of waiting: `found` is the last request that was waited for.

    `count` is how many matched until then. If there were too few, `found` is null and `nearest` a
    request that nearly matches. `others` is how many more requests there were, `dropped` how many
    of them the journal no longer has, `waited` is in seconds.
    """

    found: LoggedRequest | None
    count: int
    nearest: NearCall | None
    others: int
    dropped: int
    waited: float


class Criterion(Wire, kw_only=True, frozen=True):
    """A condition of a stub, and whether a request meets it.

    `field` is the part of the request, `what` says why it is not met ("" if it is).
    """

    field: str
    matched: bool
    what: str
    expected: str
    actual: str


class NearMiss(Wire, kw_only=True, frozen=True):
    """A stub that nearly answers a request, the reasons why it does not, and all conditions."""

    stub: str
    reasons: list[str]
    criteria: list[Criterion]


class UnmatchedRequest(LoggedRequest, kw_only=True, frozen=True):
    """A request that no stub answered, and the stubs that came nearest."""

    near_misses: list[NearMiss]


class AnsweredBy(Wire, kw_only=True, frozen=True):
    """The stub that answered a request, as it is now, and the conditions that the request met."""

    mapping: Mapping
    criteria: list[Criterion]


class ExplainedRequest(UnmatchedRequest, kw_only=True, frozen=True):
    """A request and why it got its answer: the stub that gave it (if that is still there), or the
    stubs that came nearest."""

    answered_by: AnsweredBy | None


class Requests(Wire, kw_only=True, frozen=True):
    """Requests, the newest first. `more` says that older ones were left out: page with `before`."""

    requests: list[LoggedRequest]
    meta: Total
    more: bool


class UnmatchedRequests(Wire, kw_only=True, frozen=True):
    """Requests that no stub answered, the newest first. `more`: see `Requests`."""

    requests: list[UnmatchedRequest]
    more: bool


class Count(Wire, kw_only=True, frozen=True):
    """How many requests match; `dropped` requests are no longer in the journal."""

    count: int
    dropped: int


class DryRun(Wire, kw_only=True, frozen=True):
    """What a request would get: the stub that would answer it, or the stubs that come near."""

    answered_by: Mapping | None
    near_misses: list[NearMiss]


class Paging(Wire, kw_only=True, frozen=True):
    """Which part of a list."""

    limit: Annotated[int, Meta(ge=1, le=1000, description="How many at most.")] = 100
    before: (
        Annotated[int, Meta(ge=1, description="Only requests with a smaller number.")] | UnsetType
    ) = UNSET
    after: Annotated[int, Meta(ge=0, description="Only requests with a greater number.")] = 0


_TEXT = Meta(
    description="In the path, the query, a header or a body, of the request or of its answer; "
    "in upper or lower case."
)


_STATUS = Meta(pattern="^[1-5](xx|[0-9][0-9])$", description="Such as `404`, or a class: `4xx`.")


class Filters(Paging, kw_only=True, frozen=True):
    """Which requests."""

    method: str | UnsetType = UNSET
    host: str | UnsetType = UNSET
    path: Annotated[str, Meta(description="A part of the path.")] | UnsetType = UNSET
    text: Annotated[str, _TEXT] | UnsetType = UNSET
    status: Annotated[str, _STATUS] | UnsetType = UNSET
    matched: Annotated[bool, Meta(description="Whether a stub answered.")] | UnsetType = UNSET
    bodies: Annotated[bool, Meta(description="Whether they are shown with their bodies.")] = True


class Waiting(Wire, kw_only=True, frozen=True):
    """How long, and for how many."""

    timeout: Annotated[float, Meta(ge=0, le=60, description="In seconds.")] = 10.0
    times: Annotated[int, Meta(ge=1, description="How many have to match.")] = 1
    after: Annotated[int, Meta(ge=0, description="Only requests with a greater number.")] = 0
