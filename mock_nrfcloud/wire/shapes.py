"""The JSON of the admin API and of seed files.

The classes are the declaration: msgspec checks what comes in against them, and the OpenAPI document
is made from them. Names are WireMock's where it has one. Pure: no I/O.

Values of a name that occurs several times (headers, query parameters) are a list.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from mock_nrfcloud.faults import MAX_CHUNKS, MAX_MILLISECONDS, MAX_SIGMA, Damage
from mock_nrfcloud.outages import MAX_TIMES
from mock_nrfcloud.values import ROOT_HOST

Values = dict[str, str | list[str]]
Kind = Literal["queued", "kept"]
State = Literal["waiting", "served", "kept"]
Exhausted = Literal["repeat", "not-found"]


class Wire(Struct, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What all have in common: camel case, and no member that is not known."""


class WithBody(Wire, kw_only=True, frozen=True):
    """A body is written in one of three ways; what is not UTF-8 is shown as Base64."""

    body: str | UnsetType = UNSET
    json_body: Raw | UnsetType = UNSET
    base64_body: str | UnsetType = UNSET


class ShownRequest(WithBody, kw_only=True, frozen=True):
    """A request. `urlPath` is percent-decoded."""

    method: str
    url_path: str
    host: str = ROOT_HOST
    query_parameters: Values = {}
    headers: Values = {}


class AskedRequest(ShownRequest, kw_only=True, frozen=True):
    """The request that a stub answers."""

    body_predicate: str | UnsetType = UNSET


_METHOD = Meta(pattern=r"^[!#$%&'*+.^_`|~0-9A-Z-]+$", description="In upper case.")
_PATH = Meta(pattern="^/", description="Percent-decoded.", examples=["/v1/devices"])
_URL = Meta(
    pattern="^/",
    description="Path and query, in place of `urlPath` and `queryParameters`.",
    examples=["/v1/fota-jobs?pageLimit=10"],
)


class Target(WithBody, kw_only=True, frozen=True):
    """What a request asks for. Either `url` or `urlPath` says where it goes."""

    url: Annotated[str, _URL] | UnsetType = UNSET
    url_path: Annotated[str, _PATH] | UnsetType = UNSET
    host: str = ROOT_HOST
    query_parameters: Values = {}
    headers: Values = {}


class Request(Target, kw_only=True, frozen=True):
    """A request. A query value that is written `/regex/flags` is a regular expression in a stub."""

    method: Annotated[str, _METHOD]


class NewRequest(Request, kw_only=True, frozen=True):
    """The request that a stub answers. `bodyPredicate` is JSONata that gives `true` for the JSON
    body."""

    body_predicate: str | UnsetType = UNSET


class Pattern(Target, kw_only=True, frozen=True):
    """Which requests to look for; without any member: all.

    The query is compared as a whole, a header must be there, a body is compared as JSON:
    equal, or partially. With `shadowOf` those that ask for the shadow of that device (then only
    `headers` may be given besides).
    """

    method: Annotated[str, _METHOD] | UnsetType = UNSET
    body_match: Literal["equal", "partial"] = "equal"
    shadow_of: str | UnsetType = UNSET


class Response(WithBody, kw_only=True, frozen=True):
    """A response. An empty `statusMessage` stands for the usual one."""

    status: Annotated[int, Meta(ge=200, le=599)] = 200
    status_message: str = ""
    headers: Values = {}


_MILLISECONDS = Meta(ge=0, le=MAX_MILLISECONDS)


class Uniform(Wire, kw_only=True, frozen=True, tag_field="type", tag="uniform"):
    """A delay between these, in milliseconds."""

    lower: Annotated[float, _MILLISECONDS]
    upper: Annotated[float, _MILLISECONDS]


class LogNormal(Wire, kw_only=True, frozen=True, tag_field="type", tag="lognormal"):
    """A delay with a long tail: its median in milliseconds, the deviation of its logarithm."""

    median: Annotated[float, _MILLISECONDS]
    sigma: Annotated[float, Meta(ge=0, le=MAX_SIGMA)]


class Dribble(Wire, kw_only=True, frozen=True):
    """The body arrives in parts, over so many milliseconds."""

    number_of_chunks: Annotated[int, Meta(ge=1, le=MAX_CHUNKS)]
    total_duration: Annotated[float, _MILLISECONDS]


class Faulty(Wire, kw_only=True, frozen=True):
    """What happens to a response: a delay (one of two), then it drips, then it is damaged."""

    fixed_delay_milliseconds: Annotated[float, _MILLISECONDS] | UnsetType = UNSET
    delay_distribution: Uniform | LogNormal | UnsetType = UNSET
    chunked_dribble_delay: Dribble | UnsetType = UNSET
    fault: Damage | UnsetType = UNSET


class FaultyResponse(Response, kw_only=True, frozen=True):
    """A response, and what happens to it: see `Faulty`, as a class has one base only."""

    fixed_delay_milliseconds: Annotated[float, _MILLISECONDS] | UnsetType = UNSET
    delay_distribution: Uniform | LogNormal | UnsetType = UNSET
    chunked_dribble_delay: Dribble | UnsetType = UNSET
    fault: Damage | UnsetType = UNSET


class NewMapping(Wire, kw_only=True, frozen=True):
    """A stub to add. A `queued` response is given once, in its turn; a `kept` one for good."""

    request: NewRequest
    response: FaultyResponse = FaultyResponse()
    kind: Kind = "queued"


class FieldError(Wire, kw_only=True, frozen=True):
    """What is wrong with a member; `path` is where it is, `$` the whole."""

    path: str
    message: str


class Mapping(Wire, kw_only=True, frozen=True):
    """A stub. `state`: not yet served, served (and given again when nothing is queued), or kept.

    `answered` is how often it has answered; `answeredTogether` counts the answers of all stubs
    that ask for the same, also of those that have been served and left. Both since it was added,
    or inherited. `warnings`: what of a stub that was just added is not as an OpenAPI document says.
    """

    id: str
    state: State
    answered: int
    answered_together: int
    request: AskedRequest
    response: FaultyResponse
    warnings: list[FieldError] = []


class Affected(Wire, kw_only=True, frozen=True):
    """Which requests an outage is for; what is left out may be any. A query value that is written
    `/regex/flags` is a regular expression."""

    method: Annotated[str, _METHOD] | UnsetType = UNSET
    url_path: Annotated[str, _PATH] | UnsetType = UNSET
    host: str = ROOT_HOST
    query_parameters: Values = {}


class NewOutage(Faulty, kw_only=True, frozen=True):
    """What happens to the next so many requests, before any stub is asked.

    They get the `response`; without one, what the stubs answer. A fault happens to either.
    """

    request: Affected = Affected()
    response: Response | UnsetType = UNSET
    times: Annotated[int, Meta(ge=1, le=MAX_TIMES)] = 1


class Outage(NewOutage, kw_only=True, frozen=True):
    """An outage. `left` is how many requests it is still for."""

    id: str
    left: int


class Outages(Wire, kw_only=True, frozen=True):
    """The outages that go on, the oldest first."""

    outages: list[Outage]


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
    problems: list[FieldError] = []


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


class Seed(Wire, kw_only=True, frozen=True):
    """A file of stubs: what the mock answers from its start."""

    mappings: list[NewMapping] = []
    shadows: dict[str, dict[str, Any]] = {}
    hosts: list[str] = []


class Total(Wire, kw_only=True, frozen=True):
    """How many there are."""

    total: int


class Mappings(Wire, kw_only=True, frozen=True):
    """Stubs, the oldest first."""

    mappings: list[Mapping]
    meta: Total


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


class Snapshot(Wire, kw_only=True, frozen=True):
    """Stubs and shadows that are kept to be inherited."""

    id: str


class Begin(Wire, kw_only=True, frozen=True):
    """A feature begins; the IDs are those of snapshots."""

    inherit: list[str] = []


class Settings(Wire, kw_only=True, frozen=True):
    """`exhausted`: what is given when all queued responses were served: the newest again, or 404.

    `hosts` are known even without a stub. Delays by chance are drawn from `faultSeed`, anew for
    each feature.
    """

    exhausted: Exhausted
    hosts: list[str]
    fault_seed: int


class NewSettings(Wire, kw_only=True, frozen=True):
    """Settings to change; what is left out stays."""

    exhausted: Exhausted | UnsetType = UNSET
    hosts: list[str] | UnsetType = UNSET
    fault_seed: int | UnsetType = UNSET


class Namespace(Wire, kw_only=True, frozen=True):
    """A namespace. `path` is what its URLs have before their own path."""

    name: str
    path: str


class Namespaces(Wire, kw_only=True, frozen=True):
    """All namespaces but the root."""

    namespaces: list[Namespace]


class Shadows(Wire, kw_only=True, frozen=True):
    """The devices that have shadow data."""

    devices: list[str]


class ShadowPage(Wire, kw_only=True, frozen=True):
    """`page` is what nRF Cloud answers for the device: `{"items": […], "total": 1}`."""

    page: dict[str, Any]


class Notes(Wire, kw_only=True, frozen=True):
    """Stubs and calls that are not as the OpenAPI documents say, a line each, the oldest first."""

    notes: list[str]


class Health(Wire, kw_only=True, frozen=True):
    """That the mock is well."""

    status: Literal["healthy"]
    version: str
    uptime_in_seconds: float


class Problem(Wire, kw_only=True, frozen=True):
    """A problem detail (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str | UnsetType = UNSET
    errors: list[FieldError] | UnsetType = UNSET


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


class Known(Wire, kw_only=True, frozen=True):
    """What of the mock is known already."""

    first: int = 0
    next: int = 0
    changes: int = 0
    timeout: Annotated[float, Meta(ge=0, le=60, description="In seconds.")] = 10.0


class Version(Wire, kw_only=True, frozen=True):
    """What of the mock changes: `first` and `next` are the number of the oldest request in the
    journal and of the one to come, `changes` counts what was changed over the admin API, `stubs`
    is how many can answer."""

    first: int
    next: int
    changes: int
    stubs: int


class Part(Wire, kw_only=True, frozen=True):
    """Which part of the stubs."""

    limit: Annotated[int, Meta(ge=1, le=1000, description="How many at most.")] = 100
    offset: Annotated[int, Meta(ge=0, description="How many to leave out first.")] = 0
