"""The JSON of what the mock answers: stubs, faults, outages, shadow data. Pure: no I/O."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType, field

from mock_nrfcloud.faults import MAX_CHUNKS, MAX_MILLISECONDS, MAX_SIGMA, Damage
from mock_nrfcloud.outages import MAX_TIMES
from mock_nrfcloud.values import ROOT_HOST
from mock_nrfcloud.wire.shapes.messages import (
    METHOD,
    PATH,
    FieldError,
    Kind,
    Request,
    Response,
    ShownRequest,
    State,
    Total,
    Values,
    Wire,
)


class AskedRequest(ShownRequest, kw_only=True, frozen=True):
    """The request that a stub answers."""

    body_predicate: str | UnsetType = UNSET


class NewRequest(Request, kw_only=True, frozen=True):
    """The request that a stub answers. `bodyPredicate` is JSONata that gives `true` for the JSON
    body."""

    body_predicate: str | UnsetType = UNSET


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
    warnings: list[FieldError] = field(default_factory=list)


class Affected(Wire, kw_only=True, frozen=True):
    """Which requests an outage is for; what is left out may be any. A query value that is written
    `/regex/flags` is a regular expression."""

    method: Annotated[str, METHOD] | UnsetType = UNSET
    url_path: Annotated[str, PATH] | UnsetType = UNSET
    host: str = ROOT_HOST
    query_parameters: Values = field(default_factory=dict)


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


class Seed(Wire, kw_only=True, frozen=True):
    """A file of stubs: what the mock answers from its start. `twins` are the commands that twins
    get, which are switched on by that."""

    mappings: list[NewMapping] = field(default_factory=list)
    shadows: dict[str, dict[str, Any]] = field(default_factory=dict)
    hosts: list[str] = field(default_factory=list)
    twins: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


class Mappings(Wire, kw_only=True, frozen=True):
    """Stubs, the oldest first."""

    mappings: list[Mapping]
    meta: Total


class Snapshot(Wire, kw_only=True, frozen=True):
    """Stubs and shadows that are kept to be inherited."""

    id: str


class Begin(Wire, kw_only=True, frozen=True):
    """A feature begins; the IDs are those of snapshots."""

    inherit: list[str] = field(default_factory=list)


class Shadows(Wire, kw_only=True, frozen=True):
    """The devices that have shadow data."""

    devices: list[str]


class ShadowPage(Wire, kw_only=True, frozen=True):
    """`page` is what nRF Cloud answers for the device: `{"items": […], "total": 1}`."""

    page: dict[str, Any]


class Part(Wire, kw_only=True, frozen=True):
    """Which part of the stubs."""

    limit: Annotated[int, Meta(ge=1, le=1000, description="How many at most.")] = 100
    offset: Annotated[int, Meta(ge=0, description="How many to leave out first.")] = 0
