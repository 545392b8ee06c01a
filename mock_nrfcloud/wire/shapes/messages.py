"""What the JSON of the mock is made of: requests, responses, and what is wrong. Pure: no I/O.

Values of a name that occurs several times (headers, query parameters) are a list.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Raw, Struct, UnsetType

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


METHOD = Meta(pattern=r"^[!#$%&'*+.^_`|~0-9A-Z-]+$", description="In upper case.")
PATH = Meta(pattern="^/", description="Percent-decoded.", examples=["/v1/devices"])
_URL = Meta(
    pattern="^/",
    description="Path and query, in place of `urlPath` and `queryParameters`.",
    examples=["/v1/fota-jobs?pageLimit=10"],
)


class Target(WithBody, kw_only=True, frozen=True):
    """What a request asks for. Either `url` or `urlPath` says where it goes."""

    url: Annotated[str, _URL] | UnsetType = UNSET
    url_path: Annotated[str, PATH] | UnsetType = UNSET
    host: str = ROOT_HOST
    query_parameters: Values = {}
    headers: Values = {}


class Request(Target, kw_only=True, frozen=True):
    """A request. A query value that is written `/regex/flags` is a regular expression in a stub."""

    method: Annotated[str, METHOD]


class Pattern(Target, kw_only=True, frozen=True):
    """Which requests to look for; without any member: all.

    The query is compared as a whole, a header must be there, a body is compared as JSON:
    equal, or partially. With `shadowOf` those that ask for the shadow of that device (then only
    `headers` may be given besides).
    """

    method: Annotated[str, METHOD] | UnsetType = UNSET
    body_match: Literal["equal", "partial"] = "equal"
    shadow_of: str | UnsetType = UNSET


class Response(WithBody, kw_only=True, frozen=True):
    """A response. An empty `statusMessage` stands for the usual one."""

    status: Annotated[int, Meta(ge=200, le=599)] = 200
    status_message: str = ""
    headers: Values = {}


class FieldError(Wire, kw_only=True, frozen=True):
    """What is wrong with a member; `path` is where it is, `$` the whole."""

    path: str
    message: str


class Total(Wire, kw_only=True, frozen=True):
    """How many there are."""

    total: int


class Problem(Wire, kw_only=True, frozen=True):
    """A problem detail (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str | UnsetType = UNSET
    errors: list[FieldError] | UnsetType = UNSET
